package reports

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"

	"miic/internal/area"
	"miic/internal/engine"
	"miic/internal/table"
	"miic/reports/csvfile"
	"miic/reports/privacy"
)

//go:embed measures.yaml
var measuresYAML []byte

// A measure is the definition of one coverage figure.
type measure struct {
	ID      string   `yaml:"id"`
	Version int32    `yaml:"version"`
	Name    string   `yaml:"name"`
	Clauses []string `yaml:"clauses"`
}

// A clause is one condition of a measure.
type clause struct {
	Measure  string `col:"measure" doc:"id of the measure"`
	Group    string `col:"vaccine_group" doc:"vaccine group"`
	Months   int16  `col:"months" doc:"age by which it must hold"`
	Doses    int32  `col:"doses" doc:"valid doses wanted"`
	Complete bool   `col:"complete" doc:"the series must be complete instead"`
}

// denominatorRule: everyone of the age in the registry who is active in the jurisdiction and not opted out.
const denominatorRule = "age-24-35-months-active-in-registry"

// measures reads the built-in definitions.
func measures() ([]measure, []clause, error) {
	var list []measure
	if err := yaml.NewDecoder(bytes.NewReader(measuresYAML), yaml.DisallowUnknownField()).Decode(&list); err != nil {
		return nil, nil, fmt.Errorf("read the measures: %w", err)
	}
	var clauses []clause
	for _, m := range list {
		for _, text := range m.Clauses {
			at := strings.LastIndexByte(text, ' ')
			if at < 0 {
				return nil, nil, fmt.Errorf("measure %s: clause %q wants a group and a number or the word complete", m.ID, text)
			}
			c := clause{Measure: m.ID, Group: text[:at], Months: 24, Complete: text[at+1:] == "complete"}
			if !c.Complete {
				n, err := strconv.Atoi(text[at+1:])
				if err != nil || n < 1 {
					return nil, nil, fmt.Errorf("measure %s: clause %q wants a group and a number or the word complete", m.ID, text)
				}
				c.Doses = int32(n)
			}
			clauses = append(clauses, c)
		}
	}
	return list, clauses, nil
}

// count is one measure in one county as the engine counts it; those without a county have an empty code.
type count struct {
	Measure     string `col:"measure" doc:"id of the measure"`
	Region      string `col:"region" doc:"region"`
	CountyFIPS  string `col:"county_fips" doc:"county, or empty"`
	Denominator int64  `col:"denominator" doc:"people counted"`
	Numerator   int64  `col:"numerator" doc:"of them, who meet the measure"`
}

// coverage counts every measure, withholds what is small, and writes the table, coverage.parquet and coverage.csv.
func (n *night) coverage(ctx context.Context) error {
	list, clauses, err := measures()
	if err != nil {
		return err
	}
	if err := engine.Load(ctx, n.run.Engine, "measure_clause", clauses); err != nil {
		return err
	}
	if err := n.materialize(ctx, "cohort"); err != nil {
		return err
	}
	counts, err := engine.Rows[count](ctx, n.run.Engine, query("coverage_count"))
	if err != nil {
		return err
	}
	schedule, err := n.schedule(ctx)
	if err != nil {
		return err
	}
	var rows []table.Coverage
	for _, m := range list {
		cells := n.cfg.cells(m.ID, counts)
		privacy.Suppress(cells, int64(n.cfg.SmallCell))
		for _, c := range cells {
			if c.AreaType == "state" && m.ID == list[0].ID {
				n.run.Count("coverage_denominator", c.Denominator)
				n.run.Count("coverage_numerator", c.Numerator)
			}
			row := table.Coverage{Measure: m.ID, MeasureVersion: m.Version, AreaType: c.AreaType, AreaCode: c.Code, AreaName: c.Name, Stratum: "all",
				Denominator: c.Denominator, Numerator: c.Numerator, Suppressed: c.Withheld != "", Suppression: c.Withheld,
				DenominatorRule: denominatorRule, AsOf: n.run.AsOf, Schedule: schedule}
			if row.Suppressed {
				row.Denominator, row.Numerator = 0, 0
			}
			rows = append(rows, row)
			if m.ID == list[0].ID {
				n.page.Coverage = append(n.page.Coverage, areaRate{c.AreaType, c.Name, c.Denominator, c.Numerator, row.Suppressed})
			}
		}
	}
	n.run.Count("coverage_rows", int64(len(rows)))
	n.page.Measure = list[0].ID
	return n.writeCoverage(ctx, rows)
}

// cells lays a measure's counts out over every county, region and the state, nobody left out.
func (c *Config) cells(id string, counts []count) []privacy.Cell {
	var cells []privacy.Cell
	at := map[string]int{}
	add := func(areaType, code, name, region string) {
		at[areaType+code] = len(cells)
		cells = append(cells, privacy.Cell{AreaType: areaType, Code: code, Name: name, Region: region})
	}
	for _, county := range c.Counties {
		add("county", county.FIPS, county.Name, county.Region)
	}
	for _, r := range c.regions() {
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
			cells[i].Denominator += k.Denominator
			cells[i].Numerator += k.Numerator
		}
	}
	return cells
}

// writeCoverage writes rows through the engine: there a withheld figure is null and nought is nought.
func (n *night) writeCoverage(ctx context.Context, rows []table.Coverage) error {
	if err := engine.Load(ctx, n.run.Engine, "coverage_row", plain(rows)); err != nil {
		return err
	}
	if _, err := n.run.Copy(ctx, table.Coverages, query("coverage")); err != nil {
		return err
	}
	if n.withheld() {
		return nil
	}
	path, err := n.run.OutPath("coverage.parquet")
	if err != nil {
		return err
	}
	if _, err := n.run.Engine.Copy(ctx, table.Coverages, query("coverage"), path); err != nil {
		return err
	}
	if path, err = n.run.OutPath("coverage.csv"); err != nil {
		return err
	}
	header := make([]string, len(table.Coverages.Columns))
	for i, c := range table.Coverages.Columns {
		header[i] = c.Name
	}
	return csvfile.Write(path, header, func(yield func([]string) error) error {
		for _, r := range rows {
			figure := func(v int64) string {
				if r.Suppressed {
					return ""
				}
				return strconv.FormatInt(v, 10)
			}
			err := yield([]string{r.Measure, strconv.Itoa(int(r.MeasureVersion)), r.AreaType, r.AreaCode, r.AreaName, r.Stratum,
				figure(r.Denominator), figure(r.Numerator), strconv.FormatBool(r.Suppressed), r.Suppression, r.DenominatorRule, r.AsOf.String(), r.Schedule})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// coverageRow is table.Coverage with figures that are never null: a withheld one is told by its flag.
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
