package explain

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"miic/forecast/cdsi"
	"miic/forecast/schedule"
)

var update = flag.Bool("update", false, "write the expected texts anew")

func day(t testing.TB, text string) cdsi.Day {
	t.Helper()
	d, err := cdsi.ParseDay(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func worker(t testing.TB) *cdsi.Worker {
	t.Helper()
	s, err := schedule.Default()
	if err != nil {
		t.Fatal(err)
	}
	e, err := cdsi.NewEngine(s)
	if err != nil {
		t.Fatal(err)
	}
	return e.NewWorker()
}

// child has a measles dose four days and one too early, a good one, and a DTaP series in which the fourth dose came too
// soon.
func child(t testing.TB) (*cdsi.Person, Subject) {
	p := &cdsi.Person{Birth: day(t, "2022-03-10"), Sex: cdsi.Female}
	s := Subject{ClientID: 12, Schedule: "4.64"}
	for i, d := range []struct {
		cvx int16
		on  string
	}{{3, "2023-03-05"}, {3, "2023-04-10"}, {20, "2022-05-10"}, {20, "2022-07-10"}, {20, "2022-09-10"}, {20, "2022-12-24"},
		{21, "2023-03-20"}, {999, "2023-01-01"}, {8, "2022-03-01"}} {
		p.Doses = append(p.Doses, cdsi.Dose{CVX: d.cvx, Date: day(t, d.on), Expiry: cdsi.NoDay})
		s.DoseIDs = append(s.DoseIDs, "d"+string(rune('1'+i)))
	}
	return p, s
}

func golden(t *testing.T, name string, write func(*bytes.Buffer) error) string {
	t.Helper()
	var got bytes.Buffer
	if err := write(&got); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(path, got.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != string(want) {
		t.Errorf("%s: got\n%s\nwant\n%s", name, got.String(), want)
	}
	return got.String()
}

func TestForecastInWords(t *testing.T) {
	p, s := child(t)
	w, asOf := worker(t), day(t, "2026-03-02")
	for name, group := range map[string]string{"mmr": "MMR", "dtap": "DTaP/Tdap/Td", "hepb": "HepB", "hpv": "HPV"} {
		f, ok := ForecastOf(w, p, asOf, group, s)
		if !ok {
			t.Fatalf("no forecast of %s", group)
		}
		golden(t, name, func(b *bytes.Buffer) error { return f.Text(b) })
	}
	// One with a condition on record: a risk series beside the standard one.
	p.Observations = []cdsi.Observation{{Code: 154, Date: day(t, "2024-01-01")}}
	f, _ := ForecastOf(w, p, asOf, "Pneumococcal", s)
	golden(t, "pneumococcal-risk", func(b *bytes.Buffer) error { return f.Text(b) })
}

func TestDoseInWords(t *testing.T) {
	p, s := child(t)
	w, asOf := worker(t), day(t, "2026-03-02")
	for name, dose := range map[string]int{"dose-early": 0, "dose-valid": 1, "dose-too-soon": 5, "dose-conflict": 6,
		"dose-unknown": 7, "dose-before-birth": 8} {
		d := DoseOf(w, p, asOf, dose, s)
		golden(t, name, func(b *bytes.Buffer) error { return d.Text(b) })
	}
}

func TestNothingToExplain(t *testing.T) {
	p, s := child(t)
	w, asOf := worker(t), day(t, "2026-03-02")
	for _, group := range []string{"no such group", "Cholera"} {
		if _, ok := ForecastOf(w, p, asOf, group, s); ok {
			t.Errorf("%s: there is a forecast", group)
		}
	}
	p.Birth = cdsi.NoDay
	if _, ok := ForecastOf(w, p, asOf, "MMR", s); ok {
		t.Error("without a birth date there is a forecast")
	}
}

// Every status, reason and way has words of its own: nothing falls through a template.
func TestEveryGroupCanBeSaid(t *testing.T) {
	sched, err := schedule.Default()
	if err != nil {
		t.Fatal(err)
	}
	p, s := child(t)
	w := worker(t)
	p.Observations = []cdsi.Observation{{Code: 7, Date: cdsi.NoDay}, {Code: 20, Date: cdsi.NoDay},
		{Code: 160, Date: cdsi.NoDay}}
	for _, asOf := range []string{"2023-03-02", "2026-03-02", "2051-01-01"} {
		for _, g := range sched.Groups {
			f, ok := ForecastOf(w, p, day(t, asOf), g.Name, s)
			if !ok {
				continue
			}
			var b strings.Builder
			if err := f.Text(&b); err != nil {
				t.Fatal(err)
			}
			for _, bad := range []string{"%!", "<no value>", "<nil>", "()", "  .\n", "0001-01-01"} {
				if strings.Contains(b.String(), bad) {
					t.Errorf("%s on %s contains %q:\n%s", g.Name, asOf, bad, b.String())
				}
			}
		}
	}
}

func TestSpansInWords(t *testing.T) {
	for text, want := range map[string]string{"12m-4d": "12 months less 4 days", "4y": "4 years", "28d": "4 weeks",
		"6w": "6 weeks", "1m": "1 month", "13m+4w": "13 months and 4 weeks", "0d": "0 days", "17d": "17 days"} {
		u, err := cdsi.ParseDuration(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := duration(u); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
	birth := day(t, "2022-01-31")
	for on, want := range map[string]string{"2022-01-31": "0 days", "2022-03-01": "1 month", "2022-02-28": "28 days",
		"2023-12-30": "22 months", "2024-01-31": "2 years", "2026-03-02": "4 years 1 month",
		"2022-01-30": "1 day before birth"} {
		if got := age(birth, day(t, on)); got != want {
			t.Errorf("on %s: %q, want %q", on, got, want)
		}
	}
}
