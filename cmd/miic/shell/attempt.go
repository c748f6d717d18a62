package shell

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"miic/cmd/miic/attempt"
	"miic/internal/lake"
)

// NewAttempt begins an attempt of a kind.
func (a *App) NewAttempt(c *Config, kind string) *attempt.Attempt {
	return &attempt.Attempt{Out: c.Out, Kind: kind, Began: now(c)}
}

// ReportUnread writes the page of an attempt whose configuration cannot be read.
func (a *App) ReportUnread(err error) {
	c := Default()
	if c.Out = outOf(a.ConfigPath); c.Out == "" {
		return
	}
	c.Lake = ""
	// The lines around a fault may hold what is no page's business, such as a webhook's address.
	first, _, _ := strings.Cut(err.Error(), "\n")
	err = &ExitError{Code: exitCode(err), Err: errors.New(first)}
	a.Report(context.Background(), &c, a.NewAttempt(&c, attempt.Night), err)
}

// withConfig makes the commands of an advice ready to copy: with the configuration that this run was given.
func (a *App) withConfig(advice string) string {
	if a.ConfigPath == "miic.yaml" {
		return advice
	}
	parts := strings.Split(advice, "'")
	for i := 1; i < len(parts); i += 2 {
		parts[i] = strings.Replace(parts[i], "miic ", "miic --config "+a.ConfigPath+" ", 1)
	}
	return strings.Join(parts, "'")
}

func now(c *Config) time.Time {
	if zone, err := time.LoadLocation(c.TimeZone); err == nil {
		return time.Now().In(zone)
	}
	return time.Now()
}

// Report writes the page of an attempt that has ended, with an error or without, and lets the site's hooks know. When the
// page cannot be written, or a hook fails, that is a warning: the night's own outcome counts.
func (a *App) Report(ctx context.Context, c *Config, at *attempt.Attempt, err error) {
	at.Ended, at.Err, at.Exit = now(c), err, a.Code
	if err != nil {
		at.Exit = exitCode(err)
		if ctx.Err() != nil && at.Exit != ExitNeedsPerson {
			at.Exit = ExitInterrupted
		}
	}
	if at.Exit == ExitLocked {
		return // the page is that of the run that holds the lock
	}
	means := Meaning(at.Exit)
	at.Meaning = means.Meaning
	if run := ""; means.Do != "" && at.Kind == attempt.Night {
		if at.Result != nil {
			run = at.Result.Run
		}
		at.Advice = a.withConfig(strings.ReplaceAll(means.Do, "%s", run))
	}
	if l, err := lake.Open(c.Lake, LakeOptions()); err == nil {
		if head, err := l.Head(); err == nil && head != nil {
			at.Head, at.HeadAsOf = head.Snapshot, head.AsOf
		}
	}
	if err := at.Write(); err != nil {
		fmt.Fprintf(a.Stderr, "warning: the page of this attempt could not be written: %v\n", err)
	}
	if err := at.Send(ctx, c.Notify); err != nil {
		fmt.Fprintf(a.Stderr, "warning: %v\n", err)
	}
}
