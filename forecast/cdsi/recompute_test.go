package cdsi_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"miic/forecast/cdsi"
)

// Until the day a forecast names for itself, asking again gives the same row; until the day the result names, the same
// rows. Half of the people are random histories, half routine ones.
func TestNothingChangesBeforeRecomputeOn(t *testing.T) {
	s := builtin(t)
	e := engine(t, s)
	now, then := e.NewWorker(), e.NewWorker()
	r := rand.New(rand.NewPCG(3, 4))
	asOf := day(t, "2025-11-10")
	people := routinePeople(5, 700, asOf)
	for range 700 {
		people = append(people, randomPerson(r, s, asOf))
	}
	bounded, late := 0, 0
	for i := range people {
		p := &people[i]
		a := now.Forecast(p, asOf)
		rows := slices.Clone(a.Forecasts)
		for _, f := range rows {
			last := asOf + 4000
			if f.RecomputeOn != cdsi.NoDay {
				if f.RecomputeOn <= asOf {
					t.Fatalf("person %d: %s is to be computed again on %s, not after %s", i, f.Group, f.RecomputeOn, asOf)
				}
				bounded++
				if f.RecomputeOn > asOf+30 {
					late++
				}
				last = f.RecomputeOn - 1
			}
			for _, on := range []cdsi.Day{last, asOf + cdsi.Day(r.IntN(int(last-asOf)+1))} {
				b := then.Forecast(p, on)
				k := slices.IndexFunc(b.Forecasts, func(g cdsi.Forecast) bool { return g.Group == f.Group && g.Kind == f.Kind })
				if k < 0 || !sameForecast(f, b.Forecasts[k]) {
					t.Fatalf("person %d: %s %s on %s was promised to stay until %s, but on %s it is\n%+v\nafter\n%+v", i, f.Kind,
						f.Group, asOf, f.RecomputeOn, on, b.Forecasts, f)
				}
			}
		}
		last := asOf + 4000
		if a.RecomputeOn != cdsi.NoDay {
			last = a.RecomputeOn - 1
		}
		if b := then.Forecast(p, last); !sameResult(a, b) {
			t.Fatalf("person %d: the result of %s was promised to stay until %s, but differs on %s", i, asOf, a.RecomputeOn,
				last)
		}
	}
	// A promise that always ends tomorrow would be worth nothing.
	if late*2 < bounded {
		t.Errorf("of %d rows with a day, only %d name one more than a month away", bounded, late)
	}
}

// The first day of a person's rows is the day of the result, also when only a row that does not exist yet has it.
func TestRowDaysKeepTheDayOfARowThatWouldAppear(t *testing.T) {
	s := builtin(t)
	w := engine(t, s).NewWorker()
	r := rand.New(rand.NewPCG(13, 14))
	asOf := day(t, "2025-11-10")
	appear := 0
	for range 3000 {
		p := randomPerson(r, s, asOf)
		a := w.Forecast(&p, asOf)
		first, own := cdsi.NoDay, cdsi.NoDay
		min := func(to *cdsi.Day, d cdsi.Day) {
			if d != cdsi.NoDay && (*to == cdsi.NoDay || d < *to) {
				*to = d
			}
		}
		for i, d := range a.RowDays(nil) {
			min(&first, d)
			min(&own, a.Forecasts[i].RecomputeOn)
			if d != a.Forecasts[i].RecomputeOn && d != a.RecomputeOn {
				t.Fatalf("row %d carries %s, neither its own day %s nor the result's %s", i, d, a.Forecasts[i].RecomputeOn,
					a.RecomputeOn)
			}
		}
		if len(a.Forecasts) > 0 && first != a.RecomputeOn {
			t.Fatalf("first of the rows' days is %s, of the result %s", first, a.RecomputeOn)
		}
		if own != a.RecomputeOn {
			appear++
		}
	}
	if appear == 0 {
		t.Error("nobody had a row that would only appear: the test shows nothing")
	}
}
