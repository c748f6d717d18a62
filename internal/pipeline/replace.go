package pipeline

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

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

// A Rewriting writes the rows of a state one by one: of the owners whose rows are replaced, or the whole.
type Rewriting[T any] struct {
	*table.Writer[T] // nil when nothing is replaced: there is nobody to write of
	run              *Run
	table            *table.Table
	path             string
	whole            bool
}

// Rewrite begins to write a state: all of it if keys is empty, else the rows of the owners that the SELECT
// keys gives in its one column, as Replace does. The caller closes it.
func Rewrite[T any](ctx context.Context, r *Run, t *table.Table, keys string) (*Rewriting[T], error) {
	w := &Rewriting[T]{run: r, table: t, whole: keys == "" || len(r.now[t.Name]) == 0}
	var err error
	if w.whole {
		w.path, err = r.Create(t)
	} else {
		var some bool
		if some, err = r.replaceKeys(ctx, t, keys); err != nil || !some {
			return w, err
		}
		w.path, err = r.create(t, "part")
	}
	if err == nil {
		w.Writer, err = table.NewWriter[T](t, w.path)
	}
	return w, err
}

// Close ends the writing.
func (w *Rewriting[T]) Close() error {
	if w.Writer == nil {
		return nil
	}
	if err := w.Writer.Close(); err != nil || w.whole {
		return err
	}
	return w.run.dropEmpty(w.table, w.path, w.Rows)
}

// Changed returns the SELECT of the owners whose rows in a state this night has changed. It returns false
// when the state was written whole, so that anything may have changed; or, without a file of this night,
// a SELECT of nobody.
func (r *Run) Changed(t *table.Table) (string, bool) {
	prior, now := r.PriorFiles(t.Name), r.Files(t.Name)
	if len(now) < len(prior) || !slices.Equal(now[:len(prior)], prior) || len(prior) == 0 && len(now) > 0 {
		return "", false
	}
	var keys []string
	for _, f := range now[len(prior):] {
		if table.IsKeys(f) {
			keys = append(keys, engine.KeysSQL(t, f))
		}
	}
	if len(keys) == 0 {
		return fmt.Sprintf("SELECT %q FROM (%s) AS nobody", t.Owner, engine.FilesSQL(t, nil)), true
	}
	return strings.Join(keys, " UNION "), true
}

// Differing returns the SELECT of the values that a column has in those rows of a table, written whole each
// night, that this night or only the parent has.
func (r *Run) Differing(t *table.Table, column string) string {
	now, prior := r.Files(t.Name), r.PriorFiles(t.Name)
	if slices.Equal(now, prior) {
		return fmt.Sprintf("SELECT %q FROM (%s) AS nobody", column, engine.FilesSQL(t, nil))
	}
	a, b := engine.FilesSQL(t, now), engine.FilesSQL(t, prior)
	return fmt.Sprintf(
		"SELECT %q FROM ((%s) EXCEPT (%s)) AS come UNION SELECT %q FROM ((%s) EXCEPT (%s)) AS gone",
		column,
		a,
		b,
		column,
		b,
		a,
	)
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
	r.replaces[path], err = r.Engine.Int(
		ctx,
		fmt.Sprintf("SELECT count(*) FROM (%s) AS before WHERE %q IN (%s)", before, t.Owner, engine.KeysSQL(t, path)),
	)
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

// Live returns how many rows of a table count, as of now: what the parent's manifest counts, where the table
// is as the parent has it, with what this night has changed.
func (r *Run) Live(ctx context.Context, t *table.Table) (int64, error) {
	now, prior := r.Files(t.Name), r.PriorFiles(t.Name)
	if n, known := r.priorRows[t.Name]; known && len(now) >= len(prior) && slices.Equal(now[:len(prior)], prior) {
		for _, f := range now[len(prior):] {
			if table.IsKeys(f) {
				n -= r.replaces[f]
				continue
			}
			rows, err := table.RowsIn(f)
			if err != nil {
				return 0, err
			}
			n += rows
		}
		return n, nil
	}
	return r.Engine.Int(ctx, "SELECT count(*) FROM ("+engine.FilesSQL(t, r.Files(t.Name))+") AS live")
}
