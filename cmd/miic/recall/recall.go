// Package recall has the commands about campaigns: which there are, what one would send, and what came of their notices.
package recall

import (
	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
)

// Recall is miic recall.
func Recall(a *shell.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "recall",
		Short: "Campaigns of reminders and recalls, and what came of them",
		Long: `Show campaigns, count what one would send, hand in what came of notices, measure it, note
which files were collected, and ask an address vendor.` + shell.Exits(shell.ExitDone, shell.ExitUsage),
		Example: "  miic recall list\n  miic recall plan toddlers",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, args []string) error { return cmd.Help() },
	}
	cmd.AddCommand(list(a), show(a), plan(a), resultsCommand(a), outcomesCommand(a), collectedCommand(a), addressesCommand(a), templatesCommand(a))
	return cmd
}
