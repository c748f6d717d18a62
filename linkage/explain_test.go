package linkage

import (
	"context"
	"errors"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/linkage/match"
	"miic/linkage/review"
)

func explainer(t testing.TB, b *pipeline.Bench) *review.Explainer {
	t.Helper()
	e, err := engine.Open(context.Background(), engine.Options{Temp: filepath.Join(t.TempDir(), "spill")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return review.NewExplainer(e, b.Files, match.Default())
}

func scoredPairs(t testing.TB, b *pipeline.Bench) []table.ScoredPair {
	t.Helper()
	rows, err := table.ReadAll[table.ScoredPair](b.Files("scored_pair"))
	if err != nil || len(rows) == 0 {
		t.Fatalf("%d scored pairs: %v", len(rows), err)
	}
	return rows
}

// Pairs scored on two nights, in states of different size, are explained by the priors of their own night.
func TestExplainedAsScored(t *testing.T) {
	b := newBench(t)
	for _, d := range registry(t, 700).split(2, func(i int) int { return min(1, i/200) }) {
		nightOf(t, b, 1, d)
	}
	x := explainer(t, b)
	sizes := map[string]bool{}
	standard := map[string]*table.StandardRecord{}
	if err := table.Scan(b.Files("standard_record"), func(r *table.StandardRecord) error {
		copied := *r
		standard[r.RecordID] = &copied
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for i, row := range scoredPairs(t, b) {
		p, err := x.Explain(&row, standard[row.RecordL], standard[row.RecordR])
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			if q, err := x.Pair(row.RecordR, row.RecordL); err != nil || q.Weight != row.Weight ||
				q.RecordL != row.RecordL {
				t.Errorf("the pair asked for the other way round: %v, %v", q, err)
			}
		}
		sum := 0.0
		for _, s := range p.Steps {
			sum += s.Bits
		}
		if math.Abs(sum-row.Weight) > 1e-9 {
			t.Errorf("%s, %s: the steps sum to %f, the weight is %f", p.RecordL, p.RecordR, sum, row.Weight)
		}
		// The last step is what the other relations take from the odds against strangers alone.
		odds := p.Weight - p.Steps[len(p.Steps)-1].Bits
		if pU := p.Probabilities[match.Stranger.String()]; pU > 1e-6 && math.Abs(odds-math.Log2(row.PMatch/pU)) > 1e-4 {
			t.Errorf("%s, %s: %f bits against strangers; the probabilities give %f", p.RecordL, p.RecordR, odds,
				math.Log2(row.PMatch/pU))
		}
		sizes[p.Steps[0].Level] = true
	}
	if len(sizes) != 2 {
		t.Errorf("states of %d sizes; two nights were of different size: %v", len(sizes), sizes)
	}
	row := scoredPairs(t, b)[0]
	row.Weight += 3
	if _, err := x.Explain(&row, &table.StandardRecord{}, &table.StandardRecord{}); err == nil ||
		!strings.Contains(err.Error(), "does not follow") {
		t.Errorf("a weight that the vector does not give is explained: %v", err)
	}
	row.Model = "other"
	if _, err := x.Explain(&row, &table.StandardRecord{}, &table.StandardRecord{}); err == nil ||
		!strings.Contains(err.Error(), "model other") {
		t.Errorf("a pair of another model is explained: %v", err)
	}
	if _, err := x.Pair(row.RecordL, row.RecordL); !errors.Is(err, review.ErrNoEvidence) {
		t.Errorf("a record with itself: %v", err)
	}
}

func TestExplainedClient(t *testing.T) {
	one, two := child("clinic-a", "1", "Astrid", born), child("clinic-b", "9", "Astrid", born)
	d := crowd(t)
	d.records = append(d.records, one)
	b := newBench(t)
	night(t, b, d)
	night(t, b, delivered{records: []table.ClientRecord{two}})
	id := links(t, b)[one.RecordID]
	c, err := explainer(t, b).Client(id)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Records) != 2 || len(c.Tree) != 1 || c.Weakest == nil || len(c.Apart) != 0 {
		t.Fatalf("%d records, %d pairs in the tree, apart %v", len(c.Records), len(c.Tree), c.Apart)
	}
	var steps []string
	for _, ch := range c.Changes {
		steps = append(steps, ch.Change+" "+ch.RecordID)
	}
	if want := []string{"created ", "joined " + two.RecordID}; !slices.Equal(steps, want) {
		t.Errorf("changes %v; want %v", steps, want)
	}
}

// Of a restricted person nothing is shown: not the record, not the pair, not the person, and nothing
// that differs from the answer about somebody who is not there.
func TestNothingIsToldOfTheRestricted(t *testing.T) {
	one, two := child("clinic-a", "1", "Astrid", born), child("clinic-b", "9", "Astrid", born)
	d := crowd(t)
	d.records = append(d.records, one, two)
	d.requests = []table.Request{{RequestID: "families/1", Sender: "families", SenderTime: 1, Kind: "opt_out",
		FirstName: "Astrid", LastName: "Lindqvist",
		BirthDate: born, Address1: "14 Birch St", City: "Duluth", State: "MN", ZIP: "55812", ReceivedOn: someNight}}
	b := newBench(t)
	night(t, b, d)
	x := explainer(t, b)
	id := links(t, b)[one.RecordID]
	if !clientsOf(t, b)[id].OptedOut {
		t.Fatal("the person is not restricted")
	}
	_, gone := x.Client(1 << 40)
	_, restricted := x.Client(id)
	if !errors.Is(gone, review.ErrNotShown) || !errors.Is(restricted, review.ErrNotShown) ||
		errors.Unwrap(gone).Error() != errors.Unwrap(restricted).Error() {
		t.Errorf("nobody: %v; a restricted person: %v", gone, restricted)
	}
	if _, err := x.Pair(one.RecordID, two.RecordID); !errors.Is(err, review.ErrNotShown) {
		t.Errorf("a pair of a restricted person: %v", err)
	}
	if _, err := x.Pair(d.records[0].RecordID, two.RecordID); !errors.Is(err, review.ErrNotShown) {
		t.Errorf("a pair with a restricted person: %v", err)
	}
}

// A rollback brings back the people of an earlier night, but not the restrictions: who has opted out since
// is not shown, though the flags do not know it yet.
func TestNothingIsToldAfterARollback(t *testing.T) {
	one, two := child("clinic-a", "1", "Astrid", born), child("clinic-b", "9", "Astrid", born)
	d := crowd(t)
	d.records = append(d.records, one, two)
	b := newBench(t)
	night(t, b, d)
	id, clients := links(t, b)[one.RecordID], b.Files("client")
	if _, err := explainer(t, b).Client(id); err != nil {
		t.Fatal(err)
	}
	night(t, b, delivered{requests: []table.Request{{RequestID: "families/1", Sender: "families", SenderTime: 1,
		Kind: "opt_out", FirstName: "Astrid", LastName: "Lindqvist",
		BirthDate: born, Address1: "14 Birch St", City: "Duluth", State: "MN", ZIP: "55812", ReceivedOn: someNight}}})
	x := review.NewExplainer(nil, func(name string) []string {
		if name == "client" {
			return clients
		}
		return b.Files(name)
	}, match.Default())
	if _, err := x.Client(id); !errors.Is(err, review.ErrNotShown) {
		t.Errorf("the person: %v", err)
	}
	if _, err := x.Pair(one.RecordID, two.RecordID); !errors.Is(err, review.ErrNotShown) {
		t.Errorf("a pair of the person: %v", err)
	}
}
