// Package privacy is what every report keeps to: who may be shown at all, what is withheld while a file of
// families' requests is unread, who receives a file and by which law, and
// what must never be broken.
package privacy

import (
	"context"
	"embed"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

var queries = engine.LoadQueries(sqlFiles)

// RestrictedSQL is a query of the people who appear in no output, over the tables client and restriction.
func RestrictedSQL() string { return queries.Get("restricted") }

// HideRestricted makes the table restricted of the people who appear in no output, and returns how many they
// are. The caller has made client known to the engine.
func HideRestricted(ctx context.Context, r *pipeline.Run) (int64, error) {
	if err := r.View(ctx, table.Restrictions); err != nil {
		return 0, err
	}
	if err := r.Engine.Materialize(ctx, "restricted", queries.Get("restricted")); err != nil {
		return 0, err
	}
	return r.Engine.Int(ctx, "SELECT count(*) FROM restricted")
}

// Shown makes the table shown of the people who may be on a list or counted among those who were reached: nobody who
// appears in no output, has died or may have. The caller has made client, restriction and death_match known to the engine.
func Shown(ctx context.Context, e *engine.Engine) error {
	if err := e.Materialize(ctx, "restricted", queries.Get("restricted")); err != nil {
		return err
	}
	return e.Materialize(ctx, "shown", queries.Get("shown"))
}

// UnreadRequest is a file of families' requests that nobody has been able to read.
type UnreadRequest struct {
	BatchID  string `col:"batch_id" doc:"the delivery"`
	Sender   string `col:"sender" doc:"the sender"`
	File     string `col:"file_name" doc:"the file"`
	Status   string `col:"status" doc:"refused or held; stray when it lies in the wrong place; loaded when only some requests in it could not be read"`
	Rejected int64  `col:"rejected" doc:"requests that could not be read"`
	Snapshot int64  `col:"snapshot" doc:"the night it came"`
}

// UnreadRequests returns the files of families' requests that are unread. While there is one, nothing about
// persons may be published: an opt-out may be in it.
func UnreadRequests(ctx context.Context, r *pipeline.Run) ([]UnreadRequest, error) {
	if err := r.ViewLatest(ctx, table.Batches); err != nil {
		return nil, err
	}
	return engine.Rows[UnreadRequest](ctx, r.Engine, queries.Get("unread_request"))
}

// HidePeople makes the table hidden_person of people, by id, who may be in no figure that is counted on demand.
func HidePeople(ctx context.Context, e *engine.Engine, ids []int64) error {
	type hidden struct {
		ClientID int64 `col:"client_id" doc:"the person"`
	}
	rows := make([]hidden, len(ids))
	for i, id := range ids {
		rows[i] = hidden{id}
	}
	return engine.Load(ctx, e, "hidden_person", rows)
}
