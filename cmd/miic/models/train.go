package models

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"miic/cmd/miic/people"
	"miic/cmd/miic/shell"
	"miic/internal/private"
	"miic/internal/prose"
	"miic/linkage/evaluate"
	"miic/linkage/match"
	"miic/linkage/review"
	"miic/linkage/standard"
)

// Train is miic link train.
func Train(a *shell.App) *cobra.Command {
	var records, base, out string
	cmd := &cobra.Command{
		Use:   "train",
		Short: "Estimate a new linkage model, beside the old one",
		Long: `Estimate m, u, priors and frequencies of a new model without labels, from the last
committed night or from a CSV file of records, and show old against new: each level's
weight, and which records both models put together differently when they link them
from nothing. Nothing in the lake changes. --out writes the new model to a file that
must not be there yet; the site uses it once linkage.model in the configuration names it.
An estimate that does not settle fails. Records of people who may appear in no output are
left out.` + shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage, shell.ExitNoLake, shell.ExitDamaged, shell.ExitInterrupted),
		Example: `  miic link train --out model-2026.json
  miic link train --records records.csv --json | jq '.levels[] | select(.jump)'`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if base != "" && records == "" {
				return shell.UsageError("--model goes with --records: " +
					"the lake's records are of the model that the configuration names")
			}
			if out != "" {
				if err := shell.NewFile(out); err != nil {
					return err
				}
			}
			model, p, err := propose(cmd.Context(), a, records, base)
			if err != nil {
				return err
			}
			if out != "" {
				write := func(w io.Writer) error { _, err := w.Write(model.Text()); return err }
				if err := private.Write(out, write); err != nil {
					return err
				}
			}
			if a.JSON {
				return a.Document(p)
			}
			sayProposal(a, p)
			if out != "" {
				a.Say("the new model is in %s; to use it, name it under linkage.model", out)
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&records, "records", "", "CSV `file` of records (default the last committed night)")
	f.StringVar(&base, "model", "", "model `file` to start from, with --records (default the built-in model)")
	f.StringVar(&out, "out", "", "`file` for the new model (default none is written)")
	return cmd
}

// propose trains on a file of records, or else on HEAD.
func propose(
	ctx context.Context,
	a *shell.App,
	records, base string,
) (model *match.Model, p *evaluate.Proposal, err error) {
	if records == "" {
		err = people.WithEvidence(ctx, a, func(_ *shell.Config, x *review.Explainer) error {
			list, err := x.Records(ctx)
			if err != nil {
				return err
			}
			model, p, err = evaluate.Propose(ctx, x.Model(), list)
			return err
		})
		return model, p, err
	}
	old, err := match.Load(base)
	if err != nil {
		return nil, nil, shell.UsageError("%w", err)
	}
	list, doses, err := standard.ReadRecords(records)
	if err != nil {
		return nil, nil, shell.UsageError("%w", err)
	}
	return evaluate.Propose(ctx, old, standard.All(old.Keys(), list, doses))
}

func sayProposal(a *shell.App, p *evaluate.Proposal) {
	a.Say("model %s, estimated from %s records and %s pairs; before: %s", p.New, prose.Thousands(int64(p.Records)),
		prose.Thousands(p.Pairs), p.Old)
	rows := [][]string{{"comparison", "level", "old m", "new m", "old u", "new u", "old bits", "new bits", ""}}
	for _, l := range p.Levels {
		mark := ""
		if l.Jump {
			mark = "jump"
		}
		rows = append(rows, []string{l.Comparison, l.Level, fmt.Sprintf("%.4f", l.OldM), fmt.Sprintf("%.4f", l.NewM),
			fmt.Sprintf("%.6f", l.OldU),
			fmt.Sprintf("%.6f", l.NewU), fmt.Sprintf("%+.2f", l.OldBits), fmt.Sprintf("%+.2f", l.NewBits), mark})
	}
	if !a.Quiet {
		prose.Columns(a.Stdout, rows)
	}
	a.Say("related records for each record: same person %.2f, was %.2f; born together %.3f, was %.3f; "+
		"same family %.2f, was %.2f",
		p.Priors[1].Same, p.Priors[0].Same, p.Priors[1].Together, p.Priors[0].Together, p.Priors[1].Family,
		p.Priors[0].Family)
	for _, w := range p.Warnings {
		a.Say("warning: %s", w)
	}
	fewer, more := 0, 0
	for _, c := range p.Shadow.Changes {
		if len(c.New) < len(c.Old) {
			fewer++
		} else if len(c.New) > len(c.Old) {
			more++
		}
	}
	a.Say(
		"linked from nothing: %s persons, was %s; %d sets of records are cut differently (%d joined, %d parted); "+
			"--json lists them",
		prose.Thousands(
			int64(p.Shadow.NewPersons),
		),
		prose.Thousands(int64(p.Shadow.OldPersons)),
		len(p.Shadow.Changes),
		fewer,
		more,
	)
}
