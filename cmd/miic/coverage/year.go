package coverage

import (
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/internal/prose"
	"miic/internal/table"
	"miic/reports/recipient"
)

// yearCommand completes a command whose figures by clinic are of a year.
func yearCommand(a *shell.App, count func(context.Context, *shell.App, *shell.Demand) error, cmd *cobra.Command) *cobra.Command {
	var d shell.Demand
	cmd.Long += `

The figures are of any size and without who is restricted by now. They go to a recipient who
receives coverage, into a file, and are recorded as disclosed with a reason.` +
		shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage, shell.ExitNoLake, shell.ExitDamaged)
	cmd.Args = cobra.NoArgs
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return count(cmd.Context(), a, &d) }
	d.Flags(cmd.Flags())
	return cmd
}

// A year is the twelve months up to a night, open for figures by clinic that go to a recipient who receives coverage.
type year struct {
	*shell.OnDemand
	since, until table.Date
	names        map[string]string // of clinics, by id
}

// openYear opens the night that is asked about, with the tables that figures are counted from.
func openYear(ctx context.Context, a *shell.App, d *shell.Demand, tables ...*table.Table) (*year, error) {
	o, err := d.OpenFile(ctx, a, recipient.Coverage)
	if err != nil {
		return nil, err
	}
	y := &year{OnDemand: o, names: map[string]string{}}
	for _, s := range o.Config.Senders {
		y.names[s.ID] = s.Name
	}
	y.until, err = o.Night.Date()
	y.since = y.until.AddMonths(-12) + 1
	if err == nil {
		err = o.Engine.Tables(ctx, o.Lake.FilesOf(o.Night), tables...)
	}
	if err != nil {
		o.Close()
		return nil, err
	}
	return y, nil
}

// nothing is the error that there was no such event in the year.
func (y *year) nothing(what, which string) error {
	return shell.UsageError("the night of %s knows of no %s since %s %s: choose another day with --as-of", y.Night.AsOf, what, y.since, which)
}

// write writes the figures, each line after the year's days.
func (y *year) write(a *shell.App, d *shell.Demand, what string, header []string, rows [][]string) error {
	days := func(row []string, since, until string) []string { return append([]string{since, until}, row...) }
	for i, row := range rows {
		rows[i] = days(row, y.since.String(), y.until.String())
	}
	if err := y.WriteRows(d.Out, nil, days(header, "since", "until"), rows); err != nil {
		return err
	}
	if a.JSON {
		return a.Document(map[string]any{"snapshot": y.Night.Snapshot, "as_of": y.Night.AsOf, "rows": len(rows), "recipient": y.Recipient.ID, "file": d.Out})
	}
	a.Say("%s: %s of %s from %s to %s, for %s, by the night of %s (snapshot %d); not for publication", d.Out,
		prose.Count(int64(len(rows)), "figure", "figures"), what, y.since, y.until, y.Recipient.Name, y.Night.AsOf, y.Night.Snapshot)
	return nil
}

func number(n int64) string { return strconv.FormatInt(n, 10) }
