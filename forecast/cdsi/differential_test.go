package cdsi_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"miic/forecast/cdsi"
)

// randomPerson makes a history that respects nothing: wrong vaccines, wrong times, doses before birth, bad lots, many
// observations. Half of the doses come at plausible ages so that series get somewhere.
func randomPerson(r *rand.Rand, s *cdsi.Schedule, asOf cdsi.Day) cdsi.Person {
	p := cdsi.Person{Sex: cdsi.Sex(r.IntN(3)), Birth: asOf - cdsi.Day(r.IntN([]int{800, 7000, 33000}[r.IntN(3)]))}
	if r.IntN(4) == 0 {
		p.Country = "U.S."
	}
	antigen := s.Antigens[r.IntN(len(s.Antigens))].Name
	var favourite []int16 // vaccines of one antigen, so that its series fill up
	for _, a := range s.Associations {
		if a.Antigen == antigen {
			favourite = append(favourite, a.CVX)
		}
	}
	date := p.Birth + cdsi.Day(r.IntN(200))
	for range r.IntN(12) {
		var d cdsi.Dose
		switch r.IntN(3) {
		case 0:
			v := routine[r.IntN(len(routine))]
			d = cdsi.Dose{CVX: v.cvx[r.IntN(len(v.cvx))], Date: p.Birth + cdsi.Day(v.age+r.IntN(40)-8)}
		case 1:
			date += cdsi.Day([]int{0, 1, 24, 27, 28, 56, 100, 180, 365, 2000}[r.IntN(10)] + r.IntN(3))
			d = cdsi.Dose{CVX: favourite[r.IntN(len(favourite))], Date: date}
		default:
			d = cdsi.Dose{CVX: s.Associations[r.IntN(len(s.Associations))].CVX, Date: p.Birth +
				cdsi.Day(r.IntN(int(asOf-p.Birth)+60)-5)}
		}
		if r.IntN(40) == 0 {
			d.CVX = int16(r.IntN(1100)) - 50
		}
		d.Expiry = cdsi.NoDay
		if r.IntN(30) == 0 {
			d.Expiry = d.Date + cdsi.Day(r.IntN(5)-2)
		}
		d.Condition = r.IntN(40) == 0
		if r.IntN(3) == 0 {
			d.MVX = []string{"MSD", "SKB", "PMC"}[r.IntN(3)]
			d.TradeName = []string{"", "RECOMBIVAX ADULT", "ENGERIX-B ADULT"}[r.IntN(3)]
		}
		if r.IntN(60) == 0 {
			d.Date = cdsi.NoDay
		}
		p.Doses = append(p.Doses, d)
	}
	if r.IntN(2) == 0 {
		for range 1 + r.IntN(3) {
			o := cdsi.Observation{Code: s.Observations[r.IntN(len(s.Observations))].Code, Date: cdsi.NoDay}
			if r.IntN(2) == 0 {
				o.Date = asOf - cdsi.Day(r.IntN(2000))
			}
			p.Observations = append(p.Observations, o)
		}
	}
	return p
}

// sameResult compares field by field, but for RecomputeOn, which the naive implementation does not know.
func sameResult(a, b cdsi.Result) bool {
	return slices.Equal(a.Held, b.Held) && slices.Equal(a.Evaluations, b.Evaluations) &&
		slices.EqualFunc(a.Forecasts, b.Forecasts, sameForecast)
}

func sameForecast(f, g cdsi.Forecast) bool {
	return f.Group == g.Group && f.Kind == g.Kind && f.Status == g.Status && f.DoseNumber == g.DoseNumber &&
		f.Series == g.Series &&
		f.Earliest == g.Earliest && f.Recommended == g.Recommended && f.PastDue == g.PastDue && f.Latest == g.Latest &&
		slices.Equal(f.Antigens, g.Antigens) && slices.Equal(f.Products, g.Products)
}

const randomHistories = 10_000

// histories calls f with seeded random histories. Every third is a twin of the one before, so that what the worker
// remembers of birth dates comes into play.
func histories(t *testing.T, s *cdsi.Schedule, n int, f func(i int, p *cdsi.Person, on cdsi.Day)) {
	r := rand.New(rand.NewPCG(20251110, 7))
	asOf := day(t, "2025-11-10")
	var last cdsi.Person
	lastOn := asOf
	for i := range n {
		on := asOf
		if i%2 == 1 {
			on += cdsi.Day(r.IntN(4000) - 3000)
		}
		p := randomPerson(r, s, on)
		if i%3 == 2 {
			on, p.Sex, p.Country = lastOn, last.Sex, last.Country
			for k := range p.Doses {
				if p.Doses[k].Date != cdsi.NoDay {
					p.Doses[k].Date += last.Birth - p.Birth
				}
			}
			p.Birth = last.Birth
		}
		if i%5 == 0 { // several doses a day
			for k := range p.Doses {
				if p.Doses[k].Date != cdsi.NoDay {
					p.Doses[k].Date = p.Doses[k].Date / 500 * 500
				}
			}
		}
		last, lastOn = p, on
		f(i, &p, on)
	}
}

func TestEngineAgreesWithNaiveImplementation(t *testing.T) {
	s := builtin(t)
	w := engine(t, s).NewWorker()
	histories(t, s, randomHistories, func(i int, p *cdsi.Person, on cdsi.Day) {
		got, want := w.Forecast(p, on), naiveForecast(s, p, on)
		if !sameResult(want, got) {
			diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(cdsi.Result{}, "RecomputeOn"),
				cmpopts.IgnoreFields(cdsi.Forecast{}, "RecomputeOn"))
			t.Fatalf("history %d, as of %s: %+v\n(-naive +engine)\n%s", i, on, *p, diff)
		}
	})
}

// The random histories are worth something: an engine that lacks any one rule is found out by them.
func TestRandomHistoriesNoticeEveryRule(t *testing.T) {
	s := builtin(t)
	e := engine(t, s)
	sound := e.NewWorker()
	bent := map[string]*cdsi.Worker{}
	noticed := map[string]int{}
	for name := range cdsi.Rules {
		bent[name] = e.NewWorker()
	}
	histories(t, s, randomHistories/5, func(_ int, p *cdsi.Person, on cdsi.Day) {
		want := sound.Forecast(p, on)
		for name, rule := range cdsi.Rules {
			cdsi.SwitchOff(rule, func() {
				if !sameResult(want, bent[name].Forecast(p, on)) {
					noticed[name]++
				}
			})
		}
	})
	for name := range cdsi.Rules {
		t.Logf("%5d histories notice: %s", noticed[name], name)
		if noticed[name] == 0 {
			t.Errorf("no random history notices the loss of: %s", name)
		}
	}
}
