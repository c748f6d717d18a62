package linkage

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// An operator settles a request that fits nobody, or several. "It is about this person": the request restricts whoever
// has that person's records, and nobody else whom it fitted. "It is about nobody": it no longer suppresses those whom it fitted then.
// Whom it comes to fit later, nobody has looked at, so they are suppressed as ever, and asked about again. The decision
// is kept by the records of the persons, whose own ids may change.

// settled is what is decided of a request.
type settled struct {
	person bool           // it is about somebody
	about  map[int64]bool // whom
	others map[int64]bool // of those whom it fitted then
	fresh  bool           // the parent snapshot did not know of it
}

// takeSettlements adds the site's newest decisions to those of the parent snapshot, writes them, and finds the persons
// whom they are about now.
func (s *stage) takeSettlements(ctx context.Context) error {
	prior, err := table.ReadAll[table.Settlement](s.r.PriorFiles(table.Settlements.Name))
	if err != nil {
		return err
	}
	all := slices.Clone(s.cfg.Settled)
	decided, known := map[string]bool{}, map[string]int64{}
	for _, d := range all {
		decided[d.RequestID] = true
	}
	for _, d := range prior {
		known[d.RequestID] = d.Snapshot
		if !decided[d.RequestID] {
			all = append(all, d)
		}
	}
	slices.SortFunc(all, func(a, b table.Settlement) int {
		return cmp.Or(strings.Compare(a.RequestID, b.RequestID), strings.Compare(a.RecordID, b.RecordID))
	})
	if err := pipeline.Write(s.r, table.Settlements, all); err != nil {
		return err
	}
	if err := s.r.View(ctx, table.Settlements); err != nil {
		return err
	}
	rows, err := engine.Rows[settledClient](ctx, s.e, queries.Get("settled_client"))
	if err != nil {
		return err
	}
	s.settled = map[string]*settled{}
	for _, r := range rows {
		d := s.settled[r.RequestID]
		if d == nil {
			at, ok := known[r.RequestID]
			d = &settled{about: map[int64]bool{}, others: map[int64]bool{}, fresh: !ok || at != r.Snapshot}
			s.settled[r.RequestID] = d
		}
		switch {
		case r.Decision == "person":
			d.person = true
			if r.ClientID != 0 {
				d.about[r.ClientID] = true
			}
		case r.ClientID != 0:
			d.others[r.ClientID] = true
		}
	}
	return nil
}

type settledClient struct {
	RequestID string `col:"request_id"`
	Decision  string `col:"decision"`
	Snapshot  int64  `col:"snapshot"`
	ClientID  int64  `col:"client_id,null"`
}

// notSettled leaves out the matches that a decision has settled.
func (s *stage) notSettled(matches []requestMatch) []requestMatch {
	return slices.DeleteFunc(matches, func(m requestMatch) bool {
		d := s.settled[m.RequestID]
		return d != nil && (d.person || d.others[m.ClientID])
	})
}

// bySettlement are the restrictions of requests of which it is decided whom they are about.
func (s *stage) bySettlement(kinds map[string]string) []table.Restriction {
	var list []table.Restriction
	for _, id := range slices.Sorted(maps.Keys(s.settled)) {
		d := s.settled[id]
		if kinds[id] == "" {
			continue
		}
		for _, client := range slices.Sorted(maps.Keys(d.about)) {
			list = append(list, table.Restriction{ClientID: client, Kind: kinds[id], SourceID: id, Basis: "operator",
				Since: s.r.Snapshot})
		}
	}
	return list
}

// another reports whether it is decided that a request is not about a person.
func (s *stage) another(request string, client int64) bool {
	d := s.settled[request]
	return d != nil && d.others[client] && !d.about[client]
}

// withoutSettled takes from the restrictions of the parent snapshot those of which it is decided that they are of
// somebody else. Who is still asked about is suppressed anew.
func (s *stage) withoutSettled(old []carried) []carried {
	return slices.DeleteFunc(old, func(r carried) bool {
		switch d := s.settled[r.SourceID]; {
		case d == nil:
			return false
		case d.about[r.ClientID]:
			return false
		case d.person:
			return len(d.about) > 0
		default:
			return d.others[r.ClientID] || d.fresh && r.Basis == "possible"
		}
	})
}
