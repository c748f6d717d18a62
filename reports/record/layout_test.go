package record

import (
	"bytes"
	"testing"

	"miic/internal/pdf/proof"
)

// blank is a code without a black square.
type blank struct{}

func (blank) Size() int           { return 21 }
func (blank) Black(_, _ int) bool { return false }

// TestRecordIsAligned: the tables of all vaccines have the same columns, and codes stand two in a row.
func TestRecordIsAligned(t *testing.T) {
	c := catalog(t)
	r := ana().read(t, 1204)[0]
	if err := r.Issue(issue(c, "en")); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := r.Draw(&b, c, []Square{blank{}, blank{}, blank{}}); err != nil {
		t.Fatal(err)
	}
	heads, codes := map[float64]int{}, map[float64]int{}
	for page, words := range proof.Words(t, proof.File(t, b.Bytes())) {
		for _, w := range words {
			switch w.Text {
			case "Counts":
				heads[w.Left]++
			case "Code":
				codes[float64(page)*1000+w.Top]++
			}
		}
	}
	tables := 0
	for _, n := range heads {
		tables += n
	}
	if len(heads) != 1 || tables < 5 {
		t.Errorf("the heads of a column stand at %v", heads)
	}
	var rows []int
	for _, n := range codes {
		rows = append(rows, n)
	}
	if len(rows) != 2 || rows[0]+rows[1] != 3 {
		t.Errorf("three codes stand in rows of %v", rows)
	}
}
