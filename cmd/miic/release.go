package main

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"miic/internal/lake"
	"miic/internal/pipeline"
	"miic/internal/table"
)

func ingestCommand(a *app) *cobra.Command {
	cmd := upToCommand(a, "ingest", "Read the inbox: deliveries to records")
	cmd.AddCommand(releaseCommand(a))
	return cmd
}

func releaseCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "release BATCH",
		Short: "Put a held or refused delivery back into the inbox",
		Long: `Put a delivery that a night has held or refused back into its sender's inbox, from the
archive, under its old name. The next 'miic nightly' judges it afresh: use it when the
cause is gone, such as a layout corrected or the other half of a pair delivered.` +
			exits(exitDone, exitFailed, exitUsage, exitNoLake, exitDamaged),
		Example: "  miic ingest release 480d4ab635960ece\n  miic nightly",
		Args:    oneArgument("the batch, as the run page names it"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, l, m, err := openHead(a)
			if err != nil {
				return err
			}
			b, err := heldBatch(l, m, args[0])
			if err != nil {
				return err
			}
			to := filepath.Join(c.Inbox, b.Sender, b.FileName)
			if err := pipeline.Unarchive(c.Archive, lake.File{Bytes: b.Bytes, SHA256: b.SHA256}, to); err != nil {
				return fmt.Errorf("batch %s: %w", b.BatchID, err)
			}
			if a.json {
				return a.document(map[string]string{"batch_id": b.BatchID, "sender": b.Sender, "file_name": b.FileName})
			}
			a.say("%s of %s lies in the inbox again; 'miic nightly' takes it", b.FileName, b.Sender)
			return nil
		},
	}
}

// heldBatch finds the newest row of a batch in HEAD, and refuses one that was loaded.
func heldBatch(l *lake.Lake, m *lake.Manifest, id string) (*table.Batch, error) {
	var found *table.Batch
	err := table.Scan(l.Files(m, "batch"), func(b *table.Batch) error {
		if b.BatchID == id && b.Status != "duplicate" && (found == nil || b.Snapshot >= found.Snapshot) {
			copied := *b
			found = &copied
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case found == nil:
		return nil, usageError("no batch %q: the run page and table batch name them", id)
	case found.Status != "held" && found.Status != "refused":
		return nil, usageError("batch %s is %s: only a held or refused one can be released", id, found.Status)
	case found.SHA256 == "":
		return nil, usageError("batch %s could not be read when it came, so there is no copy of it: have it sent again", id)
	}
	return found, nil
}
