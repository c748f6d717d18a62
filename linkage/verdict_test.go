package linkage

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/linkage/review"
)

// judgedNight is a night on which the site has a file of verdicts.
func judgedNight(t *testing.T, b *pipeline.Bench, d delivered, verdicts string) map[string]int64 {
	t.Helper()
	o, err := b.Night(context.Background(), someNight, nil, d.ingest(nil), Stage(Config{Verdicts: verdicts}))
	if err != nil {
		t.Fatal(err)
	}
	return o.Counts
}

func items(t *testing.T, b *pipeline.Bench) map[string]table.ReviewItem {
	t.Helper()
	m := map[string]table.ReviewItem{}
	if err := table.Scan(b.Files("review_item"), func(r *table.ReviewItem) error {
		if r.Snapshot >= m[r.ItemID].Snapshot {
			m[r.ItemID] = *r
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return m
}

func keep(t *testing.T, path string, list []review.Judged) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := review.WriteVerdicts(f, list); err != nil {
		t.Fatal(err)
	}
}

// A verdict joins or parts from the night after on, once, and until one of the records changes.
func TestVerdictsActUntilTheEvidenceChanges(t *testing.T) {
	b := newBench(t)
	verdicts := filepath.Join(t.TempDir(), "verdicts.csv")
	first := registry(t, 3000)
	judgedNight(t, b, first, verdicts)
	q, err := explainer(t, b).Queue(context.Background())
	if err != nil || len(q.Questions) < 4 {
		t.Fatalf("%d questions: %v", len(q.Questions), err)
	}
	var sheet []review.Judged
	chosen := map[int64]bool{}
	var yes, no review.Question
	for _, x := range q.Questions {
		if chosen[x.Left.ClientID] || chosen[x.Right.ClientID] || x.Pair.Steps == nil ||
			strings.Contains(x.Reason, "never_by_machine") {
			continue
		}
		chosen[x.Left.ClientID], chosen[x.Right.ClientID] = true, true
		decision := "same"
		if yes.ItemID == "" {
			yes = x
		} else {
			no, decision = x, "different"
		}
		sheet = append(sheet,
			review.Judged{ItemID: x.ItemID, Decision: decision, By: "kim", Evidence: x.Evidence,
				Line: int64(len(sheet) + 2)})
		if no.ItemID != "" {
			break
		}
	}
	fresh, err := explainer(t, b).Judge(context.Background(), sheet, nil, someNight)
	if err != nil || len(fresh) != 2 {
		t.Fatalf("%d verdicts: %v", len(fresh), err)
	}
	keep(t, verdicts, fresh)
	counts := judgedNight(t, b, delivered{}, verdicts)
	l := links(t, b)
	if counts["link.verdicts_taken"] != 2 || l[yes.Left.RecordID] != l[yes.Right.RecordID] ||
		l[no.Left.RecordID] == l[no.Right.RecordID] {
		t.Fatalf("%d verdicts taken; same: %d and %d, different: %d and %d", counts["link.verdicts_taken"],
			l[yes.Left.RecordID], l[yes.Right.RecordID], l[no.Left.RecordID], l[no.Right.RecordID])
	}
	now := items(t, b)
	if now[yes.ItemID].Decision != "same" || now[no.ItemID].Decision != "different" ||
		now[no.ItemID].DecidedBy != "kim" {
		t.Errorf("items: %+v, %+v", now[yes.ItemID], now[no.ItemID])
	}

	// Once is enough, and the same verdict again is no news.
	counts = judgedNight(t, b, delivered{}, verdicts)
	if counts["link.verdicts_taken"] != 0 || counts["link.review_raised"] != 0 || counts["link.clients_merged"] != 0 {
		t.Errorf("the night after: %v", counts)
	}
	if again, err := explainer(t, b).Judge(context.Background(), sheet, fresh, someNight); err != nil ||
		len(again) != 0 {
		t.Errorf("the same sheet again gives %d verdicts: %v", len(again), err)
	}
	other := sheet[1]
	other.Decision, other.By = "same", "lee"
	if _, err := explainer(t, b).Judge(context.Background(), []review.Judged{other}, fresh, someNight); err == nil ||
		!strings.Contains(err.Error(), "lee judged same") || !strings.Contains(err.Error(), "kim") {
		t.Errorf("another word on a judged item: %v", err)
	}

	// The records of the pair that was judged different change: people are asked again.
	changed := delivered{}
	for _, r := range first.records {
		if r.RecordID == no.Left.RecordID {
			r.Email, r.SenderTime = "new@example.org", r.SenderTime+1000000
			changed.records = append(changed.records, r)
		}
	}
	counts = judgedNight(t, b, changed, verdicts)
	again := items(t, b)[no.ItemID]
	if again.Decision != "open" || counts["link.verdicts_taken"] != 0 {
		t.Errorf("after a change the item is %s; %d verdicts taken", again.Decision, counts["link.verdicts_taken"])
	}
	want := "asked again: kim said different on " + someNight.String() + "; since then email of " + no.Left.RecordID +
		" changed; "
	if !strings.HasPrefix(again.Reason, want) {
		t.Errorf("the reason is %q; it should begin with %q", again.Reason, want)
	}
	if q, err := explainer(t, b).Queue(context.Background()); err != nil ||
		!slices.ContainsFunc(q.Questions,
			func(x review.Question) bool { return x.ItemID == no.ItemID && x.AskedAgain() }) {
		t.Errorf("the queue does not show that it is asked again: %v", err)
	}
	stale := sheet[1]
	if _, err := explainer(t, b).Judge(context.Background(), []review.Judged{stale}, fresh, someNight); err == nil ||
		!strings.Contains(err.Error(), "export the queue again") {
		t.Errorf("a verdict on what was seen before the change: %v", err)
	}
}
