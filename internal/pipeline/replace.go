package pipeline

import (
	"context"
	"fmt"
	"os"

	"miic/internal/engine"
	"miic/internal/table"
)

// A state is kept as base files and, after them, what has changed: a file of keys that lists owners, and
// a file with the rows that these owners have now. So a night costs what changed and not what there is.

// Replace writes what has changed of a state: from now on the rows of the owners that the SELECT keys
// gives in its one column are those that the SELECT rows gives, and no others. Rows of other owners are a
// mistake in the program, which the audit would find as doubled rows. Where the state has no files yet,
// all of rows is its base.
func (r *Run) Replace(ctx context.Context, t *table.Table, keys, rows string) error {
	if len(r.now[t.Name]) == 0 {
		_, err := r.Copy(ctx, t, rows)
		return err
	}
	some, err := r.replaceKeys(ctx, t, keys)
	if err != nil || !some {
		return err
	}
	path, err := r.create(t, "part")
	if err != nil {
		return err
	}
	n, err := r.Engine.Copy(ctx, t, rows, path)
	if err != nil {
		return err
	}
	return r.dropEmpty(t, path, n)
}

// ReplaceWith is Replace with rows that come one by one: write is called with a writer for them.
func ReplaceWith[T any](ctx context.Context, r *Run, t *table.Table, keys string, write func(*table.Writer[T]) error) error {
	if len(r.now[t.Name]) > 0 {
		if some, err := r.replaceKeys(ctx, t, keys); err != nil || !some {
			return err
		}
	}
	path, err := r.create(t, "part")
	if err != nil {
		return err
	}
	w, err := table.NewWriter[T](t, path)
	if err != nil {
		return err
	}
	err = write(w)
	if cerr := w.Close(); err == nil {
		err = cerr
	}
	if err != nil || len(r.now[t.Name]) == 1 {
		return err
	}
	return r.dropEmpty(t, path, w.Rows)
}

// replaceKeys writes the owners whose rows are replaced, and counts these rows. It writes nothing and
// returns false when there are no such owners.
func (r *Run) replaceKeys(ctx context.Context, t *table.Table, keys string) (bool, error) {
	if t.Owner == "" {
		return false, fmt.Errorf("table %s is always written whole", t.Name)
	}
	before := engine.FilesSQL(t, r.now[t.Name])
	path, err := r.create(t, "keys")
	if err != nil {
		return false, err
	}
	n, err := r.Engine.CopyKeys(ctx, t, keys, path)
	if err != nil || n == 0 {
		return false, r.discard(t, path, err)
	}
	r.replaces[path], err = r.Engine.Int(ctx, fmt.Sprintf("SELECT count(*) FROM (%s) AS before WHERE %q IN (%s)", before, t.Owner, engine.KeysSQL(t, path)))
	return true, err
}

// dropEmpty takes a file without rows out of the table again: the file of keys alone deletes.
func (r *Run) dropEmpty(t *table.Table, path string, rows int64) error {
	if rows > 0 {
		return nil
	}
	return r.discard(t, path, nil)
}

// discard takes the file that was created last out of the table again.
func (r *Run) discard(t *table.Table, path string, err error) error {
	written, now := r.written[t.Name], r.now[t.Name]
	r.written[t.Name], r.now[t.Name] = written[:len(written)-1], now[:len(now)-1]
	if len(written) == 1 {
		delete(r.written, t.Name)
	}
	if rerr := os.Remove(path); err == nil {
		err = rerr
	}
	return err
}

// Live returns how many rows of a table count, as of now.
func (r *Run) Live(ctx context.Context, t *table.Table) (int64, error) {
	return r.Engine.Int(ctx, "SELECT count(*) FROM ("+engine.FilesSQL(t, r.Files(t.Name))+") AS live")
}
