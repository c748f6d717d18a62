package review

import (
	"slices"
	"strings"
	"testing"

	"miic/linkage/match"
)

func TestSpanningTree(t *testing.T) {
	records := []Member{{RecordID: "a"}, {RecordID: "b"}, {RecordID: "c"}, {RecordID: "d"}}
	tree, apart := spanningTree(records, []MemberPair{{RecordL: "a", RecordR: "b", Weight: 3},
		{RecordL: "b", RecordR: "c", Weight: 9}, {RecordL: "a", RecordR: "c", Weight: 7},
		{RecordL: "a", RecordR: "c", Weight: 7}})
	var got []string
	for _, s := range tree {
		got = append(got, s.RecordL+s.RecordR)
	}
	if !slices.Equal(got, []string{"bc", "ac"}) || !slices.Equal(apart, []string{"d"}) {
		t.Errorf("tree %v, apart %v; want bc ac and d", got, apart)
	}
}

func TestEveryHoldHasWords(t *testing.T) {
	for _, name := range match.HoldRules() {
		if holdWords[name] == "" {
			t.Errorf("hold %s has no words", name)
		}
	}
}

// The text of a pair is what an operator reads, so it is fixed.
func TestPairInWords(t *testing.T) {
	p := &Pair{RecordL: "a/1", RecordR: "b/2", ClientL: 4, ClientR: 9, Snapshot: 3, Model: "m", Weight: 7.25,
		Decision: "review", RunnerUp: "born together",
		Probabilities: map[string]float64{"same person": .9935, "born together": .0064, "same family": .00001,
			"stranger": .00009},
		Holds: []string{holdWords["maybe_twin"]}, Rules: []string{"phone and birth year"},
		Steps: []Step{{Part: "prior", Level: "x", Bits: -10},
			{Part: "birth_date", Level: "equal", Bits: 17.25, Left: "2020-01-02", Right: "2020-01-02"},
			{Part: "doses", Left: "2020-02-01|2020-04-01"}, {Part: "phone"}}}
	var b strings.Builder
	if err := p.Text(&b); err != nil {
		t.Fatal(err)
	}
	want := `a/1 and b/2: one person with probability 0.9935, 7.25 bits
they belong to clients 4 and 9
decision on the pair: review, scored by snapshot 3, model m
held: it may be a twin
found by: phone and birth year

  -10.00  prior       x
  +17.25  birth date  equal               2020-01-02 | 2020-01-02
   +0.00  doses       nothing to compare  2 days | —
   +7.25  weight

probabilities: same person 0.9935, born together 0.0064, same family < 0.0001, strangers < 0.0001; next best: born together
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}
