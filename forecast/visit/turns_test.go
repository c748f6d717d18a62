package visit_test

import (
	"math/rand/v2"
	"testing"

	"miic/forecast/cdsi"
	"miic/forecast/schedule"
	"miic/forecast/visit"
)

// TestStatusesChangeAtTurns: of random people who are given nothing new, the status in a group of which no calendar date decides
// changes between two nights only if a turn lies between them.
func TestStatusesChangeAtTurns(t *testing.T) {
	s, err := schedule.Default()
	if err != nil {
		t.Fatal(err)
	}
	x, e := setup(t)
	now, later := e.NewWorker(), e.NewWorker()
	r := rand.New(rand.NewPCG(9, 1))
	night := day(t, "2025-11-10")
	turns := map[cdsi.Day]map[string][]cdsi.Day{}
	for _, on := range []cdsi.Day{night, night + 31} {
		turns[on] = map[string][]cdsi.Day{}
		for _, turn := range visit.Turns(s, on) {
			turns[on][turn.Group] = append(turns[on][turn.Group], turn.Born)
		}
	}
	at := func(born cdsi.Day, turns []cdsi.Day) (n int) {
		for _, t := range turns {
			if born < t {
				n++
			}
		}
		return n
	}
	changes := 0
	vaccines := []int16{3, 8, 10, 20, 21, 49, 48, 83, 110, 115, 133, 136, 119, 116, 165, 33, 187}
	for i := range 7000 {
		p := cdsi.Person{Birth: night - cdsi.Day(r.IntN(3*365)), Sex: cdsi.Female}
		if i%2 == 0 {
			p.Birth = night - cdsi.Day(r.IntN(75*365))
		}
		for range r.IntN(9) {
			p.Doses = append(p.Doses, cdsi.Dose{CVX: vaccines[r.IntN(len(vaccines))], Date: p.Birth + cdsi.Day(r.IntN(int(night-p.Birth)+1)), Expiry: cdsi.NoDay})
		}
		before := map[string]cdsi.Status{}
		for _, f := range now.Forecast(&p, night).Forecasts {
			if f.Kind == cdsi.StandardKind {
				before[f.Group] = f.Status
			}
		}
		for _, f := range later.Forecast(&p, night+31).Forecasts {
			was, ok := before[f.Group]
			if f.Kind != cdsi.StandardKind || !ok || f.Status == was || x.Dated(f.Group, night-1500) {
				continue
			}
			changes++
			if at(p.Birth, turns[night][f.Group]) == at(p.Birth, turns[night+31][f.Group]) {
				t.Errorf("born %s: %s was %s and is %s a month later, and no turn lies between", p.Birth, f.Group, was, f.Status)
			}
		}
	}
	if changes < 100 {
		t.Errorf("%d statuses changed: the test shows little", changes)
	}
}

// TestTurnsOfRotavirus: a child is too old for it on the day after eight months and begins no more at fifteen weeks; worked out
// by hand. Who was born before 1957 counts as immune to measles.
func TestTurnsOfRotavirus(t *testing.T) {
	s, err := schedule.Default()
	if err != nil {
		t.Fatal(err)
	}
	got := map[visit.Turn]bool{}
	for _, turn := range visit.Turns(s, day(t, "2025-11-10")) {
		got[turn] = true
	}
	for _, want := range []visit.Turn{{"Rotavirus", day(t, "2025-03-10")}, {"Rotavirus", day(t, "2025-07-29")}, {"MMR", day(t, "1957-01-01")}} {
		if !got[want] {
			t.Errorf("no turn of %s on %s", want.Group, want.Born)
		}
	}
}
