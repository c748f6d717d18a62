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
	if err := table.Scan(b.Files("review_item"),
		func(r *table.ReviewItem) error { open[r.ItemID] = r.Decision == "open"; return nil }); err != nil {
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
	if strings.Count(sheet.String(), "\r\n") != len(q.Questions)+1 {
		t.Error("the lines of the sheet do not end as those of the project's other sheets")
	}
	rows, err := csv.NewReader(strings.NewReader(sheet.String())).ReadAll()
	if err != nil || len(rows) != len(q.Questions)+1 ||
		!slices.Equal(rows[0][:3], []string{"item_id", "decision", "decided_by"}) {
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
	outside := regexp.MustCompile(`(?i)<script |<link|src=|https?://|@import|[^a-z]url\(|fetch\(|XMLHttp|style="`)
	if w := outside.FindString(page.String()); w != "" {
		t.Errorf("the page needs something else: %s", w)
	}
}

// What the page shows of a third person is the best match that is neither of the two, and never
// somebody who may appear in no output.
func TestTheBestAlternativeIsAThirdPerson(t *testing.T) {
	b := newBench(t)
	night(t, b, registry(t, 1500))
	q, err := explainer(t, b).Queue(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	of, best := links(t, b), map[string]float64{}
	pairs := scoredPairs(t, b)
	shown := 0
	for _, x := range q.Questions {
		for _, p := range pairs {
			for _, s := range [][2]string{{p.RecordL, p.RecordR}, {p.RecordR, p.RecordL}} {
				c := of[s[1]]
				if (s[0] == x.Left.RecordID || s[0] == x.Right.RecordID) && c != x.Left.ClientID &&
					c != x.Right.ClientID {
					if w, ok := best[x.ItemID]; !ok || p.Weight > w {
						best[x.ItemID] = p.Weight
					}
				}
			}
		}
		w, ok := best[x.ItemID]
		switch {
		case (x.Other != nil) != ok:
			t.Errorf("item %s: a third person is shown: %v; there is one: %v", x.ItemID, x.Other != nil, ok)
		case ok && x.Other.Weight != w:
			t.Errorf("item %s shows %f bits, the best are %f", x.ItemID, x.Other.Weight, w)
		case ok:
			shown++
		}
	}
	if shown == 0 {
		t.Error("no question has a third person: nothing was tested")
	}
}
