package privacy

import (
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/internal/engine"
	"miic/internal/lake"
	"miic/internal/prose"
)

func settleCommand(a *shell.App) *cobra.Command {
	var reason string
	return shell.Reasoned(&cobra.Command{
		Use:   "settle REQUEST CLIENT|none",
		Short: "Settle whom a request is about",
		Long: `Settle a request that fits nobody, or may be about several people. With a CLIENT it is about
that person: the next 'miic nightly' restricts them, through merges and splits of their
records, and the others whom it fitted no longer. With none it is about nobody whom it fits now:
it suppresses none of these people any more. Somebody who comes to fit it later is
suppressed as before, and waits again. A newer decision replaces an older one. Operator,
day and reason are kept in the ledger and in the table of settlements, which no rollback
takes back. A request that surely names one person does not wait, and cannot be settled.` +
			shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage, shell.ExitNoLake, shell.ExitLocked,
				shell.ExitDamaged, shell.ExitNoSpace),
		Example: "  miic privacy settle families/R2026-0412 2204 --reason \"the mother confirmed the old address by phone\"\n" +
			"  miic privacy settle families/R2026-0413 none --reason \"a family of Wisconsin\"\n  miic nightly",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 2 {
				return shell.UsageError("%s: name the request, and a client or none", cmd.CommandPath())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			var client int64
			if args[1] != "none" {
				var err error
				if client, err = strconv.ParseInt(args[1], 10, 64); err != nil || client < 1 {
					return shell.UsageError("%s is no client: write the number that 'miic privacy list' has, or none",
						strconv.Quote(args[1]))
				}
			}
			return withHead(cmd.Context(), a, func(h *head) error {
				d, err := h.settle(cmd.Context(), args[0], client, reason)
				if err != nil {
					return err
				}
				if a.JSON {
					return a.Document(map[string]any{"request_id": d.Request, "client_id": d.Client, "reason": d.Reason,
						"operator": d.Operator, "records": len(d.Records), "others": len(d.Others)})
				}
				whom := "nobody"
				if client != 0 {
					whom = "client " + args[1]
				}
				a.Say("request %s is about %s; 'miic nightly' acts on it", prose.Name(d.Request), whom)
				return nil
			})
		},
	}, &reason, shell.InLedger)
}

type personRecord struct {
	RecordID string `col:"record_id"`
	ClientID int64  `col:"client_id"`
}

// settle keeps the decision, while no night runs.
func (h *head) settle(ctx context.Context, id string, client int64, reason string) (*lake.Settled, error) {
	q, err := h.request(ctx, id)
	if err != nil {
		return nil, err
	}
	if q.State == isAbout {
		return nil, shell.UsageError("request %s surely names client %d: it waits for nobody", prose.Name(q.ID),
			q.Clients[0])
	}
	rows, err := engine.Rows[personRecord](ctx, h.e,
		queries.Get("person_record", "request", q.ID, "client", client))
	if err != nil {
		return nil, err
	}
	d := &lake.Settled{Request: q.ID, Client: client, Operator: shell.Operator(), Reason: reason}
	for _, r := range rows {
		if r.ClientID == client {
			d.Records = append(d.Records, r.RecordID)
		} else {
			d.Others = append(d.Others, r.RecordID)
		}
	}
	if client != 0 && len(d.Records) == 0 {
		return nil, shell.UsageError("there is no client %d: 'miic privacy show %s' shows whom it may be about", client,
			prose.Name(q.ID))
	}
	w, err := h.l.Lock()
	if err != nil {
		return nil, err
	}
	defer w.Unlock()
	return d, w.Settle(*d)
}
