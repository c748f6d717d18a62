// Package deliveries has the commands about files of senders: what is decided about a delivery, and what is in one.
package deliveries

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/internal/lake"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// Commands are the decisions about deliveries: miic ingest release, refuse and replay.
func Commands(a *shell.App) []*cobra.Command {
	return []*cobra.Command{releaseCommand(a), refuseCommand(a), replayCommand(a)}
}

func releaseCommand(a *shell.App) *cobra.Command {
	var reason string
	return shell.Reasoned(&cobra.Command{
		Use:   "release BATCH",
		Short: "Put a held, refused or backed out delivery back into the inbox",
		Long: `Put a delivery that a night has held or refused, or that 'miic lake backout' has taken
out, back into its sender's inbox, from the archive, under its old name. The next
'miic nightly' judges it afresh, but does not hold it again for being far from what
its sender usually sends: use it when the cause is gone, such as a layout corrected or the other half of a pair delivered, or when the
sender has said that the file is right. The reason is kept in the ledger.` +
			shell.Exits(
				shell.ExitDone,
				shell.ExitFailed,
				shell.ExitUsage,
				shell.ExitNoLake,
				shell.ExitLocked,
				shell.ExitDamaged,
			),
		Example: "  miic ingest release 480d4ab635960ece --reason \"new clinic, announced by its letter of May 2\"\n  " +
			"miic nightly",
		Args: shell.OneArgument("the batch, as the run page names it"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return decided(a, args[0], reason, "held, refused or backed out", []string{"held", "refused", "backed_out"},
				func(o pipeline.Options, b *table.Batch) error { return pipeline.Release(o, b, reason) },
				"%s of %s lies in the inbox again; 'miic nightly' takes it")
		},
	}, &reason)
}

func refuseCommand(a *shell.App) *cobra.Command {
	var reason string
	return shell.Reasoned(&cobra.Command{
		Use:   "refuse BATCH | FILE",
		Short: "Settle that a held delivery, or a stray file, is not to be loaded",
		Long: `Settle that a delivery which a night has held is not to be loaded. The next 'miic nightly'
writes it down as refused, with the reason, and nothing waits for it any more. Its copy
stays in the archive, so that it can still be released. The reason is kept in the ledger.

A FILE of the inbox that seems to hold families' requests, and lies where nobody delivers
them, stops everything about persons from being published: move it to where it belongs, or
refuse it here, by its place in the inbox or its path. It is moved into the archive, and the
next night publishes.` +
			shell.Exits(
				shell.ExitDone,
				shell.ExitNeedsPerson,
				shell.ExitFailed,
				shell.ExitUsage,
				shell.ExitNoLake,
				shell.ExitLocked,
				shell.ExitDamaged,
			),
		Example: "  miic ingest refuse 480d4ab635960ece --reason \"another clinic's file, a right one is on its way\"\n  " +
			"miic ingest refuse metro-health/old.csv --reason \"a copy of last year's, all of it known\"\n  miic nightly",
		Args: shell.OneArgument("the batch, as the run page names it, or a file of the inbox"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := shell.Load(a.ConfigPath)
			if err != nil {
				return err
			}
			if s, err := strayFile(c, args[0]); err != nil || s != nil {
				if err == nil && strings.TrimSpace(reason) == "" {
					err = shell.UsageError("say why with --reason \"…\": it is kept in the ledger")
				}
				if err == nil {
					err = refuseStray(a, s, reason)
				}
				return err
			}
			return decided(a, args[0], reason, "held", []string{"held"},
				func(o pipeline.Options, b *table.Batch) error { return pipeline.Refuse(o, b, reason) },
				"%s of %s is refused; 'miic nightly' writes it down")
		},
	}, &reason)
}

// decided carries out a decision about a batch.
func decided(a *shell.App, id, reason, states string, want []string, do func(pipeline.Options, *table.Batch) error,
	done string) error {
	if strings.TrimSpace(reason) == "" {
		return shell.UsageError("say why with --reason \"…\": it is kept in the ledger")
	}
	c, l, m, err := shell.OpenHead(a)
	if err != nil {
		return err
	}
	b, err := shell.FindBatch(l, m, id)
	if err != nil {
		return err
	}
	if !slices.Contains(want, b.Status) {
		return shell.UsageError(
			"batch %s is %s: only a %s one can be decided about",
			id,
			strings.ReplaceAll(b.Status, "_", " "),
			states,
		)
	}
	if err := do(decisionOptions(c, l), b); err != nil {
		return fmt.Errorf("batch %s: %w", b.BatchID, err)
	}
	if a.JSON {
		return a.Document(map[string]string{"batch_id": b.BatchID, "sender": b.Sender, "file_name": b.FileName,
			"reason": reason, "operator": shell.Operator()})
	}
	a.Say(done, b.FileName, b.Sender)
	return nil
}

func decisionOptions(c *shell.Config, l *lake.Lake) pipeline.Options {
	return pipeline.Options{Lake: l, Inbox: c.Inbox, Archive: c.Archive, Out: c.Out, Operator: shell.Operator()}
}
