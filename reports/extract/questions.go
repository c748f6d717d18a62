package extract

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

//go:embed questions/*.sql
var questionFiles embed.FS

// A Question is one that epidemiologists ask, and the query that answers it from an extract.
type Question struct{ Name, Text, SQL string }

// Questions are in the order of their numbers.
func Questions() []Question {
	paths, err := fs.Glob(questionFiles, "questions/*.sql")
	if err != nil {
		panic(err)
	}
	var list []Question
	for _, p := range paths {
		text, err := questionFiles.ReadFile(p)
		if err != nil {
			panic(err)
		}
		first, sql, _ := strings.Cut(string(text), "\n")
		list = append(list, Question{strings.TrimSuffix(path.Base(p), ".sql"), strings.TrimPrefix(first, "-- "), strings.TrimSpace(sql)})
	}
	return list
}

// QueriesSQL is queries.sql: views of the tables for DuckDB, where it is started in the folder of the extract, and the questions.
func QueriesSQL() string {
	var b strings.Builder
	b.WriteString("-- In the folder of this extract: duckdb -init queries.sql\n")
	for i := range Tables {
		fmt.Fprintf(&b, "CREATE OR REPLACE VIEW %s AS SELECT * FROM '%s.parquet';\n", Tables[i].Name, Tables[i].Name)
	}
	for i, q := range Questions() {
		fmt.Fprintf(&b, "\n-- %d. %s\n%s;\n", i+1, q.Text, q.SQL)
	}
	return b.String()
}

// Dictionary are the rows of dictionary.csv.
func Dictionary() [][]string {
	rows := [][]string{{"table", "column", "type", "may_be_null", "meaning"}}
	for i := range Tables {
		for _, c := range Tables[i].Columns {
			null := "no"
			if c.Null {
				null = "yes"
			}
			rows = append(rows, []string{Tables[i].Name, c.Name, c.SQL, null, c.Doc})
		}
	}
	return rows
}
