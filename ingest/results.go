package ingest

import (
	"context"

	"miic/ingest/addressee"
	"miic/ingest/record"
	"miic/internal/engine"
)

// results finds whose tonight's results of notices are, as known_result, and returns the units that cannot be: of a
// notice that nobody has written, older than it, or about a person of whom there is no record any more.
func (n *night) results(ctx context.Context) ([]unitRow, error) {
	e := n.run.Engine
	if len(n.loadedFiles(record.StagedResults)) == 0 {
		return nil, e.Materialize(ctx, "known_result", "SELECT * FROM staged_result")
	}
	if err := n.run.ViewPrior(ctx, addressee.Tables...); err != nil {
		return nil, err
	}
	if err := e.Materialize(ctx, "asked_notice", "SELECT DISTINCT notice_id FROM staged_result"); err != nil {
		return nil, err
	}
	if err := addressee.Find(ctx, e); err != nil {
		return nil, err
	}
	if err := e.Materialize(ctx, "known_result", queries.Get("known_result")); err != nil {
		return nil, err
	}
	return engine.Rows[unitRow](ctx, e, queries.Get("strange_result"))
}
