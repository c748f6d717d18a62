package publication

import (
	"cmp"
	"context"
	"math"
	"slices"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/measure"
	"miic/reports/privacy"
	"miic/reports/suppression"
)

// NoDoses stands in the column doses of rows that count people only.
const NoDoses = "none"

// figureRow is a line of figure.sql.
type figureRow struct {
	Measure     string `col:"measure"`
	Version     int32  `col:"measure_version"`
	AreaType    string `col:"area_type"`
	AreaCode    string `col:"area_code"`
	Stratum     string `col:"stratum"`
	StratumCode string `col:"stratum_code"`
	StratumName string `col:"stratum_name"`
	Denominator int64  `col:"denominator"`
	Valid       int64  `col:"numerator"`
	Any         int64  `col:"numerator_any"`
	Population  int64  `col:"population"`
	Rule        string `col:"denominator_rule"`
	Schedule    string `col:"schedule"`
}

type measureRow struct {
	Measure string `col:"measure" doc:"id"`
}

type stratumRow struct {
	Stratum string `col:"stratum" doc:"property"`
}

// tonight is all that is known of what may be published tonight.
type tonight struct {
	Config
	figures  map[string]map[place]suppression.Figure // by measure
	people   map[string]map[place]int64              // who live there, by measure
	values   map[string][]value                      // of each published property
	schedule string
	before   *earlier
	turnover turnover
	night    table.Date
	snapshot int64
}

// A value is one of a property's.
type value struct{ code, name string }

// rows are what is published tonight.
func (c Config) rows(ctx context.Context, r *pipeline.Run, before *earlier) ([]table.Publication, error) {
	t := tonight{Config: c, before: before, night: r.AsOf, snapshot: r.Snapshot}
	list := measure.Published(c.Measures, r.AsOf)
	if err := t.read(ctx, r, list); err != nil {
		return nil, err
	}
	families := families(list, r.AsOf)
	var err error
	if t.turnover, err = c.readTurnover(ctx, r, list, before); err != nil {
		return nil, err
	}
	var rows []table.Publication
	for i, f := range families {
		cells, res := t.withhold(f)
		if i == 0 {
			t.countCounties(r, cells, res)
		}
		rows = append(rows, t.publish(f, cells, res)...)
	}
	standing, err := t.standing(ctx, r)
	return append(rows, standing...), err
}

// read reads tonight's figures.
func (t *tonight) read(ctx context.Context, r *pipeline.Run, list []measure.Measure) error {
	var ids []measureRow
	for _, m := range list {
		ids = append(ids, measureRow{m.ID})
	}
	var strata []stratumRow
	for _, s := range Strata {
		strata = append(strata, stratumRow{s})
	}
	if err := engine.Load(ctx, r.Engine, "published_measure", ids); err != nil {
		return err
	}
	if err := engine.Load(ctx, r.Engine, "published_stratum", strata); err != nil {
		return err
	}
	if err := r.View(ctx, table.Coverages); err != nil {
		return err
	}
	rows, err := engine.Rows[figureRow](ctx, r.Engine, queries.Get("figure"))
	t.figures, t.values = map[string]map[place]suppression.Figure{}, map[string][]value{}
	t.people = map[string]map[place]int64{}
	for _, f := range rows {
		if t.figures[f.Measure] == nil {
			t.figures[f.Measure], t.people[f.Measure] = map[place]suppression.Figure{}, map[place]int64{}
		}
		t.people[f.Measure][place{f.AreaType, f.AreaCode, f.Stratum, f.StratumCode}] = f.Population
		t.figures[f.Measure][place{f.AreaType, f.AreaCode, f.Stratum, f.StratumCode}] = suppression.Figure{People: f.Denominator,
			Valid: f.Valid, Any: f.Any}
		v := value{f.StratumCode, f.StratumName}
		if f.Stratum != "all" && !slices.Contains(t.values[f.Stratum], v) {
			t.values[f.Stratum] = append(t.values[f.Stratum], v)
		}
		t.schedule = f.Schedule
	}
	for _, list := range t.values {
		slices.SortFunc(list, func(a, b value) int { return cmp.Compare(a.code, b.code) })
	}
	return err
}

// families are the measures whose populations may have people in common, each list together: by their birth dates.
func families(list []measure.Measure, night table.Date) [][]measure.Measure {
	var out [][]measure.Measure
	overlap := func(a, b measure.Measure) bool {
		from, until := a.Births(night)
		from2, until2 := b.Births(night)
		return from <= until2 && from2 <= until
	}
	for _, m := range list {
		family := []measure.Measure{m}
		out = slices.DeleteFunc(out, func(f []measure.Measure) bool {
			if !slices.ContainsFunc(f, func(o measure.Measure) bool { return overlap(m, o) }) {
				return false
			}
			family = slices.Concat(f, family)
			return true
		})
		out = append(out, family)
	}
	return out
}

// A cell is a place with its figures.
type cell struct {
	*suppression.Cell
	at   place
	name string // of the area
	word string // of the property's value
}

// withhold makes the tables of a family, the areas first and the state last, and marks what is withheld.
func (t *tonight) withhold(family []measure.Measure) ([]cell, suppression.Result) {
	var cells []cell
	add := func(at place, name, word string) *suppression.Cell {
		c := t.cell(family, at)
		cells = append(cells, cell{c, at, name, word})
		return c
	}
	var areas []*suppression.Cell
	for _, region := range t.Regions {
		var parts []*suppression.Cell
		for _, k := range t.Counties {
			if k.Region == region {
				parts = append(parts, add(everybody("county", k.FIPS), k.Name, "all"))
			}
		}
		c := add(everybody("region", region), region, "all")
		c.Parts = parts
		areas = append(areas, c)
	}
	tables := [][]*suppression.Cell{areas}
	for _, s := range Strata {
		var list []*suppression.Cell
		for _, v := range t.values[s] {
			list = append(list, add(place{"state", t.HomeState, s, v.code}, t.HomeState, v.name))
		}
		tables = append(tables, list)
	}
	state := add(everybody("state", t.HomeState), t.HomeState, "all")
	return cells, t.Rule.Withhold(state, tables...)
}

// cell is a place of the family, with what earlier publications say of it.
func (t *tonight) cell(family []measure.Measure, at place) *suppression.Cell {
	c := &suppression.Cell{}
	peopled, differs := false, false
	last, shown := table.Date(0), table.Date(0)
	for _, m := range family {
		f := t.figures[m.ID][at]
		c.Figures = append(c.Figures, f)
		peopled = peopled || f.People > 0
		if t.Rule.Leaves(t.figures[m.ID][everybody("state", t.HomeState)]) {
			continue // it is shown nowhere tonight
		}
		if was := t.before.row(m.ID, at); was != nil {
			last = max(last, was.PublishedOn)
			differs = differs || was.Suppressed || f != suppression.Figure{People: was.Denominator, Valid: was.Numerator, Any: was.NumeratorAny}
		}
		shown = max(shown, t.before.shown[m.ID][at])
	}
	few := func(since table.Date) bool { return since != 0 && t.turnover.since(family, at, since) < t.Rule.Small }
	c.Held = peopled && differs && few(last)
	if c.Known = few(shown); c.Known {
		c.Turned = t.turnover.since(family, at, shown)
	}
	return c
}

// countCounties counts, of the first family, how many of the counties with people are shown, and how many could be at the most.
func (t *tonight) countCounties(r *pipeline.Run, cells []cell, res suppression.Result) {
	for _, c := range cells {
		if c.at.areaType != "county" || !slices.ContainsFunc(c.Figures, func(f suppression.Figure) bool { return f.People > 0 }) {
			continue
		}
		r.Count("counties_with_people", 1)
		if !c.Withheld {
			r.Count("counties_shown", 1)
		}
		if !c.Primary {
			r.Count("counties_large_enough", 1)
		}
	}
	r.Count("people_withheld", res.People)
	r.Count("people_withheld_at_least", res.Least)
}

// publish are the rows of a family, measure by measure.
func (t *tonight) publish(family []measure.Measure, cells []cell, res suppression.Result) []table.Publication {
	var rows []table.Publication
	for i, m := range family {
		for _, c := range cells {
			f := c.Figures[i]
			row := table.Publication{PublishedOn: t.night, Snapshot: t.snapshot, Measure: m.ID, MeasureVersion: m.Version, Doses: "any",
				AreaType: c.at.areaType, AreaCode: c.at.area, AreaName: c.name, Stratum: c.at.stratum, StratumCode: c.at.code, StratumName: c.word,
				Percent: math.NaN(), PercentLow: math.NaN(), PercentHigh: math.NaN(), PeoplePercent: math.NaN(), DenominatorRule: m.Rule(), Schedule: t.schedule}
			met := f.Any
			if m.Valid {
				row.Doses, met = "valid", f.Valid
			}
			if c.Withheld || res.Left[i] {
				row.Suppressed, row.Suppression = true, Few
			} else {
				row.Denominator, row.Numerator, row.NumeratorAny = f.People, f.Valid, f.Any
				row.Percent, row.PercentLow, row.PercentHigh = Rates(met, f.People)
				compare(&row, t.people[m.ID][c.at])
			}
			t.annotate(&row)
			rows = append(rows, row)
		}
	}
	return rows
}

// standingRow is a line of standing.sql.
type standingRow struct {
	Measure string `col:"measure"`
	People  int64  `col:"people"`
}

// standing are the rows of people who are in no figure, and of questions that are open: of the whole state only. A number
// that differs by few from the last that was shown would be about these few.
func (t *tonight) standing(ctx context.Context, r *pipeline.Run) ([]table.Publication, error) {
	if err := r.View(ctx, table.Clients); err != nil {
		return nil, err
	}
	if _, err := privacy.HideRestricted(ctx, r); err != nil {
		return nil, err
	}
	counts, err := engine.Rows[standingRow](ctx, r.Engine, queries.Get("standing"))
	var rows []table.Publication
	for _, c := range counts {
		row := table.Publication{PublishedOn: t.night, Snapshot: t.snapshot, Measure: c.Measure, MeasureVersion: 1, Doses: NoDoses,
			AreaType: "state", AreaCode: t.HomeState, AreaName: t.HomeState, Stratum: "all", StratumCode: "all", StratumName: "all",
			Denominator: c.People, Percent: math.NaN(), PercentLow: math.NaN(), PercentHigh: math.NaN(), PeoplePercent: math.NaN(), DenominatorRule: "none", Schedule: t.schedule}
		few := func(n int64) bool { return 0 < n && n < t.Rule.Small }
		was := t.before.counts[c.Measure]
		if few(c.People) || was != nil && (few(c.People-was.Denominator) || few(was.Denominator-c.People)) {
			row.Denominator, row.Suppressed, row.Suppression = 0, true, Few
		}
		rows = append(rows, row)
	}
	return rows, err
}
