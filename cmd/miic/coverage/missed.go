package coverage

import (
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/internal/prose"
	"miic/internal/table"
	"miic/reports/recipient"
	"miic/reports/visit"
)

// Missed is miic report missed.
func Missed(a *shell.App) *cobra.Command {
	var d shell.Demand
	cmd := &cobra.Command{
		Use:   "missed",
		Short: "Missed opportunities by clinic and vaccine, inside the registry",
		Long: `Count the visits of the twelve months up to a night on which a vaccine was due and was not
given, by clinic and vaccine group. Only visits on which some dose was given count: the
registry sees no others. Due is what the schedule recommends by that day and allows on it, by
the doses of earlier days. The column level says of whom a row is: of one clinic, of all clinics,
or of no clinic, where nobody reports to have given a dose. The vaccine group "all" is all but those
with seasons, and a visit is missed there if one group at least was. Meningococcal B is among them,
though the schedule leaves it to a shared decision: read the groups, too.

The figures are of any size and without who is restricted by now. They go to a recipient who
receives coverage, into a file, and are recorded as disclosed with a reason.` +
			shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage, shell.ExitNoLake, shell.ExitDamaged),
		Example: `  miic report missed --for state --reason "clinic visits 2026" --out missed.csv
  miic report missed --for state --reason "clinic visits 2025" --as-of 2025-12-31 --out missed-2025.csv`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return reportMissed(cmd.Context(), a, &d) },
	}
	d.Flags(cmd.Flags())
	return cmd
}

func reportMissed(ctx context.Context, a *shell.App, d *shell.Demand) error {
	o, err := d.OpenFile(ctx, a, recipient.Coverage)
	if err != nil {
		return err
	}
	defer o.Close()
	if err := o.Engine.Tables(ctx, o.Lake.FilesOf(o.Night), table.VisitGroups); err != nil {
		return err
	}
	night, err := o.Night.Date()
	if err != nil {
		return err
	}
	since := night.AddMonths(-12) + 1
	figures, err := visit.Missed(ctx, o.Engine, since, night, o.Hidden())
	if err != nil {
		return err
	}
	if len(figures) == 0 {
		return shell.UsageError("the night of %s knows of no visit since %s on which anything was due: choose another day with --as-of", o.Night.AsOf, since)
	}
	header := []string{"since", "until", "level", "clinic", "clinic_name", "vaccine_group", "visits_due", "visits_missed", "missed_and_refused"}
	names := map[string]string{}
	for _, s := range o.Config.Senders {
		names[s.ID] = s.Name
	}
	n := func(n int64) string { return strconv.FormatInt(n, 10) }
	rows := make([][]string, len(figures))
	for i, f := range figures {
		rows[i] = []string{since.String(), night.String(), f.Level, f.Clinic, names[f.Clinic], f.Group, n(f.Visits), n(f.Missed), n(f.Refused)}
	}
	if err := o.WriteRows(d.Out, nil, header, rows); err != nil {
		return err
	}
	if a.JSON {
		return a.Document(map[string]any{"snapshot": o.Night.Snapshot, "as_of": o.Night.AsOf, "rows": len(rows), "recipient": o.Recipient.ID, "file": d.Out})
	}
	a.Say("%s: %s of missed opportunities from %s to %s, for %s, by the night of %s (snapshot %d); not for publication", d.Out,
		prose.Count(int64(len(rows)), "figure", "figures"), since, night, o.Recipient.Name, o.Night.AsOf, o.Night.Snapshot)
	return nil
}
