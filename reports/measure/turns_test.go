package measure

import (
	"slices"
	"testing"

	"miic/internal/table"
)

// TestTurnsOfMeasures: on one side of a turn somebody is judged, on the other not, or is asked for something else.
func TestTurnsOfMeasures(t *testing.T) {
	day := table.NewDate
	night := day(2026, 3, 15)
	for name, c := range map[string]struct {
		m    Measure
		want []table.Date
	}{
		"from 24 to 35 months": {Measure{Population: Population{From: Age{Months: 24}, Until: Age{Months: 36}}}, []table.Date{day(2023, 3, 16), day(2024, 3, 16)}},
		"two in the last year": {Measure{Population: Population{Turning: 2}}, []table.Date{day(2023, 1, 1), day(2024, 1, 1)}},
		"another rule from 17 years on": {Measure{Population: Population{From: Age{Months: 156}, Until: Age{Months: 228}},
			Clauses: []Clause{{Ways: []Way{{Doses: 1, Under: Age{Months: 204}}}}}}, []table.Date{day(2007, 3, 16), day(2009, 3, 16), day(2013, 3, 16)}},
	} {
		if got := c.m.Turns(night); !slices.Equal(got, c.want) {
			t.Errorf("%s: turns %v, expected %v", name, got, c.want)
		}
		if len(c.m.Clauses) > 0 {
			continue
		}
		for i, born := range c.want {
			for _, b := range []table.Date{born - 1, born} {
				if _, in := c.m.Judged(b, night); in != ((i == 0) == (b == born)) {
					t.Errorf("%s: born %s, judged %t", name, b, in)
				}
			}
		}
	}
}

// TestSeasonsOfMeasures: the season of a measure that judges each person on a birthday begins on another day for each.
func TestSeasonsOfMeasures(t *testing.T) {
	m := Measure{Clauses: []Clause{{Group: "Influenza", Ways: []Way{{Doses: 1, Season: "07-01"}}}, {Group: "Hib", Ways: []Way{{Complete: true, Doses: 3}}}}}
	night := table.NewDate(2026, 3, 15)
	if got := m.Seasons(night); !slices.Equal(got, []Season{{"Influenza", table.NewDate(2025, 7, 1)}}) {
		t.Errorf("seasons %v", got)
	}
	if got := m.Standings(); !slices.Equal(got, []string{"Hib"}) {
		t.Errorf("standings %v", got)
	}
	m.Population.By = Age{Months: 24}
	if got := m.Seasons(night); !slices.Equal(got, []Season{{"Influenza", 0}}) {
		t.Errorf("seasons by a birthday %v", got)
	}
}
