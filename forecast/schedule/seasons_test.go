package schedule

import (
	"strings"
	"testing"

	"miic/forecast/cdsi"
)

func day(t *testing.T, text string) cdsi.Day {
	t.Helper()
	d, err := cdsi.ParseDay(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// A child of three with one dose last winter and one this winter needs a second dose this winter only as long as last
// winter's count stays with last winter; and a dose of this winter must complete this winter.
func TestAMovedSeasonCountsItsOwnDoses(t *testing.T) {
	s, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	next, err := WithSeasons(s, []Season{{"Influenza", day(t, "2026-07-01"), day(t, "2027-06-30")}})
	if err != nil {
		t.Fatal(err)
	}
	flu := func(s *cdsi.Schedule, asOf string, doses ...string) cdsi.Forecast {
		e, err := cdsi.NewEngine(s)
		if err != nil {
			t.Fatal(err)
		}
		p := cdsi.Person{Birth: day(t, "2021-02-01"), Sex: cdsi.Female}
		for _, d := range doses {
			p.Doses = append(p.Doses, cdsi.Dose{CVX: 140, Date: day(t, d), Expiry: cdsi.NoDay})
		}
		for _, f := range e.NewWorker().Forecast(&p, day(t, asOf)).Forecasts {
			if f.Group == "Influenza" && f.Kind == cdsi.StandardKind {
				return f
			}
		}
		t.Fatal("no forecast of influenza")
		return cdsi.Forecast{}
	}
	two := []string{"2025-10-01", "2025-11-10"} // both of last winter
	if f := flu(s, "2026-10-01", two...); f.Status == cdsi.NotComplete {
		t.Errorf("without the override, the release knows no season in October 2026, yet: %+v", f)
	}
	if f := flu(next, "2026-10-01", two...); f.Status != cdsi.NotComplete || f.Earliest.String() != "2026-07-01" {
		t.Errorf("after two doses of last winter a dose of this winter is due from 1 July 2026, not %+v", f)
	}
	if f := flu(next, "2026-10-01", append(two, "2026-09-15")...); f.Status == cdsi.NotComplete {
		t.Errorf("a dose of this winter after two of last winter is enough, not %+v", f)
	}
	if f := flu(next, "2026-10-01", "2026-09-01"); f.Status != cdsi.NotComplete {
		t.Errorf("a first dose ever, this winter, needs a second one, not %+v", f)
	}
	if next.Version == s.Version || !strings.HasPrefix(next.Version, s.Version+"+seasons-") {
		t.Errorf("version %q does not show that seasons were set", next.Version)
	}
	again, _ := Default()
	if flu(again, "2026-10-01", two...).Status == cdsi.NotComplete {
		t.Error("the schedule given was changed")
	}
}

func seasonOf(s *cdsi.Schedule, antigen, series string) cdsi.Validity {
	for _, a := range s.Antigens {
		for _, sr := range a.Series {
			if a.Name == antigen && sr.Name == series {
				return sr.Doses[0].Season
			}
		}
	}
	return cdsi.Validity{}
}

func TestTheNarrowerSeasonWins(t *testing.T) {
	s, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	start, own := day(t, "2026-09-01"), day(t, "2026-10-15")
	series := ""
	for _, a := range s.Antigens {
		if a.Name == "COVID-19" {
			series = a.Series[0].Name
		}
	}
	set, err := WithSeasons(s, []Season{{"COVID-19/" + series, own, cdsi.NoDay}, {"COVID-19", start, cdsi.NoDay}})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range set.Antigens {
		for _, sr := range a.Series {
			if a.Name != "COVID-19" || sr.Doses[0].Season.From == cdsi.NoDay {
				continue
			}
			want := start
			if sr.Name == series {
				want = own
			}
			if got := seasonOf(set, a.Name, sr.Name); got.From != want {
				t.Errorf("%s starts on %s, want %s", sr.Name, got.From, want)
			}
		}
	}
}

func TestSeasonsThatAreRefused(t *testing.T) {
	s, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	from, until := day(t, "2026-07-01"), day(t, "2027-06-30")
	for _, c := range []struct {
		seasons []Season
		want    string
	}{
		{[]Season{{"Measles", from, until}}, "no seasonal dose"},
		{[]Season{{"Nothing", from, until}}, "has that name"},
		{[]Season{{"Influenza", until, from}}, "before it starts"},
		{[]Season{{"Influenza", cdsi.NoDay, until}}, "no start"},
		{[]Season{{"Influenza", from, until}, {"Influenza", from, until}}, "named twice"},
		{[]Season{{"RSV", from, until}}, "name them one by one"},
	} {
		if _, err := WithSeasons(s, c.seasons); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: error %v, want one with %q", c.seasons, err, c.want)
		}
	}
}
