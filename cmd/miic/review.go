package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"miic/linkage/review"
)

func reviewCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "review",
		Short: "Pairs of records that a person must judge",
		Long: "Write out what the machine does not decide, pairs and records that contradict themselves,\n" +
			"and take in the verdicts of people." + exits(exitDone, exitUsage),
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return cmd.Help() },
	}
	cmd.AddCommand(reviewExport(a), reviewImport(a))
	return cmd
}

func reviewExport(a *app) *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write the queue: a sheet to fill in and a page to read",
		Long: `Write what waits for review in the last committed night: review.csv, a sheet with a line
a pair, and review.html, one page that needs nothing else, with both records side by
side, what each field weighs, the doses of both persons by day, and what else it may be.
Families are kept together, the one with the most serious question first. Both files hold
personal data. A record in which birth date or sex contradict an earlier version is shown
beside that version: same is a correction, different parts it.
Pairs that concern people who may appear in no output are counted, not shown.` +
			exits(exitDone, exitFailed, exitUsage, exitNoLake, exitDamaged),
		Example: "  miic review export\n  miic review export --out /srv/miic/review --json | jq .questions",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return withEvidence(cmd.Context(), a, func(c *Config, x *review.Explainer) error {
				q, err := x.Queue(cmd.Context())
				if err != nil {
					return err
				}
				if dir == "" {
					dir = filepath.Join(c.Out, "review")
				}
				if err := os.MkdirAll(dir, 0o700); err != nil {
					return usageError("--out: %w", err)
				}
				sheet, page := filepath.Join(dir, "review.csv"), filepath.Join(dir, "review.html")
				if err := writePrivate(sheet, q.WriteCSV); err != nil {
					return err
				}
				if err := writePrivate(page, q.WriteHTML); err != nil {
					return err
				}
				families := 0
				for _, one := range q.Questions {
					families = max(families, one.Family)
				}
				if a.json {
					return a.document(map[string]any{"questions": len(q.Questions), "families": families,
						"restricted": q.Restricted, "files": []string{sheet, page}})
				}
				a.say("%s questions in %s families wait for review", thousands(int64(len(q.Questions))),
					thousands(int64(families)))
				if q.Restricted > 0 {
					a.say("%d more are not shown: they concern people who may appear in no output", q.Restricted)
				}
				a.say("%s\n%s", sheet, page)
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&dir, "out", "", "`folder` for the two files (default review in the folder of outputs)")
	return cmd
}

func reviewImport(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "import FILE.csv",
		Short: "Take in verdicts: same person or different",
		Long: `Check a sheet of verdicts (item_id, decision same or different, decided_by; the sheet of
'miic review export' filled in) and keep it with the earlier ones, in the file that the
configuration names under linkage.verdicts. The next night acts on them. A verdict lasts
until one of the two records changes, one on a record that contradicts itself for good.
All or nothing: one that contradicts another, directly or by a chain, or that is about
records that have changed since, refuses the sheet, and both verdicts are named.` +
			exits(exitDone, exitFailed, exitUsage, exitNoLake, exitLocked, exitDamaged, exitNoSpace),
		Example: "  miic review import review.csv\n  miic nightly",
		Args:    oneArgument("the file of verdicts"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, l, err := openLake(a)
			if err != nil {
				return err
			}
			if c.Linkage.Verdicts == "" {
				return usageError("name a file under linkage.verdicts in the configuration: verdicts are kept there")
			}
			today, err := asOfDate("", c)
			if err != nil {
				return err
			}
			sheet, err := review.ReadSheet(args[0])
			if err != nil {
				return usageError("%w", err)
			}
			w, err := l.Lock() // a night that is running has read the file already
			if err != nil {
				return err
			}
			defer w.Unlock()
			kept, err := review.ReadVerdicts(c.Linkage.Verdicts)
			if err != nil {
				return usageError("%w", err)
			}
			return withEvidence(cmd.Context(), a, func(c *Config, x *review.Explainer) error {
				fresh, err := x.Judge(cmd.Context(), sheet, kept, today)
				if err != nil {
					return usageError("nothing was taken from %s:\n%w", args[0], err)
				}
				if len(fresh) > 0 {
					all := append(kept, fresh...)
					write := func(w io.Writer) error { return review.WriteVerdicts(w, all) }
					if err := writePrivate(c.Linkage.Verdicts, write); err != nil {
						return err
					}
				}
				if a.json {
					return a.document(map[string]int{"verdicts": len(sheet), "new": len(fresh)})
				}
				a.say("%d verdicts, %d of them new; 'miic nightly' acts on them", len(sheet), len(fresh))
				return nil
			})
		},
	}
}

// writePrivate writes a file that only its owner may read, whole or not at all.
func writePrivate(path string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".review-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	err = write(f)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	return nil
}
