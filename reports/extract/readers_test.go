package extract

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"miic/internal/table"
	"miic/internal/testdata"
)

// TestReadersSeeWhatWasWritten reads an extract with pyarrow, as R and pandas do: every row is there, whole numbers stay
// whole, dates are dates, and no column is of a type that a reader would have to know of.
func TestReadersSeeWhatWasWritten(t *testing.T) {
	here := filepath.Join(testdata.Root(t), "reports", "extract", "readers")
	if _, err := os.Stat(filepath.Join(here, "lib", "pyarrow")); err != nil {
		testdata.Missing(t, "pyarrow (pip install --no-deps --require-hashes --target reports/extract/readers/lib -r reports/extract/readers/requirements.txt)")
	}
	night, dir := table.NewDate(2026, 3, 2), t.TempDir()
	o := options(night)
	o.Class = 3
	x, err := Choose(t.Context(), randomState(8, 300, night).open(t), o)
	if err != nil {
		t.Fatal(err)
	}
	files, err := x.Write(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command("python3", filepath.Join(here, "read.py"), dir)
	c.Stderr = os.Stderr
	out, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	var seen map[string]struct {
		Rows     int64
		Metadata map[string]string
		Columns  []struct {
			Name, Type string
			Nulls      int64
		}
	}
	if err := json.Unmarshal(out, &seen); err != nil {
		t.Fatal(err)
	}
	arrow := map[string]string{"BIGINT": "int64", "INTEGER": "int32", "SMALLINT": "int16", "VARCHAR": "string", "DATE": "date32[day]", "BOOLEAN": "bool"}
	for i := range Tables {
		tb, got := &Tables[i], seen[Tables[i].Name]
		if want := files[i].Rows; got.Rows != want {
			t.Errorf("%s: %d rows are read, %d written", tb.Name, got.Rows, want)
		}
		if got.Metadata["miic.snapshot"] != "7" || got.Metadata["miic.agreement"] != "DUA-1" || got.Metadata["miic.generation"] != "5" {
			t.Errorf("%s: metadata %v", tb.Name, got.Metadata)
		}
		if len(got.Columns) != len(tb.Columns) {
			t.Errorf("%s: %d columns are read, %d written", tb.Name, len(got.Columns), len(tb.Columns))
			continue
		}
		for k, c := range got.Columns {
			w := tb.Columns[k]
			if c.Name != w.Name || c.Type != arrow[w.SQL] || !w.Null && c.Nulls > 0 {
				t.Errorf("%s.%s: %s %s with %d nulls is read, expected %s", tb.Name, w.Name, c.Name, c.Type, c.Nulls, arrow[w.SQL])
			}
		}
	}
}
