package pipeline

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"miic/internal/engine"
	"miic/internal/lake"
	"miic/internal/table"
)

// What nights add is gathered again, a bounded share of it each night. The rows stay the same, and so do
// the keys of the stages that read them. The limits are variables so that a test can lower them.
var (
	// compactAt is how many files of rows a log may have before they are written into one.
	compactAt = 32
	// changesAt is how many changes a state may have before they are written into one.
	changesAt = 12
	// fewChanges is how many changes a state has at least before it is written again.
	fewChanges = 4
	// compactShare is how many rows may lie in changes, of a hundred in the base, before the whole state is
	// written again.
	compactShare int64 = 25
	// compactRows is how many rows of states a night writes again at most. A state that is larger than
	// that is written again alone.
	compactRows int64 = 2_000_000
)

// compact gathers what is in too many pieces.
func (n *night) compact(ctx context.Context) error {
	budget := compactRows
	for _, t := range table.All() {
		files := n.tables[t.Name]
		var err error
		switch {
		case t.Kind == table.Log && len(files) > compactAt:
			err = n.gather(ctx, t, 0)
		case t.Kind == table.State && scattered(files) && (lake.Rows(files) <= budget || budget == compactRows):
			budget -= lake.Rows(files)
			err = n.gather(ctx, t, 0)
		case t.Kind == table.State && changes(files) > changesAt:
			err = n.gather(ctx, t, firstKeys(files))
		}
		if err != nil {
			return fmt.Errorf("compact table %s: %w", t.Name, err)
		}
	}
	return nil
}

// scattered reports a state of which too many rows lie in changes. A few changes are never too many.
func scattered(files []lake.File) bool {
	base := lake.Written(files[:firstKeys(files)])
	return changes(files) >= fewChanges && (lake.Written(files)-base)*100 > base*compactShare
}

// firstKeys is the place of the first change in a state's files; their number if there is none.
func firstKeys(files []lake.File) int {
	for i, f := range files {
		if table.IsKeys(f.Path) {
			return i
		}
	}
	return len(files)
}

func changes(files []lake.File) int {
	n := 0
	for _, f := range files {
		if table.IsKeys(f.Path) {
			n++
		}
	}
	return n
}

// gather writes the files of a table from a place on as one: from 0 all that counts of it, sorted; from its
// first change on one change that does the same as all of them.
func (n *night) gather(ctx context.Context, t *table.Table, from int) error {
	if err := n.proveTables(ctx, []string{t.Name}); err != nil {
		return err
	}
	e, err := n.session(ctx)
	if err != nil {
		return err
	}
	files := n.tables[t.Name]
	paths := n.paths(n.tables)[t.Name]
	var now []lake.File
	if from > 0 {
		keys := ""
		for _, p := range paths[from:] {
			if table.IsKeys(p) {
				if keys != "" {
					keys += " UNION ALL "
				}
				keys += engine.KeysSQL(t, p)
			}
		}
		f, err := n.gathered(
			t,
			"keys-compact",
			func(path string) error { _, err := e.CopyKeys(ctx, t, keys, path); return err },
		)
		if err != nil {
			return err
		}
		now = append(now, f)
	}
	rows, err := n.gathered(t, "compact", func(path string) error {
		_, err := e.Copy(ctx, t, engine.FilesSQL(t, paths[from:]), path)
		return err
	})
	if err != nil {
		return err
	}
	now = append(now, rows)
	if from > 0 { // what it replaces of the base is what all the changes did
		now[0].Replaces = lake.Written(files[:from]) + rows.Rows - lake.Rows(files)
	}
	all := append(files[:from:from], now...)
	if lake.Rows(all) != lake.Rows(files) {
		return fmt.Errorf("%d rows became %d", lake.Rows(files), lake.Rows(all))
	}
	all[len(all)-1].Digest = lake.Digest(files)
	now[len(now)-1] = all[len(all)-1]
	n.tables[t.Name] = all
	return n.w.Append(n.w.Run, lake.Event{Event: lake.Compacted, Tables: map[string][]lake.File{t.Name: now}})
}

// gathered writes a file of this run and seals it.
func (n *night) gathered(t *table.Table, name string, write func(path string) error) (lake.File, error) {
	dir := filepath.Join(n.w.Path("data"), t.Name, n.w.Run)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return lake.File{}, err
	}
	path := filepath.Join(dir, name+".parquet")
	if err := write(path); err != nil {
		return lake.File{}, err
	}
	f, err := n.w.Seal(t, path)
	if err != nil {
		return f, err
	}
	return f, n.w.SyncDirs([]lake.File{f})
}
