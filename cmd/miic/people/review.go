package people

import (
	"io"
	"strings"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/internal/private"
	"miic/internal/prose"
	"miic/linkage/review"
)

// Review is miic review.
func Review(a *shell.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "review",
		Short: "Pairs of records that a person must judge",
		Long: "Write out what the machine does not decide, pairs and records that contradict themselves,\n" +
			"and take in the verdicts of people." + shell.Exits(shell.ExitDone, shell.ExitUsage),
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return cmd.Help() },
	}
	cmd.AddCommand(reviewExport(a), reviewImport(a))
	return cmd
}

func reviewExport(a *shell.App) *cobra.Command {
	var dir string
	var restricted bool
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write the queue: a page to answer on and a sheet to fill in",
		Long: `Write what waits for review in the last committed night: review.html, a page to answer on,
with why each question waits, both records side by side, what each field weighs, the doses
of both persons by day, and what else it may be; and review.csv, a sheet with a line a
question. The page needs no server: it saves the answers as review-answers-<date>.csv for
'miic review import', and shows the 500 most serious questions. Families are kept together,
the one with the most serious question first. Both files hold personal data. Each night
that is committed writes them too. A record in which birth date or sex contradict an earlier version is shown
beside that version: same is a correction, different parts it.
Pairs that concern people who may appear in no output are counted, not shown. With
--restricted the page has these and no others, in a folder of its own: for whoever may
settle opt-outs, and to be removed when it is done.` +
			shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage, shell.ExitNoLake, shell.ExitDamaged),
		Example: "  miic review export\n  miic review export --out /var/lib/miic/review --json | jq .questions",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return WithEvidence(cmd.Context(), a, func(c *shell.Config, x *review.Explainer) error {
				if x.Restricted = restricted; dir == "" {
					if dir = shell.ReviewFolder(c); restricted {
						dir += "-restricted"
					}
				}
				q, files, err := shell.WriteReview(cmd.Context(), x, dir)
				if err != nil {
					return err
				}
				families := 0
				for _, one := range q.Questions {
					families = max(families, one.Family)
				}
				if a.JSON {
					return a.Document(map[string]any{"questions": len(q.Questions), "families": families,
						"restricted": q.Restricted, "files": files})
				}
				a.Say("%s questions in %s families wait for review", prose.Thousands(int64(len(q.Questions))),
					prose.Thousands(int64(families)))
				if q.Restricted > 0 && !restricted {
					a.Say("%d more are not shown: they concern people who may appear in no output", q.Restricted)
				}
				a.SayText(strings.Join(files, "\n"))
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&dir, "out", "", "`folder` for the two files (default review in the folder of outputs)")
	cmd.Flags().BoolVar(&restricted, "restricted", false, "the questions about people who may appear in no output")
	return cmd
}

func reviewImport(a *shell.App) *cobra.Command {
	return &cobra.Command{
		Use:   "import FILE.csv",
		Short: "Take in verdicts: same person or different",
		Long: `Check a sheet of verdicts (item_id, decision same or different, decided_by: what the page of
'miic review export' has saved, or its sheet filled in) and keep it with the earlier ones, in the file that the
configuration names under linkage.verdicts: nothing there is overwritten. The next night acts on them. A verdict lasts
until one of the two records changes, one on a record that contradicts itself for good.
All or nothing: one that contradicts another, directly or by a chain, or that is about
records that have changed since, refuses the sheet, and both verdicts are named.` +
			shell.Exits(
				shell.ExitDone,
				shell.ExitFailed,
				shell.ExitUsage,
				shell.ExitNoLake,
				shell.ExitLocked,
				shell.ExitDamaged,
				shell.ExitNoSpace,
			),
		Example: "  miic review import review-answers-2026-03-04.csv\n  miic nightly",
		Args:    shell.OneArgument("the file of verdicts"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, l, err := shell.OpenLake(a)
			if err != nil {
				return err
			}
			if c.Linkage.Verdicts == "" {
				return shell.UsageError(
					"name a file under linkage.verdicts in the configuration: verdicts are kept there",
				)
			}
			today, err := shell.AsOfDate("", c)
			if err != nil {
				return err
			}
			sheet, err := review.ReadSheet(args[0])
			if err != nil {
				return shell.UsageError("%w", err)
			}
			w, err := l.Lock() // a night that is running has read the file already
			if err != nil {
				return err
			}
			defer w.Unlock()
			kept, err := review.ReadVerdicts(c.Linkage.Verdicts)
			if err != nil {
				return shell.UsageError("%w", err)
			}
			return WithEvidence(cmd.Context(), a, func(c *shell.Config, x *review.Explainer) error {
				fresh, err := x.Judge(cmd.Context(), sheet, kept, today)
				if err != nil {
					return shell.UsageError("nothing was taken from %s:\n%w", args[0], err)
				}
				if len(fresh) > 0 {
					all := append(kept, fresh...)
					write := func(w io.Writer) error { return review.WriteVerdicts(w, all) }
					if err := private.Write(c.Linkage.Verdicts, write); err != nil {
						return err
					}
				}
				if a.JSON {
					return a.Document(map[string]int{"verdicts": len(sheet), "new": len(fresh)})
				}
				a.Say("%d verdicts, %d of them new; 'miic nightly' acts on them", len(sheet), len(fresh))
				return nil
			})
		},
	}
}
