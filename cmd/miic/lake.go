package main

import (
	"fmt"
	"os"
	"os/user"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"miic/internal/engine"
	"miic/internal/lake"
	"miic/internal/pipeline"
	"miic/internal/prose"
	"miic/internal/table"
)

// lakeExitCode returns the code of an error from below.
func lakeExitCode(err error) int { return int(lake.CodeOf(err)) }

func lakeCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "lake",
		Short: "Look at the lake and care for it",
		Long:  "Look at the lake and care for it: its snapshots, their files, held nights." + exits(exitDone, exitUsage),
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, args []string) error { return cmd.Help() },
	}
	cmd.AddCommand(lakeStatus(a), lakeLog(a), lakeCheck(a), lakeAccept(a), lakeRollback(a), lakeBackout(a), lakePrune(a),
		lakeUpgrade(a), lakeViews(a))
	return cmd
}

// openLake opens the configured lake for reading.
func openLake(a *app) (*Config, *lake.Lake, error) {
	c, err := Load(a.configPath)
	if err != nil {
		return nil, nil, err
	}
	l, err := lake.Open(c.Lake, lakeOptions())
	return c, l, err
}

// openHead opens the configured lake and reads HEAD; a lake without a night is none.
func openHead(a *app) (*Config, *lake.Lake, *lake.Manifest, error) {
	c, l, err := openLake(a)
	if err != nil {
		return nil, nil, nil, err
	}
	m, err := l.Head()
	if err == nil && m == nil {
		err = &exitError{code: exitNoLake, err: fmt.Errorf("no night was committed yet: run 'miic nightly' first")}
	}
	if err == nil {
		err = l.Readable(m)
	}
	return c, l, m, err
}

func lakeStatus(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "status",
		Short: "HEAD, its figures, held nights, the last run",
		Long: "Show what HEAD is, the rows and bytes of its tables, which nights are held and how the last run ended." +
			exits(exitDone, exitUsage, exitNoLake, exitDamaged),
		Example: "  miic lake status\n  miic lake status --json | jq .head.snapshot",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			_, l, err := openLake(a)
			if err != nil {
				return err
			}
			s, err := l.Status()
			if err != nil {
				return err
			}
			if a.json {
				return a.document(s)
			}
			if s.Head == nil {
				a.say("no night was committed yet")
			} else {
				a.say("snapshot %d as of %s, parent %d, schedule %s, made by run %s (%s)", s.Head.Snapshot, s.Head.AsOf,
					s.Head.Parent, s.Head.Schedule, s.Head.Run, s.Head.Kind)
				rows := [][]string{{"table", "files", "rows", "MB"}}
				for _, t := range s.Tables {
					rows = append(rows, []string{t.Table, fmt.Sprint(t.Files), thousands(t.Rows),
						fmt.Sprintf("%.1f", float64(t.Bytes)/1e6)})
				}
				if !a.quiet {
					prose.Columns(a.stdout, rows)
				}
				if !s.Published {
					a.say("not published yet: the next 'miic nightly' does it")
				}
			}
			if s.LastRun != nil {
				a.say("last run %s as of %s: %s %s", s.LastRun.Run, s.LastRun.AsOf, s.LastRun.State, s.LastRun.Text)
			}
			if s.Writer != "" {
				a.say("writer: %s; it is at work, or was killed", s.Writer)
			}
			for _, h := range s.Held {
				a.say("held: run %s, as of %s", h.Run, h.AsOf)
				for _, t := range h.Tripped {
					a.say("  %s: %s", t.Brake, t.Text)
				}
				if h.Acceptable {
					a.say("  to take it:  miic lake accept %s --reason \"…\"", h.Run)
				} else {
					a.say("  too late to take: a newer snapshot is HEAD")
				}
			}
			return nil
		},
	}
}

func lakeLog(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "log",
		Short: "The snapshots, newest first",
		Long: "List the snapshots from HEAD back, as far as they were not pruned." +
			exits(exitDone, exitUsage, exitNoLake, exitDamaged),
		Example: "  miic lake log",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			_, l, err := openLake(a)
			if err != nil {
				return err
			}
			list, err := l.Log()
			if err != nil {
				return err
			}
			if a.json {
				return a.document(list)
			}
			rows := [][]string{{"snapshot", "as of", "kind", "run", "files taken in", "rows", "MB", "by", "reason"}}
			for _, e := range list {
				rows = append(rows, []string{fmt.Sprint(e.Snapshot), e.AsOf, e.Kind, e.Run, fmt.Sprint(e.Delivered),
					thousands(e.Rows),
					fmt.Sprintf("%.1f", float64(e.Bytes)/1e6), e.Operator, e.Reason})
			}
			if !a.quiet {
				prose.Columns(a.stdout, rows)
			}
			return nil
		},
	}
}

func lakeCheck(a *app) *cobra.Command {
	var data bool
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Is everything there and as written",
		Long: `Check HEAD, the manifests and the files they name (sizes, footers, schemas and rows),
the ledgers, and whether the archive holds a copy of every delivery that is not past
its retention. With --data every byte of the tables, of HEAD's outputs and of the
archived copies is read and its hash compared. Each fault is named with its table,
file and snapshot. Files that no snapshot names are listed, but are no fault.` +
			exits(exitDone, exitUsage, exitNoLake, exitDamaged),
		Example: "  miic lake check\n  miic lake check --data",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, l, err := openLake(a)
			if err != nil {
				return err
			}
			report, err := l.Check(cmd.Context(), lake.CheckOptions{Data: data, Out: c.Out, Archive: c.Archive})
			if err != nil {
				return err
			}
			if a.json {
				if err := a.document(report); err != nil {
					return err
				}
			} else {
				for _, f := range report.Faults {
					a.say("fault: %s", f)
				}
				for _, n := range report.Infos {
					a.say("note:  %s", n)
				}
			}
			if err := report.Err(); err != nil {
				return err
			}
			a.say("no faults: %d snapshots, %s files, %.1f MB; %s copies of deliveries; %s ledgers", report.Snapshots,
				thousands(int64(report.Files)), float64(report.Bytes)/1e6, thousands(int64(report.Copies)),
				thousands(int64(report.Ledgers)))
			if report.Unproved > 0 {
				a.say("not proved: %s ledgers, written by an older program without check values",
					thousands(int64(report.Unproved)))
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&data, "data", false, "read and hash every byte")
	return cmd
}

// operator names who gives an instruction that is kept: the system's word for the user.
func operator() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return "uid " + strconv.Itoa(os.Getuid())
}

// reasoned adds the flag that every lasting instruction needs.
func reasoned(cmd *cobra.Command, reason *string) *cobra.Command {
	cmd.Flags().StringVar(reason, "reason", "", "why, in words; kept with the snapshot")
	return cmd
}

// change carries out an instruction that makes a new snapshot.
func change(cmd *cobra.Command, a *app, reason string, do func(o pipeline.Options) (*lake.Manifest, error)) error {
	if strings.TrimSpace(reason) == "" {
		return usageError("say why with --reason \"…\": it is kept with the snapshot")
	}
	c, l, err := openLake(a)
	if err != nil {
		return err
	}
	m, err := do(pipeline.Options{Lake: l, Inbox: c.Inbox, Archive: c.Archive, RetainDays: c.Retain, Out: c.Out,
		Operator: operator(), Log: newProgress(a).log})
	if err != nil {
		return err
	}
	if a.json {
		return a.document(map[string]any{"snapshot": m.Snapshot, "parent": m.Parent, "as_of": m.AsOf, "kind": m.Kind,
			"reason": m.Reason, "operator": m.Operator})
	}
	a.say("snapshot %d is HEAD, as of %s", m.Snapshot, m.AsOf)
	return nil
}

func lakeAccept(a *app) *cobra.Command {
	var reason string
	return reasoned(&cobra.Command{
		Use:   "accept RUN",
		Short: "Take a night that a brake has held",
		Long: `Make a held night HEAD, with a reason. Only while the night's parent is HEAD: a newer
night has seen other data.` + exits(exitDone, exitFailed, exitUsage, exitNoLake, exitLocked, exitDamaged, exitNoSpace),
		Example: `  miic lake accept 000043 --reason "new health plan, announced by its letter of May 2"`,
		Args:    oneArgument("the run, as 'miic lake status' names it"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return change(cmd, a, reason, func(o pipeline.Options) (*lake.Manifest, error) {
				return pipeline.Accept(cmd.Context(), o, args[0], reason)
			})
		},
	}, &reason)
}

func lakeRollback(a *app) *cobra.Command {
	var reason string
	return reasoned(&cobra.Command{
		Use:   "rollback SNAPSHOT",
		Short: "Go back to the tables of an older night, as a new snapshot",
		Long: `Write a new snapshot with an older night's tables. History only grows: requests,
death certificates, restrictions, verdicts, notices and disclosures are carried forward
as they are now, and ids that were given out since are never given out again. What latest pointed at
is withdrawn: run 'miic nightly' afterwards to write new output.` +
			exits(exitDone, exitFailed, exitUsage, exitNoLake, exitLocked, exitDamaged, exitNoSpace),
		Example: `  miic lake rollback 41 --reason "clinic sent another clinic's file"`,
		Args:    oneArgument("the snapshot, as 'miic lake log' numbers it"),
		RunE: func(cmd *cobra.Command, args []string) error {
			to, err := strconv.ParseInt(args[0], 10, 64)
			if err != nil {
				return usageError("%q is no snapshot number: 'miic lake log' lists them", args[0])
			}
			return change(cmd, a, reason, func(o pipeline.Options) (*lake.Manifest, error) {
				return pipeline.Rollback(cmd.Context(), o, to, reason)
			})
		},
	}, &reason)
}

func oneArgument(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != 1 {
			return usageError("%s: name %s", cmd.CommandPath(), what)
		}
		return nil
	}
}

func lakeViews(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "views",
		Short: "CREATE VIEW statements over HEAD's files, for any DuckDB",
		Long: `Print CREATE VIEW statements over exactly the files that HEAD names: one view a
table, and latest_<table> with the newest version of each key for those that grow.` +
			exits(exitDone, exitFailed, exitUsage, exitNoLake, exitDamaged),
		Example: `  miic lake views > views.sql && duckdb -init views.sql`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			_, l, m, err := openHead(a)
			if err != nil {
				return err
			}
			statements := []string{}
			for _, t := range table.All() {
				statements = append(statements, fmt.Sprintf("CREATE OR REPLACE VIEW %s AS %s;", t.Name,
					engine.FilesSQL(t, l.Files(m, t.Name))))
				if t.Kind == table.Log {
					statements = append(statements, fmt.Sprintf("CREATE OR REPLACE VIEW latest_%s AS %s;", t.Name,
						engine.LatestSQL(t, t.Name)))
				}
			}
			if a.json {
				return a.document(statements)
			}
			for _, s := range statements {
				fmt.Fprintln(a.stdout, s)
			}
			return nil
		},
	}
}

func lakePrune(a *app) *cobra.Command {
	var dry bool
	nights, months := 7, 12
	cmd := &cobra.Command{
		Use:   "prune",
		Short: "Remove what no kept snapshot names",
		Long: `Keep the newest nights and the last snapshot of each of the newest months, and
remove the others' manifests and every data file that none of the kept ones names.` +
			exits(exitDone, exitUsage, exitNoLake, exitLocked, exitDamaged),
		Example: "  miic lake prune --dry-run\n  miic lake prune --nights 7 --month-ends 12",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if nights < 1 || months < 0 {
				return usageError("keep at least one night")
			}
			c, l, err := openLake(a)
			if err != nil {
				return err
			}
			w, err := l.Lock()
			if err != nil {
				return err
			}
			defer w.Unlock()
			p, err := w.Prune(lake.PruneOptions{Nights: nights, MonthEnds: months, Out: c.Out, DryRun: dry})
			if err != nil {
				return err
			}
			if a.json {
				return a.document(p)
			}
			a.pruned(p, dry)
			return nil
		},
	}
	cmd.Flags().BoolVar(&dry, "dry-run", false, "say what would go, remove nothing")
	cmd.Flags().IntVar(&nights, "nights", nights, "nights to keep")
	cmd.Flags().IntVar(&months, "month-ends", months, "month-ends to keep")
	return cmd
}

// pruned lists what a prune removed, or would remove.
func (a *app) pruned(p *lake.Pruned, dry bool) {
	megabytes := func(n int64) string { return fmt.Sprintf("%.1f", float64(n)/1e6) }
	rows := [][]string{{"snapshot", "as of", "kind", "run", "files", "MB", "output", "MB"}}
	for _, s := range p.Snapshots {
		rows = append(rows, []string{fmt.Sprint(s.Snapshot), s.AsOf, s.Kind, s.Run,
			thousands(int64(s.Files)), megabytes(s.Bytes), s.Out, megabytes(s.OutBytes)})
	}
	if len(p.Snapshots) > 0 && !a.quiet && !a.json {
		prose.Columns(a.stdout, rows)
	}
	for _, run := range p.Held {
		a.say("held night of run %s, which can no longer be accepted", run)
	}
	if p.Unnamed.Files > 0 {
		a.say("%s files that no snapshot names, %s MB", thousands(int64(p.Unnamed.Files)), megabytes(p.Unnamed.Bytes))
	}
	verb := "removed"
	if dry {
		verb = "would remove"
	}
	a.say("%s %d snapshots and %s files, %s MB with the outputs",
		verb, len(p.Snapshots), thousands(int64(p.Files)), megabytes(p.Bytes))
}
