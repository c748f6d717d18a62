package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Exit codes. Scripts may rely on them; docs/operating.md has the table for people.
const (
	exitDone        = 0   // done, or nothing to do
	exitFailed      = 1   // failed, or an invariant broken; nothing committed
	exitUsage       = 2   // bad usage or configuration
	exitIncomplete  = 3   // committed, but a whole delivery was refused or held
	exitHeld        = 4   // held by a brake; nothing committed
	exitNoLake      = 10  // there is no lake
	exitLocked      = 11  // another run holds the lake
	exitDamaged     = 12  // the lake is damaged
	exitNoSpace     = 13  // out of space
	exitInterrupted = 130 // interrupted
)

// exitError is an error that knows its exit code.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

// usageError marks a mistake in the command line or the configuration.
func usageError(format string, args ...any) error {
	return &exitError{code: exitUsage, err: fmt.Errorf(format, args...)}
}

// exitCode returns the code of an error.
func exitCode(err error) int {
	var own *exitError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &own):
		return own.code
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	case strings.HasPrefix(err.Error(), "unknown command"), strings.HasPrefix(err.Error(), "accepts "):
		// Arguments that a command does not take: cobra has no type for the error.
		return exitUsage
	}
	return lakeExitCode(err)
}

// finish reports an error to the person or, with --json, to the script, and returns the exit code.
func (a *app) finish(ctx context.Context, err error) int {
	if err == nil {
		return a.code
	}
	code := exitCode(err)
	if ctx.Err() != nil {
		code, err = exitInterrupted, errors.New("interrupted; nothing was committed, and what was finished will be taken "+
			"up by the next run")
	}
	if a.json {
		line, _ := json.Marshal(map[string]any{"exit": code, "error": err.Error()})
		fmt.Fprintln(a.stderr, string(line))
		return code
	}
	fmt.Fprintln(a.stderr, "miic: "+strings.TrimSpace(err.Error()))
	if code == exitUsage {
		fmt.Fprintln(a.stderr, "hint: run with --help for usage and examples")
	}
	return code
}

// exits writes the part of a command's help that names the codes it can return.
func exits(codes ...int) string {
	meaning := map[int]string{
		exitDone: "done, or nothing to do", exitFailed: "failed, or an invariant broken; nothing committed",
		exitUsage: "bad usage or configuration", exitIncomplete: "done, but a whole delivery was refused or held",
		exitHeld: "held by a brake; nothing committed", exitNoLake: "there is no lake",
		exitLocked:  "another run holds the lake",
		exitDamaged: "the lake is damaged", exitNoSpace: "out of space", exitInterrupted: "interrupted",
	}
	var b strings.Builder
	b.WriteString("\n\nExit codes:\n")
	for _, c := range codes {
		fmt.Fprintf(&b, "  %3d  %s\n", c, meaning[c])
	}
	return strings.TrimRight(b.String(), "\n")
}
