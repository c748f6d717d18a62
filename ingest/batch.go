package ingest

import (
	"context"
	"errors"
	"fmt"

	"miic/ingest/read"
	"miic/ingest/record"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// What a batch can be. See table.Batch.
const (
	loaded    = "loaded"
	empty     = "empty"
	duplicate = "duplicate"
	refused   = "refused"
	held      = "held"
	left      = "left" // it may still be growing
	declined  = "declined"
	leftOut   = "left_out"
	backedOut = "backed_out"
)

// A batch is one delivered file on its way through the night.
type batch struct {
	no     int32 // in the night's order, from 1
	file   pipeline.Delivery
	sender *Sender
	layout string       // its id
	l      *read.Layout // nil for messages
	asOf   table.Date
	id     string

	status, reason string
	withdrawn      int64  // units that take something back
	most           int64  // units that it may have; 0: any number
	parts          int    // that are read side by side: more than one where the file is large beside the night's others
	copyOf         *batch // an earlier file of the night with the same bytes
	record.Result
}

// load reads the batch's file into scratch files and settles its status. An error means that the
// night cannot go on: a disk that fails, a cancelled run. Faults of the file are in the status.
func (b *batch) load(ctx context.Context, snapshot int64, dir string) error {
	var err error
	b.Result, err = record.Load(ctx, &record.File{Path: b.file.Path, No: b.no, BatchID: b.id, Snapshot: snapshot,
		Sender: b.sender.ID, Kind: b.sender.Kind, Most: b.most,
		Encoding: b.sender.Encoding, Dated: b.sender.Dated, Layout: b.l, AsOf: b.asOf, Time: b.Time}, dir, b.parts)
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
	if b.status == refused { // some rows are one: of a line that breaks a rule twice
		return b.FewRejections(10 * maxRefusedRows)
	}
	return nil
}
