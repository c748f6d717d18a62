package measure

import (
	"testing"

	"miic/reports/population"
)

// TestAgesThatAreCompared: whole years of everybody only.
func TestAgesThatAreCompared(t *testing.T) {
	for id, want := range map[string]population.Span{
		"mmr-1": {First: 2, Last: 2}, "teen-tdap": {First: 13, Last: 17}, "flu-season-65": {First: 65, Last: population.Oldest},
		"cis-mmr": {First: 2, Last: 2}, "ima-hpv": {First: 13, Last: 13},
		"flu-season-children": {}, "nis-7-series-19-35m": {}, "dtap-1-to-4": {}, "flu-season-adults": {},
	} {
		got, ok := byID(t, id).completedYears()
		if got != want || ok != (want != population.Span{}) {
			t.Errorf("%s: %v, %v", id, got, ok)
		}
	}
}

// TestWholeCohort: of the cohort of July 2023 all are two years old on 30 June and 1 July 2026 not, since the oldest are three.
func TestWholeCohort(t *testing.T) {
	two, teens := byID(t, "mmr-1"), byID(t, "teen-tdap")
	for _, c := range []struct {
		m     *Measure
		year  int
		night string
		want  bool
	}{
		{two, 2023, "2026-06-29", false}, {two, 2023, "2026-06-30", true}, {two, 2023, "2026-07-01", false},
		{two, 2023, "2026-07-05", false}, {two, 2023, "2025-08-05", false}, // publish: monthly 5 and yearly 08-05
		{teens, 2010, "2026-07-05", true}, {teens, 2010, "2024-08-05", true},
		{teens, 2010, "2024-06-29", false}, {teens, 2010, "2024-06-30", true}, {teens, 2010, "2028-06-30", true},
		{teens, 2010, "2028-07-01", false}, {byID(t, "cis-mmr"), 2023, "2026-06-30", false},
	} {
		if got := c.m.WholeCohort(c.year, day(c.night)); got != c.want {
			t.Errorf("%s, cohort %d on %s: %v", c.m.ID, c.year, c.night, got)
		}
	}
}
