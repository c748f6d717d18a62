package cdsi_test

import (
	"math/rand/v2"
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

// The order in which doses of different days are listed is nobody's business.
func TestOrderOfDosesDoesNotMatter(t *testing.T) {
	s := builtin(t)
	e := engine(t, s)
	a, b := e.NewWorker(), e.NewWorker()
	r := rand.New(rand.NewPCG(8, 9))
	asOf := day(t, "2025-11-10")
	for i := range 1000 {
		p := randomPerson(r, s, asOf)
		for k := range p.Doses {
			if p.Doses[k].Date != cdsi.NoDay {
				p.Doses[k].Date = p.Doses[k].Date/16*16 + cdsi.Day(k) // all days differ
			}
		}
		q := p
		q.Doses = append([]cdsi.Dose(nil), p.Doses...)
		r.Shuffle(len(q.Doses), func(x, y int) { q.Doses[x], q.Doses[y] = q.Doses[y], q.Doses[x] })
		one, two := a.Forecast(&p, asOf), b.Forecast(&q, asOf)
		if len(one.Forecasts) != len(two.Forecasts) {
			t.Fatalf("person %d: %d forecasts in one order, %d in another", i, len(one.Forecasts), len(two.Forecasts))
		}
		for k := range one.Forecasts {
			if !sameForecast(one.Forecasts[k], two.Forecasts[k]) {
				t.Fatalf("person %d: %+v\nin another order %+v", i, one.Forecasts[k], two.Forecasts[k])
			}
		}
	}
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
