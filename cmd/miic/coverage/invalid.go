package coverage

import (
	"context"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/forecast"
	"miic/internal/table"
	"miic/reports/visit"
)

// Invalid is miic report invalid.
func Invalid(a *shell.App) *cobra.Command {
	return yearCommand(a, reportInvalid, &cobra.Command{
		Use:   "invalid",
		Short: "Doses that are not valid by clinic, vaccine and reason, inside the registry",
		Long: `Count the doses that clinics report to have given themselves in the twelve months up to a night,
and of them those that are not valid by the schedule: too young, too soon, in conflict with
another vaccine, of a wrong product, or of a bad lot. A dose of several vaccine groups counts in each, and is
not valid there if it is not for one of the group's antigens. The reason "all" is over all reasons; a
dose with two has a row for each. Doses after a complete series are not counted as invalid. The
column level says of whom a row is: of one clinic, of all clinics, or of no clinic, where the sender
does not say who gave the dose.`,
		Example: `  miic report invalid --for state --reason "clinic visits 2026" --out invalid.csv
  miic report invalid --for state --reason "clinic visits 2025" --as-of 2025-12-31 --out invalid-2025.csv`,
	})
}

func reportInvalid(ctx context.Context, a *shell.App, d *shell.Demand) error {
	y, err := openYear(ctx, a, d, table.Immunizations, table.DoseEvaluations)
	if err != nil {
		return err
	}
	defer y.Close()
	schedule, err := forecast.LoadSchedule(y.Config.Forecast)
	if err != nil {
		return err
	}
	var groups []visit.GroupAntigen
	for antigen, group := range schedule.GroupOf() {
		groups = append(groups, visit.GroupAntigen{Group: group, Antigen: antigen})
	}
	figures, err := visit.Invalid(ctx, y.Engine, y.since, y.until, groups, y.Hidden())
	if err != nil {
		return err
	}
	if len(figures) == 0 {
		return y.nothing("dose", "that was judged")
	}
	header := []string{"level", "clinic", "clinic_name", "vaccine_group", "reason", "doses", "doses_not_valid"}
	rows := make([][]string, len(figures))
	for i, f := range figures {
		rows[i] = []string{f.Level, f.Clinic, y.names[f.Clinic], f.Group, f.Reason, number(f.Given), number(f.Invalid)}
	}
	return y.write(a, d, "doses that are not valid", header, rows)
}
