package measure

import (
	"context"
	"slices"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// reads are the tables that say how far people are.
var reads = []*table.Table{table.Clients, table.PatientStatuses, table.DoseEvaluations, table.Forecasts, table.Milestones,
	table.Immunizations}

// birthRow is a span of birth dates that a measure is about.
type birthRow struct {
	From  table.Date `col:"born_from" doc:"first day"`
	Until table.Date `col:"born_until" doc:"last day"`
}

// ageRow is an age at which somebody's result may change: they come into a population or leave it, or a way is theirs no
// more.
type ageRow struct {
	Months int32 `col:"months" doc:"months from birth"`
	Days   int32 `col:"days" doc:"and days"`
}

type antigenRow struct {
	Antigen string `col:"antigen" doc:"its name"`
	Number  int32  `col:"number" doc:"its number"`
}

type groupRow struct {
	Group  string `col:"vaccine_group" doc:"its name"`
	Number int32  `col:"number" doc:"its number"`
}

// factRow is a line of fact.sql.
type factRow struct {
	ClientID int64      `col:"client_id"`
	Part     int32      `col:"part"`
	Day      table.Date `col:"day"`
	Code     int32      `col:"code"`
	Number   int32      `col:"number"`
	State    int32      `col:"state"` // of the series; on a birthday the valid doses, times ten, with it
	Dose     string     `col:"dose"`  // in part 4 the eligibility
	Valid    bool       `col:"valid"`
}

// Births are the first and the last birth date of the people whom the measure is about on a night, wider by days.
func (m *Measure) Births(night table.Date) (from, until table.Date) {
	b := m.births(night)
	return b.From, b.Until
}

// births are the birth dates that the measure is about on a night: wider by days where months differ in length.
func (m *Measure) births(night table.Date) birthRow {
	p := &m.Population
	if p.Turning > 0 {
		year, _, _ := night.YMD()
		return birthRow{table.NewDate(year-1-p.Turning, 1, 1), table.NewDate(year-1-p.Turning, 12, 31)}
	}
	back := func(a Age) table.Date { return night.AddMonths(-a.Months) - table.Date(a.Days) }
	return birthRow{back(p.Until) - 3, back(p.From) + 3}
}

// judge writes measure_result: of the people whose data has changed, or who have come to an age, since the parent's
// night; of everybody, where the definitions or what they rest on are others.
func judge(ctx context.Context, r *pipeline.Run, c Config) error {
	keys, err := judgedPeople(ctx, r, c)
	if err != nil {
		return err
	}
	w, err := pipeline.Rewrite[table.MeasureResult](ctx, r, table.MeasureResults, keys)
	if err != nil || w.Writer == nil {
		return err
	}
	if err := eachPerson(ctx, r, c, w); err != nil {
		w.Writer.Close()
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	n, err := r.Live(ctx, table.MeasureResults)
	r.Count("measure_results", n)
	return err
}

// judgedPeople makes judged_person, and returns the SELECT of the people whose results are replaced; nothing for all.
func judgedPeople(ctx context.Context, r *pipeline.Run, c Config) (string, error) {
	var births []birthRow
	var ages []ageRow
	for i := range c.Measures {
		m := &c.Measures[i]
		births = append(births, m.births(r.AsOf))
		for _, a := range m.ages() {
			ages = append(ages, ageRow{int32(a.Months), int32(a.Days)})
		}
	}
	var groups []groupRow
	for i, g := range c.Known.Groups {
		groups = append(groups, groupRow{g.Name, int32(i)})
	}
	var antigens []antigenRow
	for i, a := range c.Known.Antigens() {
		antigens = append(antigens, antigenRow{a, int32(i)})
	}
	for _, err := range []error{engine.Load(ctx, r.Engine, "measured_birth", births), engine.Load(ctx, r.Engine, "measured_age", ages),
		engine.Load(ctx, r.Engine, "measured_group", groups), engine.Load(ctx, r.Engine, "measured_antigen", antigens)} {
		if err != nil {
			return "", err
		}
	}
	people, keys := "SELECT client_id FROM client", ""
	if changed, ok := changedPeople(r, c); ok {
		people, keys = changed+queries.Get("aged", "prior", r.PriorAsOf, "as_of", r.AsOf), "SELECT client_id FROM measured_person"
	}
	if err := r.Engine.Materialize(ctx, "measured_person", people); err != nil {
		return "", err
	}
	return keys, r.Engine.Materialize(ctx, "judged_person", queries.Get("judged_person", "as_of", r.AsOf))
}

// ages are those at which somebody's result may change without a dose.
func (m *Measure) ages() []Age {
	list := []Age{m.Population.From, m.Population.Until}
	for _, c := range slices.Concat(m.Among, m.Clauses) {
		for _, w := range c.Ways {
			if !w.Under.IsZero() {
				list = append(list, w.Under)
			}
		}
	}
	return list
}

// changedPeople is the beginning of a SELECT of people whose data has changed; false when anybody's may have, or a
// season or a year has begun since the parent's night.
func changedPeople(r *pipeline.Run, c Config) (string, bool) {
	if !r.Continues || !sameSpan(c.Measures, r.PriorAsOf, r.AsOf) {
		return "", false
	}
	changed := ""
	for _, t := range reads {
		people, ok := r.Changed(t)
		if !ok {
			return "", false
		}
		changed += people + " UNION "
	}
	return changed, true
}

// sameSpan reports that two nights are in the same calendar year and in the same seasons, and see the same measures.
func sameSpan(list []Measure, a, b table.Date) bool {
	ya, _, _ := a.YMD()
	yb, _, _ := b.YMD()
	if ya != yb {
		return false
	}
	for i := range list {
		if list[i].Runs(a) != list[i].Runs(b) {
			return false
		}
		for _, clause := range slices.Concat(list[i].Among, list[i].Clauses) {
			for _, w := range clause.Ways {
				if w.Season != "" && seasonStart(w.Season, a) != seasonStart(w.Season, b) {
					return false
				}
			}
		}
	}
	return true
}

// eachPerson judges each person of judged_person, in their order, and writes the results.
func eachPerson(ctx context.Context, r *pipeline.Run, c Config, w *pipeline.Rewriting[table.MeasureResult]) error {
	p := newPerson(&c.Known)
	id, last, eligibility := int64(0), "", ""
	finish := func() error {
		if id == 0 {
			return nil
		}
		for i := range c.Measures {
			m := &c.Measures[i]
			if !m.Runs(r.AsOf) {
				continue
			}
			res, in := m.Judge(p, r.AsOf)
			if !in {
				continue
			}
			row := table.MeasureResult{ClientID: id, Measure: m.ID, Version: m.Version, JudgedOn: res.JudgedOn, Met: res.Met,
				MetAny: res.MetAny, Late: res.Late, Short: int16(res.Short), TwoDoses: res.TwoDoses, Missing: res.Missing,
				Eligibility: eligibility}
			if m.Population.Turning == 0 && m.Population.By.IsZero() {
				row.JudgedOn = 0
			}
			if err := w.Append(&row); err != nil {
				return err
			}
		}
		return nil
	}
	flu := c.Known.number("Influenza")
	err := engine.Stream(ctx, r.Engine, queries.Get("fact"), func(row *factRow) error {
		if row.Part == 0 {
			if err := finish(); err != nil {
				return err
			}
			p.reset(row.Day)
			id, last, eligibility = row.ClientID, "", ""
			return nil
		}
		if row.Part == 4 {
			eligibility = row.Dose
			return nil
		}
		p.add(row, row.Dose != last, int(row.Code) == flu)
		if row.Part == 1 {
			last = row.Dose
		}
		return nil
	})
	if err != nil {
		return err
	}
	return finish()
}

// number is the number of an antigen, or -2.
func (k *Known) number(antigen string) int {
	for i, a := range k.Antigens() {
		if a == antigen {
			return i
		}
	}
	return -2
}

func newPerson(k *Known) *Person {
	p := &Person{Doses: make([][]Dose, len(k.Antigens())), Tonight: make([]Standing, len(k.Groups)), Then: map[Age][]Standing{}}
	for _, a := range k.Kept {
		p.Then[a.At] = make([]Standing, len(k.Groups))
	}
	return p
}

// reset makes it another person, born on the day, of whom nothing is known.
func (p *Person) reset(birth table.Date) {
	p.Birth, p.Given = birth, p.Given[:0]
	for i := range p.Doses {
		p.Doses[i] = p.Doses[i][:0]
	}
	clear(p.Tonight)
	for _, then := range p.Then {
		clear(then)
	}
}

// add puts a line of fact.sql to the person; another is true for the first line of a dose.
func (p *Person) add(row *factRow, another, flu bool) {
	switch row.Part {
	case 1:
		if another {
			p.Given = append(p.Given, Given{On: row.Day, Flu: flu})
		}
		if row.Code >= 0 {
			p.Doses[row.Code] = append(p.Doses[row.Code], Dose{row.Day, int16(row.Number), row.Valid})
		}
	case 2:
		p.Tonight[row.Code] = Standing{State: State(row.State)}
	case 3:
		if then := p.Then[Age{Months: int(row.Number)}]; then != nil {
			then[row.Code] = Standing{State(row.State % 10), int(row.State / 10)}
		}
	}
}
