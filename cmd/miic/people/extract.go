package people

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/forecast"
	"miic/forecast/visit"
	"miic/ingest/codes"
	"miic/internal/private"
	"miic/internal/prose"
	"miic/internal/table"
	"miic/reports/csvfile"
	"miic/reports/extract"
	"miic/reports/recipient"
)

// leastClass is the smallest number of people who may share a description.
const leastClass = 5

// apartDays is how far apart two extracts for one recipient are: who compares two nights sees on which day somebody was given a
// dose or came to an age.
const apartDays = 28

// Extract is miic report extract.
func Extract(a *shell.App) *cobra.Command {
	var d shell.Demand
	var study, key string
	class := 11
	cmd := &cobra.Command{
		Use:   "extract",
		Short: "A night's data without names, as Parquet files for a study",
		Long: `Write a folder of Parquet files for an epidemiologist who works under an agreement: people
under pseudonyms, their doses, visits and forecasts, measures of coverage, notices, and how
good deliveries were; with what the codes stand for, dictionary.csv, and queries.sql with
thirty questions that are answered.

No name, address or number is in it, and no day: dates are moved by some days, differently for
each person, and cut to months; ages are in completed months. At least --class people share
each description (period of birth, sex, race, ethnicity, language, county); what is rarer is
coarser. Who is restricted by now is in none of the files.

The key makes the pseudonyms: 64 hexadecimal digits in a file that nobody else may read. Keep it
with the study, and not in the lake: with it, and only with it, the next extract has the same
pseudonyms. A recipient gets the data of two nights no less than 28 days apart.` +
			shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage, shell.ExitNoLake, shell.ExitDamaged),
		Example: `  openssl rand -hex 32 > measles-2026.key && chmod 600 measles-2026.key
  miic report extract --for state --study measles-2026 --key measles-2026.key --reason "protocol 12" --out measles-2026-03
  cd measles-2026-03 && duckdb -init queries.sql`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if d.Out == "" {
				return shell.UsageError("name the folder to write with --out FOLDER")
			}
			if strings.TrimSpace(study) == "" {
				return shell.UsageError("name the study with --study NAME")
			}
			if class < leastClass {
				return shell.UsageError("--class %d: %d people at least share each description", class, leastClass)
			}
			bytes, err := studyKey(key)
			if err != nil {
				return err
			}
			return reportExtract(cmd.Context(), a, &d, extract.Options{Study: study, Key: bytes, Class: class})
		},
	}
	d.Flags(cmd.Flags())
	cmd.Flags().Lookup("out").Usage = "the `folder` to write; one that is there is not replaced"
	cmd.Flags().StringVar(&study, "study", "", "the `name` of the study; it is in every file")
	cmd.Flags().StringVar(&key, "key", "", "`file` of the study's key")
	cmd.Flags().IntVar(&class, "class", class, "how many people share each description, at least")
	return cmd
}

// studyKey reads the key of a study. No part of it is in an error.
func studyKey(path string) ([]byte, error) {
	how := "make one with 'openssl rand -hex 32 > FILE', or name that of the study's last extract, with --key FILE"
	if path == "" {
		return nil, shell.UsageError("an extract needs the study's key: %s", how)
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, shell.UsageError("cannot read the study's key: %w: %s", err, how)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, shell.UsageError("%s may be read by others: take that from them first ('chmod 600')", filepath.Base(path))
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, shell.UsageError("cannot read the study's key: %w", err)
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != extract.KeyBytes {
		return nil, shell.UsageError("%s is no key of a study: it has %d hexadecimal digits, and nothing else: %s", filepath.Base(path),
			2*extract.KeyBytes, how)
	}
	return key, nil
}

func reportExtract(ctx context.Context, a *shell.App, d *shell.Demand, opts extract.Options) error {
	o, err := d.OpenNight(ctx, a, recipient.Extract)
	if err != nil {
		return err
	}
	defer o.Close()
	asOf, err := o.Night.Date()
	if err != nil {
		return err
	}
	if err := farApart(o, asOf); err != nil {
		return err
	}
	if err := o.Engine.Tables(ctx, o.Lake.FilesOf(o.Night), extract.Reads...); err != nil {
		return err
	}
	opts.AsOf, opts.Snapshot, opts.Generation = asOf, o.Night.Snapshot, table.Generation
	opts.Agreement, opts.Recipient, opts.Shown = o.Recipient.Agreement.ID, o.Recipient.ID, o.Shown
	if err := DescribeExtract(o.Config, &opts); err != nil {
		return err
	}
	x, err := extract.Choose(ctx, o.Engine, opts)
	if err != nil {
		return err
	}
	if len(x.People) == 0 {
		return shell.UsageError("no %d people share a description: an extract of this night would be empty; take a smaller --class", opts.Class)
	}
	var files []extract.File
	err = o.WriteFolder(d.Out, x.People, func(dir string) (_ []string, err error) {
		if files, err = x.Write(ctx, dir); err != nil {
			return nil, err
		}
		return nil, beside(dir, x, files, &opts)
	})
	if err != nil {
		return err
	}
	if a.JSON {
		return a.Document(about(x, files, &opts))
	}
	rows := [][]string{{"file", "rows"}}
	for _, f := range files {
		rows = append(rows, []string{f.Name, prose.Thousands(f.Rows)})
	}
	if !a.Quiet {
		prose.Columns(a.Stdout, rows)
	}
	a.Say("%s: %s for %s, by the night of %s (snapshot %d); %s left out, whose description fewer than %d share even when it is coarse",
		d.Out, prose.Count(int64(len(x.People)), "person", "people"), o.Recipient.Name, o.Night.AsOf, o.Night.Snapshot,
		prose.Count(x.LeftOut, "is", "are"), opts.Class)
	a.Say("In no file, since it would say by how many days dates are moved: %s beyond the night and %s of measures",
		prose.Count(x.Untold.Doses, "dose", "doses"), prose.Count(x.Untold.Results, "result", "results"))
	return nil
}

// farApart refuses an extract of another night than the recipient has got one of in the last weeks.
func farApart(o *shell.OnDemand, asOf table.Date) error {
	list, err := o.Lake.Disclosures()
	if err != nil {
		return err
	}
	for _, one := range list {
		if one.Output != recipient.Extract || one.Recipient != o.Recipient.Name || one.Snapshot == o.Night.Snapshot {
			continue
		}
		m, err := o.Lake.Manifest(one.Snapshot)
		day := table.FromTime(one.At)
		if err == nil {
			if day, err = m.Date(); err != nil {
				return err
			}
		}
		if gap := asOf - day; gap > -apartDays && gap < apartDays {
			return shell.UsageError("%s has got an extract of the night of %s (disclosure %s): who compares two nights that are "+
				"less than %d days apart sees days; write that night's again with --as-of %s, or wait",
				o.Recipient.Name, day, one.ID, apartDays, day)
		}
	}
	return nil
}

// DescribeExtract adds what the codes of the lake stand for.
func DescribeExtract(c *shell.Config, opts *extract.Options) error {
	opts.Counties, opts.Regions = c.Reports.Counties, c.Reports.RegionNames()
	for _, s := range c.Senders {
		if s.Kind != "families" {
			opts.Clinics = append(opts.Clinics, extract.Clinic{ID: s.ID, Name: s.Name, Kind: s.Kind})
		}
	}
	opts.VisitsFrom = forecast.VisitsFrom(opts.AsOf)
	schedule, err := forecast.LoadSchedule(c.Forecast)
	if err != nil {
		return err
	}
	known := visit.NewSchedule(schedule)
	for _, g := range schedule.Groups {
		for _, antigen := range g.Antigens {
			opts.Groups = append(opts.Groups, extract.Group{Name: g.Name, Antigen: antigen, Dated: known.Dated(g.Name, forecast.DayOf(opts.VisitsFrom))})
		}
	}
	turns := map[string][]table.Date{}
	for _, t := range visit.Turns(schedule, forecast.DayOf(opts.AsOf)) {
		turns[t.Group] = append(turns[t.Group], forecast.DateOf(t.Born))
		opts.Turns = append(opts.Turns, extract.Turn{Group: t.Group, Born: forecast.DateOf(t.Born)})
	}
	for _, one := range schedule.Associations {
		on := codes.Licensed(one.CVX, "")
		opts.Vaccines = append(opts.Vaccines, extract.Vaccine{CVX: one.CVX, Antigen: one.Antigen,
			Names: strings.Join(codes.TradeNames(one.CVX), "|"), From: day(on.NotBefore), Until: day(on.NotAfter)})
	}
	measures, _, err := c.AllMeasures() // the night names files with a fault
	if err != nil {
		return err
	}
	for i := range measures {
		m := &measures[i]
		doses := "any"
		if m.Valid {
			doses = "valid"
		}
		opts.Measures = append(opts.Measures, extract.Measure{ID: m.ID, Version: m.Version, Title: m.Title, Population: m.Population.String(),
			Doses: doses, Steward: m.Steward, Published: m.Publish})
		born := m.Turns(opts.AsOf)
		for _, g := range m.Standings() {
			born = append(born, turns[g]...)
			if known.Dated(g, forecast.DayOf(opts.VisitsFrom)) {
				opts.Seasons = append(opts.Seasons, extract.Season{Measure: m.ID, Group: g})
			}
		}
		for _, day := range born {
			opts.Turns = append(opts.Turns, extract.Turn{Measure: m.ID, Born: day})
		}
		for _, s := range m.Seasons(opts.AsOf) {
			opts.Seasons = append(opts.Seasons, extract.Season{Measure: m.ID, Group: s.Group, From: s.From})
		}
	}
	return nil
}

// day is a day written YYYYMMDD; 0 is none.
func day(n int32) table.Date {
	if n == 0 {
		return 0
	}
	return table.NewDate(int(n/10000), int(n/100%100), int(n%100))
}

// beside writes what explains the tables.
func beside(dir string, x *extract.Extract, files []extract.File, opts *extract.Options) error {
	doc, err := json.MarshalIndent(about(x, files, opts), "", "  ")
	if err != nil {
		return err
	}
	var dictionary bytes.Buffer
	rows := extract.Dictionary()
	if err := (csvfile.Style{}).WriteTo(&dictionary, rows[0], slices.Values(rows[1:])); err != nil {
		return err
	}
	for name, text := range map[string][]byte{"extract.json": append(doc, '\n'), "dictionary.csv": dictionary.Bytes(),
		"queries.sql": []byte(extract.QueriesSQL())} {
		if err := private.Write(filepath.Join(dir, name), func(w io.Writer) error { _, err := w.Write(text); return err }); err != nil {
			return err
		}
	}
	return nil
}

// about is extract.json: what the extract is of, and for whom.
func about(x *extract.Extract, files []extract.File, opts *extract.Options) map[string]any {
	levels := map[string]int64{}
	for level, n := range x.Levels {
		levels[fmt.Sprint(level)] = n
	}
	return map[string]any{"study": opts.Study, "recipient": opts.Recipient, "agreement": opts.Agreement, "snapshot": opts.Snapshot,
		"as_of": opts.AsOf.String(), "schema_generation": opts.Generation, "people": len(x.People), "left_out": x.LeftOut,
		"untold": x.Untold, "class": opts.Class, "people_by_level": levels, "files": files}
}
