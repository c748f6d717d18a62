// Package engine runs SQL jobs over the lake's Parquet files.
//
// A job is a SELECT. It reads views over exact lists of files and rows handed over as Arrow, and its
// result becomes a temporary table, a Parquet file with the columns and types of a lake table, or a
// few rows in Go. DuckDB runs embedded, in memory, with a private folder to spill to; nothing is
// downloaded and its configuration is locked. This is the only package that knows DuckDB.
//
// The driver never streams: a result asked for as rows is whole in memory, outside the engine's
// limit. So Rows is for small results and Stream, which goes through a sorted Parquet file, for
// large ones.
package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/duckdb/duckdb-go/v2/mapping"

	"miic/internal/table"
)

// Options bound the engine.
type Options struct {
	MemoryMiB int    // memory limit; 0 means 4096
	Temp      string // private folder to spill to, made 0700; removed by Close
}

// An Engine is one session: temporary tables and views live as long as it does. It serves one
// goroutine at a time. The database starts with the first statement: a stage that needs no SQL does
// not pay for it.
type Engine struct {
	options  Options
	database *database // nil before the first statement
	views    map[string]*view
	temp     string
	next     atomic.Int64
}

// Open begins a session and clears its folder to spill to.
func Open(_ context.Context, o Options) (*Engine, error) {
	if o.Temp == "" {
		return nil, errors.New("engine: no folder to spill to")
	}
	if err := os.RemoveAll(o.Temp); err != nil {
		return nil, fmt.Errorf("engine: clear the spill folder: %w", err)
	}
	if err := os.MkdirAll(o.Temp, 0o700); err != nil {
		return nil, fmt.Errorf("engine: make the spill folder: %w", err)
	}
	if o.MemoryMiB == 0 {
		o.MemoryMiB = 4096
	}
	return &Engine{options: o, views: map[string]*view{}, temp: o.Temp}, nil
}

// session returns the database with a connection to it, starting it if need be.
func (e *Engine) session(ctx context.Context) (d *database, err error) {
	switch {
	case e.database == nil:
		e.database, err = startDatabase(ctx, e.options)
	case !e.database.open:
		err = e.database.connect()
	}
	return e.database, err
}

// Renew ends the session and begins another, which has none of its tables and views, in the same database.
func (e *Engine) Renew() {
	if e.database != nil {
		e.database.disconnect()
	}
	clear(e.views)
}

// Close ends the session and removes the spill folder.
func (e *Engine) Close() error {
	if e.database != nil {
		e.database.close()
		e.database = nil
	}
	return os.RemoveAll(e.temp)
}

// run runs a statement and hands over its result.
func (e *Engine) run(ctx context.Context, stmt string, use func(*mapping.Result) error) error {
	d, err := e.session(ctx)
	if err != nil {
		return err
	}
	text, ran := e.withViews(stmt)
	if err := d.run(ctx, text, use); err != nil {
		return fmt.Errorf("engine: %w in: %s", err, head(stmt))
	}
	ran()
	return nil
}

// batches runs a SELECT and calls fn for each batch of its rows.
func (e *Engine) batches(ctx context.Context, query string, fn func(arrow.RecordBatch) error) error {
	d, err := e.session(ctx)
	if err != nil {
		return err
	}
	text, ran := e.withViews(query)
	if err := d.batches(ctx, text, fn); err != nil {
		return fmt.Errorf("engine: %w in: %s", err, head(query))
	}
	ran()
	return nil
}

// Exec runs a statement for its effect.
func (e *Engine) Exec(ctx context.Context, stmt string) error { return e.run(ctx, stmt, nil) }

// ViewNumbered makes name a view over tables of the same columns, one after the other, given the files of
// each: the named columns and one more, place, that of a row from 1. It agrees with table.Hold: the rows of a
// table come as they lie in its one file, or, where files replace one another, in the order of owners.
func (e *Engine) ViewNumbered(
	ctx context.Context,
	name string,
	t *table.Table,
	columns []string,
	tables ...[]string,
) error {
	list := `"` + strings.Join(columns, `", "`) + `"`
	var parts []string
	before := int64(0)
	for _, files := range tables {
		rows := FilesSQL(t, files)
		if len(files) == 1 {
			rows = fmt.Sprintf("SELECT %s, file_row_number + 1 AS place FROM read_parquet(%s, file_row_number = true)",
				columnsSQL(t, table.VersionOf(t, files[0])), Quote(files[0]))
		} else {
			rows = fmt.Sprintf("SELECT *, row_number() OVER (ORDER BY %q) AS place FROM (SELECT %s FROM (%s) AS r) AS r", t.Owner, list, rows)
		}
		parts = append(parts, fmt.Sprintf("SELECT %s, place + %d AS place FROM (%s) AS r", list, before, rows))
		n, err := e.Int(ctx, fmt.Sprintf("SELECT count(*) FROM (%s) AS r", FilesSQL(t, files)))
		if err != nil {
			return err
		}
		before += n
	}
	e.define(name, strings.Join(parts, " UNION ALL "), nil)
	return nil
}

// Materialize writes the result of a SELECT once, as the temporary table name.
func (e *Engine) Materialize(ctx context.Context, name, query string) error {
	return e.Exec(ctx, fmt.Sprintf("CREATE OR REPLACE TEMP TABLE %s AS %s", name, query))
}

// Copy writes the result of a SELECT as one Parquet file of table t: its columns are matched by name,
// cast to t's types and sorted by t.Sort. The order is total where rows have their own key and version, so
// that the same rows have the same bytes. It returns the number of rows. It does not sync.
func (e *Engine) Copy(ctx context.Context, t *table.Table, query, path string) (int64, error) {
	var order []string
	for _, c := range slices.Concat(t.Sort, t.Key, t.Newest) {
		if by := fmt.Sprintf("%q NULLS LAST", c); !slices.Contains(order, by) {
			order = append(order, by)
		}
	}
	groups := ""
	if n := t.RowGroup(); n > 0 {
		groups = fmt.Sprintf(", ROW_GROUP_SIZE %d", n)
	}
	return e.copyTable(ctx, t, query, " ORDER BY "+strings.Join(order, ", "), groups, path)
}

// CopyOrdered is Copy of a SELECT whose rows are in the table's own order: it ends with an ORDER BY, or only casts what one
// within it has sorted, which DuckDB keeps in order. It may so sort what is narrower than what
// is written: words for texts, and no column that follows from others.
func (e *Engine) CopyOrdered(ctx context.Context, t *table.Table, query, path string) (int64, error) {
	return e.copyTable(ctx, t, query, "", "", path)
}

// Words makes name a type of the texts that a SELECT of one column gives. A value of it is as fast as a number, and sorts as its
// text does.
func (e *Engine) Words(ctx context.Context, name, query string) error {
	return e.Exec(ctx, fmt.Sprintf("CREATE OR REPLACE TYPE %s AS ENUM (SELECT DISTINCT CAST(word AS VARCHAR) AS word FROM (%s) AS w(word) "+
		"WHERE word IS NOT NULL ORDER BY word)", name, query))
}

// CopyKeys writes the owners that a SELECT of one column gives as a file of keys of table t: each once, in
// order. It returns how many there are. It does not sync.
func (e *Engine) CopyKeys(ctx context.Context, t *table.Table, query, path string) (int64, error) {
	owner := t.Column(t.Owner)
	return e.copyTo(
		ctx,
		fmt.Sprintf(
			"SELECT DISTINCT CAST(owner AS %s) AS %q FROM (%s) AS keys(owner) WHERE owner IS NOT NULL ORDER BY 1",
			owner.SQL,
			owner.Name,
			query,
		),
		path,
		", COMPRESSION zstd, COMPRESSION_LEVEL 1, KV_METADATA {"+metadata(t)+"}",
	)
}

// metadata is what every file of a table carries.
func metadata(t *table.Table) string {
	meta := t.Meta()
	keys := slices.Sorted(maps.Keys(meta))
	for i, k := range keys {
		keys[i] = fmt.Sprintf("%s: %s", Quote(k), Quote(meta[k]))
	}
	return strings.Join(keys, ", ")
}

// How files of unsorted rows are laid out. A row group is half of what the engine would choose: what a thread has less than that
// of is written by one alone. Where a column of a row group has more different values than unsortedWords, a dictionary
// costs more than it saves.
const (
	unsortedRowGroup = 61440
	unsortedWords    = 2048
)

// CopyUnsorted is Copy with the rows in any order, which takes memory for a few row groups whatever their number.
func (e *Engine) CopyUnsorted(ctx context.Context, t *table.Table, query, path string) (int64, error) {
	return e.copyTable(
		ctx,
		t,
		query,
		"",
		fmt.Sprintf(
			", ROW_GROUP_SIZE %d, DICTIONARY_SIZE_LIMIT %d",
			cmp.Or(t.RowGroup(), unsortedRowGroup),
			unsortedWords,
		),
		path,
	)
}

func (e *Engine) copyTable(ctx context.Context, t *table.Table, query, order, layout, path string) (int64, error) {
	cols := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		cols[i] = fmt.Sprintf("CAST(%q AS %s) AS %q", c.Name, c.SQL, c.Name)
	}
	return e.copyTo(ctx, fmt.Sprintf("SELECT %s FROM (%s) AS result%s", strings.Join(cols, ", "), query, order),
		path, ", COMPRESSION zstd, COMPRESSION_LEVEL 1"+layout+", KV_METADATA {"+metadata(t)+"}")
}

func (e *Engine) copyTo(ctx context.Context, query, path, more string) (int64, error) {
	if _, err := os.Lstat(path); err == nil {
		return 0, fmt.Errorf("engine: %s is there already", filepath.Base(path))
	}
	rows := int64(0)
	err := e.run(ctx, fmt.Sprintf("COPY (%s) TO %s (FORMAT parquet%s)", query, Quote(path), more), func(r *mapping.Result) error {
		rows = int64(mapping.RowsChanged(r))
		return nil
	})
	if err != nil {
		os.Remove(path)
		return 0, err
	}
	return rows, os.Chmod(path, 0o600)
}

// Load makes name a temporary table of the given rows. T's tagged fields are its columns.
func Load[T any](ctx context.Context, e *Engine, name string, rows []T) error {
	rec, err := table.Records(rows)
	if err != nil {
		return fmt.Errorf("engine: load %s: %w", name, err)
	}
	defer rec.Release()
	d, err := e.session(ctx)
	if err != nil {
		return err
	}
	lent := "arrow_" + name
	err = d.lend(lent, rec, func() error {
		return d.run(ctx, fmt.Sprintf("CREATE OR REPLACE TEMP TABLE %s AS SELECT * FROM %s; DROP VIEW %[2]s", name, lent), nil)
	})
	if err != nil {
		return fmt.Errorf("engine: load %s: %w", name, err)
	}
	return nil
}

// Rows returns the result of a SELECT as a slice of T, columns matched by name. For small results.
func Rows[T any](ctx context.Context, e *Engine, query string) ([]T, error) {
	var rows []T
	err := e.batches(ctx, query, func(batch arrow.RecordBatch) error {
		return table.ScanBatch(batch, func(row *T) error { rows = append(rows, *row); return nil })
	})
	return rows, err
}

// Stream calls fn for each row of a SELECT of any size, in the query's own order.
func Stream[T any](ctx context.Context, e *Engine, query string, fn func(row *T) error) error {
	path := filepath.Join(e.temp, fmt.Sprintf("stream-%d.parquet", e.next.Add(1)))
	if _, err := e.copyTo(ctx, query, path, ", COMPRESSION snappy"); err != nil {
		return err
	}
	defer os.Remove(path)
	return table.Scan([]string{path}, fn)
}

// Groups calls fn for the rows of a SELECT that lie together and have one key, as Stream does for each. They are fn's until
// it returns.
func Groups[T any, K comparable](ctx context.Context, e *Engine, query string, key func(row *T) K, fn func(rows []T) error) error {
	var rows []T
	err := Stream(ctx, e, query, func(row *T) error {
		if len(rows) > 0 && key(&rows[0]) != key(row) {
			if err := fn(rows); err != nil {
				return err
			}
			rows = rows[:0]
		}
		rows = append(rows, *row)
		return nil
	})
	if err != nil || len(rows) == 0 {
		return err
	}
	return fn(rows)
}

// Int returns the single whole number that a SELECT gives, 0 for NULL.
func (e *Engine) Int(ctx context.Context, query string) (int64, error) {
	var n int64
	rows := 0
	err := e.batches(ctx, query, func(batch arrow.RecordBatch) error {
		rows += int(batch.NumRows())
		if batch.Column(0).IsNull(0) {
			return nil
		}
		_, err := fmt.Sscan(batch.Column(0).ValueStr(0), &n)
		return err
	})
	if err == nil && rows != 1 {
		err = fmt.Errorf("engine: %d rows instead of one number in: %s", rows, head(query))
	}
	return n, err
}

// Quote returns s as a SQL text literal.
func Quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// clean keeps the first line of a database error: what follows may quote data.
func clean(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	line, _, _ := strings.Cut(err.Error(), "\n")
	if strings.HasPrefix(line, "Conversion Error") {
		line = "Conversion Error: a value does not fit its column's type"
	}
	return errors.New(line)
}

func head(stmt string) string {
	stmt = strings.Join(strings.Fields(stmt), " ")
	if len(stmt) > 160 {
		stmt = stmt[:160] + "…"
	}
	return stmt
}
