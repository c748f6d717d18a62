package linkage

import (
	"cmp"
	"context"
	"slices"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/linkage/match"
	"miic/linkage/standard"
)

// Somebody asks for a record, of their own or of their child. Whom such a request may be about is found as for requests
// that restrict, but it restricts nobody, and changes nothing else: who may have the record is decided by the reports.

// access is the kind of these requests.
const access = "access"

// partAccess takes the edges of requests for records from those of the others.
func (s *stage) partAccess(ctx context.Context) error {
	rows, err := engine.Rows[ridRow](ctx, s.e, queries.Get("access_request"))
	if err != nil {
		return err
	}
	asks := make(map[int32]bool, len(rows))
	for _, r := range rows {
		asks[r.RID] = true
	}
	s.requestEdges = slices.DeleteFunc(s.requestEdges, func(e match.Edge) bool {
		if asks[e.R] {
			s.accessEdges = append(s.accessEdges, e)
		}
		return asks[e.R]
	})
	return nil
}

// matchAccess writes whom each request for a record is, or may be, about.
func (s *stage) matchAccess(ctx context.Context) error {
	var ids []idRow
	for _, e := range s.accessEdges {
		ids = append(ids, idRow{int64(e.L)}, idRow{int64(e.R)})
	}
	if err := engine.Load(ctx, s.e, "asked_rid", ids); err != nil {
		return err
	}
	rows, err := engine.Rows[ridClient](ctx, s.e, queries.Get("asked_client"))
	if err != nil {
		return err
	}
	by := make(map[int32]ridClient, len(rows))
	for _, r := range rows {
		by[r.RID] = r
	}
	sure := map[table.AccessMatch]bool{}
	for _, e := range s.accessEdges {
		m := table.AccessMatch{RequestID: by[e.R].RecordID[len(standard.RequestPrefix):], ClientID: by[e.L].ClientID}
		sure[m] = sure[m] || e.Weight >= s.model.Thresholds.Link && e.Hold == 0
	}
	var list []table.AccessMatch
	for m, is := range sure {
		m.Sure = is
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b table.AccessMatch) int {
		return cmp.Or(cmp.Compare(a.RequestID, b.RequestID), cmp.Compare(a.ClientID, b.ClientID))
	})
	s.r.Count("access_matches", int64(len(list)))
	return pipeline.Write(s.r, table.AccessMatches, list)
}
