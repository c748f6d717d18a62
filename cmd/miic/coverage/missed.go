package coverage

import (
	"context"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/internal/table"
	"miic/reports/visit"
)

// Missed is miic report missed.
func Missed(a *shell.App) *cobra.Command {
	return yearCommand(a, reportMissed, &cobra.Command{
		Use:   "missed",
		Short: "Missed opportunities by clinic and vaccine, inside the registry",
		Long: `Count the visits of the twelve months up to a night on which a vaccine was due and was not
given, by clinic and vaccine group. Only visits on which some dose was given count: the
registry sees no others. Due is what the schedule recommends by that day and allows on it, by
the doses of earlier days. The column level says of whom a row is: of one clinic, of all clinics,
or of no clinic, where nobody reports to have given a dose. The vaccine group "all" is all but those
with seasons, and a visit is missed there if one group at least was. Meningococcal B is among them,
though the schedule leaves it to a shared decision: read the groups, too.`,
		Example: `  miic report missed --for state --reason "clinic visits 2026" --out missed.csv
  miic report missed --for state --reason "clinic visits 2025" --as-of 2025-12-31 --out missed-2025.csv`,
	})
}

func reportMissed(ctx context.Context, a *shell.App, d *shell.Demand) error {
	y, err := openYear(ctx, a, d, table.VisitGroups)
	if err != nil {
		return err
	}
	defer y.Close()
	figures, err := visit.Missed(ctx, y.Engine, y.since, y.until, y.Hidden())
	if err != nil {
		return err
	}
	if len(figures) == 0 {
		return y.nothing("visit", "on which anything was due")
	}
	header := []string{"level", "clinic", "clinic_name", "vaccine_group", "visits_due", "visits_missed", "missed_and_refused"}
	rows := make([][]string, len(figures))
	for i, f := range figures {
		rows[i] = []string{f.Level, f.Clinic, y.names[f.Clinic], f.Group, number(f.Visits), number(f.Missed), number(f.Refused)}
	}
	return y.write(a, d, "missed opportunities", header, rows)
}
