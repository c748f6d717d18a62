package publication

import (
	"context"
	"fmt"
	"math"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/measure"
)

// A turnover is how many people have come to the age of a population, or left it, since a day, by place.
type turnover struct {
	night  table.Date
	people map[turn]int64
}

type turn struct {
	population string
	since      table.Date
	at         place
}

// ageRow is an age at which somebody comes into a population, or leaves it, and of whom that can be since the earliest day.
type ageRow struct {
	Population string     `col:"population" doc:"its ages"`
	Months     int32      `col:"months" doc:"months from birth"`
	Days       int32      `col:"days" doc:"and days"`
	From       table.Date `col:"born_from" doc:"first birth date"`
	Until      table.Date `col:"born_until" doc:"last birth date"`
}

type dayRow struct {
	Day table.Date `col:"published_on" doc:"day of a publication"`
}

type turnoverRow struct {
	Population  string     `col:"population"`
	Since       table.Date `col:"published_on"`
	AreaType    string     `col:"area_type"`
	AreaCode    string     `col:"area_code"`
	Stratum     string     `col:"stratum"`
	StratumCode string     `col:"stratum_code"`
	People      int64      `col:"people"`
}

// population names a measure's population by its ages.
func population(m *measure.Measure) string {
	p := &m.Population
	return fmt.Sprintf("%d.%d to %d.%d", p.From.Months, p.From.Days, p.Until.Months, p.Until.Days)
}

// readTurnover counts who has come to an age or left it since each earlier publication.
func (c Config) readTurnover(ctx context.Context, r *pipeline.Run, list []measure.Measure, before *earlier) (turnover, error) {
	days := before.days()
	if len(days) == 0 {
		return turnover{night: r.AsOf}, nil
	}
	if err := r.View(ctx, table.Clients, table.PatientStatuses, table.NotCounteds); err != nil {
		return turnover{}, err
	}
	return c.countTurnover(ctx, r.Engine, list, days, r.AsOf)
}

// countTurnover counts since each of some days. The caller has made client, patient_status and not_counted known to the engine.
func (c Config) countTurnover(ctx context.Context, e *engine.Engine, list []measure.Measure, since []table.Date, night table.Date) (turnover, error) {
	t := turnover{night: night, people: map[turn]int64{}}
	var days []dayRow
	first := night
	for _, d := range since {
		days = append(days, dayRow{d})
		first = min(first, d)
	}
	var ages []ageRow
	seen := map[string]bool{}
	for i := range list {
		p := &list[i].Population
		id := population(&list[i])
		if p.Turning > 0 || seen[id] {
			continue
		}
		seen[id] = true
		for _, a := range []measure.Age{p.From, p.Until} {
			back := func(day table.Date) table.Date { return day.AddMonths(-a.Months) - table.Date(a.Days) }
			ages = append(ages, ageRow{id, int32(a.Months), int32(a.Days), back(first) - 3, back(night) + 3})
		}
	}
	if err := engine.Load(ctx, e, "population_age", ages); err != nil {
		return t, err
	}
	if err := engine.Load(ctx, e, "earlier_day", days); err != nil {
		return t, err
	}
	if err := measure.Place(ctx, e, c.Counties, night); err != nil {
		return t, err
	}
	rows, err := engine.Rows[turnoverRow](ctx, e, queries.Get("turnover", "as_of", night, "home", c.HomeState))
	for _, row := range rows {
		t.people[turn{row.Population, row.Since, place{row.AreaType, row.AreaCode, row.Stratum, row.StratumCode}}] = row.People
	}
	return t, err
}

// since is the least turnover of a family's populations at a place. Of a population by calendar year it is everybody with a
// new year, and nobody before.
func (t *turnover) since(family []measure.Measure, at place, day table.Date) int64 {
	least := int64(math.MaxInt64)
	for i := range family {
		m := &family[i]
		n := t.people[turn{population(m), day, at}]
		if m.Population.Turning > 0 {
			then, _, _ := day.YMD()
			now, _, _ := t.night.YMD()
			if n = 0; then < now {
				n = math.MaxInt64
			}
		}
		least = min(least, n)
	}
	return least
}
