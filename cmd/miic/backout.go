package main

import (
	"github.com/spf13/cobra"

	"miic/ingest"
	"miic/internal/pipeline"
	"miic/internal/table"
)

func lakeBackout(a *app) *cobra.Command {
	var reason string
	return reasoned(&cobra.Command{
		Use:   "backout BATCH",
		Short: "Take one delivery out again, as a new snapshot",
		Long: `Write a new snapshot without what one delivery reported, and work again on the people it was
about; everybody else stays as they are. What another delivery reported or repeated stays.
History only grows: restrictions, requests, verdicts, notices and disclosures are kept,
and ids that were given out are never given out again. A file of families' requests
cannot be taken out. The same bytes, sent again, are held until they are released.

out/latest then is of the new snapshot, with the date of the last night.` +
			exits(exitDone, exitFailed, exitUsage, exitIncomplete, exitNoLake, exitLocked, exitDamaged, exitNoSpace, exitInterrupted),
		Example: `  miic lake backout 480d4ab635960ece --reason "another clinic's children, its letter of May 2"`,
		Args:    oneArgument("the batch, as the run page and table batch name it"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if reason == "" {
				return usageError("say why with --reason \"…\": it is kept with the snapshot")
			}
			c, l, m, err := openHead(a)
			if err != nil {
				return err
			}
			b, err := findBatch(l, m, args[0])
			if err != nil {
				return err
			}
			if err := ingest.CanBackOut(b); err != nil {
				return usageError("%w", err)
			}
			asOf, err := table.ParseDate(m.AsOf)
			if err != nil {
				return err
			}
			o, err := nightly(c, asOf)
			if err != nil {
				return err
			}
			p := newProgress(a)
			o.Lake, o.Log, o.Operator, o.Progress = l, p.log, operator(), p.at
			stage := ingest.BackoutStage(c.ingest(), ingest.Backout{Batch: b.BatchID, Operator: o.Operator, Reason: reason})
			result, err := pipeline.Backout(cmd.Context(), o, stage, b.BatchID, reason)
			p.end()
			if err != nil {
				return err
			}
			a.code = result.Exit
			if a.json {
				return a.document(result)
			}
			counts := result.Stages[0].Counts
			a.say("snapshot %d is HEAD, as of %s: without %s of %s", result.Snapshot, result.AsOf, b.FileName, b.Sender)
			a.say("  taken out  %s versions of client records, %s of doses, %s observations, %s of death certificates", thousands(counts["client_record_taken_out"]),
				thousands(counts["vaccination_event_taken_out"]), thousands(counts["observation_taken_out"]), thousands(counts["death_taken_out"]))
			return nil
		},
	}, &reason)
}
