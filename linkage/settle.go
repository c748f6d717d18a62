package linkage

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// An operator settles a request that fits nobody, or several. "It is about this person": the request restricts whoever
// has that person's records, and nobody else whom it fitted. "It is about nobody": it no longer suppresses those whom it fitted then.
// Whom it comes to fit later, nobody has looked at, so they are suppressed as ever, and asked about again. "It is lifted": it
// restricts that person no more, unless it comes anew; so too a record's flag and the result of a notice. The decision is
// kept by the records of the persons, whose own ids may change.

// settled is what is decided of a request.
type settled struct {
	person bool            // it is about somebody
	about  map[int64]bool  // whom
	others map[int64]bool  // of those whom it fitted then
	lifted map[int64]int64 // whom it restricts no more, and as of which snapshot: what comes later restricts again
	fresh  bool            // the parent snapshot did not know of it
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
	s.noteLifted(all, known)
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
			d = &settled{about: map[int64]bool{}, others: map[int64]bool{}, lifted: map[int64]int64{},
				fresh: !ok || at != r.Snapshot}
			s.settled[r.RequestID] = d
		}
		switch {
		case r.Decision == "lifted":
			if r.ClientID != 0 {
				d.lifted[r.ClientID] = max(r.Snapshot, d.lifted[r.ClientID])
			}
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
	return d != nil && (d.others[client] && !d.about[client] || d.lifted[client] > 0)
}

// isLifted reports whether an operator has lifted what a source said of a person by a snapshot.
func (s *stage) isLifted(source string, client, snapshot int64) bool {
	d := s.settled[source]
	return d != nil && d.lifted[client] >= max(snapshot, 1)
}

// notLifted leaves out the restrictions that an operator has lifted. said gives the snapshot that brought each.
func (s *stage) notLifted(list []table.Restriction, said func(*table.Restriction) int64) []table.Restriction {
	return slices.DeleteFunc(list, func(r table.Restriction) bool { return s.isLifted(r.SourceID, r.ClientID, said(&r)) })
}

// noteLifted says on the night's page what was lifted since the last night. The operator's words stay in the ledger.
func (s *stage) noteLifted(all []table.Settlement, known map[string]int64) {
	noted := ""
	for _, d := range all { // by request
		if at, ok := known[d.RequestID]; d.Decision != "lifted" || ok && at == d.Snapshot || noted == d.RequestID {
			continue
		}
		noted = d.RequestID
		s.r.Count("restrictions_lifted", 1)
		s.r.Note(pipeline.Note{Kind: "warning", Text: fmt.Sprintf("%s has lifted a restriction, which came by %s: "+
			"'miic privacy list --all' has the person and the reason", d.DecidedBy, d.RequestID)})
	}
}

// withoutSettled takes from the restrictions of the parent snapshot those of which it is decided that they are of
// somebody else. Who is still asked about is suppressed anew.
func (s *stage) withoutSettled(old []carried) []carried {
	return slices.DeleteFunc(old, func(r carried) bool {
		switch d := s.settled[r.SourceID]; {
		case d == nil:
			return false
		case s.isLifted(r.SourceID, r.ClientID, r.Since):
			return true
		case d.about[r.ClientID]:
			return false
		case d.person:
			return len(d.about) > 0
		default:
			return d.others[r.ClientID] || d.fresh && r.Basis == "possible"
		}
	})
}
