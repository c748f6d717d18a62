package linkage

import (
	"context"
	"slices"
	"strings"

	"miic/internal/engine"
	"miic/linkage/standard"
)

// An adoption: vital records ask for the old identity to be sealed, and the child goes on under a new
// one. The two must never meet again, and nothing may show that they ever could: their pairs are left
// out before clustering, and nobody is asked about them, so that no doubt hides the child either. A
// certificate that is merely replaced is a new version of its record, and seals nothing.

// seals holds the records of sealed persons, and those that a sealing request itself names.
type seals struct {
	// The requests, by record, that sealed its person in the parent snapshot, or that name it tonight.
	of map[string][]string
	// By request and record: the record has the surname of the request, so it is of the old identity.
	named map[[2]string]bool
}

type sealedRow struct {
	RecordID string `col:"record_id"`
	SourceID string `col:"source_id"`
}

type askedRow struct {
	RID      int32  `col:"rid"`
	RecordID string `col:"record_id"`
	New      bool   `col:"is_new"` // it had no person before tonight
}

// findSeals reads the sealed records. From the night after a request on, a record joins the sealed
// person only if the request names it too.
func (s *stage) findSeals(ctx context.Context) error {
	s.sealed = seals{of: map[string][]string{}, named: map[[2]string]bool{}}
	rows, err := engine.Rows[sealedRow](ctx, s.e, queries.Get("sealed_record"))
	if err != nil || len(rows) == 0 {
		return err
	}
	for _, r := range rows {
		s.sealed.of[r.RecordID] = append(s.sealed.of[r.RecordID], r.SourceID)
	}
	asked := make([]pairRow, len(s.requestEdges))
	for i, e := range s.requestEdges {
		asked[i] = pairRow{L: e.L, R: e.R}
	}
	if err := engine.Load(ctx, s.e, "asked_pair", asked); err != nil {
		return err
	}
	ids, err := engine.Rows[askedRow](ctx, s.e, queries.Get("asked_record"))
	record := make(map[int32]askedRow, len(ids))
	for _, r := range ids {
		record[r.RID] = r
	}
	sealing := map[string]bool{}
	for _, r := range rows {
		sealing[r.SourceID] = true
	}
	for _, e := range s.requestEdges {
		request, ok := strings.CutPrefix(record[e.R].RecordID, standard.RequestPrefix)
		if !ok || !sealing[request] || !s.model.InCommon(e.Vector, "last") {
			continue
		}
		r := record[e.L]
		s.sealed.named[[2]string{request, r.RecordID}] = true
		if r.New { // whichever person it joins, it must not connect the two identities
			s.sealed.of[r.RecordID] = append(s.sealed.of[r.RecordID], request)
		}
	}
	return err
}

// apart reports whether a seal lies between two records.
func (s *seals) apart(a, b string) bool {
	return s.keepsOut(a, b) || s.keepsOut(b, a)
}

func (s *seals) keepsOut(sealed, other string) bool {
	return slices.ContainsFunc(s.of[sealed], func(request string) bool {
		return !slices.Contains(s.of[other], request) && !s.named[[2]string{request, other}]
	})
}
