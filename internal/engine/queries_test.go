package engine

import (
	"context"
	"path/filepath"
	"testing"
	"testing/fstest"

	"miic/internal/table"
)

func queriesOf(text string) *Queries {
	return LoadQueries(fstest.MapFS{"sql/asked.sql": {Data: []byte("-- What is asked.\n" + text)}})
}

// TestNoValueBecomesSQL: whatever a value holds, the engine gives it back as it was.
func TestNoValueBecomesSQL(t *testing.T) {
	ctx := context.Background()
	e, err := Open(ctx, Options{Temp: filepath.Join(t.TempDir(), "spill")})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	q := queriesOf("SELECT $text AS text, $number AS number, $day AS day FROM $source")
	for _, text := range []string{"O'Brien", "'; DROP TABLE one; --", `\'`, "$number", "", "zwölf\n'"} {
		type row struct {
			Text   string     `col:"text" doc:"text"`
			Number int64      `col:"number" doc:"number"`
			Day    table.Date `col:"day" doc:"day"`
		}
		day, _ := table.ParseDate("2026-02-28")
		if err := Load(ctx, e, "one", []row{{"x", 1, day}}); err != nil {
			t.Fatal(err)
		}
		rows, err := Rows[row](ctx, e, q.Get("asked", "text", text, "number", int64(-1<<62), "day", day, "source", Name("one")))
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if len(rows) != 1 || rows[0] != (row{text, -1 << 62, day}) {
			t.Errorf("%q came back as %+v", text, rows)
		}
	}
}

// A constant is there for every query that has its parameter, and a query may be given another value.
func TestConstantsOfQueries(t *testing.T) {
	q := queriesOf("SELECT $n, $m").With("n", "a'b", "other", 3)
	if got := q.Get("asked", "m", 2); got != "SELECT 'a''b', 2" {
		t.Error(got)
	}
	if got := q.Get("asked", "m", 2, "n", 1); got != "SELECT 1, 2" {
		t.Error(got)
	}
}

func TestMistakesInQueriesPanic(t *testing.T) {
	for what, do := range map[string]func(){
		"an unknown query":             func() { queriesOf("SELECT 1").Get("other") },
		"a missing value":              func() { queriesOf("SELECT $n").Get("asked") },
		"a value too many":             func() { queriesOf("SELECT 1").Get("asked", "n", 1) },
		"a name that is more than one": func() { queriesOf("SELECT 1 FROM $t").Get("asked", "t", Name("a; DROP TABLE b")) },
		"a file without its sentence":  func() { LoadQueries(fstest.MapFS{"sql/x.sql": {Data: []byte("SELECT 1")}}) },
		"a folder without files":       func() { LoadQueries(fstest.MapFS{}) },
		"a type that has no literal":   func() { queriesOf("SELECT $n").Get("asked", "n", []string{"a"}) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s was let through", what)
				}
			}()
			do()
		}()
	}
}
