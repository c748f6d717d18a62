package recall

import (
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/internal/lake"
	"miic/internal/prose"
	"miic/reports/recipient"
)

func collectedCommand(a *shell.App) *cobra.Command {
	var through int64
	cmd := &cobra.Command{
		Use:   "collected REGION --through SNAPSHOT",
		Short: "Note that a region's files were collected",
		Long: `Note that somebody has collected the files of a REGION as they lay in the folder of a
SNAPSHOT. From the first time on, the region has a folder open/: every night chooses anew
among all notices that nobody has collected, with that night's addresses and without
whoever has since opted out, died, moved, been vaccinated or come into doubt. A notice then
counts towards rounds and intervals only when it was collected, from that day on, or when
somebody has reported what came of it. What was written up to the SNAPSHOT of a region's
first note counts as collected. A region for which nothing was ever noted is taken to
collect its files every night. Who collects every night and begins with this must note
it every night. The same note twice changes nothing.` +
			shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage, shell.ExitNoLake, shell.ExitLocked,
				shell.ExitDamaged, shell.ExitNoSpace),
		Example: "  miic recall collected metro --through 42\n  miic nightly",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return shell.UsageError("%s: name the region", cmd.CommandPath())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			c, l, m, err := shell.OpenHead(a)
			if err != nil {
				return err
			}
			var regions []string
			for _, output := range c.Reports.NightlyOutputs() {
				if region, ok := strings.CutPrefix(output, recipient.Regions+"/"); ok {
					regions = append(regions, region)
				}
			}
			if !slices.Contains(regions, args[0]) {
				return shell.UsageError("unknown region %s: one of %s", strconv.Quote(args[0]), strings.Join(regions, ", "))
			}
			if through < 1 || through > m.Snapshot {
				return shell.UsageError("--through %d is no snapshot of this lake: write the number of the folder in out/ from "+
					"which the files were taken, 1 to %d", through, m.Snapshot)
			}
			night, err := l.Manifest(through) // one that was pruned cannot be asked
			if err == nil && !slices.ContainsFunc(night.Out, func(f lake.File) bool {
				return strings.HasPrefix(f.Path, recipient.Folder(recipient.Regions, args[0])+"/")
			}) {
				return shell.UsageError("the folder of snapshot %d has no files of %s: write the number of the folder in out/ from "+
					"which the files were taken", through, args[0])
			}
			w, err := l.Lock()
			if err != nil {
				return err
			}
			defer w.Unlock()
			one := lake.Collected{Region: args[0], Through: through, Operator: shell.Operator()}
			if err := w.Collect(one); err != nil {
				return err
			}
			if a.JSON {
				return a.Document(one)
			}
			a.Say("the files of %s were collected as of snapshot %d; 'miic nightly' acts on it", prose.Name(one.Region), through)
			return nil
		},
	}
	cmd.Flags().Int64Var(&through, "through", 0, "the `snapshot` whose files were collected")
	return cmd
}
