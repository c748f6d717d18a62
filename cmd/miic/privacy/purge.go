package privacy

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/internal/prose"
	"miic/internal/purge"
)

func purgeCommand(a *shell.App) *cobra.Command {
	var reason string
	return shell.Reasoned(&cobra.Command{
		Use:   "purge CLIENT",
		Short: "Remove a person who has opted out from lake, archive and output",
		Long: `Write a new snapshot without any row of a person, and remove whatever else has the person:
every earlier snapshot, every held night, every night's folder under out/ with the folders of
questions, the lines in archived copies (which get a new hash; the old one stays known, so that the
same bytes are still recognised) and in verdicts.csv. It cannot be undone, and there is nothing
left to roll back to. What stays: the request by which the person opted out, so that nobody
enrols them again, and ids in notices, disclosures and the history of ids. Coverage stays as it
was published. It lists what it cannot reach: backups, and what recipients have been given. A purge
that is killed is finished by the next command that writes. The next 'miic nightly' works out
everything again from what is stored, and publishes.` +
			shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage, shell.ExitNoLake, shell.ExitLocked,
				shell.ExitDamaged, shell.ExitNoSpace, shell.ExitNeedsPerson),
		Example: "  miic privacy purge 2204 --reason \"order of the district court of 2 March\"",
		Args:    shell.OneArgument("the person, by client_id"),
		RunE: func(cmd *cobra.Command, args []string) error {
			client, err := shell.Client(args[0])
			if err != nil {
				return err
			}
			return withHead(cmd.Context(), a, func(h *head) error { return h.purge(cmd.Context(), a, client, reason) })
		},
	}, &reason, shell.InLedger)
}

// purge removes the person, and says what a person has to do then.
func (h *head) purge(ctx context.Context, a *shell.App, client int64, reason string) error {
	given, err := h.disclosures(ctx, client)
	if err != nil {
		return err
	}
	recipients := map[string]int64{}
	var names []string
	for _, d := range given {
		if recipients[d.Recipient]++; recipients[d.Recipient] == 1 {
			names = append(names, d.Recipient)
		}
	}
	slices.Sort(names)
	w, err := h.l.Lock()
	if err != nil {
		return err
	}
	defer w.Unlock()
	plan, err := purge.Run(ctx, w, purge.Options{Engine: h.e, Archive: h.c.Archive, Out: h.c.Out,
		Verdicts: h.c.Linkage.Verdicts, Client: client, Operator: shell.Operator(), Reason: reason})
	if err != nil {
		return err
	}
	if a.JSON {
		return a.Document(map[string]any{"client_id": client, "snapshot": plan.Manifest.Snapshot, "rows": plan.Rows,
			"rewritten": plan.Rewritten, "given_to": recipients, "backup": h.c.Backup})
	}
	var rows int64
	for _, n := range plan.Rows {
		rows += n
	}
	a.Say("client %d is purged: snapshot %d, %s, %s", client, plan.Manifest.Snapshot, prose.Count(rows, "row", "rows"),
		prose.Count(int64(len(plan.Rewritten)), "archived copy written anew", "archived copies written anew"))
	backup := "every backup of lake, archive and output of before"
	if h.c.Backup != "" {
		backup += " (" + prose.Name(h.c.Backup) + ")"
	}
	a.Say("what a person has to destroy: %s; what lies in the inbox unread", backup)
	for _, name := range names {
		a.Say("given to %s: %s", prose.Name(name), prose.Count(recipients[name], "file", "files"))
	}
	a.Say("now run 'miic nightly'")
	return nil
}
