package main

import (
	"cmp"

	"github.com/spf13/cobra"

	"miic/cmd/miic/coverage"
	"miic/cmd/miic/deliveries"
	"miic/cmd/miic/models"
	"miic/cmd/miic/people"
	"miic/cmd/miic/shell"
	"miic/reports"
)

// lastStage has the last stage of the commands that run several; the others run the stage of their own name.
var lastStage = map[string]string{"report": reports.LastStage}

// upToCommand runs the night up to and including a command's stages and seals it, without committing.
func upToCommand(a *shell.App, name, short string) *cobra.Command {
	o := nightOptions{upTo: cmp.Or(lastStage[name], name)}
	cmd := &cobra.Command{
		Use:   name,
		Short: short,
		Long: short + `.

Runs the night up to and including this stage and seals what it made, without
committing: HEAD does not move, no file leaves the inbox. The next 'miic nightly'
takes the sealed work up.` +
			shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage, shell.ExitIncomplete, shell.ExitLocked, shell.ExitDamaged, shell.ExitNoSpace, shell.ExitInterrupted),
		Example: "  miic " + name + " --as-of 2026-03-02",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, args []string) error { return runNight(cmd.Context(), a, o) },
	}
	cmd.Flags().StringVar(&o.asOf, "as-of", "", "as-of `date`, YYYY-MM-DD (default today in the configured time zone)")
	return cmd
}

func ingestCommand(a *shell.App) *cobra.Command {
	cmd := upToCommand(a, "ingest", "Read the inbox: deliveries to records")
	cmd.AddCommand(deliveries.Commands(a)...)
	return cmd
}

func linkCommand(a *shell.App) *cobra.Command {
	cmd := upToCommand(a, "link", "Link records to people and find the real doses")
	cmd.AddCommand(models.Evaluate(a), models.Train(a))
	return cmd
}

func forecastCommand(a *shell.App) *cobra.Command {
	cmd := upToCommand(a, "forecast", "Work out which vaccines each person is due")
	cmd.AddCommand(models.Cases(a))
	return cmd
}

func reportCommand(a *shell.App) *cobra.Command {
	cmd := upToCommand(a, "report", "Write what people act on: notices, coverage, the run page")
	cmd.AddCommand(people.Susceptible(a), people.Lot(a), people.Extract(a), coverage.Report(a), coverage.Missed(a), coverage.Invalid(a))
	return cmd
}
