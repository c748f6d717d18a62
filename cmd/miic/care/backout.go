package care

import (
	"github.com/spf13/cobra"

	"miic/cmd/miic/attempt"
	"miic/cmd/miic/shell"
	"miic/ingest"
	"miic/internal/delivery"
	"miic/internal/pipeline"
	"miic/internal/prose"
)

func lakeBackout(a *shell.App) *cobra.Command {
	var reason string
	return shell.Reasoned(&cobra.Command{
		Use:   "backout BATCH",
		Short: "Take one delivery out again, as a new snapshot",
		Long: `Write a new snapshot without what one delivery reported, and work again on the people it was
about; everybody else stays as they are. What another delivery reported or repeated stays.
History only grows: restrictions, requests, verdicts, notices and disclosures are kept,
and ids that were given out are never given out again. A file of families' requests
cannot be taken out. The same bytes, sent again, are held until they are released.

out/latest then is of the new snapshot, with the date of the last night.` +
			shell.Exits(
				shell.ExitDone,
				shell.ExitFailed,
				shell.ExitUsage,
				shell.ExitIncomplete,
				shell.ExitNoLake,
				shell.ExitLocked,
				shell.ExitDamaged,
				shell.ExitNoSpace,
				shell.ExitNeedsPerson,
				shell.ExitInterrupted,
			),
		Example: `  miic lake backout 480d4ab635960ece --reason "another clinic's children, its letter of May 2"`,
		Args:    shell.OneArgument("the batch, as the run page and table batch name it"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, l, m, err := shell.OpenHead(a)
			if err != nil {
				return err
			}
			b, err := shell.Allowed(shell.DecisionOptions(c, l), m, delivery.BackOut, args[0])
			if err != nil {
				return err
			}
			if err := ingest.CanBackOut(b); err != nil {
				return shell.UsageError("%w", err)
			}
			asOf, err := m.Date()
			if err != nil {
				return err
			}
			o, err := shell.Nightly(c, asOf)
			if err != nil {
				return err
			}
			p := shell.NewProgress(a)
			o.Lake, o.Log, o.Operator, o.Progress = l, p.Log, shell.Operator(), p.At
			stage := ingest.BackoutStage(
				c.Ingest(),
				ingest.Backout{Batch: b.BatchID, Operator: o.Operator, Reason: reason},
			)
			at := a.NewAttempt(c, attempt.Backout)
			at.Operator, at.Reason = o.Operator, reason
			result, err := pipeline.Backout(cmd.Context(), o, stage, b.BatchID, reason)
			p.End()
			if err != nil {
				return err
			}
			a.Report(cmd.Context(), c, at, nil)
			a.Code = result.Exit
			shell.RefreshReview(cmd.Context(), a, c, l)
			if a.JSON {
				return a.Document(result)
			}
			counts := result.Stages[0].Counts
			a.Say("snapshot %d is HEAD, as of %s: without %s of %s", result.Snapshot, result.AsOf, b.FileName, b.Sender)
			a.Say(
				"  taken out  %s versions of client records, %s of doses, %s observations, %s of death certificates, %s entries of lists, "+
					"%s results of notices",
				prose.Thousands(counts["client_record_taken_out"]),
				prose.Thousands(
					counts["vaccination_event_taken_out"],
				),
				prose.Thousands(counts["observation_taken_out"]),
				prose.Thousands(counts["death_taken_out"]),
				prose.Thousands(counts["roster_entry_taken_out"]),
				prose.Thousands(counts["notice_result_taken_out"]),
			)
			return nil
		},
	}, &reason, shell.WithSnapshot)
}
