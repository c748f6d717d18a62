package coverage

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/internal/area"
	"miic/internal/prose"
	"miic/internal/table"
	"miic/reports/csvfile"
	"miic/reports/measure"
	"miic/reports/publication"
	"miic/reports/recipient"
)

// asked are the flags of miic report coverage.
type asked struct {
	shell.Demand
	measure, area, parquet string
	by                     []string
	csv, internal          bool
}

// Report is miic report coverage.
func Report(a *shell.App) *cobra.Command {
	var q asked
	cmd := &cobra.Command{
		Use:   "coverage",
		Short: "Coverage by a measure, as it was published, or inside the registry",
		Long: `Show the figures of a measure as they were published last, or with --as-of on that day or
before it: by state, region or county, or of the whole state by birth_cohort, sex, race,
ethnicity or language. A figure that is withheld is empty. Nothing is worked out anew. How
many people live there is beside them where the site has a file of populations.

With --internal the figures are counted anew from the results of a night that is kept, by
any of these together, and by age, clinic and funding, whatever their size and without who
is restricted by now. They tell of single persons: they go to a recipient who receives
coverage, into a file, and are recorded as disclosed with a reason.` +
			shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage, shell.ExitNoLake, shell.ExitDamaged),
		Example: `  miic report coverage --measure mmr-1 --by county
  miic report coverage --measure 4:3:1:3:3:1:4 --by birth_cohort --as-of 2026-03-05 --csv
  miic report coverage --measure mmr-1 --by county,birth_cohort --internal --for state --reason "plan 2027" --out mmr.csv`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return q.report(cmd.Context(), a) },
	}
	f := cmd.Flags()
	f.StringVar(&q.measure, "measure", "", "`id` of the measure: 'miic measures list' lists them")
	f.StringSliceVar(&q.by, "by", []string{"state"}, "an `area or property`, as above; with --internal several, joined by commas")
	f.StringVar(&q.area, "area", "", "only this `area`: a region, or a county by its name or five-digit code")
	f.StringVar(&q.AsOf, "as-of", "", "the publication, or with --internal the night, of this `date` or the last before it")
	f.BoolVar(&q.csv, "csv", false, "write CSV")
	f.StringVar(&q.parquet, "parquet", "", "write the rows as Parquet to this `file`")
	f.BoolVar(&q.internal, "internal", false, "count anew, whatever the size of a figure")
	f.StringVar(&q.To, "for", "", "with --internal: who receives it, the `id` of a recipient's entry")
	f.StringVar(&q.Reason, "reason", "", "with --internal: why, in words; kept with the disclosure")
	f.StringVar(&q.Out, "out", "", "with --internal: the CSV `file` to write; one that is there is not replaced")
	return cmd
}

func (q *asked) report(ctx context.Context, a *shell.App) error {
	measures, err := all(a)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(measures, func(m measure.Measure) bool { return m.ID == q.measure })
	if at < 0 {
		return shell.UsageError("there is no measure %q: 'miic measures list' lists them", q.measure)
	}
	if q.AsOf != "" {
		if _, err := table.ParseDate(q.AsOf); err != nil {
			return shell.UsageError("--as-of %q: %w", q.AsOf, err)
		}
	}
	if err := q.checkBy(); err != nil {
		return err
	}
	if q.internal {
		return q.inside(ctx, a)
	}
	if !measures[at].Publish {
		return shell.UsageError("measure %s is not published: --internal counts it", q.measure)
	}
	return q.published(a)
}

// checkBy refuses what figures cannot be asked for by.
func (q *asked) checkBy() error {
	known := slices.Concat(publication.Areas, publication.Strata)
	if q.internal {
		known = slices.Concat(publication.Areas, measure.Properties)
	}
	for _, by := range q.by {
		if !slices.Contains(known, by) {
			hint := ""
			if !q.internal && slices.Contains(measure.Properties, by) {
				hint = "; --internal counts by it"
			}
			return shell.UsageError("--by %q is none of %s%s", by, strings.Join(known, ", "), hint)
		}
	}
	if !q.internal && len(q.by) != 1 {
		return shell.UsageError("--by %s: nothing is published by several together; name one, or count with --internal", strings.Join(q.by, ","))
	}
	return nil
}

// place finds the area that is asked for: its type and code; empty for all.
func (q *asked) place(counties []area.County) (kind, code string, err error) {
	if q.area == "" {
		return "", "", nil
	}
	if fips, region := area.Named(counties, q.area); fips != "" {
		return "county", fips, nil
	} else if region != "" {
		return "region", region, nil
	}
	return "", "", shell.UsageError("unknown area %q: name a region (%s), or a county by its name or five-digit code", q.area,
		strings.Join(area.RegionsOf(counties), ", "))
}

// checkArea refuses an area of a kind that the published rows asked for are not about.
func (q *asked) checkArea(kind string) error {
	switch by := q.by[0]; {
	case kind == "" || by == kind || kind == "region" && by == "county":
		return nil
	case !slices.Contains(publication.Areas, by):
		return shell.UsageError("--area %s: by %s only the whole state is published; --internal counts areas", q.area, by)
	case kind == "region":
		return shell.UsageError("--area %s is a region: ask --by region or --by county", q.area)
	}
	return shell.UsageError("--area %s is a county: ask --by county", q.area)
}

// published shows rows of a publication.
func (q *asked) published(a *shell.App) error {
	c, l, head, err := shell.OpenHead(a)
	if err != nil {
		return err
	}
	kind, code, err := q.place(c.Reports.Counties)
	if err != nil {
		return err
	}
	if err := q.checkArea(kind); err != nil {
		return err
	}
	by := q.by[0]
	isArea := slices.Contains(publication.Areas, by)
	var rows []table.Publication
	var days []string
	day := ""
	err = table.Scan(l.Files(head, table.Publications.Name), func(p *table.Publication) error {
		on := p.PublishedOn.String()
		if !slices.Contains(days, on) {
			days = append(days, on)
		}
		if p.Measure != q.measure || q.AsOf != "" && on > q.AsOf || on < day {
			return nil
		}
		if on > day {
			day, rows = on, nil
		}
		if isArea && p.AreaType == by && p.Stratum == "all" || !isArea && p.Stratum == by {
			rows = append(rows, *p)
		}
		return nil
	})
	if err != nil {
		return err
	}
	slices.Sort(days)
	if day == "" && len(days) == 0 {
		return shell.UsageError("nothing was published yet: the setting publish is %q", c.Reports.Publish)
	}
	if day == "" {
		return shell.UsageError("measure %s was not published by %s: figures were published on %s", q.measure, q.AsOf, strings.Join(days, ", "))
	}
	if kind != "" {
		region := map[string]string{}
		for _, k := range c.Reports.Counties {
			region[k.FIPS] = k.Region
		}
		rows = slices.DeleteFunc(rows, func(p table.Publication) bool {
			return p.AreaCode != code && (kind != "region" || region[p.AreaCode] != code)
		})
	}
	if len(rows) == 0 {
		return shell.UsageError("measure %s has no figures by %s in the publication of %s", q.measure, by, day)
	}
	return q.write(a, rows)
}

// write writes published rows as was asked.
func (q *asked) write(a *shell.App, rows []table.Publication) error {
	switch {
	case q.parquet != "":
		if err := shell.NewFile(q.parquet); err != nil {
			return err
		}
		return writeParquet(q.parquet, rows)
	case a.JSON:
		return a.Document(documents(rows))
	case q.csv:
		cells := make([][]string, len(rows))
		for i := range rows {
			cells[i] = publication.Cells(&rows[i])
		}
		return csvfile.Style{}.WriteTo(a.Stdout, publication.Header(), slices.Values(cells))
	case a.Quiet:
		return nil
	}
	prose.Columns(a.Stdout, lines(rows))
	for _, n := range publication.Notes(rows) {
		fmt.Fprintf(a.Stdout, "%s: %s\n", n[0], n[1])
	}
	if len(rows) > 0 {
		a.Say("%s, version %d, as published on %s (snapshot %d)", q.measure, rows[0].MeasureVersion, rows[0].PublishedOn, rows[0].Snapshot)
	}
	return nil
}

// lines are rows for a person; how many people live there is beside them where a row has it.
func lines(rows []table.Publication) [][]string {
	header := []string{"area", "of whom", "people", "by valid doses", "by any", "percent", "95 %"}
	compared := slices.ContainsFunc(rows, func(p table.Publication) bool { return p.Population > 0 && !p.Suppressed })
	if compared {
		header = append(header, "live there", "people of 100")
	}
	list, names := [][]string{append(header, "footnotes")}, publication.Header()
	for i := range rows {
		c := map[string]string{}
		for k, cell := range publication.Cells(&rows[i]) {
			c[names[k]] = cell
		}
		line := []string{c["area_name"], c["stratum_name"], c["denominator"], c["numerator"], c["numerator_any"], c["percent"],
			strings.Trim(c["percent_low"]+" to "+c["percent_high"], " to")}
		if rows[i].Suppressed {
			line[2] = "withheld"
		}
		if compared {
			line = append(line, c["population"], c["population_percent"])
		}
		list = append(list, append(line, c["footnotes"]))
	}
	return list
}

// documents are rows for a script: numbers are numbers, and what is withheld or not known is null.
func documents(rows []table.Publication) []map[string]any {
	list, columns := make([]map[string]any, len(rows)), publication.Columns()
	for i := range rows {
		list[i] = map[string]any{}
		for k, cell := range publication.Cells(&rows[i]) {
			switch name := columns[k].Name; {
			case cell == "" && columns[k].Null:
				list[i][name] = nil
			case columns[k].SQL == "BOOLEAN":
				list[i][name] = cell == "true"
			case slices.Contains([]string{"INTEGER", "BIGINT", "DOUBLE"}, columns[k].SQL):
				list[i][name] = json.Number(cell)
			default:
				list[i][name] = cell
			}
		}
	}
	return list
}

// writeParquet writes the file whole or not at all: it takes its place once it is complete.
func writeParquet(path string, rows []table.Publication) error {
	dir, err := os.MkdirTemp(filepath.Dir(path), ".writing-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	defer os.RemoveAll(dir)
	tmp := filepath.Join(dir, "rows.parquet")
	w, err := table.NewWriter[table.Publication](table.Publications, tmp)
	if err != nil {
		return err
	}
	for i := range rows {
		if err := w.Append(&rows[i]); err != nil {
			w.Close()
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	if err := os.Chmod(tmp, 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, path)
}

// inside counts anew, for a recipient, and records that.
func (q *asked) inside(ctx context.Context, a *shell.App) error {
	o, err := q.OpenFile(ctx, a, recipient.Coverage)
	if err != nil {
		return err
	}
	defer o.Close()
	kind, code, err := q.place(o.Config.Reports.Counties)
	if err != nil {
		return err
	}
	if err := o.Engine.Tables(ctx, o.Lake.FilesOf(o.Night), table.Clients, table.PatientStatuses, table.MeasureResults, table.NotCounteds); err != nil {
		return err
	}
	night, err := o.Night.Date()
	if err != nil {
		return err
	}
	ask := publication.Question{Measure: q.measure, By: q.by, Night: night, Counties: o.Config.Reports.Counties, Hidden: o.Hidden()}
	if kind != "" {
		ask.By = append(slices.Clone(q.by), kind)
	}
	figures, err := ask.Ask(ctx, o.Engine)
	if err != nil {
		return err
	}
	figures = slices.DeleteFunc(figures, func(f publication.Inside) bool {
		return kind == "county" && f.County != code || kind == "region" && f.Region != code
	})
	if len(figures) == 0 {
		return shell.UsageError("nobody is in the population of %s on the night of %s: choose another day with --as-of, or another area", q.measure, o.Night.AsOf)
	}
	header := []string{"measure", "as_of", "county_fips", "county", "region", "birth_cohort", "age", "sex", "sex_name", "race", "race_name",
		"ethnicity", "ethnicity_name", "language", "language_name", "clinic", "funding", "funding_name", "denominator", "numerator", "numerator_any"}
	n := func(n int64) string { return strconv.FormatInt(n, 10) }
	rows := make([][]string, len(figures))
	for i, f := range figures {
		rows[i] = []string{q.measure, o.Night.AsOf, f.County, f.CountyName, f.Region, f.BirthCohort, f.Age, f.Sex, f.SexName, f.Race, f.RaceName,
			f.Ethnicity, f.EthnicityName, f.Language, f.LanguageName, f.Clinic, f.Funding, f.FundingName, n(f.Denominator), n(f.Numerator), n(f.NumeratorAny)}
	}
	if err := o.WriteRows(q.Out, nil, header, rows); err != nil {
		return err
	}
	if a.JSON {
		return a.Document(map[string]any{"snapshot": o.Night.Snapshot, "as_of": o.Night.AsOf, "rows": len(rows), "recipient": o.Recipient.ID, "file": q.Out})
	}
	a.Say("%s: %s of %s by %s, for %s, by the night of %s (snapshot %d); not for publication", q.Out, prose.Count(int64(len(rows)), "figure", "figures"),
		q.measure, strings.Join(q.by, ", "), o.Recipient.Name, o.Night.AsOf, o.Night.Snapshot)
	return nil
}
