package models

import (
	"context"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"miic/cmd/miic/bench/truth"
	"miic/cmd/miic/shell"
)

// The letters of a small state against its truth, with limits. Options and seed are frozen: a figure
// that gets worse is a fault of what links, forecasts or mails, and no limit is raised for it.
func TestLettersOfASmallStateAgainstItsTruth(t *testing.T) {
	var out strings.Builder
	a := &shell.App{Stdout: &out, Stderr: io.Discard, JSON: true}
	if err := benchTruth(context.Background(), a, t.TempDir(), truthOptions{clients: 1000, seed: 3, nights: 2}); err != nil {
		t.Fatal(err)
	}
	var r struct{ Nights []truth.Night }
	if err := json.Unmarshal([]byte(out.String()), &r); err != nil {
		t.Fatal(err)
	}
	if len(r.Nights) != 2 {
		t.Fatalf("%d nights measured, 2 run", len(r.Nights))
	}
	for i := range r.Nights {
		n := &r.Nights[i]
		for _, x := range []struct {
			name        string
			value, most float64
		}{
			{"% of recall letters to a county left", n.OldCounty.Percent(), 3},
			{"% of those who should be recalled and are not", 100 - n.Recalled.Percent(), 1.1},
			{"recall letters to families who left the state", float64(n.LeftState), 1},
			{"recalled though not due", float64(n.NotDue), 1},
			{"children with two letters", float64(n.Twice), 0},
			{"letters to people opted out", float64(n.OptedOut), 0},
			{"letters to people locked", float64(n.Locked), 0},
			{"letters to people who want none", float64(n.NoContact), 0},
			{"letters to the dead", float64(n.Dead), 0},
			{"% of persons split", n.Split.Percent(), .6},
			{"review pairs", float64(n.Review.Of), 9},
			{"clients of two persons", float64(n.Joined), 0},
		} {
			if x.value > x.most {
				t.Errorf("%s: %s is %.1f, %.1f at most", n.AsOf, x.name, x.value, x.most)
			}
		}
		if n.Persons < 950 || n.Recalled.Of < 120 || i == 0 && n.Exact.Of < 120 {
			t.Errorf("%s: too little was compared: %+v", n.AsOf, n)
		}
	}
}
