package pipeline

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"miic/internal/lake"
	"miic/internal/table"
)

// compactAt is how many files a log may have before a night rewrites them into one. A test lowers it.
var compactAt = 32

// compact rewrites every log of many files into one, sorted. The rows stay the same, and so do the
// keys of the stages that read them.
func (n *night) compact(ctx context.Context) error {
	for _, t := range table.All() {
		files := n.tables[t.Name]
		if t.Kind != table.Log || len(files) <= compactAt {
			continue
		}
		e, err := n.session(ctx)
		if err != nil {
			return err
		}
		if err := e.View(ctx, "compacting", t, n.paths(n.tables)[t.Name]); err != nil {
			return err
		}
		dir := filepath.Join(n.w.Path("data"), t.Name, n.w.Run)
		one, err := n.compactInto(ctx, t, dir)
		if err != nil {
			return fmt.Errorf("compact table %s: %w", t.Name, err)
		}
		if one.Rows != lake.Rows(files) {
			return fmt.Errorf("compact table %s: %d rows became %d", t.Name, lake.Rows(files), one.Rows)
		}
		one.Stands = lake.Digest(files)
		n.tables[t.Name] = []lake.File{one}
		if err := n.w.Append(n.w.Run, lake.Event{Event: lake.Compacted, Tables: map[string][]lake.File{t.Name: {one}}}); err != nil {
			return err
		}
	}
	return nil
}

func (n *night) compactInto(ctx context.Context, t *table.Table, dir string) (lake.File, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return lake.File{}, err
	}
	path := filepath.Join(dir, "compact.parquet")
	if _, err := n.engine.Copy(ctx, t, "SELECT * FROM compacting", path); err != nil {
		return lake.File{}, err
	}
	f, err := n.w.Seal(t, path)
	if err != nil {
		return f, err
	}
	return f, n.w.SyncDirs([]lake.File{f})
}
