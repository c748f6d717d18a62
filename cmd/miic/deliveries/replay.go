package deliveries

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/ingest/replay"
	"miic/internal/archive"
	"miic/internal/delivery"
	"miic/internal/lake"
	"miic/internal/pipeline"
	"miic/internal/table"
)

func replayCommand(a *shell.App) *cobra.Command {
	var reason, extract string
	cmd := &cobra.Command{
		Use:   "replay BATCH FILE…",
		Short: "Load the refused lines of a delivery, corrected",
		Long: `Load lines (messages, in HL7) that a night has refused, once they are corrected. FILE
holds them in the layout of the delivery, with its header if it has one, alone or among
the other lines of the delivery: only lines that the delivery does not hold as they are
go into the archive, as a delivery of their own under its name, and the next 'miic
nightly' loads them at the time of the delivery. More lines than were refused are not taken.

With --extract the refused lines are written to a file first, from the archive, for
correction by hand. That file holds what records say about people: keep it as such, and
delete it. The reason is kept in the ledger.` +
			shell.Exits(
				shell.ExitDone,
				shell.ExitFailed,
				shell.ExitUsage,
				shell.ExitNoLake,
				shell.ExitLocked,
				shell.ExitDamaged,
			),
		Example: `  miic ingest replay 480d4ab635960ece --extract refused.csv
  miic ingest replay 480d4ab635960ece refused.csv --reason "birth dates corrected by the clinic, letter of May 2"
  miic nightly`,
		Args: func(cmd *cobra.Command, args []string) error {
			switch {
			case len(args) == 0:
				return shell.UsageError("%s: name the batch, as the run page names it", cmd.CommandPath())
			case extract == "" && len(args) == 1:
				return shell.UsageError(
					"%s: name the file with the corrected lines, or --extract FILE to get the refused ones",
					cmd.CommandPath(),
				)
			case extract != "" && len(args) > 1:
				return shell.UsageError("%s: --extract writes the refused lines and takes none", cmd.CommandPath())
			case extract == "":
				return shell.NeedReason(reason, shell.InLedger)
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			c, l, m, err := shell.OpenHead(a)
			if err != nil {
				return err
			}
			o := shell.DecisionOptions(c, l)
			b, err := shell.Allowed(o, m, delivery.Replay, args[0])
			if err != nil {
				return err
			}
			refused, err := refusedUnits(l, m, b)
			if err != nil {
				return err
			}
			if len(refused) == 0 {
				return shell.UsageError("batch %s has no refused lines", args[0])
			}
			bytes, err := archive.Dir(c.Archive).Open(b.SHA256)
			if err != nil {
				return fmt.Errorf("batch %s: %w", b.BatchID, err)
			}
			defer bytes.Close()
			if extract != "" {
				return extractRefused(a, c, b, bytes, refused, extract)
			}
			return loadCorrected(a, c, o, b, bytes, len(refused), args[1:], reason)
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "why, in words; kept in the ledger")
	cmd.Flags().StringVar(&extract, "extract", "", "write the refused lines to this new `file`; it holds personal data")
	return cmd
}

// refusedUnits returns where the units begin of which something was refused.
func refusedUnits(l *lake.Lake, m *lake.Manifest, b *table.Batch) (map[int64]bool, error) {
	at := map[int64]bool{}
	err := table.Scan(l.Files(m, "rejected"), func(r *table.Rejected) error {
		if r.BatchID == b.BatchID && r.Snapshot == b.Snapshot && r.Severity == "refuse" {
			at[r.Offset] = true
		}
		return nil
	})
	return at, err
}

func extractRefused(
	a *shell.App,
	c *shell.Config,
	b *table.Batch,
	delivery io.Reader,
	refused map[int64]bool,
	path string,
) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return shell.UsageError("cannot write %s, which must not be there yet: %w", path, err)
	}
	n, err := replay.Refused(c.Ingest().Layouts, b.Layout, delivery, refused, f)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		os.Remove(path)
		return fmt.Errorf("batch %s: %w", b.BatchID, err)
	}
	if a.JSON {
		return a.Document(map[string]any{"batch_id": b.BatchID, "file": path, "units": n})
	}
	a.Say(
		"%d refused lines of %s of %s are in %s: it holds personal data, delete it afterwards",
		n,
		b.FileName,
		b.Sender,
		path,
	)
	return nil
}

func loadCorrected(
	a *shell.App,
	c *shell.Config,
	o pipeline.Options,
	b *table.Batch,
	delivery io.Reader,
	refused int,
	paths []string,
	reason string,
) error {
	var files []io.Reader
	for _, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			return shell.UsageError("cannot read the corrected lines: %w", err)
		}
		defer f.Close()
		files = append(files, f)
	}
	text, n, err := replay.Corrected(c.Ingest().Layouts, b.Layout, delivery, files)
	switch {
	case err != nil:
		return shell.UsageError("batch %s: %w", b.BatchID, err)
	case n == 0:
		return shell.UsageError(
			"batch %s: the delivery holds every line of %s as it is: nothing is corrected",
			b.BatchID,
			strings.Join(paths, ", "),
		)
	case n > refused:
		return shell.UsageError(
			"batch %s: %d lines differ from the delivery's, and %d were refused: only refused lines can be "+
				"replayed",
			b.BatchID,
			n,
			refused,
		)
	}
	if err := pipeline.Replay(o, b.BatchID, text, reason); err != nil {
		return fmt.Errorf("batch %s: %w", b.BatchID, err)
	}
	if a.JSON {
		return a.Document(map[string]any{"batch_id": b.BatchID, "sender": b.Sender, "file_name": b.FileName, "units": n,
			"reason": reason, "operator": o.Operator})
	}
	a.Say("%d corrected lines of %s of %s are put in; 'miic nightly' takes them", n, b.FileName, b.Sender)
	return nil
}
