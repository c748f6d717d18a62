// Package publication publishes coverage: at set dates, rows that are stored and never worked out again.
//
//	coverage.csv, coverage.parquet   the latest publication: the same bytes every night until the next one
//	footnotes.csv                    the texts of its footnotes
//
// What is published is a row of the log publication, which no rollback, prune or purge takes back. Small numbers are
// withheld over all published tables and measures together, and over the publications before: nobody's figure appears or
// changes alone.
package publication

import (
	"context"
	"embed"
	"math"
	"slices"
	"strconv"

	"miic/internal/area"
	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/csvfile"
	"miic/reports/footnote"
	"miic/reports/measure"
	"miic/reports/privacy"
	"miic/reports/suppression"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

var queries = engine.LoadQueries(sqlFiles)

// Config is what a site decides about what it publishes.
type Config struct {
	Timing    Timing
	Rule      suppression.Rule
	Measures  []measure.Measure // of which those that say so are published
	HomeState string            // two letters: the code of the whole state
	Counties  []area.County     // those that are listed, with their regions
	Regions   []string          // in the order of the rows; the last is of those who have none
	Footnotes []footnote.Footnote
}

// Few is why a row is withheld, whether for its own sake or for another's: to say which would say how few.
const Few = "few"

// Strata are the properties by which the whole state is published. Age is none, since a birth cohort and an age together
// are a few months; nor is the clinic, whose figures are its own.
var Strata = []string{"birth_cohort", "sex", "race", "ethnicity", "language"}

// Waits says why nothing new is published tonight, whatever the day; empty: nothing holds it back. While requests are unread
// nobody's wish is known; and what is published on a night without deliveries would be of an older day than it says.
func Waits(ctx context.Context, r *pipeline.Run) (string, error) {
	unread, err := privacy.UnreadRequests(ctx, r)
	switch {
	case err != nil:
		return "", err
	case len(unread) > 0:
		return "a file of families' requests is unread", nil
	case len(r.EarlierNotes(pipeline.Silence)) > 0:
		return "nothing has come from most of the senders whose files were due", nil
	}
	return "", nil
}

// Run publishes on the first night that is due and that nothing holds back, and writes the latest publication under out/.
func Run(ctx context.Context, r *pipeline.Run, c Config) error {
	waits, err := Waits(ctx, r)
	if err != nil {
		return err
	}
	before, err := readEarlier(r.PriorFiles(table.Publications.Name))
	if err != nil {
		return err
	}
	switch {
	case waits != "":
		r.Count("withheld", 1)
	case c.Timing.Next(r.AsOf, before.last) == r.AsOf:
		rows, err := c.rows(ctx, r, before)
		if err != nil {
			return err
		}
		if err := engine.Load(ctx, r.Engine, "publication_row", plain(rows)); err != nil {
			return err
		}
		if _, err := r.Copy(ctx, table.Publications, queries.Get("publication")); err != nil {
			return err
		}
		r.Count("rows", int64(len(rows)))
		noteCrowded(r, rows)
		before.last = r.AsOf
	}
	if before.last == 0 {
		return nil
	}
	return writeLatest(ctx, r)
}

// writeLatest writes the latest publication under out/.
func writeLatest(ctx context.Context, r *pipeline.Run) error {
	if err := r.View(ctx, table.Publications); err != nil {
		return err
	}
	path, err := r.OutPath("coverage.parquet")
	if err != nil {
		return err
	}
	if _, err := r.Engine.Copy(ctx, table.Publications, queries.Get("latest"), path); err != nil {
		return err
	}
	rows, err := table.ReadAll[table.Publication]([]string{path})
	if err != nil {
		return err
	}
	if err := writeNotes(r, rows); err != nil {
		return err
	}
	if path, err = r.OutPath("coverage.csv"); err != nil {
		return err
	}
	return csvfile.Write(path, Header(), func(yield func([]string) bool) {
		for i := range rows {
			if !yield(Cells(&rows[i])) {
				return
			}
		}
	})
}

// Columns are the columns of coverage.csv: the texts of footnotes are in a file of their own.
func Columns() []table.Column {
	return slices.DeleteFunc(slices.Clone(table.Publications.Columns), func(c table.Column) bool { return c.Name == "footnote_texts" })
}

// Header are their names.
func Header() []string {
	var header []string
	for _, c := range Columns() {
		header = append(header, c.Name)
	}
	return header
}

// Cells are a row of coverage.csv: figures that are withheld are empty.
func Cells(row *table.Publication) []string {
	number := func(n int64) string {
		if row.Suppressed {
			return ""
		}
		return strconv.FormatInt(n, 10)
	}
	met := number
	if row.Doses == NoDoses {
		met = func(int64) string { return "" }
	}
	population := ""
	if row.Population > 0 {
		population = number(row.Population)
	}
	percent := func(x float64) string {
		if math.IsNaN(x) {
			return ""
		}
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	return []string{row.PublishedOn.String(), strconv.FormatInt(row.Snapshot, 10), row.Measure, strconv.Itoa(int(row.MeasureVersion)),
		row.Doses, row.AreaType, row.AreaCode, row.AreaName, row.Stratum, row.StratumCode, row.StratumName, number(row.Denominator),
		met(row.Numerator), met(row.NumeratorAny), percent(row.Percent), percent(row.PercentLow), percent(row.PercentHigh),
		population, percent(row.PeoplePercent), strconv.FormatBool(row.Suppressed), row.Suppression, row.DenominatorRule, row.Schedule,
		row.Footnotes}
}

// publicationRow is table.Publication with counts that are never null: the flag records that they are withheld.
type publicationRow struct {
	PublishedOn     table.Date `col:"published_on" doc:"day"`
	Snapshot        int64      `col:"snapshot" doc:"snapshot"`
	Measure         string     `col:"measure" doc:"id"`
	MeasureVersion  int32      `col:"measure_version" doc:"version"`
	Doses           string     `col:"doses" doc:"which"`
	AreaType        string     `col:"area_type" doc:"type"`
	AreaCode        string     `col:"area_code" doc:"code"`
	AreaName        string     `col:"area_name" doc:"name"`
	Stratum         string     `col:"stratum" doc:"property"`
	StratumCode     string     `col:"stratum_code" doc:"value"`
	StratumName     string     `col:"stratum_name" doc:"in words"`
	Denominator     int64      `col:"denominator" doc:"people counted"`
	Numerator       int64      `col:"numerator" doc:"by valid doses"`
	NumeratorAny    int64      `col:"numerator_any" doc:"by any"`
	Percent         float64    `col:"percent,null" doc:"percent"`
	PercentLow      float64    `col:"percent_low,null" doc:"lower end"`
	PercentHigh     float64    `col:"percent_high,null" doc:"upper end"`
	Population      int64      `col:"population,null" doc:"who live there"`
	PeoplePercent   float64    `col:"population_percent,null" doc:"people counted of them"`
	Suppressed      bool       `col:"suppressed" doc:"withheld"`
	Suppression     string     `col:"suppression,null" doc:"why"`
	DenominatorRule string     `col:"denominator_rule" doc:"rule"`
	Schedule        string     `col:"schedule,null" doc:"version"`
	Footnotes       string     `col:"footnotes,null" doc:"ids"`
	FootnoteTexts   string     `col:"footnote_texts,null" doc:"texts"`
}

func plain(rows []table.Publication) []publicationRow {
	list := make([]publicationRow, len(rows))
	for i, r := range rows {
		list[i] = publicationRow(r)
	}
	return list
}
