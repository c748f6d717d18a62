package shell

import (
	"context"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"miic/internal/delivery"
	"miic/internal/engine"
	"miic/internal/lake"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/withdrawal"
)

// OpenLake opens the configured lake for reading.
func OpenLake(a *App) (*Config, *lake.Lake, error) {
	c, err := Load(a.ConfigPath)
	if err != nil {
		return nil, nil, err
	}
	l, err := lake.Open(c.Lake, LakeOptions())
	return c, l, err
}

// OpenHead opens the configured lake and reads HEAD; a lake without a night is none.
func OpenHead(a *App) (*Config, *lake.Lake, *lake.Manifest, error) {
	c, l, err := OpenLake(a)
	if err != nil {
		return nil, nil, nil, err
	}
	m, err := l.Head()
	if err == nil && m == nil {
		err = &ExitError{Code: ExitNoLake, Err: fmt.Errorf("no night was committed yet: run 'miic nightly' first")}
	}
	if err == nil {
		err = l.Readable(m)
	}
	return c, l, m, err
}

// Operator names who gives an instruction that is kept: the system's word for the user.
func Operator() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return "uid " + strconv.Itoa(os.Getuid())
}

// Client reads the number of a person that a command was given.
func Client(text string) (int64, error) {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id < 1 {
		return 0, UsageError("%q is no client_id: it is a number, as in table client", text)
	}
	return id, nil
}

// Where the reason of an instruction is kept.
const (
	WithSnapshot   = "with the snapshot"
	InLedger       = "in the ledger"
	WithDisclosure = "with the disclosure"
)

// Reasoned adds the flag that every lasting instruction needs: without a reason it is not carried out.
func Reasoned(cmd *cobra.Command, reason *string, kept string) *cobra.Command {
	cmd.Flags().StringVar(reason, "reason", "", "why, in words; kept "+kept)
	named := cmd.Args
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if err := named(cmd, args); err != nil {
			return err
		}
		return NeedReason(*reason, kept)
	}
	return cmd
}

// NeedReason is the error about a reason that is missing.
func NeedReason(reason, kept string) error {
	if strings.TrimSpace(reason) == "" {
		return UsageError("say why with --reason \"…\": it is kept %s", kept)
	}
	return nil
}

// Change carries out an instruction that makes a new snapshot.
func Change(cmd *cobra.Command, a *App, reason string, do func(o pipeline.Options) (*lake.Manifest, error)) error {
	c, l, err := OpenLake(a)
	if err != nil {
		return err
	}
	at := a.NewAttempt(c, cmd.Name())
	at.Operator, at.Reason = Operator(), reason
	m, err := do(pipeline.Options{Lake: l, Inbox: c.Inbox, Archive: c.Archive, RetainDays: c.Retain, OutDays: c.OutDays, Out: c.Out,
		Bundles: bundles(), Withdraw: withdrawal.TakeOut, Operator: Operator(), Log: NewProgress(a).Log})
	if err != nil {
		return err
	}
	RefreshReview(cmd.Context(), a, c, l)
	a.Report(cmd.Context(), c, at, nil)
	if a.JSON {
		return a.Document(map[string]any{"snapshot": m.Snapshot, "parent": m.Parent, "as_of": m.AsOf, "kind": m.Kind,
			"reason": m.Reason, "operator": m.Operator})
	}
	a.Say("snapshot %d is HEAD, as of %s", m.Snapshot, m.AsOf)
	return nil
}

// OneArgument demands one argument, and otherwise reports what it should be.
func OneArgument(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != 1 {
			return UsageError("%s: name %s", cmd.CommandPath(), what)
		}
		return nil
	}
}

// OpenEngine starts an engine that spills to a folder of its own, which goes with it.
func OpenEngine(ctx context.Context, c *Config) (*engine.Engine, error) {
	spill, err := os.MkdirTemp("", "miic-explain-")
	if err != nil {
		return nil, err
	}
	return engine.Open(ctx, engine.Options{MemoryMiB: c.MemoryMiB, Temp: spill})
}

// NewFile refuses the path of a file that a command is to write where something is: nothing is replaced.
func NewFile(path string) error {
	if path == "" || os.IsPathSeparator(path[len(path)-1]) {
		return UsageError("%q is a folder: name a file in it", path)
	}
	_, err := NewFolder(path)
	return err
}

// NewFolder does what NewFile does, of a folder, and returns its path in the shortest form: without a slash at the end.
func NewFolder(path string) (string, error) {
	path = filepath.Clean(path)
	if _, err := os.Lstat(path); err == nil {
		return "", UsageError("%s is there already: name another, or move it away", path)
	}
	return path, nil
}

// Allowed finds how HEAD leaves a batch with which an operator may do something; else the error says why not, and what
// can be done. It is decided again under the lock: this spares work that could not be kept.
func Allowed(o pipeline.Options, m *lake.Manifest, e delivery.Event, batch string) (*table.Batch, error) {
	lives, err := delivery.ReadLives(o.Lake, m)
	if err != nil {
		return nil, err
	}
	life, err := pipeline.Allowed(o, lives, e, batch)
	if err != nil {
		return nil, err
	}
	return life.Row, nil
}

// DecisionOptions are what a decision about a delivery needs.
func DecisionOptions(c *Config, l *lake.Lake) pipeline.Options {
	return pipeline.Options{Lake: l, Inbox: c.Inbox, Archive: c.Archive, Out: c.Out, Operator: Operator(),
		Bundles: bundles(), Withdraw: withdrawal.TakeOut}
}
