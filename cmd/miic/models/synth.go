package models

import (
	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/fixtures"
	"miic/internal/pipeline"
	"miic/internal/prose"
)

// Synth is miic synth.
func Synth(a *shell.App) *cobra.Command {
	o := fixtures.Options{}
	cmd := &cobra.Command{
		Use:   "synth",
		Short: "Make a synthetic state: what each sender would deliver, and the truth",
		Long: `Make a synthetic state in DIR: a seeded population with its lives, what each sender
would deliver each night (DIR/nights/<date>/<sender>/), a configuration
(DIR/miic.yaml) with who receives what (DIR/recipients/) and who sends letters (DIR/offices.csv), and the truth (DIR/truth/).
The same seed gives the same bytes.
Nobody in it is real. To run a night, move its deliveries into DIR/inbox.` +
			shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage, shell.ExitNoSpace, shell.ExitInterrupted),
		Example: `  miic synth --clients 20000 --seed 1 --nights 3 --out var`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.Validate(); err != nil {
				return shell.UsageError("%w", err)
			}
			p := shell.NewProgress(a)
			s, err := fixtures.Generate(cmd.Context(), o,
				func(done, total int) { p.At("synth", "make people", int64(done), int64(total), pipeline.People) })
			p.End()
			if err != nil {
				return err
			}
			if a.JSON {
				return a.Document(s)
			}
			a.Say(
				"made %s clients, %s doses and %s files in %s",
				prose.Thousands(int64(s.Clients)),
				prose.Thousands(int64(s.Doses)),
				prose.Thousands(int64(s.Files)),
				o.Out,
			)
			return nil
		},
	}
	cmd.Flags().IntVar(&o.Clients, "clients", 20000, "children aged 0-18 on the first night")
	cmd.Flags().Uint64Var(&o.Seed, "seed", 1, "seed of everything that is drawn")
	cmd.Flags().IntVar(&o.Nights, "nights", 3, "how many nights' deliveries")
	cmd.Flags().StringVar(&o.FirstNight, "first-night", "2026-03-02", "date of the first night")
	cmd.Flags().StringVar(&o.Out, "out", "var", "folder to make it in")
	return cmd
}
