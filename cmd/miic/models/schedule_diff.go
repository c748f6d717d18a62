package models

import (
	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/forecast/schedule"
)

func scheduleDiff(a *shell.App) *cobra.Command {
	return &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "What changed from one schedule to another",
		Long: `List the facts that one schedule has and the other has not, each with the antigen,
series and dose it belongs to. OLD and NEW are folders, with CDC's XML as published or
an imported schedule, or a word: builtin, the schedule in the program, or published,
the same without its corrections. Corrections of known faults are among the facts, with
their source. Needs no lake and no configuration.` + shell.Exits(shell.ExitDone, shell.ExitUsage),
		Example: `  miic schedule diff builtin CDSi-4.65/
  miic schedule diff schedule schedule-4.65 --json
  miic schedule diff published builtin`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 2 {
				return shell.UsageError("%s: name two schedules, OLD and NEW", cmd.CommandPath())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			old, refused, err := namedSchedule(args[0])
			if err != nil {
				return err
			}
			fresh, refusal, err := namedSchedule(args[1])
			if err != nil {
				return err
			}
			for _, err := range []error{refused, refusal} {
				if err != nil && !a.JSON {
					a.Say("not corrected: %s", err)
				}
			}
			changes := schedule.Diff(old, fresh)
			added := 0
			for _, c := range changes {
				if c.Added {
					added++
				}
			}
			if a.JSON {
				if changes == nil {
					changes = []schedule.Change{}
				}
				return a.Document(map[string]any{"old": old.Version, "new": fresh.Version, "changes": changes})
			}
			for _, c := range changes {
				mark := "-"
				if c.Added {
					mark = "+"
				}
				a.Say("%s %s", mark, c.Fact)
			}
			a.Say(
				"from schedule %s to %s: %d facts gone, %d new",
				old.Version,
				fresh.Version,
				len(changes)-added,
				added,
			)
			return nil
		},
	}
}
