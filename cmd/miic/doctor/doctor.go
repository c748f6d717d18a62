// Package doctor is the command that looks at a site before a night: it gathers the facts, and miic/internal/doctor
// judges them. It changes nothing, takes no lock, and works while a night runs.
package doctor

import (
	"os"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/internal/doctor"
)

// Command is miic doctor.
func Command(a *shell.App) *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Is this site ready for a night",
		Long: `Look at what the next night needs: configuration, folders and rights, file systems,
disk and memory against what the last nights took, clock and zone, the age of the
schedule and the code tables, the lake and its lock, the last backup, and each
sender's folder and patterns. Every line is in order, a note, or a fault with what
to do about it. Nothing is changed and no lock is taken: it can be asked before the
first night, and while one runs. Ask as the user who runs the nights: only then
are the rights judged.` + shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage),
		Example: `  sudo -u miic miic doctor --config /etc/miic/miic.yaml
  miic doctor --json | jq '.findings[] | select(.level == "fault")'`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			r := doctor.Examine(look(a.ConfigPath, os.DirFS("/")))
			if !r.Ready {
				a.Code = shell.ExitFailed
			}
			if a.JSON {
				return a.Document(r)
			}
			if !a.Quiet {
				r.Write(a.Stdout)
			}
			return nil
		},
	}
}
