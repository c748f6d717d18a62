// Package models has the commands about models, schedules and rates: they measure and estimate, and change no lake.
package models

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/internal/machine"
	"miic/internal/prose"
	"miic/linkage/evaluate"
)

// evaluation is the JSON document of an evaluation. Shares are from 0 to 1; figures that a kind of label does not allow
// are left out.
type evaluation struct {
	Edges    *evaluate.Rates `json:"edges,omitempty"`    // pairs at probability .5 or more
	Clusters *clusterRates   `json:"clusters,omitempty"` // pairs of records in one cluster, at the natural cut
	Nightly  *clusterRates   `json:"nightly,omitempty"`  // the same as a night links: with the bar, the holds and whole persons
	// Share of the true pairs that meet a blocking rule.
	BlockingRecall *float64 `json:"blocking_recall,omitempty"`
	// Largest gap of a decile of the scored pairs.
	CalibrationError *float64       `json:"calibration_error,omitempty"`
	Calibration      []evaluate.Bin `json:"calibration,omitempty"` // by probability, in ten steps of .1
	// Blocking recall by capture and recapture, without labels.
	EstimatedRecall *float64           `json:"estimated_blocking_recall,omitempty"`
	ReviewShare     *float64           `json:"review_share,omitempty"` // pairs for review for each record
	Seconds         map[string]float64 `json:"seconds"`                // of each step, and total
	// Why training was asked for but not done.
	Untrained string `json:"untrained,omitempty"`
	// Highest resident memory; 0 where the system does not report it.
	PeakMiB int64 `json:"peak_mib"`
	// Pairs by label, each judged in isolation.
	Confusion map[string]*evaluate.Outcomes `json:"confusion,omitempty"`
	Agreement *float64                      `json:"agreement,omitempty"` // share of pairs decided as labelled
}

type clusterRates struct {
	evaluate.Rates
	ExactPersons    float64 `json:"exact_persons"`
	FalseTwinMerges int     `json:"false_twin_merges"`
	BCubedPrecision float64 `json:"b_cubed_precision"`
	BCubedRecall    float64 `json:"b_cubed_recall"`
}

// Evaluate is miic link evaluate.
func Evaluate(a *shell.App) *cobra.Command {
	var o evaluate.Options
	cmd := &cobra.Command{
		Use:   "evaluate",
		Short: "Measure linkage on labelled records or pairs",
		Long: `Link the records of a CSV file and measure the outcome against labels. Needs no lake
and no configuration, and ends with 0 whatever the figures are. Labels only score:
nothing is trained on them.

The records have the columns record_id, name_first, name_last, birth_date and so on
(docs/linkage.md lists all); unknown is empty, and so is a column that is not there.
--truth has record_id, person_id and birth_group: it gives precision, recall and F1
of pairs and of clusters, persons exactly right, twins put together, blocking
recall and calibration. --pairs has record_l, record_r and expected (match, possible
or not): each pair is judged in isolation, by the model as it is.` +
			shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage, shell.ExitInterrupted),
		Example: `  miic link evaluate --records records.csv --truth truth.csv --train
  miic link evaluate --records records.csv --pairs pairs.csv --json | jq .agreement`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.Records == "" || (o.Truth == "") == (o.Pairs == "") {
				return shell.UsageError("give --records, and either --truth or --pairs")
			}
			o.Clock = time.Now
			start := time.Now()
			r, err := evaluate.Run(cmd.Context(), o)
			var input *evaluate.InputError
			switch {
			case errors.As(err, &input):
				return shell.UsageError("%w", err)
			case err != nil:
				return err
			}
			r.Seconds["total"] = time.Since(start).Seconds()
			if a.JSON {
				return a.Document(figures(r))
			}
			sayEvaluation(a, r)
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.Records, "records", "", "CSV `file` of records")
	f.StringVar(&o.Truth, "truth", "", "CSV `file` with the person of each record")
	f.StringVar(&o.Pairs, "pairs", "", "CSV `file` of labelled pairs")
	f.StringVar(&o.Model, "model", "", "model `file` (default the built-in model)")
	f.BoolVar(&o.Train, "train", false, "estimate the model from the records first, without labels")
	return cmd
}

func ratesOf(c *evaluate.Clusters) *clusterRates {
	if c == nil {
		return nil
	}
	return &clusterRates{Rates: c.Rates, ExactPersons: c.ExactPersons, FalseTwinMerges: c.FalseTwinMerges,
		BCubedPrecision: c.BCubedPrecision, BCubedRecall: c.BCubedRecall}
}

// figures picks the figures that the labels of a report allow.
func figures(r *evaluate.Report) evaluation {
	e := evaluation{Seconds: r.Seconds, PeakMiB: machine.PeakMiB(), Untrained: r.Untrained}
	if r.Confusion != nil {
		e.Confusion, e.Agreement = r.Confusion, &r.Agreement
		return e
	}
	e.Edges = r.Edges
	e.Clusters, e.Nightly = ratesOf(r.Clusters), ratesOf(r.Nightly)
	e.BlockingRecall, e.EstimatedRecall, e.ReviewShare = &r.BlockingRecall, &r.EstimatedRecall, &r.ReviewShare
	e.CalibrationError, e.Calibration = &r.CalibrationError, r.Calibration
	return e
}

func sayEvaluation(a *shell.App, r *evaluate.Report) {
	a.Say(
		"%s records, %.2f s, at most %s MiB",
		prose.Thousands(int64(r.Records)),
		r.Seconds["total"],
		prose.Thousands(machine.PeakMiB()),
	)
	if r.Untrained != "" {
		a.Say("%s", r.Untrained)
	}
	if r.Confusion != nil {
		a.Say("agreement  %.4f", r.Agreement)
		rows := [][]string{{"labelled", "link", "review", "non-link"}}
		for _, label := range []string{"match", "possible", "not"} {
			o := r.Confusion[label]
			rows = append(rows, []string{label, prose.Thousands(int64(o.Link)), prose.Thousands(int64(o.Review)),
				prose.Thousands(int64(o.NonLink))})
		}
		if !a.Quiet {
			prose.Columns(a.Stdout, rows)
		}
		return
	}
	sayRates(a, r)
}

// sayRates prints the figures that a truth allows.
func sayRates(a *shell.App, r *evaluate.Report) {
	rows := [][]string{{"", "precision", "recall", "F1", "B-cubed precision", "B-cubed recall", "persons exact",
		"false twin merges"}}
	rates := func(name string, r evaluate.Rates, more ...string) {
		rows = append(rows, append([]string{name, fmt.Sprintf("%.5f", r.Precision), fmt.Sprintf("%.5f", r.Recall),
			fmt.Sprintf("%.5f", r.F1)}, more...))
	}
	of := func(name string, c *evaluate.Clusters) {
		rates(name, c.Rates, fmt.Sprintf("%.5f", c.BCubedPrecision), fmt.Sprintf("%.5f", c.BCubedRecall),
			fmt.Sprintf("%.2f%%", 100*c.ExactPersons), fmt.Sprint(c.FalseTwinMerges))
	}
	rates("pairs at .5", *r.Edges)
	of("clusters, natural cut", r.Clusters)
	of("clusters, as a night", r.Nightly)
	if !a.Quiet {
		prose.Columns(a.Stdout, rows)
	}
	a.Say("blocking recall %.5f, from %s candidate pairs; estimated without labels %.5f", r.BlockingRecall,
		prose.Thousands(r.Candidates), r.EstimatedRecall)
	a.Say("calibration error %.3f in the worst decile of the scored pairs; by probability:", r.CalibrationError)
	bins := [][]string{{"from", "pairs", "expected", "observed"}}
	for _, b := range r.Calibration {
		bins = append(bins, []string{fmt.Sprintf("%.1f", b.From), prose.Thousands(int64(b.Pairs)),
			fmt.Sprintf("%.3f", b.Expected), fmt.Sprintf("%.3f", b.Observed)})
	}
	if !a.Quiet {
		prose.Columns(a.Stdout, bins)
	}
	a.Say("review %.2f%% of records", 100*r.ReviewShare)
}
