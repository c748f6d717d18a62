package table

import (
	"fmt"
	"path/filepath"
	"testing"
)

// What is held is what a scan reads, across batches and files, upwards and downwards, by all columns or some.
func TestHeldRowsAreThoseOfAScan(t *testing.T) {
	dir := t.TempDir()
	var paths []string
	n := 0
	for f, rows := range []int{flushRows + 10, 3} {
		path := filepath.Join(dir, fmt.Sprint(f, ".parquet"))
		w, err := NewWriter[ClientLink](ClientLinks, path)
		if err != nil {
			t.Fatal(err)
		}
		for range rows {
			n++
			if err := w.Append(&ClientLink{RecordID: fmt.Sprint("a/", n), ClientID: int64(n), Since: 1}); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	h, err := Hold[ClientLink](paths)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Release()
	type some struct {
		ClientID int64 `col:"client_id"`
	}
	all, err := RowsOf[ClientLink](h)
	if err != nil {
		t.Fatal(err)
	}
	few, err := RowsOf[some](h)
	if err != nil {
		t.Fatal(err)
	}
	if h.Len() != n {
		t.Fatalf("%d rows are held, want %d", h.Len(), n)
	}
	for _, at := range []int{0, flushRows - 1, flushRows, n - 1, n - 4, 5, 0} {
		var r ClientLink
		var s some
		all.Read(at, &r)
		few.Read(at, &s)
		if r.RecordID != fmt.Sprint("a/", at+1) || r.ClientID != int64(at+1) || s.ClientID != int64(at+1) {
			t.Errorf("row %d is %s of client %d and %d", at, r.RecordID, r.ClientID, s.ClientID)
		}
	}
	if _, err := RowsOf[struct {
		X string `col:"no_such"`
	}](h); err == nil {
		t.Error("a column that is not there can be read")
	}
}
