package engine

import (
	"fmt"
	"strings"

	"miic/internal/table"
)

// FilesSQL is the SELECT of the rows of a table that are in the given files, in today's columns: files of
// earlier schema versions are read under them, and rows that a later file replaces are left out.
func FilesSQL(t *table.Table, files []string) string {
	var runs [][]string // row files before the first file of keys, between it and the second, and so on
	var keys []string
	run := []string{}
	for _, f := range files {
		if table.IsKeys(f) {
			runs, keys, run = append(runs, run), append(keys, f), nil
			continue
		}
		run = append(run, f)
	}
	runs = append(runs, run)
	if len(keys) == 0 {
		return rowsSQL(t, run)
	}
	return replacedSQL(t, runs, keys)
}

// rowsSQL is the SELECT of all rows in the given files.
func rowsSQL(t *table.Table, files []string) string {
	if len(files) == 0 {
		cols := make([]string, len(t.Columns))
		for i, c := range t.Columns {
			cols[i] = fmt.Sprintf("CAST(NULL AS %s) AS %q", c.SQL, c.Name)
		}
		return "SELECT " + strings.Join(cols, ", ") + " WHERE false"
	}
	var parts []string
	for len(files) > 0 {
		version, n := table.VersionOf(t, files[0]), 1
		for n < len(files) && table.VersionOf(t, files[n]) == version {
			n++
		}
		parts = append(
			parts,
			fmt.Sprintf("SELECT %s FROM read_parquet([%s])", columnsSQL(t, version), quoted(files[:n])),
		)
		files = files[n:]
	}
	return strings.Join(parts, " UNION ALL ")
}

// columnsSQL lists today's columns as they are had from a file of that schema version.
func columnsSQL(t *table.Table, version int) string {
	cols := make([]string, len(t.Columns))
	from, err := t.At(version)
	for i, c := range t.Columns {
		cols[i] = fmt.Sprintf("%q", c.Name)
		if err != nil { // of a newer program: whoever reads the lake has refused it before
			continue
		}
		switch s := from[i]; {
		case s.In == "" && s.Value == nil:
			cols[i] = fmt.Sprintf("CAST(NULL AS %s) AS %q", c.SQL, c.Name)
		case s.In == "":
			cols[i] = fmt.Sprintf("CAST(%s AS %s) AS %q", Literal(s.Value), c.SQL, c.Name)
		case s.In != c.Name || s.SQL != c.SQL:
			cols[i] = fmt.Sprintf("CAST(%q AS %s) AS %q", s.In, c.SQL, c.Name)
		}
	}
	return strings.Join(cols, ", ")
}

// replacedSQL is the SELECT of the rows that count. Run i lies before keys i; its rows count where no
// later file of keys names their owner. Most rows lie in the first run, and are kept by one anti-join;
// the few of a later run are those of owners whom its own keys were the last to name.
func replacedSQL(t *table.Table, runs [][]string, keys []string) string {
	owner := fmt.Sprintf("%q", t.Owner)
	named := make([]string, len(keys))
	for i, k := range keys {
		named[i] = fmt.Sprintf("SELECT %s AS owner, %d AS change FROM read_parquet(%s)", owner, i+1, Quote(k))
	}
	last := "SELECT owner, max(change) AS change FROM (" + strings.Join(
		named,
		" UNION ALL ",
	) + ") AS named GROUP BY owner"
	if len(keys) == 1 {
		last = named[0]
	}
	cols := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		cols[i] = fmt.Sprintf("r.%q", c.Name)
	}
	all := strings.Join(cols, ", ")
	parts := []string{
		fmt.Sprintf("SELECT %s FROM (%s) AS r WHERE NOT EXISTS (SELECT 1 FROM (%s) AS k WHERE k.owner = r.%s)",
			all, rowsSQL(t, runs[0]), last, owner),
	}
	var later []string
	for i, run := range runs[1:] {
		if len(run) > 0 {
			later = append(later, fmt.Sprintf("SELECT %s, %d AS change FROM (%s) AS r", all, i+1, rowsSQL(t, run)))
		}
	}
	if len(later) > 0 {
		parts = append(
			parts,
			fmt.Sprintf("SELECT %s FROM (%s) AS r JOIN (%s) AS k ON k.owner = r.%s AND k.change = r.change",
				all, strings.Join(later, " UNION ALL "), last, owner),
		)
	}
	return strings.Join(parts, " UNION ALL ")
}

// KeysSQL is the SELECT of the owners that a file of keys names.
func KeysSQL(t *table.Table, path string) string {
	return fmt.Sprintf("SELECT %q FROM read_parquet(%s)", t.Owner, Quote(path))
}

func quoted(paths []string) string {
	list := make([]string, len(paths))
	for i, p := range paths {
		list[i] = Quote(p)
	}
	return strings.Join(list, ", ")
}

// LatestSQL is the SELECT of the newest version of each key of a log table.
func LatestSQL(t *table.Table, from string) string {
	var order, cols []string
	for _, c := range t.Newest {
		order = append(order, c+" DESC NULLS LAST")
	}
	for _, c := range t.Columns {
		cols = append(cols, fmt.Sprintf("%q", c.Name))
	}
	if len(order) == 0 {
		order = []string{"1"}
	}
	return fmt.Sprintf(
		"SELECT %s FROM (SELECT *, row_number() OVER (PARTITION BY %s ORDER BY %s) AS version_rank FROM %s) AS versions WHERE version_rank = 1",
		strings.Join(cols, ", "),
		strings.Join(t.Key, ", "),
		strings.Join(order, ", "),
		from,
	)
}
