// Package measure counts coverage: of the people of an age in each area, how many have the vaccines of a measure. What it
// counts are internal figures, whatever their size: what of them is published is another package's.
package measure

import (
	"context"
	"embed"
	"slices"

	"miic/internal/area"
	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/population"
	"miic/reports/privacy"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

var queries = engine.LoadQueries(sqlFiles)

// Config is what a site decides about its coverage.
type Config struct {
	Measures  []Measure
	Faults    []string      // files of measures that define nothing, and why
	Known     Known         // what the measures' numbers of groups and antigens stand for
	HomeState string        // two letters: the code of the whole state
	Counties  []area.County // those that are listed, with their regions

	Populations []population.Row // how many people live in the counties
	Unused      []string         // what of the files of populations and footnotes is not used, and why
}

type countyRow struct {
	FIPS   string `col:"county_fips" doc:"county"`
	Name   string `col:"name" doc:"its name"`
	Region string `col:"region" doc:"region"`
}

// valueRow is what a code of a property stands for.
type valueRow struct {
	Property string `col:"property" doc:"sex, race and so on"`
	Code     string `col:"code" doc:"as in the table client"`
	Name     string `col:"name" doc:"in words"`
}

//go:embed values.csv
var valuesCSV string

// Properties are what people are counted apart by, beside the area: columns of the view placed_result.
var Properties = []string{"birth_cohort", "age", "sex", "race", "ethnicity", "language", "clinic", "funding"}

// Place makes the view placed, of where everybody lives on a night and of their properties, and the names of the
// codes: county and property_value. The caller has made client and patient_status known to the engine.
func Place(ctx context.Context, e *engine.Engine, counties []area.County, night table.Date) error {
	var rows []countyRow
	for _, k := range counties {
		rows = append(rows, countyRow{k.FIPS, k.Name, k.Region})
	}
	if err := engine.Load(ctx, e, "county", rows); err != nil {
		return err
	}
	names, err := values()
	if err != nil {
		return err
	}
	if err := engine.Load(ctx, e, "property_value", names); err != nil {
		return err
	}
	e.Define("placed", queries.Get("placed", "night", night.String()))
	return nil
}

// PlaceResults makes the view placed_result beside, of a night's results with where each person lives and their properties.
// The caller has made measure_result known, too.
func PlaceResults(ctx context.Context, e *engine.Engine, counties []area.County, night table.Date) error {
	if err := Place(ctx, e, counties, night); err != nil {
		return err
	}
	e.Define("placed_result", queries.Get("placed_result"))
	return nil
}

// Kinds of notes: about files of measures that have a fault, and about populations and footnotes.
const (
	Refused = "measures refused"
	Unused  = "populations or footnotes not used"
)

// Run judges people by every measure, and counts them. While requests are unread nobody is counted.
func Run(ctx context.Context, r *pipeline.Run, c Config) error {
	for _, f := range c.Faults {
		r.Note(pipeline.Note{Kind: Refused, Text: f, Exit3: true})
	}
	for _, f := range c.Unused {
		r.Note(pipeline.Note{Kind: Unused, Text: f})
	}
	if err := r.View(ctx, append(slices.Clone(reads), table.Doubts)...); err != nil {
		return err
	}
	if err := judge(ctx, r, c); err != nil {
		return err
	}
	twice, err := r.Copy(ctx, table.NotCounteds, queries.Get("not_counted"))
	if err != nil {
		return err
	}
	r.Count("not_counted", twice)
	unread, err := privacy.UnreadRequests(ctx, r)
	if err != nil {
		return err
	}
	if len(unread) > 0 {
		r.Count("withheld", 1)
		return pipeline.Write[table.Coverage](r, table.Coverages, nil)
	}
	return count(ctx, r, c)
}

// measuredRow is a measure that is counted.
type measuredRow struct {
	Measure string `col:"measure" doc:"id of the measure"`
	Rule    string `col:"denominator_rule" doc:"who is in its population"`
}

// headlineRow is a measure in the whole state.
type headlineRow struct {
	Measure     string `col:"measure"`
	Denominator int64  `col:"denominator"`
	Valid       int64  `col:"numerator"`
	Any         int64  `col:"numerator_any"`
}

// count writes the table coverage.
func count(ctx context.Context, r *pipeline.Run, c Config) error {
	var measured []measuredRow
	for i := range c.Measures {
		if m := &c.Measures[i]; m.Runs(r.AsOf) {
			measured = append(measured, measuredRow{m.ID, m.Rule()})
		}
	}
	if err := engine.Load(ctx, r.Engine, "measured", measured); err != nil {
		return err
	}
	if err := r.View(ctx, table.MeasureResults, table.NotCounteds); err != nil {
		return err
	}
	if err := PlaceResults(ctx, r.Engine, c.Counties, r.AsOf); err != nil {
		return err
	}
	if err := engine.Load(ctx, r.Engine, "population_of", c.populations(r.AsOf)); err != nil {
		return err
	}
	schedule, err := ScheduleVersion(ctx, r.Engine)
	if err != nil {
		return err
	}
	rows, err := r.Copy(ctx, table.Coverages, queries.Get("coverage", "home", c.HomeState, "night", r.AsOf.String(), "schedule", schedule))
	if err != nil {
		return err
	}
	r.Count("rows", rows)
	return countHeadline(ctx, r, c)
}

// countHeadline counts the headline of the whole state: a brake watches it.
func countHeadline(ctx context.Context, r *pipeline.Run, c Config) error {
	list := Published(c.Measures, r.AsOf)
	if len(list) == 0 {
		return nil
	}
	if err := r.View(ctx, table.Coverages); err != nil {
		return err
	}
	rows, err := engine.Rows[headlineRow](ctx, r.Engine, queries.Get("headline", "measure", list[0].ID))
	if err != nil {
		return err
	}
	r.Count("denominator", 0)
	r.Count("numerator", 0)
	for _, row := range rows {
		r.Count("denominator", row.Denominator)
		if list[0].Valid {
			r.Count("numerator", row.Valid)
		} else {
			r.Count("numerator", row.Any)
		}
	}
	return nil
}

// Invariant is what must be true of the table coverage.
func Invariant() pipeline.Invariant {
	return pipeline.MustBeEmpty("each measure's figures of the state are the sum of its counties and the unassigned, of its regions, "+
		"and of the values of each property", queries.Get("adds_up"))
}

// Published are the measures of a list that are published on a night.
func Published(list []Measure, night table.Date) []Measure {
	var out []Measure
	for _, m := range list {
		if m.Publish && m.Runs(night) {
			out = append(out, m)
		}
	}
	return out
}

// Headline is the id of the first published measure, which the run page shows and a brake watches; empty without one.
func Headline(list []Measure) string {
	for _, m := range list {
		if m.Publish {
			return m.ID
		}
	}
	return ""
}

// ScheduleVersion returns the version of the supporting data behind the forecasts.
func ScheduleVersion(ctx context.Context, e *engine.Engine) (string, error) {
	type version struct {
		Schedule string `col:"schedule,null" doc:"version"`
	}
	rows, err := engine.Rows[version](ctx, e, "SELECT max(schedule) AS schedule FROM forecast")
	if err != nil || len(rows) == 0 {
		return "", err
	}
	return rows[0].Schedule, nil
}
