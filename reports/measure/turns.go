package measure

import (
	"slices"

	"miic/internal/table"
)

// A Season is a vaccine group of which a measure counts the doses of the running season alone.
type Season struct {
	Group string
	From  table.Date // first day; 0: another for each person, since each is judged on a day of their own
}

// Turns are the days of birth at which it changes whom the measure is about on a night, or what it asks of them: who is born on
// such a day or later is on the other side.
func (m *Measure) Turns(night table.Date) []table.Date {
	var turns []table.Date
	if years := m.Population.Turning; years > 0 {
		tonight, _, _ := night.YMD()
		for _, year := range []int{tonight - 1, tonight} {
			born := table.NewDate(year-years, 1, 1)
			turns = append(turns, born)
		}
	}
	for _, a := range m.ages() {
		if a.IsZero() {
			continue
		}
		born := night.AddMonths(-a.Months) - table.Date(a.Days) - 4
		for a.Of(born) <= night {
			born++
		}
		turns = append(turns, born)
	}
	slices.Sort(turns)
	return slices.Compact(turns)
}

// Seasons are the vaccine groups whose season decides on a night whether the measure is met.
func (m *Measure) Seasons(night table.Date) []Season {
	var list []Season
	for _, c := range slices.Concat(m.Among, m.Clauses) {
		for _, w := range c.Ways {
			if w.Season == "" {
				continue
			}
			s := Season{Group: c.Group, From: seasonStart(w.Season, night)}
			if m.Population.Turning > 0 || !m.Population.By.IsZero() {
				s.From = 0
			}
			list = append(list, s)
		}
	}
	return list
}

// Standings are the vaccine groups of which the measure asks how far the schedule says that somebody is.
func (m *Measure) Standings() []string {
	var list []string
	for _, c := range slices.Concat(m.Among, m.Clauses) {
		if c.Immune || slices.ContainsFunc(c.Ways, func(w Way) bool { return w.Complete }) {
			list = append(list, c.Group)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
