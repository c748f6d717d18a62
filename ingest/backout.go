package ingest

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"miic/ingest/record"
	"miic/ingest/timeline"
	"miic/internal/delivery"
	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// A Backout is a decision to take a delivery out: which, by whom and why.
type Backout struct {
	Batch    string `json:"batch"`
	Operator string `json:"operator"`
	Reason   string `json:"reason"`
}

// BackoutStage takes the place of the ingest stage where an operator takes a delivery out: it writes the logs
// again without what that delivery reported. What another delivery reported or repeated stays, at its own time; what
// versions have carried over from it goes. Rows about what came in, and what was wrong with it, are kept.
func BackoutStage(cfg Config, b Backout) pipeline.Stage {
	s := Stage(cfg)
	s.Config, s.Inbox = b, false
	s.Run = func(ctx context.Context, r *pipeline.Run) error {
		x := &backout{Backout: b, run: r, clinic: map[string]bool{}}
		for _, sender := range cfg.Senders {
			x.clinic[sender.ID] = sender.Kind == "clinic"
		}
		return x.takeOut(ctx)
	}
	return s
}

type backout struct {
	Backout
	run    *pipeline.Run
	clinic map[string]bool
}

// CanBackOut returns why a delivery cannot be taken out, or nil: nothing takes back what families have asked for.
func CanBackOut(b *table.Batch) error {
	switch {
	case b.Status != loaded:
		return fmt.Errorf("batch %s is %s: only a loaded one can be taken out", b.BatchID,
			delivery.State(b.Status).Words())
	case ofRequests(b.SenderKind, b.Layout):
		return fmt.Errorf("batch %s holds what families have asked for: no load of it can be taken out; a "+
			"restriction is lifted one by one, with a reason", b.BatchID)
	}
	return nil
}

func (x *backout) takeOut(ctx context.Context) error {
	before, err := table.ReadAll[table.Batch](x.run.PriorFiles("batch"))
	if err != nil {
		return err
	}
	b := delivery.NewestOf(before)[x.Batch]
	if b == nil {
		return fmt.Errorf("no batch is %s", x.Batch)
	}
	if err := CanBackOut(b); err != nil {
		return err
	}
	if err := x.run.ViewPrior(ctx, table.ClientRecords, table.VaccinationEvents, table.Observations, table.Deaths,
		table.Affirmations, table.RosterEntries, table.NoticeResults); err != nil {
		return err
	}
	if err := x.clients(ctx); err != nil {
		return err
	}
	if err := x.events(ctx); err != nil {
		return err
	}
	if err := x.observations(ctx); err != nil {
		return err
	}
	if err := x.deaths(ctx); err != nil {
		return err
	}
	for _, t := range []*table.Table{table.RosterEntries, table.NoticeResults, table.Affirmations} {
		if err := x.count(ctx, t); err != nil {
			return err
		}
		if err := x.run.Rewrite(ctx, t, "batch_id <> "+engine.Literal(x.Batch)); err != nil {
			return err
		}
	}
	row := *b
	row.Snapshot, row.Status, row.Accepted, row.Rejected, row.Held = x.run.Snapshot, backedOut, 0, 0, b.UnitsRead
	row.Reason = fmt.Sprintf("taken out by %s: %s", x.Operator, x.Reason)
	x.run.Note(pipeline.Note{Kind: "warning", Sender: b.Sender, File: b.FileName,
		Text: fmt.Sprintf("it was loaded on %s and is now %s; restrictions that it brought stay, and letters that "+
			"were sent count as sent", b.ReceivedOn, row.Reason)})
	return pipeline.Write(x.run, table.Batches, []table.Batch{row})
}

// count counts what the delivery brought into a log.
func (x *backout) count(ctx context.Context, t *table.Table) error {
	rows, err := x.run.Engine.Int(ctx, fmt.Sprintf("SELECT count(*) FROM prior_%s WHERE batch_id = %s", t.Name,
		engine.Literal(x.Batch)))
	x.run.Count(t.Name+"_taken_out", rows)
	return err
}

// mark makes backed_out_key: the keys of a log of which the delivery reported anything.
func (x *backout) mark(ctx context.Context, t *table.Table) error {
	if err := x.count(ctx, t); err != nil {
		return err
	}
	return x.run.Engine.Materialize(ctx, "backed_out_key", queries.Get("backed_out_key", "key", engine.Name(t.Key[0]),
		"prior", engine.Name("prior_"+t.Name), "log", t.Name, "batch", x.Batch))
}

// timelineSQL selects all that was reported on the keys that a relation holds as k.
func timelineSQL(t *table.Table, keys string) string {
	stored, affirmed := versionColumns(t)
	key := t.Key[0]
	of := func(cols []string, kind int32, from, key string) string {
		return fmt.Sprintf("SELECT %s, CAST(%d AS INTEGER) AS entry_kind FROM %s AS p WHERE p.%s IN (SELECT k FROM %s)",
			strings.Join(cols, ", "), kind, from, key, keys)
	}
	return of(stored, timeline.StoredVersion, "prior_"+t.Name, key) + " UNION ALL " +
		of(affirmed, timeline.Affirmation, "prior_affirmation", "version_key") +
		fmt.Sprintf(" AND p.log = '%s' ORDER BY %s, sender_time, snapshot, batch_id, line, entry_kind", t.Name, key)
}

// keep writes the log again: untouched keys as they are, and of the others what fold leaves of each one's timeline.
func keep[E, R any](ctx context.Context, x *backout, t *table.Table, key func(*E) string, fold func([]E) []R) error {
	if err := x.mark(ctx, t); err != nil {
		return err
	}
	path := filepath.Join(x.run.Scratch, "remaining-"+t.Name+".parquet")
	w, err := table.NewScratchWriter[R](t, path)
	if err != nil {
		return err
	}
	err = engine.Groups(ctx, x.run.Engine, timelineSQL(t, "backed_out_key"), key, func(one []E) error {
		for _, row := range fold(one) {
			if err := w.Append(&row); err != nil {
				return err
			}
		}
		return nil
	})
	if cerr := w.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return err
	}
	if err := x.run.Rewrite(ctx, t, t.Key[0]+" NOT IN (SELECT k FROM backed_out_key)"); err != nil {
		return err
	}
	if w.Rows == 0 {
		return nil
	}
	if err := x.run.Engine.View(ctx, "remaining_"+t.Name, t, []string{path}); err != nil {
		return err
	}
	_, err = x.run.Copy(ctx, t, "SELECT * FROM remaining_"+t.Name)
	return err
}

func (x *backout) clients(ctx context.Context) error {
	return keep(ctx, x, table.ClientRecords, func(e *timelineEntry) string { return e.RecordID },
		func(list []timelineEntry) []table.ClientRecord {
			entries := make([]timeline.Entry, len(list))
			for i, e := range list {
				entries[i] = timeline.Entry(e)
			}
			return withoutBatch(entries, x.Batch, x.clinic[list[0].Sender])
		})
}

// A timelineEntry is an entry as the engine gives it.
type timelineEntry timeline.Entry

// withoutBatch is what is left of a record's timeline without one delivery: every version reports what it reported
// itself, and carries over what the versions reported that are left.
func withoutBatch(entries []timeline.Entry, batch string, clinic bool) []table.ClientRecord {
	var rows []table.ClientRecord
	var state table.ClientRecord
	var visible int64
	begun := false
	for _, e := range timeline.Recall(entries) {
		if e.BatchID == batch {
			continue
		}
		next := e.ClientRecord
		if begun {
			record.Carry(&next, &state)
		} else {
			nothing := table.ClientRecord{Share: "unknown", Contact: "allowed"}
			if clinic {
				nothing.Provider = e.Sender
			}
			record.Carry(&next, &nothing)
		}
		state = next
		if e.Kind == timeline.StoredVersion || !begun || state.ContentHash != visible {
			rows = append(rows, state)
			visible = state.ContentHash
		}
		begun = true
	}
	return rows
}

type doseEntry struct {
	table.VaccinationEvent
	Kind int32 `col:"entry_kind" doc:"stored version or affirmation"`
}

func (x *backout) events(ctx context.Context) error {
	return keep(ctx, x, table.VaccinationEvents, func(e *doseEntry) string { return e.EventID },
		func(list []doseEntry) []table.VaccinationEvent {
			return withoutDelivery(list, x.Batch, func(e *doseEntry) (*table.VaccinationEvent, report) {
				return &e.VaccinationEvent,
					report{e.Kind, e.ContentHash, &e.SenderTime, &e.Snapshot, &e.Line, &e.BatchID}
			})
		})
}

type notedEntry struct {
	table.Observation
	Kind int32 `col:"entry_kind" doc:"stored version or affirmation"`
}

func (x *backout) observations(ctx context.Context) error {
	return keep(ctx, x, table.Observations, func(e *notedEntry) string { return e.ObservationID },
		func(list []notedEntry) []table.Observation {
			return withoutDelivery(list, x.Batch, func(e *notedEntry) (*table.Observation, report) {
				return &e.Observation, report{e.Kind, e.ContentHash, &e.SenderTime, &e.Snapshot, &e.Line, &e.BatchID}
			})
		})
}

type deathEntry struct {
	table.Death
	Kind int32 `col:"entry_kind" doc:"stored version or affirmation"`
}

func (x *backout) deaths(ctx context.Context) error {
	return keep(ctx, x, table.Deaths, func(e *deathEntry) string { return e.DeathID },
		func(list []deathEntry) []table.Death {
			return withoutDelivery(list, x.Batch, func(e *deathEntry) (*table.Death, report) {
				return &e.Death, report{e.Kind, e.ContentHash, &e.SenderTime, &e.Snapshot, &e.Line, &e.BatchID}
			})
		})
}

// A report is when a version, or its repetition, was reported and by which delivery.
type report struct {
	kind     int32
	hash     int64
	time     *table.Time
	snapshot *int64
	line     *int64
	batch    *string
}

// withoutDelivery is what is left of the timeline of one key without a delivery, where every version is
// complete: what another delivery repeated becomes a version of its own.
func withoutDelivery[E, R any](list []E, batch string, of func(*E) (*R, report)) []R {
	stored := map[int64]*E{}
	for i := range list {
		if _, t := of(&list[i]); t.kind == timeline.StoredVersion {
			stored[t.hash] = &list[i]
		}
	}
	var rows []R
	var visible int64
	for i := range list {
		row, t := of(&list[i])
		what := stored[t.hash]
		switch {
		case *t.batch == batch || what == nil:
			continue
		case t.kind == timeline.StoredVersion:
			rows = append(rows, *row)
		case len(rows) == 0 || t.hash != visible: // it repeated what the delivery had reported: now it reports it
			again := *what
			row, a := of(&again)
			*a.time, *a.snapshot, *a.line, *a.batch = *t.time, *t.snapshot, *t.line, *t.batch
			rows = append(rows, *row)
		}
		visible = t.hash
	}
	return rows
}
