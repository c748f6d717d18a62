package engine

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"miic/internal/table"
)

// A view is told to the database by the first statement that names it: a session tells of many tables that a quiet night
// never reads.
type view struct {
	query string
	needs []string // the views that it names
	made  bool
}

// Define makes name a view of what a SELECT gives whenever it is read.
func (e *Engine) Define(name, query string) {
	e.define(name, query, e.named(query))
}

func (e *Engine) define(name, query string, needs []string) {
	if !identifier.MatchString(name) {
		panic(fmt.Sprintf("engine: %q is no name of a view", name))
	}
	e.views[name] = &view{query: query, needs: needs}
}

// View makes name a view over Parquet files that hold rows of t. With no files it is empty, with
// t's columns and types.
func (e *Engine) View(ctx context.Context, name string, t *table.Table, files []string) error {
	for _, f := range files {
		if _, err := os.Lstat(f); err != nil {
			return fmt.Errorf("engine: %s has a file less than it should: %s is not there", name, filepath.Base(f))
		}
	}
	e.define(name, FilesSQL(t, files), nil)
	return ctx.Err()
}

// Tables makes each table a view of its own name; files gives those of a table.
func (e *Engine) Tables(ctx context.Context, files func(table string) []string, tables ...*table.Table) error {
	for _, t := range tables {
		if err := e.View(ctx, t.Name, t, files(t.Name)); err != nil {
			return err
		}
	}
	return nil
}

// Latest makes name a view that holds, of each key of the log table viewed as from, the newest version.
func (e *Engine) Latest(ctx context.Context, name string, t *table.Table, from string) error {
	e.Define(name, LatestSQL(t, from))
	return ctx.Err()
}

// named lists the views that a text names, each once.
func (e *Engine) named(text string) []string {
	var list []string
	seen := map[string]bool{}
	for _, word := range strings.FieldsFunc(text, func(r rune) bool {
		return r != '_' && (r < 'a' || r > 'z') && (r < '0' || r > '9')
	}) {
		if e.views[word] != nil && !seen[word] {
			seen[word] = true
			list = append(list, word)
		}
	}
	return list
}

// missing lists the views that must be made before those of names can be read, each after those that it needs itself.
func (e *Engine) missing(names []string) []string {
	var list []string
	seen := map[string]bool{}
	var visit func(names []string)
	visit = func(names []string) {
		for _, name := range names {
			if seen[name] {
				continue
			}
			seen[name] = true
			v := e.views[name]
			visit(v.needs)
			if !v.made {
				list = append(list, name)
			}
		}
	}
	visit(names)
	return list
}

// withViews puts in front of a statement those that make the views that it needs, and returns what is to be called
// once it has run.
func (e *Engine) withViews(statement string) (text string, ran func()) {
	var b strings.Builder
	list := e.missing(e.named(statement))
	for _, name := range list {
		fmt.Fprintf(&b, "CREATE OR REPLACE TEMP VIEW %s AS %s; ", name, e.views[name].query)
	}
	b.WriteString(statement)
	return b.String(), func() {
		for _, name := range list {
			e.views[name].made = true
		}
	}
}
