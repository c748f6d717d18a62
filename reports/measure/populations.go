package measure

import (
	"strconv"

	"miic/internal/area"
	"miic/internal/table"
	"miic/reports/population"
)

// populationRow is how many people a figure should be about.
type populationRow struct {
	Measure     string `col:"measure" doc:"id of the measure"`
	AreaType    string `col:"area_type" doc:"county, region or state"`
	AreaCode    string `col:"area_code" doc:"its code"`
	Stratum     string `col:"stratum" doc:"all or birth_cohort"`
	StratumCode string `col:"stratum_code" doc:"all or the cohort"`
	People      int64  `col:"people" doc:"how many live there"`
}

// completedYears are the ages of the people whom the measure is about, if it is about all of these ages.
func (m *Measure) completedYears() (population.Span, bool) {
	p := &m.Population
	if p.TwoDoses || len(m.Among) > 0 {
		return population.Span{}, false // some of them only
	}
	if p.Turning > 0 {
		return population.Span{First: p.Turning, Last: p.Turning}, true
	}
	if p.From.Days != 0 || p.Until.Days != 0 || p.From.Months%12 != 0 || p.Until.Months%12 != 0 {
		return population.Span{}, false
	}
	return population.Span{First: p.From.Months / 12, Last: p.Until.Months/12 - 1}, true
}

// WholeCohort reports that everybody of a birth cohort is of the measure's ages on a night. Of a measure of one year's age
// that is one night a year: on every other a part of the cohort is counted, and the ratio to all of it would look low.
func (m *Measure) WholeCohort(year int, night table.Date) bool {
	first, last := table.NewDate(year, 7, 1), table.NewDate(year+1, 6, 30)
	return m.Population.Turning == 0 && m.Population.From.Of(last) <= night && m.Population.Until.Of(first) > night
}

// populations are the people that tonight's figures should be about, where that is known.
func (c *Config) populations(night table.Date) []populationRow {
	if len(c.Populations) == 0 {
		return nil
	}
	index := population.NewIndex(c.Populations, c.Counties)
	cohorts := map[int]bool{}
	for _, r := range c.Populations {
		if r.Cohort > 0 {
			cohorts[r.Cohort] = true
		}
	}
	type place struct{ kind, code string }
	places := []place{{"state", c.HomeState}}
	for _, r := range area.RegionsOf(c.Counties) {
		places = append(places, place{"region", r})
	}
	for _, k := range c.Counties {
		places = append(places, place{"county", k.FIPS})
	}
	var rows []populationRow
	for i := range c.Measures {
		m := &c.Measures[i]
		ages, all := m.completedYears()
		if !all || !m.Runs(night) {
			continue
		}
		for _, p := range places {
			if n := index.OfAges(p.kind, p.code, ages); n > 0 {
				rows = append(rows, populationRow{m.ID, p.kind, p.code, "all", "all", n})
			}
			for year := range cohorts {
				if n := index.OfCohort(p.kind, p.code, year); n > 0 && p.kind != "county" && m.WholeCohort(year, night) {
					rows = append(rows, populationRow{m.ID, p.kind, p.code, "birth_cohort", strconv.Itoa(year), n})
				}
			}
		}
	}
	return rows
}
