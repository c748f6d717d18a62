package people

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/linkage/review"
)

func explainPair(a *shell.App) *cobra.Command {
	return &cobra.Command{
		Use:   "pair RECORD_A RECORD_B",
		Short: "Why two records are, or are not, one person",
		Long: `Show the comparison of two records as it was scored: the evidence for and against one
person in bits, from the prior over each field to the rarity of the names; the
probability of each relation; why it was held; the rules that found it. Nothing is
shown of a person who may appear in no output.` + shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage, shell.ExitNoLake, shell.ExitDamaged),
		Example: `  miic explain pair metro-clinic/88213 vital-records/2025-004711
  miic explain pair metro-clinic/88213 metro-clinic/90112 --json | jq '.steps[] | select(.bits < 0)'`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 2 {
				return shell.UsageError("%s: name two records by record_id", cmd.CommandPath())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return explainedLinkage(cmd.Context(), a,
				func(x *review.Explainer) (worded, error) { return x.Pair(args[0], args[1]) })
		},
	}
}

func explainClient(a *shell.App) *cobra.Command {
	return &cobra.Command{
		Use:   "client CLIENT_ID",
		Short: "Why these records are one person",
		Long: `Show a person's records; the best known of each field, with the record it came from and
why; names, addresses and phones before it; the strongest pairs that hold the records
together, the weakest of those; and every change of the id with its reason. Nothing is
shown of a person who may appear in no output.` + shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage, shell.ExitNoLake, shell.ExitDamaged),
		Example: `  miic explain client 1204
  miic explain client 1204 --json | jq .weakest`,
		Args: shell.OneArgument("a person by client_id"),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := shell.Client(args[0])
			if err != nil {
				return err
			}
			return explainedLinkage(cmd.Context(), a, func(x *review.Explainer) (worded, error) { return x.Client(id) })
		},
	}
}

// explainedLinkage asks the question of HEAD's stored evidence and prints the answer.
func explainedLinkage(ctx context.Context, a *shell.App, ask func(*review.Explainer) (worded, error)) error {
	return WithEvidence(ctx, a, func(_ *shell.Config, x *review.Explainer) error {
		answer, err := ask(x)
		switch {
		case errors.Is(err, review.ErrNotShown), errors.Is(err, review.ErrNoEvidence):
			return shell.UsageError("%w", err)
		case err != nil:
			return err
		}
		return a.Answer(answer)
	})
}

// WithEvidence opens HEAD's stored evidence for reading.
func WithEvidence(ctx context.Context, a *shell.App, use func(*shell.Config, *review.Explainer) error) error {
	c, l, m, err := shell.OpenHead(a)
	if err != nil {
		return err
	}
	return shell.Evidence(ctx, c, l, m, func(x *review.Explainer) error { return use(c, x) })
}
