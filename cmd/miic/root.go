package main

import (
	"fmt"
	"strings"

	"miic/cmd/miic/care"
	"miic/cmd/miic/coverage"
	"miic/cmd/miic/deliveries"
	"miic/cmd/miic/doctor"
	"miic/cmd/miic/models"
	"miic/cmd/miic/people"
	"miic/cmd/miic/privacy"
	"miic/cmd/miic/recall"
	"miic/cmd/miic/record"
	"miic/cmd/miic/school"
	"miic/cmd/miic/shell"

	"github.com/spf13/cobra"
)

func newRoot(a *shell.App) *cobra.Command {
	root := &cobra.Command{
		Use:   "miic",
		Short: "A nightly batch immunization registry",
		Long: `miic takes in what birth registration, clinics and health plans deliver, makes one
record of every person, works out which vaccines each is due, and writes the
reminder and recall files, coverage and extracts that people act on.

A night is one command:

  miic nightly --config /etc/miic/miic.yaml` + shell.Exits(shell.ExitDone, shell.ExitUsage),
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	var version bool
	root.Flags().BoolVar(&version, "version", false, "what 'miic version' prints")
	root.RunE = func(cmd *cobra.Command, args []string) error {
		if version {
			return sayVersion(a, cmd.Context())
		}
		return cmd.Help()
	}
	flags := root.PersistentFlags()
	flags.StringVar(&a.ConfigPath, "config", "miic.yaml", "configuration `file`")
	flags.BoolVar(&a.JSON, "json", false,
		"one JSON document on standard output, and nothing else there; an error is one on standard error")
	flags.BoolVarP(&a.Quiet, "quiet", "q", false, "errors only")
	flags.BoolVarP(&a.Verbose, "verbose", "v", false, "more in the log")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return shell.UsageError("%s: %w", cmd.CommandPath(), err)
	})
	root.CompletionOptions.HiddenDefaultCmd = true
	explain := people.Explain(a)
	explain.AddCommand(recall.ExplainNotice(a))
	root.AddCommand(
		nightlyCommand(a),
		ingestCommand(a),
		linkCommand(a),
		forecastCommand(a),
		reportCommand(a),
		care.Lake(a),
		care.Runs(a),
		shell.ConfigCommand(a),
		doctor.Command(a),
		deliveries.Profile(a),
		models.Schedule(a),
		explain,
		people.Review(a),
		privacy.Privacy(a),
		recall.Recall(a),
		record.History(a),
		record.Key(a),
		school.Command(a),
		coverage.Measures(a),
		models.Synth(a),
		models.Bench(a),
		versionCommand(a),
	)
	suggestCommands(root)
	return root
}

// suggestCommands makes every command that has others below it answer a mistyped one with those that were meant.
func suggestCommands(cmd *cobra.Command) {
	for _, sub := range cmd.Commands() {
		suggestCommands(sub)
	}
	if !cmd.HasSubCommands() || strings.Contains(cmd.Use, " ") { // one that takes arguments of its own says itself what is wrong
		return
	}
	cmd.SuggestionsMinimumDistance = 2 // letters that are wrong; two that are swapped count as both
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		text := fmt.Sprintf("unknown command %q for %q", args[0], cmd.CommandPath())
		if meant := cmd.SuggestionsFor(args[0]); len(meant) > 0 {
			text += ": did you mean " + strings.Join(meant, " or ") + "?"
		}
		return shell.UsageError("%s", text)
	}
}
