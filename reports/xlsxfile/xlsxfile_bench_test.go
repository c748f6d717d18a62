package xlsxfile

import (
	"path/filepath"
	"runtime"
	"strconv"
	"testing"

	"miic/reports/csvfile"
)

// BenchmarkHundredThousandRows writes a list as long as a large state's in both forms, and reads the workbook back.
func BenchmarkHundredThousandRows(b *testing.B) {
	header := make([]string, 21)
	for i := range header {
		header[i] = "column_" + strconv.Itoa(i)
	}
	rows := func(yield func([]string) bool) {
		for n := range 100_000 {
			row := make([]string, len(header))
			for i := range row {
				row[i] = strconv.Itoa((n+1)*(i+17)) + " Main St"
			}
			if !yield(row) {
				return
			}
		}
	}
	path := filepath.Join(b.TempDir(), "list.csv")
	b.Run("csv", func(b *testing.B) {
		for b.Loop() {
			if err := csvfile.Write(path, header, rows); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("both", func(b *testing.B) {
		var m runtime.MemStats
		most := uint64(0)
		for b.Loop() {
			if err := Beside(csvfile.Style{}, path, header, rows); err != nil {
				b.Fatal(err)
			}
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse)
		}
		b.ReportMetric(float64(most)/(1<<20), "MiB")
	})
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			if n, err := Rows(Name(path)); err != nil || n != 100_000 {
				b.Fatal(n, err)
			}
		}
	})
}
