package page

import (
	"cmp"
	"context"
	"slices"

	life "miic/internal/delivery"
	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// delivery is a delivered file and what came of it.
type delivery struct {
	BatchID  string     `col:"batch_id" doc:"the delivery"`
	Sender   string     `col:"sender" doc:"sender"`
	Kind     string     `col:"sender_kind" doc:"its kind; empty where no sender is configured under that name"`
	File     string     `col:"file_name" doc:"file"`
	Layout   string     `col:"layout,null" doc:"layout"`
	SHA256   string     `col:"sha256" doc:"of its bytes; empty where it could not be read"`
	Came     table.Date `col:"received_on" doc:"the night that first took it in"`
	Read     int64      `col:"units_read" doc:"units read"`
	Accepted int64      `col:"accepted" doc:"units accepted"`
	Rejected int64      `col:"rejected" doc:"units refused"`
	Held     int64      `col:"held" doc:"units held"`
	Status   string     `col:"status" doc:"loaded, empty, duplicate, refused, held, declined or backed_out"`
	Reason   string     `col:"reason,null" doc:"why"`
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

// readWaiting reads what earlier nights have held, and what a rollback has left out, and nobody has decided about.
func (p *page) readWaiting(r *pipeline.Run) error {
	rows, err := table.ReadAll[table.Batch](r.Files("batch"))
	if err != nil {
		return err
	}
	for _, b := range life.NewestOf(rows) {
		d := delivery{b.BatchID, b.Sender, b.SenderKind, b.FileName, b.Layout, b.SHA256, b.ReceivedOn,
			b.UnitsRead, b.Accepted, b.Rejected, b.Held, b.Status, b.Reason}
		switch life.State(b.Status) {
		case life.Held:
			if b.Snapshot < r.Snapshot {
				p.Held = append(p.Held, d)
			}
		case life.LeftOut:
			p.LeftOut = append(p.LeftOut, d)
		}
	}
	for _, list := range [][]delivery{p.Held, p.LeftOut} {
		slices.SortFunc(list, func(a, b delivery) int {
			return cmp.Or(cmp.Compare(a.Sender, b.Sender), cmp.Compare(a.Came, b.Came), cmp.Compare(a.File, b.File),
				cmp.Compare(a.BatchID, b.BatchID))
		})
	}
	return nil
}

// readDeliveries reads what came in tonight, what is still held, and what was refused.
func (p *page) readDeliveries(ctx context.Context, r *pipeline.Run) (err error) {
	if p.Files, err = deliveries(ctx, r); err != nil {
		return err
	}
	if p.usualUnits, err = readUsualUnits(ctx, r); err != nil {
		return err
	}
	if err := p.readWaiting(r); err != nil {
		return err
	}
	refused := queries.Get("refusal", "snapshot", r.Snapshot)
	p.Refused, err = engine.Rows[refusal](ctx, r.Engine, refused)
	return err
}
