package privacy

import (
	"context"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/internal/prose"
	"miic/internal/table"
	"miic/reports/account"
)

// disclosed is a line of the accounting.
type disclosed struct {
	On        string `json:"on,omitempty"` // the night's date; none where its ledger is lost
	Snapshot  int64  `json:"snapshot"`
	ClientID  int64  `json:"client_id"` // the id of that day
	Output    string `json:"output"`
	Recipient string `json:"recipient"`
	Kind      string `json:"recipient_kind"`
	Basis     string `json:"legal_basis"`
	Purpose   string `json:"purpose"`
}

func disclosuresCommand(a *shell.App) *cobra.Command {
	return &cobra.Command{
		Use:   "disclosures CLIENT",
		Short: "To whom a person's data was disclosed",
		Long: `List every output that had a person in it, with who received it, by which law and what for:
the nights' files, and what commands have written on demand. It is the accounting that a
person may ask for, under every id that the person has or had. It names nobody, and is shown of a
person who has opted out too.` +
			shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage, shell.ExitNoLake, shell.ExitDamaged),
		Example: "  miic privacy disclosures 2204\n  miic privacy disclosures 2204 --json | jq -r '.disclosures[].recipient' | sort -u",
		Args:    shell.OneArgument("the person, by client_id"),
		RunE: func(cmd *cobra.Command, args []string) error {
			client, err := shell.Client(args[0])
			if err != nil {
				return err
			}
			return withHead(cmd.Context(), a, func(h *head) error {
				list, err := h.disclosures(cmd.Context(), client)
				if err != nil {
					return err
				}
				if a.JSON {
					return a.Document(map[string]any{"client_id": client, "disclosures": list})
				}
				if len(list) > 0 && !a.Quiet {
					lines := [][]string{{"on", "output", "recipient", "kind", "law", "purpose"}}
					for _, d := range list {
						lines = append(lines, []string{d.On, prose.Name(d.Output), prose.Name(d.Recipient), d.Kind,
							prose.Name(d.Basis), prose.Name(d.Purpose)})
					}
					prose.Columns(a.Stdout, lines)
				}
				a.Say("client %d was disclosed %s", client, prose.Count(int64(len(list)), "time", "times"))
				return nil
			})
		},
	}
}

// disclosures is the accounting of a person. An id that was never given out is a mistake, and not an empty list.
func (h *head) disclosures(ctx context.Context, client int64) ([]disclosed, error) {
	if err := h.e.Tables(ctx, h.l.FilesOf(h.m), table.Disclosures, table.ClientChanges); err != nil {
		return nil, err
	}
	known, err := h.e.Int(ctx, queries.Get("known", "client", client))
	if err == nil && known == 0 {
		err = shell.UsageError("there is no client %d, and was none", client)
	}
	if err != nil {
		return nil, err
	}
	onDemand, err := h.l.Disclosures()
	if err != nil {
		return nil, err
	}
	past, err := h.l.Past(h.m)
	if err != nil {
		return nil, err
	}
	rows, err := account.Of(ctx, h.e, account.Ledger(onDemand), client)
	if err != nil {
		return nil, err
	}
	list := []disclosed{}
	for _, r := range rows {
		list = append(list, disclosed{On: past.AsOf[r.Snapshot], Snapshot: r.Snapshot, ClientID: r.ClientID, Output: r.Output,
			Recipient: r.Recipient, Kind: r.Kind, Basis: r.Basis, Purpose: r.Purpose})
	}
	return list, nil
}
