package models

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"strconv"
	"strings"
	"testing"

	"miic/cmd/miic/bench/truth"
	"miic/cmd/miic/shell"
)

// TestWhoIsOnTheListOverManyNights is the long measure of whom the lists name: people who are overdue and can be mailed
// are on them, and nobody who is opted out, locked, dead, refusing, immune or contraindicated. It runs by 'make soak-letters' only.
func TestWhoIsOnTheListOverManyNights(t *testing.T) {
	clients, err := strconv.Atoi(os.Getenv("MIIC_LETTERS_CLIENTS"))
	nights, nerr := strconv.Atoi(os.Getenv("MIIC_LETTERS_NIGHTS"))
	if err != nil || nerr != nil {
		t.Skip("runs by 'make soak-letters': it takes hours")
	}
	var out strings.Builder
	a := &shell.App{Stdout: &out, Stderr: io.Discard, JSON: true}
	if err := benchTruth(context.Background(), a, t.TempDir(), truthOptions{clients: clients, seed: 5, nights: nights, slips: 1}); err != nil {
		t.Fatal(err)
	}
	var r struct {
		Nights   []truth.Night
		Coverage truth.Coverage
	}
	if err := json.Unmarshal([]byte(out.String()), &r); err != nil {
		t.Fatal(err)
	}
	for _, s := range r.Coverage.Sizes {
		t.Logf("coverage of counties with %d people of a measure: %d figures, %.2f points apart at most", s.People, s.Cells, s.Most)
		if s.Over > 0 {
			t.Errorf("coverage of %d counties with %d people is more than %.1f points from the truth: %s", s.Over, s.People, s.Limit, s.Where)
		}
	}
	if len(r.Nights) != nights {
		t.Errorf("%d nights measured, %d run", len(r.Nights), nights)
	}
	for i := range r.Nights {
		n := &r.Nights[i]
		t.Logf("%s: on the list %d of %d; left the state %d; opted out %d, locked %d, no contact %d, dead %d, refusing %d, immune %d, "+
			"contraindicated %d", n.AsOf, n.OnList.N, n.OnList.Of, n.LeftState+n.LeftStateReminder, n.OptedOut, n.Locked, n.NoContact,
			n.Dead, n.Refusing, n.Immune, n.Contraindicated)
		if wrong := n.OptedOut + n.Locked + n.NoContact + n.Dead + n.Refusing + n.Immune + n.Contraindicated; wrong > 0 {
			t.Errorf("%s: %d letters that must not be written", n.AsOf, wrong)
		}
		if n.OnList.Percent() < 99.5 {
			t.Errorf("%s: %.2f %% of the overdue and mailable are on the list, 99.5 at least", n.AsOf, n.OnList.Percent())
		}
	}
}

// The letters of a small state against its truth, with limits. Options and seed are frozen: a figure
// that gets worse is a fault of what links, forecasts or mails, and no limit is raised for it.
func TestLettersOfASmallStateAgainstItsTruth(t *testing.T) {
	var out strings.Builder
	a := &shell.App{Stdout: &out, Stderr: io.Discard, JSON: true}
	if err := benchTruth(context.Background(), a, t.TempDir(), truthOptions{clients: 1000, seed: 3, nights: 2}); err != nil {
		t.Fatal(err)
	}
	var r struct {
		Nights   []truth.Night
		Schools  truth.Schools
		Coverage truth.Coverage
	}
	if err := json.Unmarshal([]byte(out.String()), &r); err != nil {
		t.Fatal(err)
	}
	if s := r.Schools; s.Students < 400 || s.Statuses.Of < 350 || s.Statuses.Percent() < 99.5 || s.Right.N != s.Right.Of || s.Hidden != 0 {
		t.Errorf("schools: %+v; 99.5 %% of the surely matched have every status right, nobody is another, nobody hidden is matched", s)
	}
	// Of those whom a measure is about by the truth, nearly all are counted, and as by the truth; the others have moved, or are split.
	c := r.Coverage
	if c.Pairs < 5000 || 100*(c.NotCounted+c.Beyond) > c.Pairs || 100*c.Twice > c.Pairs || 100*c.OtherResult > c.Pairs || c.State > 3 { // one child is two points
		t.Errorf("coverage: %+v", c)
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
			{"% of the overdue and mailable who are not on the list", 100 - n.OnList.Percent(), 1.1}, // one of them is half a percent
			{"letters about a vaccine that is refused", float64(n.Refusing), 0},
			{"letters about a vaccine of the immune", float64(n.Immune), 0},
			{"letters about a contraindicated vaccine", float64(n.Contraindicated), 0},
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
