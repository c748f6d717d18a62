package main

import (
	"cmp"

	"github.com/spf13/cobra"

	"miic/reports"
)

// lastStage has the last stage of the commands that run several; the others run the stage of their own name.
var lastStage = map[string]string{"report": reports.LastStage}

// upToCommand runs the night up to and including a command's stages and seals it, without committing.
func upToCommand(a *app, name, short string) *cobra.Command {
	o := nightOptions{upTo: cmp.Or(lastStage[name], name)}
	cmd := &cobra.Command{
		Use:   name,
		Short: short,
		Long: short + `.

Runs the night up to and including this stage and seals what it made, without
committing: HEAD does not move, no file leaves the inbox. The next 'miic nightly'
takes the sealed work up.` +
			exits(exitDone, exitFailed, exitUsage, exitIncomplete, exitLocked, exitDamaged, exitNoSpace, exitInterrupted),
		Example: "  miic " + name + " --as-of 2026-03-02",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, args []string) error { return runNight(cmd.Context(), a, o) },
	}
	cmd.Flags().StringVar(&o.asOf, "as-of", "", "as-of `date`, YYYY-MM-DD (default today in the configured time zone)")
	return cmd
}

func forecastCommand(a *app) *cobra.Command {
	cmd := upToCommand(a, "forecast", "Work out which vaccines each person is due")
	cmd.AddCommand(casesCommand(a))
	return cmd
}

func reportCommand(a *app) *cobra.Command {
	return upToCommand(a, "report", "Write what people act on: notices, coverage, the run page")
}
