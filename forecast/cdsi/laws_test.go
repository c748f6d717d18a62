package cdsi_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"miic/forecast/cdsi"
)

func TestCalendarAgreesWithTime(t *testing.T) {
	start := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := 0; i < 3_650_000; i += 97 {
		want := start.AddDate(0, 0, i)
		d := cdsi.MakeDay(want.Year(), int(want.Month()), want.Day())
		if y, m, dd := d.Civil(); y != want.Year() || m != int(want.Month()) || dd != want.Day() || nDay(d) != want {
			t.Fatalf("%s became day %d and %04d-%02d-%02d", want.Format(time.DateOnly), d, y, m, dd)
		}
		if back, err := cdsi.ParseDay(d.String()); err != nil || back != d {
			t.Fatalf("%s read back as %s, %v", d, back, err)
		}
	}
}

func TestAddAgreesWithNaiveCalendar(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200_000 {
		d := cdsi.Day(r.IntN(60_000) - 30_000)
		u := cdsi.Duration{Months: int16(r.IntN(1400) - 100), Days: int16(r.IntN(400) - 200), Given: true}
		if got, want := d.Add(u), back(nAdd(nDay(d), u)); got != want {
			t.Fatalf("%s + %s = %s, want %s", d, u, got, want)
		}
		if again, err := cdsi.ParseDuration(u.String()); err != nil || again != u {
			t.Fatalf("%+v written as %q and read as %+v, %v", u, u.String(), again, err)
		}
		// Later dates never end earlier, whatever is added.
		if d.Add(u) > (d + 1).Add(u) {
			t.Fatalf("%s + %s is after %s + %s", d, u, d+1, u)
		}
	}
}

func TestDurationsAsTheDataSpellsThem(t *testing.T) {
	for text, want := range map[string]string{
		"46 Years": "46y", " 13 years": "13y", " 19 years - 4 days": "19y-4d", "16 years - 4 months": "188m",
		"13 months + 4 weeks": "13m+4w",
		"20 days - 4 days":    "16d", "0 days": "0d", "8 months + 1 day": "8m+1d", "": "", "6m-4d": "6m-4d",
	} {
		u, err := cdsi.ParseDuration(text)
		if err != nil || u.String() != want {
			t.Errorf("%q is %q, %v; want %q", text, u, err, want)
		}
	}
	for _, text := range []string{"4", "years", "4 moons", "4 days 2 weeks", "4 days -", "99999 days", "1.5 years"} {
		if u, err := cdsi.ParseDuration(text); err == nil {
			t.Errorf("%q was taken as %q", text, u)
		}
	}
}

// The order in which doses are listed, and with it their ids, is nobody's business, doses of one day included: the same
// forecasts, and every dose judged the same, in both implementations.
func TestOrderOfDosesDoesNotMatter(t *testing.T) {
	s := builtin(t)
	e := engine(t, s)
	a, b := e.NewWorker(), e.NewWorker()
	naive := func(p *cdsi.Person, on cdsi.Day) cdsi.Result { return naiveForecast(s, p, on) }
	r := rand.New(rand.NewPCG(8, 9))
	asOf := day(t, "2025-11-10")
	crowded := 0
	for i := range 6000 {
		p := randomPerson(r, s, asOf)
		days := map[cdsi.Day]bool{}
		for k := range p.Doses {
			d := &p.Doses[k]
			if d.Date != cdsi.NoDay && i%4 > 0 {
				d.Date = d.Date/500*500 + cdsi.Day(k%2) // few days for many doses
			}
			if days[d.Date] {
				crowded++
			}
			days[d.Date] = true
		}
		order := r.Perm(len(p.Doses))
		compare := func(name string, one, two cdsi.Result) {
			if !slices.EqualFunc(one.Forecasts, two.Forecasts, sameForecast) || !slices.Equal(judgements(&p, one), judgements(&p, two)) {
				t.Fatalf("person %d, %s: %+v\nin the order %v\n%+v\n%+v\n%v\n%v", i, name, p, order, one.Forecasts, two.Forecasts,
					judgements(&p, one), judgements(&p, two))
			}
		}
		compare("engine", a.Forecast(&p, asOf), inOrder(b.Forecast, &p, asOf, order))
		if i%10 == 1 {
			compare("naive implementation", naive(&p, asOf), inOrder(naive, &p, asOf, order))
		}
	}
	if crowded < 6000 {
		t.Errorf("only %d doses share their day with another", crowded)
	}
}

// judgements lists how doses were judged by what is recorded of them, so that two that are alike may change places.
func judgements(p *cdsi.Person, r cdsi.Result) []string {
	var out []string
	for _, ev := range r.Evaluations {
		d := p.Doses[ev.Dose]
		ev.Dose = 0
		out = append(out, fmt.Sprintf("%+v %+v", d, ev))
	}
	slices.Sort(out)
	return out
}

func TestOneEngineServesSeveralGoroutines(t *testing.T) {
	e := engine(t, builtin(t))
	asOf := day(t, "2025-11-10")
	people := routinePeople(21, 300, asOf)
	var wg sync.WaitGroup
	for k := range 4 {
		wg.Go(func() {
			w, fresh := e.NewWorker(), e.NewWorker()
			for i := range people {
				p := &people[(i*7+k*75)%len(people)]
				if a, b := w.Forecast(p, asOf), fresh.Forecast(p, asOf); !sameResult(a, b) {
					t.Errorf("goroutine %d: two workers disagree", k)
					return
				}
			}
		})
	}
	wg.Wait()
}

// Once a worker has seen the likes of a population it asks for no memory.
func TestSteadyStateAllocatesNothing(t *testing.T) {
	asOf := day(t, "2025-11-10")
	people := routinePeople(31, 200, asOf)
	w := engine(t, builtin(t)).NewWorker()
	round := func() {
		for i := range people {
			w.Forecast(&people[i], asOf)
		}
	}
	round()
	if n := testing.AllocsPerRun(3, round); n != 0 {
		t.Errorf("%v allocations for %d people", n, len(people))
	}
}
