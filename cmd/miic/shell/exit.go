package shell

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"miic/internal/lake"
	"miic/internal/prose"
)

// Exit codes. Scripts may rely on them.
const (
	ExitDone        = 0
	ExitFailed      = 1
	ExitUsage       = 2
	ExitIncomplete  = 3
	ExitHeld        = 4
	ExitNoLake      = 10
	ExitLocked      = 11
	ExitDamaged     = 12
	ExitNoSpace     = 13
	ExitNeedsPerson = 14
	ExitInterrupted = 130
)

// ExitError is an error that knows its exit code.
type ExitError struct {
	Code int
	Err  error

	inFile bool // it is about what a file says: a command's help has nothing about it
}

func (e *ExitError) Error() string { return e.Err.Error() }
func (e *ExitError) Unwrap() error { return e.Err }

// UsageError marks a mistake in the command line or the configuration.
func UsageError(format string, args ...any) error {
	return &ExitError{Code: ExitUsage, Err: fmt.Errorf(format, args...)}
}

// ContentError marks a mistake in a file that a person wrote.
func ContentError(format string, args ...any) error {
	return &ExitError{Code: ExitUsage, Err: fmt.Errorf(format, args...), inFile: true}
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
	if ctx.Err() != nil && code != ExitNeedsPerson {
		code, err = ExitInterrupted, errors.New(
			"interrupted; nothing was committed, and what was finished will be taken "+
				"up by the next run",
		)
	}
	if a.JSON {
		line, _ := json.Marshal(map[string]any{"exit": code, "error": err.Error()})
		fmt.Fprintln(plain(a.Stderr), string(prose.JSON(line)))
		return code
	}
	// A line after the first is indented: no text from outside looks like a message of its own.
	fmt.Fprintln(a.Stderr, "miic: "+strings.ReplaceAll(strings.TrimSpace(err.Error()), "\n", "\n  "))
	if own := (*ExitError)(nil); code == ExitUsage && (!errors.As(err, &own) || !own.inFile) {
		fmt.Fprintln(a.Stderr, "hint: run with --help for usage and examples")
	}
	return code
}

// A Code is what an exit code means and what follows from it.
type Code struct {
	Code    int
	Meaning string // in a command's help
	Do      string // for who reads the page in the morning; %s is the run
}

// Codes are all exit codes. docs/operating.md has the same list, and a story shows each.
var Codes = []Code{
	{ExitDone, "done, or nothing to do", ""},
	{ExitFailed, "failed, or an invariant broken; nothing committed", "Read below what went wrong: it names the stage " +
		"and the cause. The newest output is that of the last good night. Mend the cause and run 'miic nightly' again: what " +
		"was finished is taken up."},
	{ExitUsage, "bad usage or configuration", "Read below which key, flag or date is wrong, correct it, and run 'miic " +
		"nightly' again."},
	{ExitIncomplete, "done, but a whole delivery was refused or held, nothing came that was due, no notice could be sent, or measures have a fault", "Go through what " +
		"needs a person below; the page of this night has the commands."},
	{ExitHeld, "held by a brake; nothing committed", "Look at what tripped and at the page of this night. If it is right: " +
		"'miic lake accept %s --reason \"…\"'. If not: mend the cause, take the wrong file out of the inbox, and run " +
		"'miic nightly' again; it starts from the snapshot that is in force."},
	{ExitNoLake, "there is no lake", "Look at lake: in the configuration, and whether its folder is mounted."},
	{ExitLocked, "another run holds the lake", "Wait for the other run; 'miic lake status' shows which it is."},
	{ExitDamaged, "the lake is damaged", "Run 'miic lake check --data': it names each fault. Restore the files from a " +
		"backup, or go back with 'miic lake rollback'."},
	{ExitNoSpace, "out of space; nothing committed", "Free space ('miic lake prune --dry-run' lists what could go) and run 'miic nightly' " +
		"again: what was finished is taken up."},
	{ExitNeedsPerson, "committed, but the inbox or the archive needs a person", "Go through the files below: nothing is " +
		"lost and nothing is taken in twice, but they could not be moved. Mend the rights or free space; the next night " +
		"moves them."},
	{ExitInterrupted, "interrupted", "Run 'miic nightly' again: what was finished is taken up."},
}

// Meaning returns what a code means.
func Meaning(code int) Code {
	for _, c := range Codes {
		if c.Code == code {
			return c
		}
	}
	return Code{code, "failed", Codes[ExitFailed].Do}
}

// Exits writes the part of a command's help that names the codes it can return.
func Exits(codes ...int) string {
	var b strings.Builder
	b.WriteString("\n\nExit codes:\n")
	for _, c := range codes {
		fmt.Fprintf(&b, "  %3d  %s\n", c, Meaning(c).Meaning)
	}
	return strings.TrimRight(b.String(), "\n")
}

// lakeExitCode returns the code of an error from below.
func lakeExitCode(err error) int { return int(lake.CodeOf(err)) }
