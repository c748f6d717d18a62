package schedule

import (
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"miic/forecast/cdsi"
)

// rowsAsOf forecasts a person as of a day, by a schedule as it holds on that day, as rows by vaccine group and kind.
func rowsAsOf(t *testing.T, s *cdsi.Schedule, p *cdsi.Person, asOf string) map[string]cdsi.Forecast {
	t.Helper()
	now := AsOf(s, day(t, asOf))
	e, err := cdsi.NewEngine(now.Schedule)
	if err != nil {
		t.Fatal(err)
	}
	r := e.NewWorker().Forecast(p, day(t, asOf))
	now.Settle(&r)
	rows := map[string]cdsi.Forecast{}
	for _, f := range r.Forecasts {
		rows[f.Group+" "+f.Kind.String()] = f
	}
	return rows
}

func builtinSchedule(t *testing.T) *cdsi.Schedule {
	t.Helper()
	s, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func person(t *testing.T, birth string, doses ...string) *cdsi.Person {
	p := &cdsi.Person{Birth: day(t, birth), Sex: cdsi.Female}
	for _, d := range doses {
		cvx, on, _ := strings.Cut(d, "@")
		code := map[string]int16{"flu": 140, "rsv": 307, "covid": 311}[cvx]
		p.Doses = append(p.Doses, cdsi.Dose{CVX: code, Date: day(t, on), Expiry: cdsi.NoDay})
	}
	return p
}

// Item 9, season-over: as of a day after the last season, influenza is repeated by the calendar and marked; COVID-19 and
// RSV are unknown, never not recommended. Within the seasons nothing is marked.
func TestASeasonThatHasRunOutIsLoud(t *testing.T) {
	s := builtinSchedule(t)
	for _, tc := range []struct {
		name     string
		person   *cdsi.Person
		asOf     string
		row      string
		status   cdsi.Status
		earliest string
		assumed  bool
	}{
		{"a child of six, no dose", person(t, "2020-11-01"), "2026-11-28", "Influenza", cdsi.NotComplete, "2026-07-01", true},
		{"an infant too young for this season", person(t, "2026-11-01"), "2026-11-28", "Influenza", cdsi.NotComplete, "2027-05-01", true},
		{"last winter's doses do not count for this one", person(t, "2018-02-01", "flu@2024-10-01", "flu@2025-10-01"), "2026-09-15", "Influenza", cdsi.NotComplete, "2026-07-01", true},
		{"a dose of this winter does", person(t, "2018-02-01", "flu@2024-10-01", "flu@2025-10-01", "flu@2026-09-20"), "2026-11-28", "Influenza", cdsi.Complete, "", true},
		{"two winters after the last", person(t, "2018-02-01", "flu@2024-10-01", "flu@2026-10-01"), "2027-12-01", "Influenza", cdsi.NotComplete, "2027-07-01", true},
		{"the season's last day", person(t, "2020-11-01"), "2026-06-30", "Influenza", cdsi.NotComplete, "2025-07-01", false},
		{"the day after it", person(t, "2020-11-01"), "2026-07-01", "Influenza", cdsi.NotComplete, "2026-07-01", true},
		{"RSV, a newborn", person(t, "2026-11-01"), "2026-11-28", "RSV", cdsi.NotKnown, "", false},
		{"RSV, in summer", person(t, "2026-05-01"), "2026-06-01", "RSV", cdsi.NotKnown, "", false},
		{"RSV, in season", person(t, "2025-11-01"), "2025-12-01", "RSV", cdsi.NotComplete, "2025-11-01", false},
		{"RSV, one dose was all it takes", person(t, "2025-11-01", "rsv@2025-11-02"), "2026-11-28", "RSV", cdsi.Complete, "", false},
		{"RSV of the old has no season", person(t, "1945-11-01"), "2026-11-28", "RSV", cdsi.NotComplete, "2020-11-01", false},
		{"COVID-19, a season without an end is a year old", person(t, "2020-11-01"), "2026-11-28", "COVID-19", cdsi.NotKnown, "", false},
		{"COVID-19, the year's last day", person(t, "2020-11-01"), "2026-08-26", "COVID-19", cdsi.NotComplete, "2025-08-27", false},
		{"COVID-19, last year's dose says nothing of this one", person(t, "1950-11-01", "covid@2025-10-01"), "2026-11-28", "COVID-19", cdsi.NotKnown, "", false},
		{"MMR has no season", person(t, "2020-11-01"), "2026-11-28", "MMR", cdsi.NotComplete, "2021-11-01", false},
	} {
		t.Run(strings.ReplaceAll(tc.name, " ", "-"), func(t *testing.T) {
			f := rowsAsOf(t, s, tc.person, tc.asOf)[tc.row+" standard"]
			if f.Status != tc.status || f.Earliest.String() != tc.earliest || f.Assumed != tc.assumed {
				t.Errorf("%s, earliest %s, assumed %v; want %s, %s, %v", f.Status, f.Earliest, f.Assumed, tc.status, tc.earliest, tc.assumed)
			}
		})
	}
}

// Item 9: what is said of each season that has run out, on the page, by 'schedule show' and by the filter.
func TestLapsesSaySinceWhen(t *testing.T) {
	s := builtinSchedule(t)
	texts := func(s *cdsi.Schedule, asOf string) string {
		var list []string
		for _, l := range AsOf(s, day(t, asOf)).Lapses {
			list = append(list, l.Text())
		}
		return strings.Join(list, "\n")
	}
	if got := texts(s, "2026-01-31"); got != "" {
		t.Errorf("nothing is over on 31 January 2026, yet: %s", got)
	}
	if got := texts(s, "2026-03-02"); got != "RSV (RSV risk pregnant 1-dose series): the last season of schedule 4.64, 2025-09-01 to 2026-01-31, is over since 2026-02-01; what holds now is unknown" {
		t.Errorf("in March 2026: %s", got)
	}
	autumn := texts(s, "2026-11-28")
	for _, want := range []string{
		"Influenza: the last season of schedule 4.64, 2025-07-01 to 2026-06-30, is over since 2026-07-01; 2026-07-01 to 2027-06-30 is assumed",
		"COVID-19: the last season of schedule 4.64 began on 2025-08-27, has no end and is a year old since 2026-08-27; what holds now is unknown",
		"2025-10-01 to 2026-03-31, is over since 2026-04-01; what holds now is unknown"} {
		if !strings.Contains(autumn, want) {
			t.Errorf("in November 2026 nothing says %q:\n%s", want, autumn)
		}
	}
	// a site's seasons: come first, and run out in their turn; between two of them the next one is assumed
	site, err := WithSeasons(s, []Season{{"Influenza", day(t, "2026-09-01"), day(t, "2027-03-31")}})
	if err != nil {
		t.Fatal(err)
	}
	if got := texts(site, "2027-03-31"); strings.Contains(got, "Influenza") {
		t.Errorf("the site's season lasts: %s", got)
	}
	child := person(t, "2020-11-01")
	f := rowsAsOf(t, site, child, "2027-05-01")["Influenza standard"]
	if !f.Assumed || f.Earliest.String() != "2027-09-01" {
		t.Errorf("after the site's season the next one by the calendar is assumed, not %+v", f)
	}
	for asOf, missed := range map[string]bool{"2027-08-31": false, "2027-09-01": true} {
		for _, l := range AsOf(site, day(t, asOf)).Lapses {
			if l.Group == "Influenza" && l.Missed != missed {
				t.Errorf("on %s the next season has begun: %v, want %v", asOf, l.Missed, missed)
			}
		}
	}
}

// A row that says when to ask again is the same on every day before, also across the ends of seasons.
func TestNoRowChangesBeforeItsDay(t *testing.T) {
	s := builtinSchedule(t)
	r := rand.New(rand.NewPCG(9, 9))
	first, last := day(t, "2026-05-20"), day(t, "2026-10-10")
	current := map[cdsi.Day]*Current{}
	worker := map[cdsi.Day]*cdsi.Worker{}
	var days []cdsi.Day
	for d := first; d <= last; d += 13 {
		days = append(days, d)
	}
	days = append(days, day(t, "2026-06-30"), day(t, "2026-07-01"), day(t, "2026-08-26"), day(t, "2026-08-27"))
	for _, d := range days {
		current[d] = AsOf(s, d)
		e, err := cdsi.NewEngine(current[d].Schedule)
		if err != nil {
			t.Fatal(err)
		}
		worker[d] = e.NewWorker()
	}
	changed := 0
	for range 150 {
		p := &cdsi.Person{Birth: first - cdsi.Day(r.IntN(20*365)), Sex: cdsi.Sex(r.IntN(3))}
		for range r.IntN(5) {
			p.Doses = append(p.Doses, cdsi.Dose{CVX: []int16{140, 307, 311, 3, 20}[r.IntN(5)], Date: p.Birth + 60 + cdsi.Day(r.IntN(int(first-p.Birth)+1)), Expiry: cdsi.NoDay})
		}
		at := func(d cdsi.Day) (rows map[string]cdsi.Forecast, again cdsi.Day) {
			res := worker[d].Forecast(p, d)
			current[d].Settle(&res)
			rows = map[string]cdsi.Forecast{}
			for _, f := range res.Forecasts {
				f.Antigens, f.Products, f.RecomputeOn = nil, nil, 0
				rows[f.Group+f.Kind.String()] = f
			}
			return rows, res.RecomputeOn
		}
		for _, from := range days {
			rows, again := at(from)
			for _, to := range days {
				if to <= from {
					continue
				}
				later, _ := at(to)
				for key, f := range rows {
					if g := later[key]; f.Status != g.Status || f.Assumed != g.Assumed || f.Earliest != g.Earliest {
						if changed++; again == cdsi.NoDay || to < again {
							t.Fatalf("%s: %+v on %s, %+v on %s, but the row was to be asked again on %s", key, f, from, g, to, again)
						}
					}
				}
			}
		}
	}
	if changed < 100 {
		t.Errorf("only %d rows changed: too few to mean anything", changed)
	}
}

// Bad input: a schedule without seasons is named with file, line and what to do.
func TestAScheduleWithoutSeasonsIsRefused(t *testing.T) {
	dir := t.TempDir()
	if err := Write(builtinSchedule(t), dir); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var kept []string
		for _, line := range strings.Split(string(text), "\n") {
			if !strings.HasPrefix(strings.TrimSpace(line), "season ") {
				kept = append(kept, line)
			}
		}
		return os.WriteFile(path, []byte(strings.Join(kept, "\n")), 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = Read(os.DirFS(dir))
	if err == nil {
		t.Fatal("a schedule without seasons was taken")
	}
	for _, want := range []string{"antigens/influenza.txt line 31", "Influenza standard series", "has a season", "season from="} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q: %v", want, err)
		}
	}
}
