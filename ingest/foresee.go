package ingest

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"miic/ingest/record"
	"miic/ingest/rule"
	"miic/internal/pipeline"
)

// foresee notes what would come of each delivery by itself: whether its file would be refused, and which units of it. It
// writes nothing. Whether a file is held for being far from what its sender usually sends only the night finds.
func (n *night) foresee(ctx context.Context) error {
	if err := n.arrivals(); err != nil {
		return err
	}
	for _, b := range n.batches {
		if b.copyOf != nil {
			b.status, b.reason = duplicate, fmt.Sprintf("the same bytes came tonight as %s/%s", b.copyOf.sender.ID, b.copyOf.file.Name)
		}
		if b.status != "" || b.file.Path == "" {
			n.note(b)
			continue
		}
		s, err := record.Look(ctx, b.recordFile(0))
		b.Result = s.Result
		if err := b.settle(err); err != nil {
			return err
		}
		n.note(b)
		for _, list := range []struct{ severity, words string }{{rule.Refuse, "would be refused"}, {rule.Warn, "would be doubted"}} {
			var parts []string
			for _, f := range s.Broken {
				if f.Rule.Severity == list.severity {
					parts = append(parts, fmt.Sprintf("%d %s (%s; first in line %d)", f.Times, f.Rule.ID, f.Rule.Message, f.Line))
				}
			}
			if len(parts) > 0 {
				n.run.Note(pipeline.Note{Kind: "foreseen", Sender: b.sender.ID, File: b.file.Name, Text: list.words + ": " + strings.Join(parts, ", ")})
			}
		}
	}
	return nil
}

// recordFile is what is read of a batch.
func (b *batch) recordFile(snapshot int64) *record.File {
	return &record.File{Path: b.file.Path, No: b.no, BatchID: b.id, Snapshot: snapshot, Sender: b.sender.ID, Kind: b.sender.Kind,
		Most: b.most, Encoding: b.sender.Encoding, Dated: b.sender.Dated, Layout: b.l, AsOf: b.asOf, Time: b.Time}
}

// settle sets a batch's status by what came of reading its file. An error means that the night cannot go on: a disk that
// fails, a cancelled run. Faults of the file are in the status.
func (b *batch) settle(err error) error {
	var whole record.Refusal
	switch {
	case errors.As(err, &whole):
		b.status, b.reason = refused, whole.Reason
	case err != nil:
		return fmt.Errorf("batch %s, %s/%s: %w", b.id, b.sender.ID, b.file.Name, err)
	case b.Read == 0:
		b.status, b.reason = empty, "the file holds no records: taken as a sign that the sender is alive"
	case b.Accepted == 0:
		b.status = refused
		b.reason = fmt.Sprintf("none of its %d records can be read; the first fault is %s in line %d: look at its "+
			"rejected rows, correct the file and send it again",
			b.Read, b.FaultRule, b.FaultLine)
	default:
		b.status = loaded
	}
	return nil
}
