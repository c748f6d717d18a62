package privacy

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/internal/engine"
	"miic/internal/lake"
	"miic/internal/prose"
)

func liftCommand(a *shell.App) *cobra.Command {
	var reason string
	var all bool
	cmd := shell.Reasoned(&cobra.Command{
		Use:   "lift CLIENT|SOURCE",
		Short: "Lift a restriction of a person",
		Long: `Lift what restricts a person: an opt-out, a lock, a wish for no notices. SOURCE is what the
restriction came by: a request as 'miic privacy list --all' names it, a record whose flag says so,
or the result of a notice (result: and its id). CLIENT stands for the one source that the person has;
of several, name one, or give --all. A seal is lifted by its request only. From the next
'miic nightly' on the person is in outputs again; the night's page says so. No file lifts a
restriction. Operator, day and reason are kept in the ledger and in the table of
settlements, which no rollback takes back. What is said anew after that (a changed request, a
new version of a record that still has the flag) restricts again.` +
			shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage, shell.ExitNoLake, shell.ExitLocked,
				shell.ExitDamaged, shell.ExitNoSpace),
		Example: "  miic privacy lift 2204 --reason \"form 12 of 2 March, signed by the mother\"\n" +
			"  miic privacy lift families/R2026-0412 --reason \"the family has changed its mind\"\n" +
			"  miic privacy lift 'result:4f1c09aa/no_mail/2026-03-01' --reason \"the mailing house's mistake\"",
		Args: shell.OneArgument("a client, or the request, record or result that restricts"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withHead(cmd.Context(), a, func(h *head) error {
				list, err := h.lift(cmd.Context(), args[0], all, reason)
				if err != nil {
					return err
				}
				if a.JSON {
					return a.Document(map[string]any{"lifted": list})
				}
				for _, d := range list {
					a.Say("what came by %s is lifted; 'miic nightly' acts on it", prose.Name(d.Request))
				}
				return nil
			})
		},
	}, &reason, shell.InLedger)
	cmd.Flags().BoolVar(&all, "all", false, "everything that restricts the person, but for a seal")
	return cmd
}

type restricting struct {
	ClientID int64  `col:"client_id"`
	Kind     string `col:"kind"`
	SourceID string `col:"source_id"`
	Basis    string `col:"basis"`
}

type decidedRecord struct {
	RecordID string `col:"record_id"`
	Decision string `col:"decision"`
	ClientID int64  `col:"client_id,null"`
}

// lift keeps the decisions, one a source, while no night runs.
func (h *head) lift(ctx context.Context, what string, all bool, reason string) ([]lake.Settled, error) {
	client, err := strconv.ParseInt(what, 10, 64)
	byClient := err == nil
	rows, err := engine.Rows[restricting](ctx, h.e, queries.Get("restricting", "client", client, "source", what))
	if err != nil {
		return nil, err
	}
	sure := slices.DeleteFunc(slices.Clone(rows), func(r restricting) bool {
		return r.Basis == "possible" || byClient && (r.ClientID != client || r.Kind == "seal")
	})
	var sources []string
	for _, r := range sure {
		if !slices.Contains(sources, r.SourceID) {
			sources = append(sources, r.SourceID)
		}
	}
	switch {
	case len(rows) == 0:
		return nil, shell.UsageError("nothing restricts by %s: 'miic privacy list --all' names requests, and table restriction "+
			"all that restricts", strconv.Quote(what))
	case len(sources) == 0:
		return nil, shell.UsageError("%s restricts nobody surely: settle the request ('miic privacy list') or judge the question "+
			"('miic review export --restricted'); a seal is lifted by its request", strconv.Quote(what))
	case len(sources) > 1 && !all:
		return nil, shell.UsageError("client %d is restricted by several: name one (%s), or give --all", client,
			prose.Name(strings.Join(sources, ", ")))
	}
	var list []lake.Settled
	for _, source := range sources {
		d, err := h.liftSource(ctx, source, sure)
		if err != nil {
			return nil, err
		}
		d.Operator, d.Reason = shell.Operator(), reason
		list = append(list, *d)
	}
	w, err := h.l.Lock()
	if err != nil {
		return nil, err
	}
	defer w.Unlock()
	return list, w.Settle(list...)
}

// liftSource is the decision that a source restricts some people no more. What was decided of it before of others stays.
func (h *head) liftSource(ctx context.Context, source string, sure []restricting) (*lake.Settled, error) {
	d := &lake.Settled{Request: source, Lifted: true}
	var people []int64
	for _, r := range sure {
		if r.SourceID != source || slices.Contains(people, r.ClientID) {
			continue
		}
		people = append(people, r.ClientID)
		records, err := engine.Rows[personRecord](ctx, h.e, queries.Get("record", "client", r.ClientID))
		if err != nil {
			return nil, err
		}
		for _, one := range records {
			d.Records = append(d.Records, one.RecordID)
		}
	}
	d.Client = people[0]
	if len(d.Records) == 0 {
		return nil, shell.UsageError("client %d has no record now: what came by %s restricts nobody in any output", people[0],
			prose.Name(source))
	}
	before, err := engine.Rows[decidedRecord](ctx, h.e, queries.Get("decided_record", "source", source))
	if err != nil {
		return nil, err
	}
	for _, r := range before {
		switch {
		case slices.Contains(d.Records, r.RecordID):
		case r.Decision == "other":
			d.Others = append(d.Others, r.RecordID)
		case r.Decision == "lifted":
			d.Records = append(d.Records, r.RecordID)
		}
	}
	return d, nil
}
