package table

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

type foundRow struct {
	ID     string `col:"record_id" doc:"key"`
	Client int64  `col:"client_id,null" doc:"number"`
	Note   string `col:"note,null" doc:"text"`
}

// What is found is what a scan of everything would pick out, in its order: sorted or not, with nulls,
// over several files and row groups.
func TestFindIsScanWithAFilter(t *testing.T) {
	small := Working[foundRow]("found")
	small.Lookup = true
	write := func(name string, n int, row func(i int) foundRow) string {
		path := filepath.Join(t.TempDir(), name)
		w, err := NewWriter[foundRow](small, path)
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
		return path
	}
	note := func(i int) string { return []string{"", "x", fmt.Sprint("note ", i)}[i%3] }
	files := []string{
		write("sorted", 3*small.RowGroup()+17, func(i int) foundRow {
			return foundRow{fmt.Sprintf("a/%06d", i), int64(i*7919%5000) * int64(i%2), note(i)}
		}),
		write("shuffled", 20000, func(i int) foundRow { return foundRow{fmt.Sprintf("b/%06d", i*7919%20000), int64(i / 3), note(i)} }),
		write("empty", 0, nil),
	}
	all, err := ReadAll[foundRow](files)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		ids := rapid.SliceOfN(rapid.SampledFrom([]string{"a/000000", "a/008191", "a/008192", "a/024592", "b/000000", "b/019999", "b/012345", "", "a", "zz"}), 0, 5).Draw(t, "ids")
		numbers := rapid.SliceOfN(rapid.Int64Range(-1, 5100), 0, 4).Draw(t, "numbers")
		var byID, byNumber, wantID, wantNumber []foundRow
		for _, r := range all {
			if slices.Contains(ids, r.ID) {
				wantID = append(wantID, r)
			}
			if r.Client != 0 && slices.Contains(numbers, r.Client) {
				wantNumber = append(wantNumber, r)
			}
		}
		if err := Find(files, "record_id", ids, func(r *foundRow) error { byID = append(byID, *r); return nil }); err != nil {
			t.Fatal(err)
		}
		if err := Find(files, "client_id", numbers, func(r *foundRow) error { byNumber = append(byNumber, *r); return nil }); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(byID, wantID) || !slices.Equal(byNumber, wantNumber) {
			t.Fatalf("found %d and %d rows, want %d and %d", len(byID), len(byNumber), len(wantID), len(wantNumber))
		}
	})
	if err := Find(files, "note", []int64{1}, func(*foundRow) error { return nil }); err == nil {
		t.Error("a number was looked for in text")
	}
	if err := Find(files, "nowhere", []int64{1}, func(*foundRow) error { return nil }); err == nil {
		t.Error("a column that is not there was searched")
	}
}
