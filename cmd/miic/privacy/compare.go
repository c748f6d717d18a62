package privacy

import (
	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/internal/lake"
	"miic/internal/prose"
	"miic/internal/table"
)

func compareCommand(a *shell.App) *cobra.Command {
	return &cobra.Command{
		Use:   "compare LAKE",
		Short: "Compare the restrictions of a restored copy with those in force",
		Long: `Compare the restrictions of a restored copy of the lake with those of this one. Before anything is
published from a copy that lacks some, the requests that came since have to be delivered again:
the copy does not know who has opted out meanwhile. It names nobody.
It ends with 3 when the copy lacks a restriction.` +
			shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage, shell.ExitIncomplete, shell.ExitNoLake, shell.ExitDamaged),
		Example: "  miic privacy compare /tmp/rehearsal/lake",
		Args:    shell.OneArgument("the folder of the restored lake"),
		RunE: func(cmd *cobra.Command, args []string) error {
			_, l, m, err := shell.OpenHead(a)
			if err != nil {
				return err
			}
			now, err := restrictionsOf(l, m)
			if err != nil {
				return err
			}
			other, err := lake.Open(args[0], shell.LakeOptions())
			if err != nil {
				return err
			}
			old, err := other.Head()
			if err != nil {
				return err
			}
			if old == nil {
				return &shell.ExitError{Code: shell.ExitNoLake, Err: lake.Errorf(lake.NoLake, "%s has no snapshot", args[0])}
			}
			then, err := restrictionsOf(other, old)
			if err != nil {
				return err
			}
			both, lacking, more := int64(0), int64(0), int64(0)
			for r := range now {
				if then[r] {
					both++
				} else {
					lacking++
				}
			}
			for r := range then {
				if !now[r] {
					more++
				}
			}
			if lacking > 0 {
				a.Code = shell.ExitIncomplete
			}
			if a.JSON {
				return a.Document(map[string]any{"snapshot": m.Snapshot, "copy": old.Snapshot, "both": both, "lacking": lacking,
					"more": more})
			}
			a.Say("the copy is of snapshot %d, this lake of %d; both have %s", old.Snapshot, m.Snapshot,
				prose.Count(both, "restriction", "restrictions"))
			a.Say("the copy lacks %s that came since; it has %d that were lifted, settled or purged since",
				prose.Count(lacking, "restriction", "restrictions"), more)
			return nil
		},
	}
}

// restricted is a restriction, whatever the person's id: those may differ.
type restricted struct{ kind, source string }

func restrictionsOf(l *lake.Lake, m *lake.Manifest) (map[restricted]bool, error) {
	set := map[restricted]bool{}
	return set, table.Scan(l.Files(m, table.Restrictions.Name), func(r *table.Restriction) error {
		if r.Basis != "possible" {
			set[restricted{r.Kind, r.SourceID}] = true
		}
		return nil
	})
}
