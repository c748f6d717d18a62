// Package people has the commands about persons: why they are who they are and due what they are, and what a person must
// judge. What these print is personal data.
package people

import (
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/forecast"
	"miic/internal/table"
)

// Explain is miic explain.
func Explain(a *shell.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "explain",
		Short: "Why it came out as it did",
		Long: "Walk through a decision of the last committed night: which rule, which dates, and why." +
			shell.Exits(shell.ExitDone, shell.ExitUsage),
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return cmd.Help() },
	}
	cmd.AddCommand(explainForecast(a), explainDose(a), explainPair(a), explainClient(a))
	return cmd
}

func explainForecast(a *shell.App) *cobra.Command {
	return &cobra.Command{
		Use:   "forecast CLIENT_ID GROUP",
		Short: "Why a person is, or is not, due in a vaccine group",
		Long: `Walk through one forecast of the last committed night, in words: the doses and how each
was judged, the rules that set the dates, the series that counts and why it was chosen.
It is worked out afresh as of the snapshot's day, by the schedule of that night, whatever
the configuration names by now. Of a person who may appear in no
output nothing is shown, not even that.` + shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage, shell.ExitNoLake, shell.ExitDamaged),
		Example: `  miic explain forecast 1204 MMR
  miic explain forecast 1204 DTaP/Tdap/Td --json`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 2 {
				return shell.UsageError("%s: name a person by client_id, and a vaccine group", cmd.CommandPath())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := shell.Client(args[0])
			if err != nil {
				return err
			}
			return explained(cmd.Context(), a,
				func(x *forecast.Explainer) (worded, error) { return x.Forecast(cmd.Context(), id, args[1]) })
		},
	}
}

func explainDose(a *shell.App) *cobra.Command {
	return &cobra.Command{
		Use:   "dose IMMUNIZATION_ID",
		Short: "Why a dose counts, or does not",
		Long: `Walk through how one dose was judged, antigen by antigen: in the series that counts, and
in every other that concerns the person; with the rules it broke and the day from which
it would have counted. It is judged by the schedule of that night. Of a person who may
appear in no output nothing is shown.` + shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage, shell.ExitNoLake, shell.ExitDamaged),
		Example: `  miic explain dose metro-clinic/88213
  miic explain dose metro-clinic/88213 --json`,
		Args: shell.OneArgument("the dose, by its immunization_id"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return explained(cmd.Context(), a,
				func(x *forecast.Explainer) (worded, error) { return x.Dose(cmd.Context(), args[0]) })
		},
	}
}

// worded is an explanation: facts with JSON names that can be put into words.
type worded interface{ Text(io.Writer) error }

// explained asks the question of HEAD and prints the answer.
func explained(ctx context.Context, a *shell.App, ask func(*forecast.Explainer) (worded, error)) error {
	c, l, m, err := shell.OpenHead(a)
	if err != nil {
		return err
	}
	asOf, err := m.Date()
	if err != nil {
		return err
	}
	e, err := shell.OpenEngine(ctx, c)
	if err != nil {
		return err
	}
	defer e.Close()
	lines := l.Files(m, table.ScheduleLines.Name)
	if len(lines) == 0 {
		return shell.UsageError(
			"snapshot %d does not hold the schedule it was made with: an older program made it; run 'miic "+
				"nightly', then ask again",
			m.Snapshot,
		)
	}
	s, err := forecast.Kept(ctx, e, lines)
	if err != nil {
		return err
	}
	x, err := forecast.NewExplainer(ctx, e, l.FilesOf(m), s, asOf)
	if err != nil {
		return err
	}
	answer, err := ask(x)
	switch {
	case errors.Is(err, forecast.ErrNoForecast),
		errors.Is(err, forecast.ErrNoDose),
		errors.Is(err, forecast.ErrNoGroup):
		return shell.UsageError("%w", err)
	case err != nil:
		return err
	}
	return a.Answer(answer)
}
