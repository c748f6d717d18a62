package table

import (
	"fmt"
	"slices"
	"strconv"
	"sync"

	"github.com/apache/arrow-go/v18/parquet/file"
)

// Generation counts the changes of all tables' schemas together. It rises once for everything that is
// released together, and each generation has a lake of its own in fixtures/lakes.
const Generation = 5

// A Step is one change of a table's columns. Files written before it keep their columns for as long as
// they live, and are read under today's.
type Step struct {
	Version int // of the schema: the first that has the change
	kind    stepKind
	column  string // its name from this version on; for a dropped one the name it had
	was     string // renamed: the name before
	sql     string // dropped or retyped: the type before
	value   any    // added: what rows written before have
}

type stepKind int

const (
	added stepKind = iota
	renamed
	dropped
	retyped
)

// Added is a new column. Rows of older files have value in it: nil for null, else a string, bool, int64,
// float64 or Date.
func Added(version int, column string, value any) Step {
	return Step{Version: version, kind: added, column: column, value: value}
}

// Renamed is a column under another name.
func Renamed(version int, from, to string) Step {
	return Step{Version: version, kind: renamed, column: to, was: from}
}

// Dropped is a column, of that SQL type, that is no longer read.
func Dropped(version int, column, sqlType string) Step {
	return Step{Version: version, kind: dropped, column: column, sql: sqlType}
}

// Retyped is a column whose type has become wider: SMALLINT to INTEGER or BIGINT, or INTEGER to BIGINT.
func Retyped(version int, column, from string) Step {
	return Step{Version: version, kind: retyped, column: column, sql: from}
}

// wider lists the types that hold every value of another.
var wider = map[string][]string{"SMALLINT": {"INTEGER", "BIGINT"}, "INTEGER": {"BIGINT"}}

// A Source is where a column of today comes from in a file of some version.
type Source struct {
	Column string // of today
	In     string // its name in the file; empty where the file does not have it
	SQL    string // its type in the file
	Value  any    // where the file does not have it: what its rows have; nil for null
}

// Oldest is the first schema version whose files are still read.
func (t *Table) Oldest() int {
	if len(t.Steps) > 0 {
		return t.Steps[0].Version - 1
	}
	return t.Version
}

// At returns where today's columns come from in a file of the table that was written with that schema
// version, in today's order. The file's other columns are not read.
func (t *Table) At(version int) ([]Source, error) {
	if version < t.Oldest() || version > t.Version {
		return nil, fmt.Errorf("schema version %d of table %s is not known to this program, which reads %d to %d",
			version, t.Name, t.Oldest(), t.Version)
	}
	list := make([]Source, len(t.Columns))
	for i, c := range t.Columns {
		list[i] = Source{Column: c.Name, In: c.Name, SQL: c.SQL}
	}
	for _, s := range slices.Backward(t.Steps) {
		if s.Version <= version {
			continue
		}
		at := slices.IndexFunc(list, func(x Source) bool { return x.In == s.column })
		switch {
		case s.kind == dropped || at < 0:
		case s.kind == added:
			list[at].In, list[at].Value = "", s.value
		case s.kind == renamed:
			list[at].In = s.was
		case s.kind == retyped:
			list[at].SQL = s.sql
		}
	}
	return list, nil
}

// ColumnsAt returns the names and types of the columns that a file of that schema version has, by name.
func (t *Table) ColumnsAt(version int) (map[string]string, error) {
	if _, err := t.At(version); err != nil {
		return nil, err
	}
	cols := make(map[string]string, len(t.Columns))
	for _, c := range t.Columns {
		cols[c.Name] = c.SQL
	}
	for _, s := range slices.Backward(t.Steps) {
		if s.Version <= version {
			continue
		}
		switch s.kind {
		case added:
			delete(cols, s.column)
		case dropped:
			cols[s.column] = s.sql
		case retyped:
			cols[s.column] = s.sql
		case renamed:
			cols[s.was] = cols[s.column]
			delete(cols, s.column)
		}
	}
	return cols, nil
}

// checkSteps finds mistakes in a table's list of steps: they are mistakes in the program, and panic.
func (t *Table) checkSteps() {
	for i, s := range t.Steps {
		where := fmt.Sprintf("table %s: step %d", t.Name, i+1)
		if s.Version < 2 || s.Version > t.Version || i > 0 && s.Version < t.Steps[i-1].Version {
			panic(where + ": its version is out of order")
		}
		cols, err := t.ColumnsAt(s.Version)
		if err != nil {
			panic(err)
		}
		sqlType, has := cols[s.column]
		if has == (s.kind == dropped) {
			panic(fmt.Sprintf("%s: column %s of version %d", where, s.column, s.Version))
		}
		switch s.kind {
		case retyped:
			if !slices.Contains(wider[s.sql], sqlType) {
				panic(fmt.Sprintf("%s: column %s: %s does not hold every %s", where, s.column, sqlType, s.sql))
			}
		case added:
			if c := t.Column(s.column); c != nil && s.value == nil && !c.Null {
				panic(fmt.Sprintf("%s: column %s may not be null and needs a value for older rows", where, s.column))
			}
		}
	}
}

// versions remembers the schema versions of files: a file of the lake never changes.
var versions sync.Map

// VersionOf returns the schema version that a file of the table was written with; today's, where the file
// cannot say.
func VersionOf(t *Table, path string) int {
	if len(t.Steps) == 0 {
		return t.Version
	}
	if v, ok := versions.Load(path); ok {
		return v.(int)
	}
	rdr, err := file.OpenParquetFile(path, false)
	if err != nil {
		return t.Version
	}
	defer rdr.Close()
	text := rdr.MetaData().KeyValueMetadata().FindValue(SchemaVersion)
	if text == nil {
		return t.Version
	}
	v, err := strconv.Atoi(*text)
	if err != nil {
		return t.Version
	}
	versions.Store(path, v)
	return v
}
