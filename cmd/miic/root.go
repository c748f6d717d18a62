package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/spf13/cobra"

	"miic/internal/prose"
)

// app holds what every subcommand shares: streams, global flags, and the exit code of a run that
// ended without an error.
type app struct {
	stdout, stderr io.Writer

	configPath string
	json       bool
	quiet      bool
	verbose    bool
	code       int
}

func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "miic",
		Short: "A nightly batch immunization registry",
		Long: `miic takes in what birth registration, clinics and health plans deliver, makes one
record of every person, works out which vaccines each is due, and writes the
reminder and recall files, coverage and extracts that people act on.

A night is one command:

  miic nightly --config /srv/miic/miic.yaml` + exits(exitDone, exitUsage),
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	var version bool
	root.Flags().BoolVar(&version, "version", false, "what 'miic version' prints")
	root.RunE = func(cmd *cobra.Command, args []string) error {
		if version {
			return a.version(cmd.Context())
		}
		return cmd.Help()
	}
	flags := root.PersistentFlags()
	flags.StringVar(&a.configPath, "config", "miic.yaml", "configuration `file`")
	flags.BoolVar(&a.json, "json", false,
		"one JSON document on standard output, and nothing else there; an error is one on standard error")
	flags.BoolVarP(&a.quiet, "quiet", "q", false, "errors only")
	flags.BoolVarP(&a.verbose, "verbose", "v", false, "more in the log")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usageError("%s: %w", cmd.CommandPath(), err)
	})
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(
		nightlyCommand(a),
		ingestCommand(a),
		linkCommand(a),
		forecastCommand(a),
		reportCommand(a),
		lakeCommand(a),
		runsCommand(a),
		configCommand(a),
		profileCommand(a),
		scheduleCommand(a),
		explainCommand(a),
		reviewCommand(a),
		synthCommand(a),
		benchCommand(a),
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
	if !cmd.HasSubCommands() {
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
		return usageError("%s", text)
	}
}

// log returns the logger: plain lines on standard error. It never carries a person's data; the
// stages see to that, and a test with planted names checks it.
// On a terminal a bar shows how far a run is, so only warnings are left to say.
func (a *app) log(tty bool) *slog.Logger {
	level := slog.LevelInfo
	switch {
	case a.quiet:
		level = slog.LevelError
	case a.verbose:
		level = slog.LevelDebug
	case tty:
		level = slog.LevelWarn
	}
	return slog.New(slog.NewTextHandler(a.stderr, &slog.HandlerOptions{Level: level}))
}

// say writes a line for a person; nothing with --json or --quiet.
func (a *app) say(format string, args ...any) {
	if !a.json && !a.quiet {
		fmt.Fprintf(a.stdout, format+"\n", args...)
	}
}

// document writes the one JSON document of a command run with --json.
func (a *app) document(v any) error {
	enc := json.NewEncoder(a.stdout)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// thousands writes a count the way people read it.
var thousands = prose.Thousands
