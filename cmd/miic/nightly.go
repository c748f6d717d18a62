package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"miic/cmd/miic/attempt"
	"miic/cmd/miic/shell"
	"miic/internal/lake"
	"miic/internal/pipeline"
	"miic/internal/prose"
)

type nightOptions struct {
	asOf   string
	upTo   string
	dryRun bool
	force  bool
	reason string
}

func nightlyCommand(a *shell.App) *cobra.Command {
	var o nightOptions
	cmd := &cobra.Command{
		Use:   "nightly",
		Short: "The whole night: inbox to letters, committed once",
		Long: `Run the night: take in what lies in the inbox, link it, forecast, write out/, check
the result and commit it once. A stage whose inputs have not changed is not run again,
and what a killed run has finished is taken up. Nothing new: nothing is done.

Afterwards open out/tonight.html: it is always of the newest attempt, whether that was committed,
held, failed or interrupted, has what to do, and leads to the run page.` +
			shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage, shell.ExitIncomplete, shell.ExitHeld, shell.ExitLocked, shell.ExitDamaged, shell.ExitNoSpace, shell.ExitNeedsPerson, shell.ExitInterrupted),
		Example: `  miic nightly --config /etc/miic/miic.yaml
  miic nightly --as-of 2026-03-02 --json
  miic nightly --dry-run`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return runNight(cmd.Context(), a, o) },
	}
	cmd.Flags().StringVar(&o.asOf, "as-of", "", "as-of `date`, YYYY-MM-DD (default today in the configured time zone)")
	cmd.Flags().BoolVar(&o.dryRun, "dry-run", false, "say what would be done; commit and write nothing")
	cmd.Flags().BoolVar(&o.force, "force-date", false,
		"take an as-of date that is later than tomorrow, or more than 45 days after the last night's; needs --reason")
	cmd.Flags().StringVar(&o.reason, "reason", "", "why the date is right; kept with the snapshot")
	return cmd
}

func runNight(ctx context.Context, a *shell.App, o nightOptions) error {
	c, err := shell.Load(a.ConfigPath)
	if err != nil {
		if o.upTo == "" && !o.dryRun {
			a.ReportUnread(err)
		}
		return err
	}
	at := a.NewAttempt(c, attempt.Night)
	err = executeNight(ctx, a, c, o, at)
	if o.upTo == "" && !o.dryRun {
		a.Report(ctx, c, at, err)
	}
	if err != nil {
		return err
	}
	if a.JSON {
		return a.Document(at.Result)
	}
	return summary(a, c, at.Result)
}

// executeNight runs the night; the attempt has its result, if it comes to one.
func executeNight(ctx context.Context, a *shell.App, c *shell.Config, o nightOptions, at *attempt.Attempt) error {
	asOf, err := shell.AsOfDate(o.asOf, c)
	if err != nil {
		return err
	}
	at.Result = &pipeline.Result{AsOf: asOf.String()}
	options, err := shell.Nightly(c, asOf)
	if err != nil {
		return err
	}
	if o.force != (strings.TrimSpace(o.reason) != "") {
		return shell.UsageError("--force-date and --reason belong together: say why the date is right")
	}
	options.ForceDate = o.reason
	l, closeLake, err := lakeOfNight(c, o.dryRun)
	if err != nil {
		return err
	}
	defer closeLake()
	options.Lake = l
	p := shell.NewProgress(a)
	options.UpTo, options.DryRun, options.Log, options.Operator = o.upTo, o.dryRun, p.Log, shell.Operator()
	options.Progress = p.At
	options.Begun = func(run string) {
		at.Result.Run = run
		if o.upTo != "" {
			return
		}
		if err := at.Write(); err != nil { // a full disk ends the night where it matters
			p.Log.Warn("the page of this attempt could not be written", "cause", err)
		}
	}
	at.Result, err = pipeline.Execute(ctx, options)
	p.End()
	a.Code = at.Result.Exit
	if err == nil && at.Result.Outcome == pipeline.Committed {
		shell.RefreshReview(ctx, a, c, l)
	}
	return err
}

// lakeOfNight opens the lake, or makes it for the first night; a dry run of the first night has one that is gone behind it.
func lakeOfNight(c *shell.Config, dryRun bool) (*lake.Lake, func(), error) {
	l, err := shell.OpenOrCreate(c.Lake, dryRun)
	if lake.CodeOf(err) != lake.NoLake {
		return l, func() {}, err
	}
	dir, err := os.MkdirTemp("", "miic-dry-run-*")
	if err != nil {
		return nil, nil, err
	}
	gone := func() { os.RemoveAll(dir) }
	if l, err = shell.OpenOrCreate(filepath.Join(dir, "lake"), false); err != nil {
		gone()
	}
	return l, gone, err
}

// summary prints in a few lines what came out and where to look.
func summary(a *shell.App, c *shell.Config, r *pipeline.Result) error {
	switch r.Outcome {
	case pipeline.NothingToDo:
		a.Say("nothing to do: snapshot %d is in force, and nothing new has arrived", r.Snapshot)
		sayUnmoved(a, r)
		return nil
	case pipeline.Sealed:
		a.Say("sealed, not committed: 'miic nightly' takes it up")
		return nil
	case pipeline.DryRun:
		a.Say("%d files in the inbox; a night as of %s would:", r.Files, r.AsOf)
		for _, s := range r.Stages {
			a.Say("  %-9s %s", s.Stage, s.How)
		}
		a.Say("what would come of each delivery by itself (whether it is held for being far from what its sender usually sends,\n" +
			"only the night finds):")
		for _, s := range r.Stages {
			for _, n := range s.Notes {
				a.Say("  %-9s %s", n.Kind, strings.TrimSpace(strings.Join([]string{n.Sender, n.File}, " ")+": "+n.Text))
			}
		}
		return nil
	case pipeline.Held: // said even when quiet: it needs a person
		fmt.Fprintf(a.Stderr, "held by a brake; HEAD is still snapshot %d\n", r.Snapshot-1)
		for _, t := range r.Tripped {
			fmt.Fprintf(a.Stderr, "  %s: %s\n", t.Brake, t.Text)
		}
		fmt.Fprintf(a.Stderr, "to take it:    miic lake accept %s --config %s --reason \"…\"\n", r.Run, a.ConfigPath)
		fmt.Fprintln(a.Stderr, "to try again:  mend the cause, then run the night again")
		return nil
	}
	_, l, err := shell.OpenLake(a)
	if err != nil {
		return err
	}
	m, err := l.Head()
	if err != nil {
		return err
	}
	count := func(stage, name string) string {
		for _, s := range r.Stages {
			if s.Stage == stage {
				return prose.Thousands(s.Counts[name])
			}
		}
		return "0"
	}
	rows := func(name string) string { return prose.Thousands(lake.Rows(m.Tables[name])) }
	a.Say("snapshot %d as of %s is committed", r.Snapshot, r.AsOf)
	a.Say("  arrived   %d files: %s units read, %s accepted, %s refused, %s held", r.Files,
		count("ingest", "units_read"), count("ingest", "units_accepted"), count("ingest", "units_rejected"), count("ingest", "units_held"))
	a.Say("  people    %s, from %s records; %s doses, from %s reports", rows("client"), rows("client_link"), rows("immunization"), rows("immunization_source"))
	a.Say("  due       %s people due by 30 days from tonight, %s past due by 30 days or more; %s reminders and %s recalls written",
		count("campaign", "due"), count("campaign", "overdue"), count("campaign", "reminders"), count("campaign", "recalls"))
	for _, s := range r.Stages {
		for _, n := range s.Notes {
			if n.Exit3 || n.Kind == "missing" || n.Kind == "left" {
				a.Say("  %-9s %s", n.Kind, strings.TrimSpace(strings.Join([]string{n.Sender, n.File}, " ")+": "+n.Text))
			}
		}
	}
	sayUnmoved(a, r)
	a.Say("  files     %d under %s; read %s first", len(m.Out), r.Out, filepath.Join(c.Out, "tonight.html"))
	return nil
}

// sayUnmoved names what of the inbox and the archive needs a person, also when quiet.
func sayUnmoved(a *shell.App, r *pipeline.Result) {
	for _, u := range r.Unmoved {
		fmt.Fprintf(a.Stderr, "  unmoved   %s\n", strings.TrimSpace(strings.Join([]string{u.Sender, u.Name}, " ")+": "+u.Why))
	}
}
