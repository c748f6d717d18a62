package care

import (
	"fmt"
	"sort"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/internal/lake"
	"miic/internal/prose"
)

// Runs is miic runs.
func Runs(a *shell.App) *cobra.Command {
	return &cobra.Command{
		Use:   "runs [RUN]",
		Short: "The ledger: every attempt, its stages and figures",
		Long: `Without an argument, list the runs and how each ended; with one, its ledger: what
was run, reused or adopted, with figures and seconds.` + shell.Exits(shell.ExitDone, shell.ExitUsage, shell.ExitNoLake, shell.ExitDamaged),
		Example: "  miic runs\n  miic runs 000003\n  miic runs 000003 --json | jq '.[].stage.figures'",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			_, l, err := shell.OpenLake(a)
			if err != nil {
				return err
			}
			if len(args) == 1 {
				return showRun(a, l, args[0])
			}
			return listRuns(a, l)
		},
	}
}

func listRuns(a *shell.App, l *lake.Lake) error {
	runs, err := l.Runs()
	if err != nil {
		return err
	}
	rows := [][]string{{"run", "started", "kind", "as of", "snapshot", "end", "seconds"}}
	list := []*lake.RunSummary{}
	for _, run := range runs {
		s, err := l.Summary(run)
		if err != nil {
			return err
		}
		list = append(list, s)
		rows = append(
			rows,
			[]string{s.Run, s.Started.Local().Format(time.DateTime), s.Kind, s.AsOf, fmt.Sprint(s.Snapshot),
				s.State, fmt.Sprintf("%.1f", s.Ended.Sub(s.Started).Seconds())},
		)
	}
	if a.JSON {
		return a.Document(list)
	}
	if !a.Quiet {
		prose.Columns(a.Stdout, rows)
	}
	return nil
}

func showRun(a *shell.App, l *lake.Lake, run string) error {
	events, err := l.Ledger(run)
	if err != nil {
		return err
	}
	if a.JSON {
		return a.Document(events)
	}
	for _, e := range events {
		line := e.Time.Local().Format(time.TimeOnly) + "  " + e.Event
		if e.Stage != nil {
			line += fmt.Sprintf(" %s (%.1f s)", e.Stage.Name, e.Seconds)
			if e.From != "" {
				line += ", taken up from run " + e.From
			}
		}
		if e.Text != "" {
			line += ": " + e.Text
		}
		a.Say("%s", line)
		if e.Stage != nil && len(e.Stage.Figures) > 0 {
			names := make([]string, 0, len(e.Stage.Figures))
			for name := range e.Stage.Figures {
				names = append(names, name)
			}
			sort.Strings(names)
			for i, name := range names {
				names[i] = name + " " + prose.Thousands(e.Stage.Figures[name])
			}
			a.Say("          %s", strings.Join(names, " · "))
		}
		for _, t := range e.Tripped {
			a.Say("          brake %s: %s", t.Brake, t.Text)
		}
	}
	return nil
}
