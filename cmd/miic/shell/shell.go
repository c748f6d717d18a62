// Package shell has what every command shares: streams and flags, the configuration, exit codes and errors, how the lake is
// opened, and what a night is made of. It reads the clock and the environment; nothing below cmd does.
package shell

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"

	"miic/internal/prose"
)

// App holds what every subcommand shares: streams, global flags, and the exit code of a run that
// ended without an error.
type App struct {
	Stdout, Stderr io.Writer

	ConfigPath string
	JSON       bool
	Quiet      bool
	Verbose    bool
	Code       int // of a run that ended without an error
}

// Log returns the logger: plain lines on standard error. It never carries a person's data; the
// stages see to that, and a test with planted names checks it.
// On a terminal a bar shows how far a run is, so only warnings are left to say.
func (a *App) Log(tty bool) *slog.Logger {
	level := slog.LevelInfo
	switch {
	case a.Quiet:
		level = slog.LevelError
	case a.Verbose:
		level = slog.LevelDebug
	case tty:
		level = slog.LevelWarn
	}
	return slog.New(slog.NewTextHandler(a.Stderr, &slog.HandlerOptions{Level: level}))
}

// Say writes a line for a person; nothing with --json or --quiet. What is filled in stays on that line.
func (a *App) Say(format string, args ...any) {
	if !a.JSON && !a.Quiet {
		fmt.Fprintf(a.Stdout, format+"\n", filled(args)...)
	}
}

// SayText writes a text of several lines for a person; nothing with --json or --quiet.
func (a *App) SayText(text string) {
	if !a.JSON && !a.Quiet {
		fmt.Fprintln(a.Stdout, text)
	}
}

// Document writes the one JSON document of a command run with --json.
func (a *App) Document(v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := plain(a.Stdout).Write(prose.JSON(b.Bytes()))
	return err
}

// Answer prints an answer as text, or as the document of --json; with --quiet it prints nothing.
func (a *App) Answer(answer interface{ Text(w io.Writer) error }) error {
	switch {
	case a.JSON:
		return a.Document(answer)
	case a.Quiet:
		return nil
	}
	return answer.Text(a.Stdout)
}
