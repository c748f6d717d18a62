// Package measure counts coverage: of the children of an age in each area, how many have the vaccines of a measure.
//
//	coverage.parquet, coverage.csv   measures by county, region and state
package measure

import (
	"context"
	"embed"

	"strconv"

	"miic/internal/area"
	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/csvfile"
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
	SmallCell int           // a smaller denominator is withheld
	Counties  []area.County // those that are listed, with their regions
	Regions   []string      // in the order of the rows; the last is of those who have none
}

type countyRow struct {
	FIPS   string `col:"county_fips" doc:"county"`
	Region string `col:"region" doc:"region"`
}

// view makes what coverage reads known to the engine.
func view(ctx context.Context, r *pipeline.Run, c Config) error {
	if err := r.View(ctx, reads...); err != nil {
		return err
	}
	var counties []countyRow
	for _, k := range c.Counties {
		counties = append(counties, countyRow{k.FIPS, k.Region})
	}
	return engine.Load(ctx, r.Engine, "county", counties)
}

// Refused is the kind of the notes about files of measures that have a fault.
const Refused = "measures refused"

// countRow is one measure in one county as the engine counts it; those without a county have an empty code.
type countRow struct {
	Measure     string `col:"measure" doc:"id of the measure"`
	Region      string `col:"region" doc:"region"`
	CountyFIPS  string `col:"county_fips" doc:"county, or empty"`
	Denominator int64  `col:"denominator" doc:"people counted"`
	Numerator   int64  `col:"numerator" doc:"of them, who meet the measure"`
}

// Run counts every measure, withholds what is small, and writes the table, coverage.parquet and coverage.csv. While
// requests are unread the table is empty and nothing is published.
func Run(ctx context.Context, r *pipeline.Run, c Config) error {
	for _, f := range c.Faults {
		r.Note(pipeline.Note{Kind: Refused, Text: f})
	}
	if err := view(ctx, r, c); err != nil {
		return err
	}
	if err := judge(ctx, r, c); err != nil {
		return err
	}
	unread, err := privacy.UnreadRequests(ctx, r)
	if err != nil {
		return err
	}
	if len(unread) > 0 {
		r.Count("withheld", 1)
		return writeTable(ctx, r, nil)
	}
	rows, err := count(ctx, r, c)
	if err != nil {
		return err
	}
	if err := writeTable(ctx, r, rows); err != nil {
		return err
	}
	return publish(ctx, r, rows)
}

// count counts every measure in every area, and withholds what is small.
func count(ctx context.Context, r *pipeline.Run, c Config) ([]table.Coverage, error) {
	list := published(c.Measures, r.AsOf)
	counts, err := countCounties(ctx, r, list)
	if err != nil {
		return nil, err
	}
	schedule, err := ScheduleVersion(ctx, r.Engine)
	if err != nil {
		return nil, err
	}
	var rows []table.Coverage
	for i, m := range list {
		areas := c.areas(m.ID, counts)
		privacy.Suppress(areas, int64(c.SmallCell))
		if i == 0 { // the headline, of the whole state: a brake watches it
			state := areas[len(areas)-1]
			r.Count("denominator", state.Denominator)
			r.Count("numerator", state.Numerator)
		}
		for _, a := range areas {
			row := table.Coverage{Measure: m.ID, MeasureVersion: m.Version,
				AreaType: a.AreaType, AreaCode: a.Code, AreaName: a.Name, Stratum: "all",
				Denominator: a.Denominator, Numerator: a.Numerator,
				Suppressed: a.Withheld != "", Suppression: a.Withheld,
				DenominatorRule: m.Rule(), AsOf: r.AsOf, Schedule: schedule}
			if row.Suppressed {
				row.Denominator, row.Numerator = 0, 0
			}
			rows = append(rows, row)
		}
	}
	r.Count("rows", int64(len(rows)))
	return rows, nil
}

// published are the measures of a list that are in coverage.csv on a night.
func published(list []Measure, night table.Date) []Measure {
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

// measuredRow is a measure and what it is about.
type measuredRow struct {
	Measure string `col:"measure" doc:"id of the measure"`
	Valid   bool   `col:"valid" doc:"valid doses, not any"`
}

// countCounties counts each of the measures in every county.
func countCounties(ctx context.Context, r *pipeline.Run, list []Measure) ([]countRow, error) {
	var rows []measuredRow
	for _, m := range list {
		rows = append(rows, measuredRow{m.ID, m.Valid})
	}
	if err := engine.Load(ctx, r.Engine, "measured", rows); err != nil {
		return nil, err
	}
	if err := r.View(ctx, table.MeasureResults); err != nil {
		return nil, err
	}
	return engine.Rows[countRow](ctx, r.Engine, queries.Get("coverage_count"))
}

// areas spreads a measure's counts over every county, every region and, as the last, the state. Nobody is left out.
func (c *Config) areas(id string, counts []countRow) []privacy.Cell {
	var areas []privacy.Cell
	at := map[string]int{}
	add := func(areaType, code, name, region string) {
		at[areaType+code] = len(areas)
		areas = append(areas, privacy.Cell{AreaType: areaType, Code: code, Name: name, Region: region})
	}
	for _, county := range c.Counties {
		add("county", county.FIPS, county.Name, county.Region)
	}
	for _, r := range c.Regions {
		add("region", r, r, r)
	}
	add("state", c.HomeState, c.HomeState, "")
	for _, k := range counts {
		if k.Measure != id {
			continue
		}
		in := []int{at["region"+k.Region], at["state"+c.HomeState]}
		if k.Region != area.Unassigned {
			in = append(in, at["county"+k.CountyFIPS])
		}
		for _, i := range in {
			areas[i].Denominator += k.Denominator
			areas[i].Numerator += k.Numerator
		}
	}
	return areas
}

// writeTable writes rows as the table coverage, through the engine: there a withheld figure is null, and 0 is 0.
func writeTable(ctx context.Context, r *pipeline.Run, rows []table.Coverage) error {
	if err := engine.Load(ctx, r.Engine, "coverage_row", plain(rows)); err != nil {
		return err
	}
	_, err := r.Copy(ctx, table.Coverages, queries.Get("coverage"))
	return err
}

// publish writes coverage.parquet and coverage.csv of the rows that writeTable has loaded.
func publish(ctx context.Context, r *pipeline.Run, rows []table.Coverage) error {
	path, err := r.OutPath("coverage.parquet")
	if err != nil {
		return err
	}
	if _, err := r.Engine.Copy(ctx, table.Coverages, queries.Get("coverage"), path); err != nil {
		return err
	}
	if path, err = r.OutPath("coverage.csv"); err != nil {
		return err
	}
	header := make([]string, len(table.Coverages.Columns))
	for i, c := range table.Coverages.Columns {
		header[i] = c.Name
	}
	return csvfile.Write(path, header, func(yield func([]string) bool) {
		for _, row := range rows {
			if !yield(cells(row)) {
				return
			}
		}
	})
}

// cells are a row of coverage.csv: figures that are withheld are empty.
func cells(row table.Coverage) []string {
	denominator, numerator := strconv.FormatInt(row.Denominator, 10), strconv.FormatInt(row.Numerator, 10)
	if row.Suppressed {
		denominator, numerator = "", ""
	}
	return []string{row.Measure, strconv.Itoa(int(row.MeasureVersion)),
		row.AreaType, row.AreaCode, row.AreaName, row.Stratum, denominator, numerator, strconv.FormatBool(row.Suppressed), row.Suppression, row.DenominatorRule,
		row.AsOf.String(), row.Schedule}
}

// coverageRow is table.Coverage with figures that are never null: the flag records that one is withheld.
type coverageRow struct {
	Measure         string     `col:"measure" doc:"id"`
	MeasureVersion  int32      `col:"measure_version" doc:"version"`
	AreaType        string     `col:"area_type" doc:"type"`
	AreaCode        string     `col:"area_code" doc:"code"`
	AreaName        string     `col:"area_name" doc:"name"`
	Stratum         string     `col:"stratum" doc:"stratum"`
	Denominator     int64      `col:"denominator" doc:"people counted"`
	Numerator       int64      `col:"numerator" doc:"who meet it"`
	Suppressed      bool       `col:"suppressed" doc:"withheld"`
	Suppression     string     `col:"suppression,null" doc:"why"`
	DenominatorRule string     `col:"denominator_rule" doc:"rule"`
	AsOf            table.Date `col:"as_of" doc:"day"`
	Schedule        string     `col:"schedule" doc:"version"`
}

func plain(rows []table.Coverage) []coverageRow {
	list := make([]coverageRow, len(rows))
	for i, r := range rows {
		list[i] = coverageRow(r)
	}
	return list
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
