package bench

import (
	"context"
	"os"
	"testing"
)

// TestReportWritesEveryPiece: a measurement that loses pieces would be a fast one.
func TestReportWritesEveryPiece(t *testing.T) {
	const n = 60
	work := t.TempDir()
	r, err := Report(context.Background(), work, n, 1, func(string, string, int64, int64, string) {})
	if err != nil {
		t.Fatal(err)
	}
	if s := r.Selection; s.Candidates != PeopleALetter*n || s.Campaigns != 8 || s.Notices == 0 || s.Excluded == 0 || s.NotCalled == 0 {
		t.Errorf("selected %+v", s)
	}
	if len(r.Rows) != 4 {
		t.Fatalf("%d rows", len(r.Rows))
	}
	letters, cards, labels, records := r.Rows[0], r.Rows[1], r.Rows[2], r.Rows[3]
	if records.Pieces != n/lettersARecord || records.Files != 4*records.Pieces { // paper, rows, document and card
		t.Errorf("%+v", records)
	}
	for _, row := range r.Rows[:3] {
		if row.Pieces != n || row.Files != 1 || row.Bytes == 0 {
			t.Errorf("%+v", row)
		}
	}
	// Most households have one child and get one sheet; a card has two sides; thirty labels are a sheet.
	if letters.Pages < n || letters.Pages > 2*n || cards.Pages != 2*n || labels.Pages != n/30 {
		t.Errorf("pages: %d, %d, %d", letters.Pages, cards.Pages, labels.Pages)
	}
	if left, err := os.ReadDir(work); err != nil || len(left) > 0 {
		t.Errorf("files are left behind: %v, %v", left, err)
	}
}
