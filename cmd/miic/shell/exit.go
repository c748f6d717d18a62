package shell

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"miic/internal/lake"
)

// Exit codes. Scripts may rely on them; docs/operating.md has the table for people.
const (
	ExitDone        = 0   // done, or nothing to do
	ExitFailed      = 1   // failed, or an invariant broken; nothing committed
	ExitUsage       = 2   // bad usage or configuration
	ExitIncomplete  = 3   // committed, but a whole delivery was refused or held
	ExitHeld        = 4   // held by a brake; nothing committed
	ExitNoLake      = 10  // there is no lake
	ExitLocked      = 11  // another run holds the lake
	ExitDamaged     = 12  // the lake is damaged
	ExitNoSpace     = 13  // out of space
	ExitInterrupted = 130 // interrupted
)

// ExitError is an error that knows its exit code.
type ExitError struct {
	Code int
	Err  error
}

func (e *ExitError) Error() string { return e.Err.Error() }
func (e *ExitError) Unwrap() error { return e.Err }

// UsageError marks a mistake in the command line or the configuration.
func UsageError(format string, args ...any) error {
	return &ExitError{Code: ExitUsage, Err: fmt.Errorf(format, args...)}
}

// exitCode returns the code of an error.
func exitCode(err error) int {
	var own *ExitError
	switch {
	case err == nil:
		return ExitDone
	case errors.As(err, &own):
		return own.Code
	case errors.Is(err, context.Canceled):
		return ExitInterrupted
	case strings.HasPrefix(err.Error(), "unknown command"), strings.HasPrefix(err.Error(), "accepts "):
		// Arguments that a command does not take: cobra has no type for the error.
		return ExitUsage
	}
	return lakeExitCode(err)
}

// Finish reports an error to the person or, with --json, to the script, and returns the exit code.
func (a *App) Finish(ctx context.Context, err error) int {
	if err == nil {
		return a.Code
	}
	code := exitCode(err)
	if ctx.Err() != nil {
		code, err = ExitInterrupted, errors.New(
			"interrupted; nothing was committed, and what was finished will be taken "+
				"up by the next run",
		)
	}
	if a.JSON {
		line, _ := json.Marshal(map[string]any{"exit": code, "error": err.Error()})
		fmt.Fprintln(a.Stderr, string(line))
		return code
	}
	fmt.Fprintln(a.Stderr, "miic: "+strings.TrimSpace(err.Error()))
	if code == ExitUsage {
		fmt.Fprintln(a.Stderr, "hint: run with --help for usage and examples")
	}
	return code
}

// Exits writes the part of a command's help that names the codes it can return.
func Exits(codes ...int) string {
	meaning := map[int]string{
		ExitDone: "done, or nothing to do", ExitFailed: "failed, or an invariant broken; nothing committed",
		ExitUsage: "bad usage or configuration", ExitIncomplete: "done, but a whole delivery was refused or held",
		ExitHeld: "held by a brake; nothing committed", ExitNoLake: "there is no lake",
		ExitLocked:  "another run holds the lake",
		ExitDamaged: "the lake is damaged", ExitNoSpace: "out of space", ExitInterrupted: "interrupted",
	}
	var b strings.Builder
	b.WriteString("\n\nExit codes:\n")
	for _, c := range codes {
		fmt.Fprintf(&b, "  %3d  %s\n", c, meaning[c])
	}
	return strings.TrimRight(b.String(), "\n")
}

// lakeExitCode returns the code of an error from below.
func lakeExitCode(err error) int { return int(lake.CodeOf(err)) }
