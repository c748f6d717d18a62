package table

import (
	"fmt"
	"math"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"
)

// everyKind has a column of each kind, with and without nulls.
type everyKind struct {
	Text      string  `col:"text" doc:"x"`
	NullText  string  `col:"null_text,null" doc:"x"`
	Flag      bool    `col:"flag" doc:"x"`
	Small     int16   `col:"small,null" doc:"x"`
	Int       int32   `col:"int" doc:"x"`
	NullInt   int32   `col:"null_int,null" doc:"x"`
	Big       int64   `col:"big" doc:"x"`
	NullBig   int64   `col:"null_big,null" doc:"x"`
	Real      float64 `col:"real" doc:"x"`
	NullReal  float64 `col:"null_real,null" doc:"x"`
	Day       Date    `col:"day" doc:"x"`
	Moment    Time    `col:"moment" doc:"x"`
	AllNull   string  `col:"all_null,null" doc:"x"`
	NeverNull int64   `col:"never_null,null" doc:"x"`
	Many      string  `col:"many,null" doc:"x"`
}

// TestEveryKindSurvivesParquet: what is written comes back, wherever the nulls stand and however many batches it takes.
func TestEveryKindSurvivesParquet(t *testing.T) {
	kinds := Working[everyKind]("every_kind")
	dir := t.TempDir()
	file := 0
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.SampledFrom([]int{1, 7, 8, 9, 16, 100, flushRows - 1, flushRows, flushRows + 9}).Draw(t, "rows")
		few := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) everyKind {
			some := func(label string) bool { return rapid.Bool().Draw(t, label) }
			k := everyKind{Text: rapid.String().Draw(t, "text"), Flag: some("flag"), Int: rapid.Int32().Draw(t, "int"), Big: rapid.Int64().Draw(t, "big"),
				Real: float64(rapid.Int32().Draw(t, "real")), NullReal: math.Inf(1), NeverNull: 1 + rapid.Int64Range(0, 1<<40).Draw(t, "never")}
			if some("nulls") {
				k.NullText, k.Small, k.NullInt, k.NullBig = rapid.String().Draw(t, "null text"), rapid.Int16().Draw(t, "small"), rapid.Int32().Draw(t, "null int"), rapid.Int64().Draw(t, "null big")
				k.Day, k.Moment = NewDate(1900+rapid.IntRange(0, 200).Draw(t, "year"), 2, 28), Time(rapid.Int64Range(-1<<50, 1<<50).Draw(t, "moment"))
			}
			return k
		}), 1, 40).Draw(t, "values")
		// As many different texts as a scratch file keeps as words, one more, and more than a batch has rows.
		different := rapid.SampledFrom([]int{1, 300, fewWords, fewWords + 1, flushRows + 5}).Draw(t, "different")
		nullEvery := rapid.SampledFrom([]int{1, 2, 7, flushRows * 2}).Draw(t, "null every")
		row := func(i int) everyKind {
			r := few[(i*7+i/11)%len(few)]
			if i%nullEvery != nullEvery-1 {
				r.Many = fmt.Sprint("m", i%different)
			}
			return r
		}
		file++
		for scratch, create := range map[string]func(*Table, string) (*Writer[everyKind], error){"s": NewScratchWriter[everyKind], "w": NewWriter[everyKind]} {
			path := filepath.Join(dir, fmt.Sprint(scratch, file))
			w, err := create(kinds, path)
			if err != nil {
				t.Fatal(err)
			}
			for i := range n {
				r := row(i)
				if err := w.Append(&r); err != nil {
					t.Fatal(err)
				}
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			got, err := ReadAll[everyKind]([]string{path})
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != n {
				t.Fatalf("%d rows became %d", n, len(got))
			}
			for i := range got {
				if want := row(i); got[i] != want {
					t.Fatalf("row %d of %d: %+v became %+v", i, n, want, got[i])
				}
			}
		}
	})
}

// TestTextThatIsNotUTF8: no file may hold what readers of Parquet refuse.
func TestTextThatIsNotUTF8(t *testing.T) {
	kinds := Working[everyKind]("every_kind")
	for name, create := range map[string]func(*Table, string) (*Writer[everyKind], error){"scratch": NewScratchWriter[everyKind], "writer": NewWriter[everyKind]} {
		w, err := create(kinds, filepath.Join(t.TempDir(), name))
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{"a", "b\xff", "c"} {
			if err := w.Append(&everyKind{Text: text}); (err == nil) != (text == "a") {
				t.Errorf("%s: %q gave %v", name, text, err)
			}
		}
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	}
}
