package recall

import (
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/internal/lake"
)

func addressesWithdraw(a *shell.App) *cobra.Command {
	var reason string
	cmd := &cobra.Command{
		Use:   "withdraw EXPORT --reason TEXT",
		Short: "Take a vendor's answer back",
		Long: `Take back what an address vendor has answered to an EXPORT, by the number in the file's
column export_id: the answer was of another file, or wrong. The next 'miic nightly' acts on
it: mail goes to the addresses as senders report them, and nobody counts as moved by that
answer any more. Letters that went out meanwhile count as sent. Another answer to the export
can be handed in afterwards, the same one too.` +
			shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage, shell.ExitNoLake, shell.ExitLocked, shell.ExitDamaged,
				shell.ExitNoSpace),
		Example: `  miic recall addresses withdraw 000003 --reason "the answer of another state"
  miic nightly`,
		Args: shell.OneArgument("the number of an export, as in its column export_id"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if strings.TrimSpace(reason) == "" {
				return shell.UsageError("say why with --reason \"…\": it is kept in the ledger")
			}
			_, l, _, err := shell.OpenHead(a)
			if err != nil {
				return err
			}
			w, err := l.Lock()
			if err != nil {
				return err
			}
			defer w.Unlock()
			list, err := l.Answers()
			if err != nil {
				return err
			}
			last := lastAnswer(list, args[0])
			if last == nil || last.Withdrawn != "" {
				return shell.UsageError("there is no answer to the export %s of addresses that counts", strconv.Quote(args[0]))
			}
			one := lake.Answered{Export: last.Export, Vendor: last.Vendor, SHA256: last.SHA256, Rows: last.Rows,
				Operator: shell.Operator(), Withdrawn: reason}
			if err := w.NoteAnswer(one); err != nil {
				return err
			}
			if a.JSON {
				return a.Document(one)
			}
			a.Say("the answer to the export %s counts no more; the next 'miic nightly' acts on it", one.Export)
			return nil
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "why, in words; kept in the ledger")
	return cmd
}
