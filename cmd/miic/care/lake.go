// Package care has the commands that look at the lake and care for it: miic lake and miic runs.
package care

import (
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/internal/delivery"
	"miic/internal/lake"
	"miic/internal/pipeline"
	"miic/internal/prose"
)

// Lake is miic lake.
func Lake(a *shell.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "lake",
		Short: "Look at the lake and care for it",
		Long: "Look at the lake and care for it: its snapshots, their files, held nights." + shell.Exits(
			shell.ExitDone,
			shell.ExitUsage,
		),
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		lakeStatus(a),
		lakeLog(a),
		lakeCheck(a),
		lakeAccept(a),
		lakeRollback(a),
		lakeBackout(a),
		lakePrune(a),
		lakeUpgrade(a),
		lakeViews(a),
	)
	return cmd
}

func lakeStatus(a *shell.App) *cobra.Command {
	return &cobra.Command{
		Use:   "status",
		Short: "HEAD, its figures, held nights, the last run",
		Long: "Show what HEAD is, the rows and bytes of its tables, which nights are held and how the last run ended." +
			shell.Exits(shell.ExitDone, shell.ExitUsage, shell.ExitNoLake, shell.ExitDamaged),
		Example: "  miic lake status\n  miic lake status --json | jq .head.snapshot",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			_, l, err := shell.OpenLake(a)
			if err != nil {
				return err
			}
			s, err := l.Status()
			if err != nil {
				return err
			}
			if a.JSON {
				return a.Document(s)
			}
			if s.Head == nil {
				a.Say("no night was committed yet")
			} else {
				a.Say("snapshot %d as of %s, parent %d, schedule %s, made by run %s (%s)", s.Head.Snapshot, s.Head.AsOf,
					s.Head.Parent, s.Head.Schedule, s.Head.Run, s.Head.Kind)
				rows := [][]string{{"table", "files", "rows", "MB"}}
				for _, t := range s.Tables {
					rows = append(rows, []string{t.Table, fmt.Sprint(t.Files), prose.Thousands(t.Rows),
						fmt.Sprintf("%.1f", float64(t.Bytes)/1e6)})
				}
				if !a.Quiet {
					prose.Columns(a.Stdout, rows)
				}
				if !s.Published {
					a.Say("not published yet: the next 'miic nightly' does it")
				}
			}
			if s.LastRun != nil {
				a.Say("last run %s as of %s: %s %s", s.LastRun.Run, s.LastRun.AsOf, s.LastRun.State, s.LastRun.Text)
			}
			switch {
			case s.Running && s.Writer == "":
				a.Say("the lock is held by another program, such as a backup")
			case s.Running:
				a.Say("at work: %s", s.Writer)
			case s.Writer != "":
				a.Say("killed: %s; the next 'miic nightly' takes up what it finished", s.Writer)
			}
			for _, h := range s.Held {
				a.Say("held: run %s, as of %s", h.Run, h.AsOf)
				for _, t := range h.Tripped {
					a.Say("  %s: %s", t.Brake, t.Text)
				}
				if h.Acceptable {
					a.Say("  to take it:  miic lake accept %s --reason \"…\"", h.Run)
				} else {
					a.Say("  it can no longer be taken: a newer snapshot is HEAD, or an operator has decided about a file in it " +
						"since; 'miic nightly' makes a new one")
				}
			}
			return nil
		},
	}
}

func lakeLog(a *shell.App) *cobra.Command {
	return &cobra.Command{
		Use:   "log",
		Short: "The snapshots, newest first",
		Long: "List the snapshots from HEAD back, as far as they were not pruned." +
			shell.Exits(shell.ExitDone, shell.ExitUsage, shell.ExitNoLake, shell.ExitDamaged),
		Example: "  miic lake log",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			_, l, err := shell.OpenLake(a)
			if err != nil {
				return err
			}
			list, err := l.Log()
			if err != nil {
				return err
			}
			if a.JSON {
				return a.Document(list)
			}
			rows := [][]string{{"snapshot", "as of", "kind", "run", "files taken in", "rows", "MB", "by", "reason"}}
			for _, e := range list {
				rows = append(rows, []string{fmt.Sprint(e.Snapshot), e.AsOf, e.Kind, e.Run, fmt.Sprint(e.Delivered),
					prose.Thousands(e.Rows),
					fmt.Sprintf("%.1f", float64(e.Bytes)/1e6), e.Operator, e.Reason})
			}
			if !a.Quiet {
				prose.Columns(a.Stdout, rows)
			}
			return nil
		},
	}
}

func lakeCheck(a *shell.App) *cobra.Command {
	var data, noOutputs bool
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Is everything there and as written",
		Long: `Check HEAD, the manifests and the files they name (sizes, footers, schemas and rows),
the ledgers, and whether the archive holds a copy of every delivery that is not past
its retention. With --data every byte of the tables, of HEAD's outputs and of the
archived copies is read and its hash compared. Each fault is named with its table,
file and snapshot. Files that no snapshot names are listed, but are no fault. Of a restored copy,
that has no outputs, --no-outputs asks for none.` +
			shell.Exits(shell.ExitDone, shell.ExitUsage, shell.ExitNoLake, shell.ExitDamaged),
		Example: "  miic lake check\n  miic lake check --data",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, l, err := shell.OpenLake(a)
			if err != nil {
				return err
			}
			o := lake.CheckOptions{Data: data, Out: c.Out, Archive: c.Archive}
			if noOutputs {
				o.Out = ""
			}
			report, err := l.Check(cmd.Context(), o)
			if err != nil {
				return err
			}
			if a.JSON {
				if err := a.Document(report); err != nil {
					return err
				}
			} else {
				for _, f := range report.Faults {
					a.Say("fault: %s", f)
				}
				for _, n := range report.Infos {
					a.Say("note:  %s", n)
				}
			}
			if err := report.Err(); err != nil {
				return err
			}
			a.Say("no faults: %d snapshots, %s files, %.1f MB; %s copies of deliveries; %s ledgers", report.Snapshots,
				prose.Thousands(int64(report.Files)), float64(report.Bytes)/1e6, prose.Thousands(int64(report.Copies)),
				prose.Thousands(int64(report.Ledgers)))
			if report.Unproved > 0 {
				a.Say("not proved: %s ledgers, written by an older program without check values",
					prose.Thousands(int64(report.Unproved)))
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&noOutputs, "no-outputs", false, "of a copy without outputs: do not ask for them")
	cmd.Flags().BoolVar(&data, "data", false, "read and hash every byte")
	return cmd
}

func lakeAccept(a *shell.App) *cobra.Command {
	var reason string
	return shell.Reasoned(&cobra.Command{
		Use:   "accept RUN",
		Short: "Take a night that a brake has held",
		Long: `Make a held night HEAD, with a reason. Only while the night's parent is HEAD: a newer
night has seen other data.` + shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage, shell.ExitNoLake, shell.ExitLocked, shell.ExitDamaged, shell.ExitNoSpace, shell.ExitNeedsPerson),
		Example: `  miic lake accept 000043 --reason "new health plan, announced by its letter of May 2"`,
		Args:    shell.OneArgument("the run, as 'miic lake status' names it"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return shell.Change(cmd, a, reason, func(o pipeline.Options) (*lake.Manifest, error) {
				return pipeline.Accept(cmd.Context(), o, args[0], reason)
			})
		},
	}, &reason, shell.WithSnapshot)
}

func lakeRollback(a *shell.App) *cobra.Command {
	var reason string
	return shell.Reasoned(&cobra.Command{
		Use:   "rollback SNAPSHOT",
		Short: "Go back to the tables of an older night, as a new snapshot",
		Long: `Write a new snapshot with an older night's tables. History only grows: requests,
death certificates, restrictions, verdicts, notices and disclosures are carried forward
as they are now, and ids that were given out since are never given out again. What latest pointed at
is withdrawn: run 'miic nightly' afterwards to write new output.

The deliveries of the nights that are rolled back lie in the archive and are left out of
the tables: 'miic ingest list' names them; refuse what was wrong and return the rest with
'miic ingest return'. A delivery that was backed out since is in the tables again.` +
			shell.Exits(
				shell.ExitDone,
				shell.ExitFailed,
				shell.ExitUsage,
				shell.ExitNoLake,
				shell.ExitLocked,
				shell.ExitDamaged,
				shell.ExitNoSpace,
				shell.ExitNeedsPerson,
			),
		Example: `  miic lake rollback 41 --reason "clinic sent another clinic's file"`,
		Args:    shell.OneArgument("the snapshot, as 'miic lake log' numbers it"),
		RunE: func(cmd *cobra.Command, args []string) error {
			to, err := strconv.ParseInt(args[0], 10, 64)
			if err != nil {
				return shell.UsageError("%q is no snapshot number: 'miic lake log' lists them", args[0])
			}
			var l *lake.Lake
			var m *lake.Manifest
			err = shell.Change(cmd, a, reason, func(o pipeline.Options) (*lake.Manifest, error) {
				l = o.Lake
				m, err = pipeline.Rollback(cmd.Context(), o, to, reason)
				return m, err
			})
			if err != nil || a.JSON {
				return err
			}
			return sayAside(a, l, m)
		},
	}, &reason, shell.WithSnapshot)
}

// sayAside says what a rollback has left to be decided about deliveries.
func sayAside(a *shell.App, l *lake.Lake, m *lake.Manifest) error {
	lives, err := delivery.ReadLives(l, m)
	if err != nil {
		return err
	}
	in := func(s delivery.State) []*delivery.Life {
		return lives.Sorted(func(l *delivery.Life) bool { return l.State == s })
	}
	if n := len(in(delivery.LeftOut)); n > 0 {
		a.Say("%s left out and in the archive: 'miic ingest list' names them, 'miic ingest return' feeds them again",
			prose.Count(int64(n), "delivery is", "deliveries are"))
	}
	for _, d := range in(delivery.Restored) {
		a.Say("%s of %s was backed out and is in the tables again: `%s`, or `%s` if it may stay", prose.Name(d.File), d.Sender,
			delivery.BackOut.Command(d.Batch), delivery.Release.Command(d.Batch))
	}
	return nil
}

func lakePrune(a *shell.App) *cobra.Command {
	var dry bool
	nights, months := 7, 12
	cmd := &cobra.Command{
		Use:   "prune",
		Short: "Remove what no kept snapshot names",
		Long: `Keep the newest nights and the last snapshot of each of the newest months, and
remove the others' manifests and every data file that none of the kept ones names.` +
			shell.Exits(shell.ExitDone, shell.ExitUsage, shell.ExitNoLake, shell.ExitLocked, shell.ExitDamaged),
		Example: "  miic lake prune --dry-run\n  miic lake prune --nights 7 --month-ends 12",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if nights < 1 || months < 0 {
				return shell.UsageError("keep at least one night")
			}
			c, l, err := shell.OpenLake(a)
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
			if a.JSON {
				return a.Document(p)
			}
			pruned(a, p, dry)
			return nil
		},
	}
	cmd.Flags().BoolVar(&dry, "dry-run", false, "say what would go, remove nothing")
	cmd.Flags().IntVar(&nights, "nights", nights, "nights to keep")
	cmd.Flags().IntVar(&months, "month-ends", months, "month-ends to keep")
	return cmd
}

// pruned lists what a prune removed, or would remove.
func pruned(a *shell.App, p *lake.Pruned, dry bool) {
	megabytes := func(n int64) string { return fmt.Sprintf("%.1f", float64(n)/1e6) }
	rows := [][]string{{"snapshot", "as of", "kind", "run", "files", "MB", "output", "MB"}}
	for _, s := range p.Snapshots {
		rows = append(rows, []string{fmt.Sprint(s.Snapshot), s.AsOf, s.Kind, s.Run,
			prose.Thousands(int64(s.Files)), megabytes(s.Bytes), s.Out, megabytes(s.OutBytes)})
	}
	if len(p.Snapshots) > 0 && !a.Quiet && !a.JSON {
		prose.Columns(a.Stdout, rows)
	}
	for _, run := range p.Held {
		a.Say("held night of run %s, which can no longer be accepted", run)
	}
	if p.Unnamed.Files > 0 {
		a.Say(
			"%s files that no snapshot names, %s MB",
			prose.Thousands(int64(p.Unnamed.Files)),
			megabytes(p.Unnamed.Bytes),
		)
	}
	verb := "removed"
	if dry {
		verb = "would remove"
	}
	a.Say("%s %d snapshots and %s files, %s MB with the outputs",
		verb, len(p.Snapshots), prose.Thousands(int64(p.Files)), megabytes(p.Bytes))
}
