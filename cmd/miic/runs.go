package main

import (
	"fmt"
	"sort"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"miic/internal/lake"
	"miic/internal/prose"
)

func runsCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "runs [RUN]",
		Short: "The ledger: every attempt, its stages and figures",
		Long: `Without an argument, list the runs and how each ended; with one, its ledger: what
was run, reused or adopted, with figures and seconds.` + exits(exitDone, exitUsage, exitNoLake, exitDamaged),
		Example: "  miic runs\n  miic runs 000003\n  miic runs 000003 --json | jq '.[].stage.figures'",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			_, l, err := openLake(a)
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

func listRuns(a *app, l *lake.Lake) error {
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
		rows = append(rows, []string{s.Run, s.Started.Local().Format(time.DateTime), s.Kind, s.AsOf, fmt.Sprint(s.Snapshot),
			s.State, fmt.Sprintf("%.1f", s.Ended.Sub(s.Started).Seconds())})
	}
	if a.json {
		return a.document(list)
	}
	if !a.quiet {
		prose.Columns(a.stdout, rows)
	}
	return nil
}

func showRun(a *app, l *lake.Lake, run string) error {
	events, err := l.Ledger(run)
	if err != nil {
		return err
	}
	if a.json {
		return a.document(events)
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
		a.say("%s", line)
		if e.Stage != nil && len(e.Stage.Figures) > 0 {
			names := make([]string, 0, len(e.Stage.Figures))
			for name := range e.Stage.Figures {
				names = append(names, name)
			}
			sort.Strings(names)
			for i, name := range names {
				names[i] = name + " " + thousands(e.Stage.Figures[name])
			}
			a.say("          %s", strings.Join(names, " · "))
		}
		for _, t := range e.Tripped {
			a.say("          brake %s: %s", t.Brake, t.Text)
		}
	}
	return nil
}
