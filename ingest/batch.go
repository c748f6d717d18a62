package ingest

import (
	"context"

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

// load reads the batch's file into scratch files and settles its status.
func (b *batch) load(ctx context.Context, snapshot int64, dir string) error {
	var err error
	b.Result, err = record.Load(ctx, b.recordFile(snapshot), dir, b.parts)
	if err := b.settle(err); err != nil {
		return err
	}
	if b.status == refused { // some rows are one: of a line that breaks a rule twice
		return b.FewRejections(10 * maxRefusedRows)
	}
	return nil
}
