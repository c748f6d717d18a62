package extract

import (
	"slices"
	"strings"
	"testing"

	"miic/internal/engine"
	"miic/internal/table"
)

// tooOld is at how many days the vaccine of these states is too late.
const tooOld = 240

// status is what the schedule says of somebody on the night.
func status(born, night table.Date) string {
	if born+tooOld <= night {
		return "Aged Out"
	}
	return "Not Complete"
}

// windows are the births, from a day on and until before one, that each measure of these states is about: by age, and by a year
// of the calendar.
func windows(night table.Date) map[string][2]table.Date {
	return map[string][2]table.Date{
		"one":  {night.AddMonths(-12) + 1 - 365, night.AddMonths(-12) + 1},
		"two":  {night.AddMonths(-15) + 1 - 365, night.AddMonths(-15) + 1},
		"half": {night - 390, night - 210},
		"cis":  {table.NewDate(2025, 1, 1), table.NewDate(2026, 1, 1)}, "season": {0, night + 1}, "own-season": {0, night + 1},
	}
}

// turns are the days of birth at which something of these states changes.
func turns(night table.Date) []Turn {
	list := []Turn{{Group: "MMR", Born: night - tooOld + 1}}
	for id, w := range windows(night) {
		if w[0] != 0 {
			list = append(list, Turn{Measure: id, Born: w[0]}, Turn{Measure: id, Born: w[1]})
		}
	}
	return list
}

// result adds what measures find of the newest person: the measure of a season is met by a dose on its first day or later.
func (s *state) result(client int64, born, night table.Date) {
	for id, w := range windows(night) {
		if born >= w[0] && born < w[1] {
			met := slices.ContainsFunc(s.doses, func(d table.Immunization) bool { return d.ClientID == client && d.AdministeredOn >= seasonBegins })
			s.results = append(s.results, table.MeasureResult{ClientID: client, Measure: id, Version: 1, Met: met})
		}
	}
}

// narrowByResults takes away the guesses that do not fit the status on the night or the measures. Who is in no row of a measure is not
// of its population, where the period of birth lies so that a row would be there. It returns how many facts there are.
func narrowByResults(t *testing.T, e *engine.Engine, night table.Date, left map[int64][]guess) int {
	t.Helper()
	told := 0
	type personFact struct {
		Person  int64      `col:"person"`
		From    table.Date `col:"born_from"`
		Until   table.Date `col:"born_until"`
		Status  string     `col:"status"`
		Results string     `col:"results"`
	}
	err := engine.Stream(t.Context(), e, "SELECT p.person, p.born_from, p.born_until, coalesce(f.status, '') AS status, coalesce(r.results, '') AS results "+
		"FROM dim_person AS p JOIN fact_forecast AS f ON f.person = p.person AND f.vaccine_group = 'MMR' "+
		"LEFT JOIN (SELECT person, '|' || string_agg(measure, '|') || '|' AS results FROM fact_result GROUP BY person) AS r ON r.person = p.person", func(f *personFact) error {
		if left[f.Person] == nil {
			return nil
		}
		if f.Status != "" {
			told++
		}
		left[f.Person] = slices.DeleteFunc(left[f.Person], func(g guess) bool { return f.Status != "" && f.Status != status(g.born(), night) })
		for id, w := range windows(night) {
			if w[0] == 0 {
				continue
			}
			in := strings.Contains(f.Results, "|"+id+"|")
			far := true
			for _, turn := range w {
				far = far && (turn <= f.From-maxShift || turn > f.Until+maxShift)
			}
			if in {
				told++
			}
			left[f.Person] = slices.DeleteFunc(left[f.Person], func(g guess) bool {
				of := g.born() >= w[0] && g.born() < w[1]
				return in && !of || !in && far && of
			})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return told
}
