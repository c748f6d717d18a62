package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"miic/forecast"
	"miic/ingest"
	"miic/internal/engine"
	"miic/internal/lake"
	"miic/internal/overlay"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/linkage"
	"miic/linkage/review"
	"miic/reports"
)

// stages lists the night in order. Each reads only tables that one before it has written.
func stages(c *Config) []pipeline.Stage {
	return append([]pipeline.Stage{
		ingest.Stage(c.ingest()),   // deliveries  → records
		linkage.Stage(c.Linkage),   // records     → people → doses
		forecast.Stage(c.Forecast), // people      → due dates
	}, reports.Stages(c.Reports)...) // due dates   → letters, percentages, the run page
}

type nightOptions struct {
	asOf   string
	upTo   string
	dryRun bool
}

func nightlyCommand(a *app) *cobra.Command {
	var o nightOptions
	cmd := &cobra.Command{
		Use:   "nightly",
		Short: "The whole night: inbox to letters, committed once",
		Long: `Run the night: take in what lies in the inbox, link it, forecast, write out/, check
the result and commit it once. A stage whose inputs have not changed is not run again,
and what a killed run has finished is taken up. Nothing new: nothing is done.

Afterwards open out/latest/run.html: what arrived, what was held, what to do.` +
			exits(exitDone, exitFailed, exitUsage, exitIncomplete, exitHeld, exitLocked, exitDamaged, exitNoSpace, exitInterrupted),
		Example: `  miic nightly --config /srv/miic/miic.yaml
  miic nightly --as-of 2026-03-02 --json
  miic nightly --dry-run`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return runNight(cmd.Context(), a, o) },
	}
	cmd.Flags().StringVar(&o.asOf, "as-of", "", "as-of `date`, YYYY-MM-DD (default today in the configured time zone)")
	cmd.Flags().BoolVar(&o.dryRun, "dry-run", false, "say what would be done; commit and write nothing")
	return cmd
}

// lakeOptions gives the lake the only clock there is.
func lakeOptions() lake.Options { return lake.Options{Now: time.Now} }

// asOfDate reads the flag, or takes today in the configured zone.
func asOfDate(flag string, c *Config) (table.Date, error) {
	if flag != "" {
		d, err := table.ParseDate(flag)
		if err != nil {
			return 0, usageError("--as-of %q: %w", flag, err)
		}
		return d, nil
	}
	zone, err := time.LoadLocation(c.TimeZone)
	if err != nil {
		return 0, usageError("time_zone: %w", err)
	}
	return table.FromTime(time.Now().In(zone)), nil
}

func runNight(ctx context.Context, a *app, o nightOptions) error {
	c, err := Load(a.configPath)
	if err != nil {
		return err
	}
	asOf, err := asOfDate(o.asOf, c)
	if err != nil {
		return err
	}
	options, err := nightly(c, asOf)
	if err != nil {
		return err
	}
	l, err := openOrCreate(c, o.dryRun)
	if err != nil {
		return err
	}
	options.Lake = l
	p := newProgress(a)
	options.UpTo, options.DryRun, options.Log, options.Operator = o.upTo, o.dryRun, p.log, operator()
	options.Progress = p.at
	result, err := pipeline.Execute(ctx, options)
	p.end()
	if err != nil {
		return err
	}
	a.code = result.Exit
	if a.json {
		return a.document(result)
	}
	return a.summary(c, l, result)
}

// openOrCreate opens the lake, or makes an empty one for the first night.
func openOrCreate(c *Config, dryRun bool) (*lake.Lake, error) {
	l, err := lake.Open(c.Lake, lakeOptions())
	if lake.CodeOf(err) == lake.NoLake && !dryRun {
		return lake.Create(c.Lake, lakeOptions())
	}
	return l, err
}

// nightly is everything about a night that the configuration decides; the lake is the caller's.
func nightly(c *Config, asOf table.Date) (pipeline.Options, error) {
	var err error
	if c.parted, err = partings(c.Linkage.Verdicts); err != nil {
		return pipeline.Options{}, usageError("%w", err)
	}
	schedule, err := forecast.ScheduleVersion(c.Forecast)
	if err != nil {
		return pipeline.Options{}, usageError("forecast: %w", err)
	}
	return pipeline.Options{
		Stages: stages(c), AsOf: asOf,
		Inbox: c.Inbox, Archive: c.Archive, RetainDays: c.Retain, Out: c.Out,
		Config: c, Schedule: schedule,
		Engine:     engine.Options{MemoryMiB: c.MemoryMiB},
		Invariants: invariants(),
		Brakes:     c.Brakes.list(),
		Renamed:    renamed,
	}, nil
}

// partings are the verdicts that ingest acts on: a record that contradicts itself is two people's.
func partings(path string) ([]ingest.Parting, error) {
	verdicts, err := review.ReadVerdicts(path)
	var list []ingest.Parting
	for _, v := range verdicts {
		if v.Decision == "different" && overlay.IsTurn(v.Evidence) {
			list = append(list, ingest.Parting{Record: v.RecordL, Becomes: v.RecordR, Evidence: v.Evidence})
		}
	}
	return list, err
}

// summary prints in a few lines what came out and where to look.
func (a *app) summary(c *Config, l *lake.Lake, r *pipeline.Result) error {
	switch r.Outcome {
	case pipeline.NothingToDo:
		a.say("nothing to do: snapshot %d stands, and nothing new has arrived", r.Snapshot)
		return nil
	case pipeline.Sealed:
		a.say("sealed, not committed: 'miic nightly' takes it up")
		return nil
	case pipeline.DryRun:
		a.say("%d files in the inbox; a night as of %s would:", r.Files, r.AsOf)
		for _, s := range r.Stages {
			a.say("  %-9s %s", s.Stage, s.How)
		}
		return nil
	case pipeline.Held: // said even when quiet: it needs a person
		fmt.Fprintf(a.stderr, "held by a brake; HEAD is still snapshot %d\n", r.Snapshot-1)
		for _, t := range r.Tripped {
			fmt.Fprintf(a.stderr, "  %s: %s\n", t.Brake, t.Text)
		}
		fmt.Fprintf(a.stderr, "to take it:    miic lake accept %s --config %s --reason \"…\"\n", r.Run, a.configPath)
		fmt.Fprintln(a.stderr, "to try again:  mend the cause, then run the night again")
		return nil
	}
	m, err := l.Head()
	if err != nil {
		return err
	}
	count := func(stage, name string) string {
		for _, s := range r.Stages {
			if s.Stage == stage {
				return thousands(s.Counts[name])
			}
		}
		return "0"
	}
	rows := func(name string) string { return thousands(lake.Rows(m.Tables[name])) }
	a.say("snapshot %d as of %s is committed", r.Snapshot, r.AsOf)
	a.say("  arrived   %d files: %s units read, %s accepted, %s refused, %s held", r.Files,
		count("ingest", "units_read"), count("ingest", "units_accepted"), count("ingest", "units_rejected"), count("ingest", "units_held"))
	a.say("  people    %s, from %s records; %s doses, from %s reports", rows("client"), rows("client_link"), rows("immunization"), rows("immunization_source"))
	a.say("  due       %s people within 30 days, %s past due by 30 days or more; %s reminders and %s recalls written",
		count("campaign", "due"), count("campaign", "overdue"), count("campaign", "reminders"), count("campaign", "recalls"))
	for _, s := range r.Stages {
		for _, n := range s.Notes {
			if n.Exit3 || n.Kind == "missing" {
				a.say("  %-9s %s", n.Kind, strings.TrimSpace(strings.Join([]string{n.Sender, n.File}, " ")+": "+n.Text))
			}
		}
	}
	a.say("  files     %d under %s; read %s first", len(m.Out), r.Out, filepath.Join(c.Out, "latest", "run.html"))
	return nil
}

// invariants are what must hold on a finished night; one broken fails it.
func invariants() []pipeline.Invariant {
	return append(conservation(), reports.Invariants()...)
}

// conservation states that nothing delivered is lost between the stages.
func conservation() []pipeline.Invariant {
	var list []pipeline.Invariant
	for _, x := range []struct {
		name, query string
		of          []*table.Table // what a night may have changed, so that it is enough to look at that
	}{
		{"a client id is not given twice", "invariant_client", nil},
		{"an event is one dose", "invariant_event", []*table.Table{table.ImmunizationSources}},
		{"every dose belongs to a person", "invariant_dose", nil},
		{"every dose source names a dose", "invariant_source", []*table.Table{table.Immunizations, table.ImmunizationSources}},
		{"every forecast is about a person", "invariant_forecast", nil},
		{"every link names a person", "invariant_link", nil},
		{"every live record belongs to one person", "invariant_live_record", []*table.Table{table.StandardRecords, table.ClientLinks}},
		{"no restriction is lost between snapshots", "invariant_restriction", nil},
		{"units read = accepted + rejected + held", "invariant_units", nil},
	} {
		inv := pipeline.Invariant{Name: x.name, SQL: queries.Get(x.query), Of: x.of}
		if x.of != nil {
			inv.Changes = queries.Get(x.query + "_changed")
		}
		list = append(list, inv)
	}
	return list
}
