// Package table is the only list of the lake's tables: their columns, types, keys and meaning.
//
// A table is declared once, by a Go struct whose fields carry the column's name and one-line
// meaning in their tags. From it come the Arrow schema, the Parquet writer and reader, the casts
// around every SQL result, the generated vocabulary and the extract dictionary. The zero value of
// a nullable column (empty text, no date, number 0) is stored as null.
package table

import (
	"fmt"
	"reflect"
	"sort"

	"github.com/apache/arrow-go/v18/arrow"
)

// Kind is how a table changes from night to night.
type Kind int

const (
	Log   Kind = iota // gains files each night; the newest version of a key wins
	State             // base files, and after them what has changed: owner by owner, or written whole
)

func (k Kind) String() string {
	if k == Log {
		return "log"
	}
	return "state"
}

// Column is one column: its name, SQL type, whether it may be null, and what it means.
type Column struct {
	Name string
	SQL  string // the DuckDB and Spark type
	Null bool
	Doc  string
}

// Table is the definition of one table of the lake.
type Table struct {
	Name    string
	Kind    Kind
	Version int    // of the schema; in the Parquet metadata of every file
	Steps   []Step // what each version has changed, oldest first
	Doc     string // what one row is
	Columns []Column
	Key     []string // identifies a row; for a log, the thing whose newest version wins
	Newest  []string // for a log: the columns that order versions, highest last
	Owner   string   // for a state: the column whose rows are replaced together; empty if it is always written whole
	Sort    []string // the order of rows in a file
	Lookup  bool     // single rows are looked up by Find: its row groups are small

	Metadata map[string]string // what its files carry beside its name and version

	schema *arrow.Schema
}

// RowGroup is how many rows a row group of the table's files has; 0 leaves it to the writer.
func (t *Table) RowGroup() int {
	if t.Lookup {
		return 8192
	}
	return 0
}

// Schema returns the Arrow schema.
func (t *Table) Schema() *arrow.Schema { return t.schema }

var all = map[string]*Table{}

// Get returns the table of that name, or nil.
func Get(name string) *Table { return all[name] }

// All returns every table, by name.
func All() []*Table {
	list := make([]*Table, 0, len(all))
	for _, t := range all {
		list = append(list, t)
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Name < list[j].Name })
	return list
}

// define declares the table whose rows are values of T.
func define[T any](t Table) *Table {
	codec := codecOf(reflect.TypeFor[T]())
	for _, f := range codec.fields {
		t.Columns = append(t.Columns, Column{Name: f.name, SQL: f.sql(), Null: f.null, Doc: f.doc})
		if f.doc == "" {
			panic(fmt.Sprintf("table %s: column %s has no meaning", t.Name, f.name))
		}
	}
	t.schema = codec.schema
	if t.Sort == nil {
		t.Sort = t.Key
	}
	for _, list := range [][]string{t.Key, t.Newest, t.Sort} {
		for _, name := range list {
			if t.Column(name) == nil {
				panic(fmt.Sprintf("table %s: no column %s", t.Name, name))
			}
		}
	}
	if all[t.Name] != nil {
		panic("table " + t.Name + " is declared twice")
	}
	if t.Version == 0 {
		t.Version = 1
	}
	if t.Owner != "" && (t.Kind != State || t.Column(t.Owner) == nil) {
		panic(fmt.Sprintf("table %s: it cannot be replaced by %s", t.Name, t.Owner))
	}
	t.checkSteps()
	all[t.Name] = &t
	return &t
}

// Column returns the column of that name, or nil.
func (t *Table) Column(name string) *Column {
	for i := range t.Columns {
		if t.Columns[i].Name == name {
			return &t.Columns[i]
		}
	}
	return nil
}

// Working describes the rows of T for files that a stage keeps to itself: no table of the lake.
func Working[T any](name string) *Table {
	t := &Table{Name: name, Version: 1}
	codec := codecOf(reflect.TypeFor[T]())
	for _, f := range codec.fields {
		t.Columns = append(t.Columns, Column{Name: f.name, SQL: f.sql(), Null: f.null, Doc: f.doc})
	}
	t.schema = codec.schema
	return t
}
