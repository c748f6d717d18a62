package ingest

import (
	"context"

	"miic/ingest/record"
	"miic/internal/engine"
	"miic/internal/table"
)

// A survivor is who has the records now of a person who was merged into another.
type survivor struct {
	ClientID int64 `col:"client_id" doc:"the person to whom a notice was written"`
	NowID    int64 `col:"now_id" doc:"who that person is by the night before"`
}

// results finds whose tonight's results of notices are, as known_result, and returns the units that cannot be: of a
// notice that nobody has written, or older than it.
func (n *night) results(ctx context.Context) ([]unitRow, error) {
	e := n.run.Engine
	if len(n.loadedFiles(record.StagedResults)) == 0 {
		return nil, e.Materialize(ctx, "known_result", "SELECT * FROM staged_result")
	}
	if err := n.run.ViewPrior(ctx, table.Notices, table.Clients, table.ClientLinks, table.ClientChanges); err != nil {
		return nil, err
	}
	merged, err := engine.Rows[survivor](ctx, e, queries.Get("merged_client"))
	if err != nil {
		return nil, err
	}
	if err := engine.Load(ctx, e, "survivor", survivors(merged)); err != nil {
		return nil, err
	}
	if err := e.Materialize(ctx, "known_result", queries.Get("known_result")); err != nil {
		return nil, err
	}
	return engine.Rows[unitRow](ctx, e, queries.Get("strange_result"))
}

// survivors follows people through several merges; the list is in the order in which they happened.
func survivors(merged []survivor) []survivor {
	at := map[int64]int{}
	var list []survivor
	for _, m := range merged {
		for i := range list {
			if list[i].NowID == m.ClientID {
				list[i].NowID = m.NowID
			}
		}
		if i, ok := at[m.ClientID]; ok {
			list[i].NowID = m.NowID
			continue
		}
		at[m.ClientID] = len(list)
		list = append(list, m)
	}
	return list
}
