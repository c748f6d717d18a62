package linkage

import (
	"context"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// writeChanges adds the changes of ids to the log, with the persons whose last record went.
func (s *stage) writeChanges(ctx context.Context) error {
	gone, err := engine.Rows[idRow](ctx, s.e, queries.Get("emptied_client"))
	if err != nil {
		return err
	}
	merged := map[int64]bool{}
	for _, c := range s.changes {
		s.r.Count("clients_"+c.Change, 1)
		if c.Change == "merged" {
			merged[c.ClientID] = true
		}
	}
	for _, g := range gone {
		if !merged[g.ID] {
			s.r.Count("clients_emptied", 1)
			s.changes = append(s.changes, table.ClientChange{ClientID: g.ID, Snapshot: s.r.Snapshot,
				Change: "emptied", Model: s.modelID, Reason: "its last record was withdrawn or moved"})
		}
	}
	linked, err := s.e.Int(ctx, "SELECT count(*) FROM client_link")
	if err != nil {
		return err
	}
	s.r.Count("linked", linked)
	if len(s.changes) == 0 {
		return nil
	}
	return pipeline.Write(s.r, table.ClientChanges, s.changes)
}
