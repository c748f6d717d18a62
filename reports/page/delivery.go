package page

import (
	"context"

	"miic/internal/engine"
	"miic/internal/pipeline"
)

// delivery is a delivered file and what came of it.
type delivery struct {
	BatchID  string `col:"batch_id" doc:"the delivery"`
	Sender   string `col:"sender" doc:"sender"`
	File     string `col:"file_name" doc:"file"`
	Layout   string `col:"layout,null" doc:"layout"`
	Read     int64  `col:"units_read" doc:"units read"`
	Accepted int64  `col:"accepted" doc:"units accepted"`
	Rejected int64  `col:"rejected" doc:"units refused"`
	Held     int64  `col:"held" doc:"units held"`
	Status   string `col:"status" doc:"loaded, empty, duplicate, refused, held or backed_out"`
	Reason   string `col:"reason,null" doc:"why"`
}

// deliveries returns tonight's.
func deliveries(ctx context.Context, r *pipeline.Run) ([]delivery, error) {
	return engine.Rows[delivery](ctx, r.Engine, queries.Get("delivery", "snapshot", r.Snapshot))
}

// refusal is how often a rule refused or doubted a field of a sender's units, and the place of one of them.
type refusal struct {
	Sender   string `col:"sender" doc:"sender"`
	Rule     string `col:"rule" doc:"rule"`
	Field    string `col:"field,null" doc:"field"`
	Severity string `col:"severity" doc:"severity"`
	Count    int64  `col:"refusals" doc:"how many"`
	BatchID  string `col:"batch_id" doc:"a batch with one"`
	File     string `col:"file_name,null" doc:"its file, if it came tonight"`
	Line     int64  `col:"line" doc:"its line"`
}

// readDeliveries reads what came in tonight, what is still held, and what was refused.
func (p *page) readDeliveries(ctx context.Context, r *pipeline.Run) (err error) {
	if p.Files, err = deliveries(ctx, r); err != nil {
		return err
	}
	if p.usualUnits, err = readUsualUnits(ctx, r); err != nil {
		return err
	}
	held := queries.Get("held_delivery", "snapshot", r.Snapshot)
	refused := queries.Get("refusal", "snapshot", r.Snapshot)
	if p.Held, err = engine.Rows[delivery](ctx, r.Engine, held); err != nil {
		return err
	}
	p.Refused, err = engine.Rows[refusal](ctx, r.Engine, refused)
	return err
}
