package recall

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/forecast/schedule"
	"miic/internal/prose"
	"miic/internal/table"
	"miic/reports/outcome"
)

func outcomesCommand(a *shell.App) *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "outcomes CAMPAIGN",
		Short: "Measure what came of a campaign",
		Long: `Measure what came of the notices of a campaign, in HEAD's data: how many were followed by a
new dose of what they named within 30, 60 and 90 days, apart from doses that were given
before and only entered late, by kind, round and channel. Where the campaign has a control
group, all who were chosen on the same nights stand beside it, both counted from the night
that chose them. Each share has its 95 % interval. Only notices of which so many days
have passed are counted, and nobody who appears in no output, has died or may have; while
a request of a family is unread, nothing is. Counts only: nobody can be named from them.
With --out a new folder gets outcomes.html, outcomes.csv and outcomes.parquet.` +
			shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage, shell.ExitNoLake, shell.ExitDamaged),
		Example: "  miic recall outcomes nightly\n  miic recall outcomes toddler-recall --out outcomes-2026-06\n  miic recall outcomes nightly --json | jq '.[] | select(.days == 60)'",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return shell.UsageError("%s: name the campaign", cmd.CommandPath())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if out != "" {
				var err error
				if out, err = shell.NewFolder(out); err != nil {
					return err
				}
			}
			rows, asOf, err := measure(cmd.Context(), a, args[0])
			if err != nil {
				return err
			}
			if out != "" {
				if err := write(out, args[0], asOf, rows); err != nil {
					return err
				}
			}
			switch {
			case a.JSON:
				return a.Document(append([]outcome.Row{}, rows...))
			case len(rows) == 0:
				a.Say("no notice of %s is %d days old on %s", prose.Name(args[0]), outcome.Windows[0], asOf)
			case !a.Quiet:
				prose.Columns(a.Stdout, printed(rows))
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "also write a page and files into this new `folder`")
	return cmd
}

// measure reads HEAD.
func measure(ctx context.Context, a *shell.App, campaign string) ([]outcome.Row, string, error) {
	c, l, m, err := shell.OpenHead(a)
	if err != nil {
		return nil, "", err
	}
	var known []string
	for _, t := range []*table.Table{table.Notices, table.ControlNotices} {
		if err := table.Scan(l.Files(m, t.Name), func(n *struct {
			Campaign string `col:"campaign"`
		}) error {
			if !slices.Contains(known, n.Campaign) {
				known = append(known, n.Campaign)
			}
			return nil
		}); err != nil {
			return nil, "", err
		}
	}
	if !slices.Contains(known, campaign) {
		slices.Sort(known)
		return nil, "", shell.UsageError("no notice is of a campaign %s; there are notices of: %s", prose.Name(campaign), strings.Join(known, ", "))
	}
	s, _, err := schedule.Load(c.Forecast.Schedule)
	if err != nil {
		return nil, "", err
	}
	e, err := shell.OpenEngine(ctx, c)
	if err != nil {
		return nil, "", err
	}
	defer e.Close()
	if err := shell.RequestsRead(ctx, c, e, l.FilesOf(m)); err != nil {
		return nil, "", err
	}
	if err := e.Tables(ctx, l.FilesOf(m), outcome.Tables...); err != nil {
		return nil, "", err
	}
	asOf, err := m.Date()
	if err != nil {
		return nil, "", err
	}
	rows, err := outcome.Measure(ctx, e, campaign, shell.DoseGroups(s), asOf)
	return rows, m.AsOf, err
}

// write makes the folder under another name first, so that nobody finds half of it.
func write(out, campaign, asOf string, rows []outcome.Row) error {
	part := filepath.Join(filepath.Dir(out), "."+filepath.Base(out)+".part")
	if err := os.RemoveAll(part); err != nil {
		return err
	}
	defer os.RemoveAll(part)
	if err := outcome.Write(part, campaign, asOf, rows); err != nil {
		return err
	}
	return os.Rename(part, out)
}

// printed is the rows as a person reads them.
func printed(rows []outcome.Row) [][]string {
	list := [][]string{{"notices", "days", "counted", "with a new dose", "95 % interval", "beside control", "entered late", "returned"}}
	percent := func(n, of int64) string { return fmt.Sprintf("%.1f %%", 100*float64(n)/float64(max(of, 1))) }
	for _, r := range rows {
		beside := ""
		if r.Compared {
			beside = fmt.Sprintf("%+.1f (%+.1f to %+.1f)", 100*r.Difference, 100*r.Low, 100*r.High)
		}
		list = append(list, []string{fmt.Sprintf("%s %s, round %d, %s", r.Arm, r.Kind, r.Round, r.Channel), fmt.Sprint(r.Days),
			prose.Thousands(r.Notices), percent(r.WithNew, r.Notices),
			fmt.Sprintf("%.1f to %.1f", 100*r.NewLow, 100*r.NewHigh), beside, percent(r.WithLate, r.Notices),
			prose.Thousands(r.Returned)})
	}
	return list
}
