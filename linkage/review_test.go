package linkage

import (
	"context"
	"encoding/csv"
	"regexp"
	"slices"
	"strings"
	"testing"

	"miic/internal/table"
)

func TestReviewQueue(t *testing.T) {
	b := newBench(t)
	night(t, b, registry(t, 3000))
	q, err := explainer(t, b).Queue(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	open := map[string]bool{}
	if err := table.Scan(b.Files("review_item"), func(r *table.ReviewItem) error { open[r.ItemID] = r.Decision == "open"; return nil }); err != nil {
		t.Fatal(err)
	}
	if len(q.Questions) < 5 || len(q.Questions)+q.Restricted != len(open) {
		t.Fatalf("%d questions and %d withheld; %d items", len(q.Questions), q.Restricted, len(open))
	}
	worst := map[int]float64{}
	for i, x := range q.Questions {
		if !open[x.ItemID] || x.Pair == nil {
			t.Errorf("item %s: open %v, comparison %v", x.ItemID, open[x.ItemID], x.Pair != nil)
		}
		if i > 0 && x.Family != q.Questions[i-1].Family && x.Family != q.Questions[i-1].Family+1 {
			t.Errorf("question %d is of family %d, the one before of %d", i, x.Family, q.Questions[i-1].Family)
		}
		worst[x.Family] = max(worst[x.Family], x.Harm)
	}
	for f := 2; f <= len(worst); f++ {
		if worst[f] > worst[f-1] {
			t.Errorf("family %d, of harm %f, comes after %f", f, worst[f], worst[f-1])
		}
	}

	var sheet, page strings.Builder
	if err := q.WriteCSV(&sheet); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(sheet.String())).ReadAll()
	if err != nil || len(rows) != len(q.Questions)+1 || !slices.Equal(rows[0][:3], []string{"item_id", "decision", "decided_by"}) {
		t.Errorf("the sheet has %d rows: %v", len(rows), err)
	}
	if err := q.WriteHTML(&page); err != nil {
		t.Fatal(err)
	}
	for _, x := range q.Questions {
		if !strings.Contains(page.String(), x.ItemID) {
			t.Errorf("the page has no item %s", x.ItemID)
		}
	}
	if w := regexp.MustCompile(`(?i)<script|<link|src=|https?://|@import|url\(`).FindString(page.String()); w != "" {
		t.Errorf("the page needs something else: %s", w)
	}
}

// Names are data: what looks like markup must not become any.
func TestReviewPageEscapes(t *testing.T) {
	q := &Queue{Questions: []Question{{ItemID: "1", Family: 1, Pair: &Pair{Probabilities: map[string]float64{}, Steps: []Step{{Part: "first", Left: "<script>x", Right: "O'HARA"}}}}}}
	var page strings.Builder
	if err := q.WriteHTML(&page); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(page.String(), "<script>") || !strings.Contains(page.String(), "&lt;script&gt;x") {
		t.Error("a name became markup")
	}
}

// A family is whoever shares a person or an address, however long the chain.
func TestFamiliesStandTogether(t *testing.T) {
	standard := map[string]*table.StandardRecord{}
	record := func(id, street string) Side {
		standard[id] = &table.StandardRecord{RecordID: id, Street: street, ZIP: "55802"}
		return Side{RecordID: id, ClientID: int64(len(standard))}
	}
	list := []Question{
		{ItemID: "alone", Harm: 2, Left: record("a", ""), Right: record("b", "")},
		{ItemID: "first", Harm: 1, Left: record("c", "1 ELM"), Right: record("d", "2 ELM")},
		{ItemID: "linking", Harm: 3, Left: record("e", "2 ELM"), Right: record("f", "3 ELM")},
		{ItemID: "last", Harm: .5, Left: record("g", "3 ELM"), Right: record("h", "")},
	}
	byFamily(list, standard)
	var got []string
	for _, q := range list {
		got = append(got, q.ItemID)
	}
	if !slices.Equal(got, []string{"linking", "first", "last", "alone"}) || list[2].Family != 1 || list[3].Family != 2 {
		t.Errorf("order %v, families %d and %d", got, list[2].Family, list[3].Family)
	}
}

func TestDosesAreAligned(t *testing.T) {
	day := table.NewDate(2020, 1, 2)
	got := aligned([]doseOn{{1, day, 20}, {1, day + 3, 10}}, []doseOn{{2, day, 21}, {2, day, 133}})
	if len(got) != 2 || got[0].On != "2020-01-02" || !slices.Equal(got[0].Left, []int16{20}) || !slices.Equal(got[0].Right, []int16{21, 133}) || len(got[1].Right) != 0 {
		t.Errorf("%+v", got)
	}
}
