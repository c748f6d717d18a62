// Package recall has the commands about campaigns that need no night: what came of notices.
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
		Long:  "Hand in what came of notices, measure it, and note which files were collected." + shell.Exits(shell.ExitDone, shell.ExitUsage),
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, args []string) error { return cmd.Help() },
	}
	cmd.AddCommand(resultsCommand(a), outcomesCommand(a), collectedCommand(a), templatesCommand(a))
	return cmd
}
