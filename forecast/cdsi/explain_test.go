package cdsi_test

import (
	"math/rand/v2"
	"testing"

	"miic/forecast/cdsi"
)

// What is explained is what was decided: the bounds make the earliest date, the best series make the forecasts, the
// doses make the evaluations.
func TestExplanationAgreesWithForecast(t *testing.T) {
	s := builtin(t)
	e := engine(t, s)
	w, x := e.NewWorker(), e.NewWorker()
	r := rand.New(rand.NewPCG(11, 12))
	asOf := day(t, "2025-11-10")
	people := routinePeople(13, 100, asOf)
	for range 200 {
		people = append(people, randomPerson(r, s, asOf))
	}
	for i := range people {
		p := &people[i]
		result := w.Forecast(p, asOf)
		for _, g := range s.Groups {
			best := map[string]bool{}
			judged := map[string]bool{}
			for _, a := range x.Explain(p, asOf, g.Name) {
				for _, st := range a.Series {
					latest := cdsi.NoDay
					for _, b := range st.Bounds {
						latest = max(latest, b.Date)
					}
					if st.Status == cdsi.NotComplete && st.Relevant && latest != st.Earliest {
						t.Fatalf("person %d, %s: bounds %v do not make %s", i, st.Series, st.Bounds, st.Earliest)
					}
					if st.Status == cdsi.NotComplete && st.Relevant {
						late := st.PastBy.Date
						if late != cdsi.NoDay {
							late--
						}
						if max(st.Earliest, st.RecBy.Date) != st.Recommended ||
							late != cdsi.NoDay && max(st.Earliest, late) != st.PastDue ||
							(late == cdsi.NoDay) != (st.PastDue == cdsi.NoDay) {
							t.Fatalf("person %d, %s: %+v and %+v do not make %s and %s", i, st.Series, st.RecBy, st.PastBy, st.Recommended,
								st.PastDue)
						}
					}
					if st.Best && !st.Prioritised || st.Prioritised && st.Way == cdsi.NotChosen {
						t.Fatalf("person %d, %s: best %t, prioritised %t, %s", i, st.Series, st.Best, st.Prioritised, st.Way)
					}
					best[st.Series] = best[st.Series] || st.Best
					for _, d := range st.Doses {
						judged[st.Series] = judged[st.Series] || st.Prioritised
						var why cdsi.ReasonSet
						for _, b := range d.Broken {
							given := p.Doses[d.Dose].Date
							if b.What == cdsi.MaximumAge != (given >= b.Date) {
								t.Fatalf("person %d, %s: dose of %s did not break %+v", i, st.Series, given, b)
							}
							why |= map[cdsi.BoundKind]cdsi.ReasonSet{cdsi.MinimumAge: cdsi.AgeTooYoung, cdsi.MaximumAge: cdsi.AgeTooOld,
								cdsi.MinimumInterval: cdsi.IntervalTooShort, cdsi.AllowedInterval: cdsi.IntervalTooShort,
								cdsi.ConflictEnd: cdsi.VaccineConflict}[b.What]
						}
						const dated = cdsi.AgeTooYoung | cdsi.AgeTooOld | cdsi.IntervalTooShort | cdsi.VaccineConflict
						if d.Reasons&dated != why {
							t.Fatalf("person %d, %s: dose %d has reasons %q, but breaks %+v", i, st.Series, d.Dose, d.Reasons.Names(),
								d.Broken)
						}
						if d.Status == cdsi.NotEvaluated {
							t.Fatalf("person %d, %s: dose %d was not judged", i, st.Series, d.Dose)
						}
					}
				}
			}
			for _, f := range result.Forecasts {
				if f.Group == g.Name && !best[f.Series] {
					t.Fatalf("person %d: the %s forecast rests on %q, which is not explained as best", i, g.Name, f.Series)
				}
			}
			for _, ev := range result.Evaluations {
				if ev.Group == g.Name && ev.Status != cdsi.NotEvaluated && !judged[ev.Series] {
					t.Fatalf("person %d: dose %d was judged in %q, which is not explained as prioritised", i, ev.Dose, ev.Series)
				}
			}
		}
	}
	if x.Explain(&people[0], asOf, "no such group") != nil ||
		x.Explain(&cdsi.Person{Birth: cdsi.NoDay}, asOf, "MMR") != nil {
		t.Error("something was explained where there is nothing")
	}
}
