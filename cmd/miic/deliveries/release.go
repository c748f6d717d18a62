// Package deliveries has the commands about files of senders: what is decided about a delivery, and what is in one.
package deliveries

import (
	"strings"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/internal/delivery"
	"miic/internal/pipeline"
	"miic/internal/prose"
)

// Commands are what there is to see and to decide about deliveries: miic ingest list, release, return, refuse and
// replay.
func Commands(a *shell.App) []*cobra.Command {
	return []*cobra.Command{listCommand(a), releaseCommand(a), returnCommand(a), refuseCommand(a), replayCommand(a)}
}

// decisionExits are the exit codes of every decision.
var decisionExits = shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage, shell.ExitNoLake, shell.ExitLocked,
	shell.ExitDamaged)

func releaseCommand(a *shell.App) *cobra.Command {
	var reason string
	return shell.Reasoned(&cobra.Command{
		Use:   "release BATCH…",
		Short: "Let a held, refused, backed out or left out delivery in",
		Long: `Let a delivery in that a night has held or refused, that an operator has refused, that
'miic lake backout' has taken out, or that a rollback has left out. The next 'miic
nightly' takes it from the archive and judges it afresh, but does not hold it again for
being far from what its sender usually sends: use it when the cause is gone, such as a
layout corrected or the other half of a pair delivered, or when the sender has said that
the file is right. The reason is kept in the ledger. Until that night 'miic ingest refuse'
takes it back.` + decisionExits,
		Example: "  miic ingest release 480d4ab635960ece --reason \"new clinic, announced by its letter of May 2\"\n  " +
			"miic nightly",
		Args: batches,
		RunE: func(cmd *cobra.Command, args []string) error {
			return decide(a, delivery.Release, args, reason, "%s of %s is released; 'miic nightly' takes it")
		},
	}, &reason, shell.InLedger)
}

func returnCommand(a *shell.App) *cobra.Command {
	var reason string
	var all bool
	cmd := shell.Reasoned(&cobra.Command{
		Use:   "return BATCH…|--all",
		Short: "Feed again what a rollback has left out",
		Long: `Feed deliveries again whose night was rolled back: they lie in the archive and are in no
table. The next 'miic nightly' takes them in the order in which they came, and judges each
as if it had just been delivered: what is far from its sender's history is held. With --all
everything that is left out is returned; what should not come back is refused first, with
'miic ingest refuse'. 'miic ingest list' shows what is left out. The reason is kept in the
ledger.` + decisionExits,
		Example: "  miic ingest refuse 480d4ab635960ece --reason \"another clinic's children\"\n" +
			"  miic ingest return --all --reason \"the wrong file is refused\"\n  miic nightly",
		Args: func(cmd *cobra.Command, args []string) error {
			if all != (len(args) == 0) {
				return shell.UsageError("%s: name the batches, or --all", cmd.CommandPath())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return decide(a, delivery.Return, args, reason, "%s of %s is returned; 'miic nightly' takes it")
		},
	}, &reason, shell.InLedger)
	cmd.Flags().BoolVar(&all, "all", false, "everything that is left out")
	return cmd
}

func refuseCommand(a *shell.App) *cobra.Command {
	var reason string
	return shell.Reasoned(&cobra.Command{
		Use:   "refuse BATCH… | FILE",
		Short: "Settle that a delivery, or a stray file, is not to be loaded",
		Long: `Settle that a delivery is not to be loaded: one that a night has held or refused, that
was released and not taken yet, that a rollback has left out, or that lies in the inbox.
The next 'miic nightly' writes it down, with the reason, and nothing waits for it any
more; the same bytes, sent again, are passed over. Its copy stays in the archive, so that
it can still be released. The reason is kept in the ledger.

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
		Args: batches,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := shell.Load(a.ConfigPath)
			if err != nil {
				return err
			}
			if len(args) == 1 {
				if s, err := strayFile(c, args[0]); err != nil || s != nil {
					if err == nil {
						err = refuseStray(a, s, reason)
					}
					return err
				}
			}
			return decide(a, delivery.Refuse, args, reason, "%s of %s is refused; 'miic nightly' writes it down")
		},
	}, &reason, shell.InLedger)
}

func batches(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return shell.UsageError("%s: name the batch, as the run page and 'miic ingest list' name it", cmd.CommandPath())
	}
	return nil
}

// decide keeps a decision about deliveries.
func decide(a *shell.App, e delivery.Event, ids []string, reason, done string) error {
	c, l, _, err := shell.OpenHead(a)
	if err != nil {
		return err
	}
	lives, err := pipeline.Decide(shell.DecisionOptions(c, l), e, ids, reason)
	if err != nil {
		return err
	}
	type decided struct {
		Batch    string `json:"batch_id"`
		Sender   string `json:"sender"`
		File     string `json:"file_name"`
		Reason   string `json:"reason"`
		Operator string `json:"operator"`
	}
	list := []decided{}
	for _, d := range lives {
		list = append(list, decided{d.Batch, d.Sender, d.File, reason, shell.Operator()})
		a.Say(done, prose.Name(d.File), d.Sender)
	}
	if a.JSON {
		return a.Document(list)
	}
	return nil
}

func listCommand(a *shell.App) *cobra.Command {
	var all bool
	var states []string
	cmd := &cobra.Command{
		Use:   "list",
		Short: "Deliveries that are held, left out or backed out, and what to do about them",
		Long: `List deliveries with their state, since when, why, and what can be done: what is held,
what a rollback has left out, what it has brought back although it was backed out, what is
backed out, what is released and waits for the next night, and what lies in the inbox.
--state names other states, --all lists every delivery. The states are described in
docs/operating.md.` +
			shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage, shell.ExitNoLake, shell.ExitDamaged),
		Example: "  miic ingest list\n  miic ingest list --state left_out --json | jq -r '.[].batch_id'",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			want, err := wanted(all, states)
			if err != nil {
				return err
			}
			c, l, m, err := shell.OpenHead(a)
			if err != nil {
				return err
			}
			lives, err := pipeline.Lives(shell.DecisionOptions(c, l), m)
			if err != nil {
				return err
			}
			return list(a, lives.Sorted(func(d *delivery.Life) bool { return want[d.State] }))
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "every delivery, in every state")
	cmd.Flags().StringSliceVar(&states, "state", nil, "only these `states`, such as held,left_out")
	return cmd
}

// wanted are the states of which deliveries are listed.
func wanted(all bool, states []string) (map[delivery.State]bool, error) {
	want := map[delivery.State]bool{}
	for _, s := range delivery.States {
		want[s.Of] = all || len(states) == 0 && s.Of.Listed()
	}
	for _, s := range states {
		if _, known := want[delivery.State(s)]; !known {
			var names []string
			for _, s := range delivery.States {
				names = append(names, string(s.Of))
			}
			return nil, shell.UsageError("there is no state %q: name some of %s", s, strings.Join(names, ", "))
		}
		want[delivery.State(s)] = true
	}
	return want, nil
}

// A listed delivery is one as it is printed.
type listed struct {
	*delivery.Life
	Words string   `json:"state_words"`
	Do    []string `json:"commands"` // what can be done
}

func list(a *shell.App, lives []*delivery.Life) error {
	rows := [][]string{{"batch", "sender", "file", "came", "state", "since", "why", "what can be done"}}
	documents := []listed{}
	for _, l := range lives {
		since := l.Since
		if !l.At.IsZero() {
			since = l.At.Local().Format("2006-01-02 15:04")
		}
		why := l.Reason
		if l.Decision != nil {
			why = "by " + l.By + ": " + l.Reason
		}
		var can []string
		for _, e := range l.Can() {
			can = append(can, string(e))
		}
		if l.State == delivery.Arrived || l.State == delivery.Released {
			can = append([]string{"run miic nightly"}, can...)
		}
		rows = append(rows, []string{l.Batch, l.Sender, prose.Name(l.File), l.Came, l.State.Words(), since, prose.Name(why), strings.Join(can, ", ")})
		documents = append(documents, listed{l, l.State.Words(), append([]string{}, l.Commands()...)})
	}
	if a.JSON {
		return a.Document(documents)
	}
	if len(lives) == 0 {
		a.Say("nothing is held, left out or backed out, and nothing waits for a night")
		return nil
	}
	if !a.Quiet {
		prose.Columns(a.Stdout, rows)
	}
	return nil
}
