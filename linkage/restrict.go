package linkage

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/linkage/standard"
)

// Restrictions only ever grow here: a request or a record's flag adds one, merges and splits carry it to
// everyone it may concern, and nothing that is delivered takes it away. Only an operator can (settle.go).

// requestKinds are the requests that restrict, and what they forbid.
var requestKinds = map[string]string{"opt_out": "opt_out", "lock": "lock", "no_contact": "no_contact", "seal": "seal"}

// requestMatch is a request compared with one record.
type requestMatch struct {
	RequestID string
	ClientID  int64
	Sure      bool // at the bar and not held
}

// fromRequests turns matches at or above the review floor into restrictions: of the one person that a
// request surely names, else of every person it may name, until it is settled.
func fromRequests(kinds map[string]string, matches []requestMatch, snapshot int64) []table.Restriction {
	sure := map[string]map[int64]bool{}
	for _, m := range matches {
		if m.Sure {
			if sure[m.RequestID] == nil {
				sure[m.RequestID] = map[int64]bool{}
			}
			sure[m.RequestID][m.ClientID] = true
		}
	}
	var out []table.Restriction
	for _, m := range matches {
		r := table.Restriction{ClientID: m.ClientID, Kind: kinds[m.RequestID], SourceID: m.RequestID,
			Basis: "possible", Since: snapshot}
		if len(sure[m.RequestID]) == 1 {
			if !sure[m.RequestID][m.ClientID] {
				continue
			}
			r.Basis = "matched"
		}
		out = append(out, r)
	}
	return out
}

// carried is a restriction of the parent snapshot for one person that may now be under it.
type carried struct {
	ClientID int64  `col:"client_id"`
	Kind     string `col:"kind"`
	SourceID string `col:"source_id"`
	Basis    string `col:"basis"`
	Since    int64  `col:"since_snapshot"`
}

// joinRestrictions adds tonight's restrictions to those carried over. The older date counts; a source that surely
// names a person stops suppressing the others it might have meant: of whom it is still asked is suppressed again by
// suppressDoubtful.
func joinRestrictions(old []carried, tonight []table.Restriction) []table.Restriction {
	settled := map[string]bool{}
	for _, r := range old {
		settled[r.SourceID] = settled[r.SourceID] || r.Basis != "possible"
	}
	for _, r := range tonight {
		settled[r.SourceID] = settled[r.SourceID] || r.Basis != "possible"
	}
	type key struct {
		client       int64
		kind, source string
	}
	at := map[key]int{}
	var out []table.Restriction
	add := func(r table.Restriction) {
		k := key{r.ClientID, r.Kind, r.SourceID}
		i, ok := at[k]
		if !ok {
			at[k] = len(out)
			out = append(out, r)
			return
		}
		out[i].Since = min(out[i].Since, r.Since)
		if out[i].Basis == "possible" {
			out[i].Basis = r.Basis
		}
	}
	for _, r := range old {
		if r.Basis == "possible" && settled[r.SourceID] {
			continue
		}
		add(table.Restriction(r))
	}
	for _, r := range tonight {
		add(r)
	}
	slices.SortFunc(out, func(a, b table.Restriction) int {
		return cmp.Or(cmp.Compare(a.ClientID, b.ClientID), strings.Compare(a.Kind, b.Kind),
			strings.Compare(a.SourceID, b.SourceID))
	})
	return out
}

// clientPair is two persons who wait for a review of whether they are one.
type clientPair struct {
	L int64 `col:"client_l"`
	R int64 `col:"client_r"`
}

// suppressDoubtful adds, for each person who may be the same as one who has opted out, is locked or
// sealed, the same restriction as possible, unless it is decided that its request is not about them. A direct one of
// the same source stays as it is.
func suppressDoubtful(list []table.Restriction, open []clientPair, another func(request string, client int64) bool,
	snapshot int64) []table.Restriction {
	of := map[int64][]table.Restriction{}
	for _, r := range list {
		if !table.OnlyContact(r.Kind) {
			of[r.ClientID] = append(of[r.ClientID], r)
		}
	}
	var doubtful []table.Restriction
	add := func(from, to int64) {
		for _, r := range of[from] {
			if another(r.SourceID, to) {
				continue
			}
			r.ClientID, r.Basis, r.Since = to, "possible", snapshot
			doubtful = append(doubtful, r)
		}
	}
	for _, p := range open {
		add(p.L, p.R)
		add(p.R, p.L)
	}
	known := make([]carried, len(list))
	for i, r := range list {
		known[i] = carried(r)
	}
	return joinRestrictions(known, doubtful)
}

type requestRow struct {
	RequestID string `col:"request_id"`
	Kind      string `col:"kind"`
	Snapshot  int64  `col:"snapshot"`
}

type ridClient struct {
	RID      int32  `col:"rid"`
	RecordID string `col:"record_id"`
	ClientID int64  `col:"client_id,null"`
}

// restrict finds the restrictions: those of the parent carried to whoever they now concern, with
// tonight's from requests and flags.
func (s *stage) restrict(ctx context.Context) error {
	requests, err := engine.Rows[requestRow](ctx, s.e,
		"SELECT request_id, kind, snapshot FROM latest_request ORDER BY request_id")
	if err != nil {
		return err
	}
	kinds, asked := map[string]string{}, map[string]int64{} // asked: the snapshot that brought each
	for _, q := range requests {
		asked[q.RequestID] = q.Snapshot
		if k := requestKinds[q.Kind]; k != "" {
			kinds[q.RequestID] = k
		} else if q.Kind == "opt_in" && q.Snapshot == s.r.Snapshot {
			s.r.Note(pipeline.Note{Kind: "warning", Text: "request " + q.RequestID +
				" asks to opt in: no file lifts a restriction; an operator has to decide"})
		}
	}
	matches, err := s.requestMatches(ctx)
	if err != nil {
		return err
	}
	if err := s.takeSettlements(ctx); err != nil {
		return err
	}
	tonight := append(fromRequests(kinds, s.notSettled(matches), s.r.Snapshot), s.bySettlement(kinds)...)
	tonight = s.notLifted(tonight, func(r *table.Restriction) int64 { return asked[r.SourceID] })
	said := func(r *table.Restriction) int64 { return r.Since }
	for _, query := range []string{"flagged_restriction", "wish_restriction"} {
		rows, err := engine.Rows[table.Restriction](ctx, s.e, queries.Get(query))
		if err != nil {
			return err
		}
		tonight = append(tonight, s.notLifted(rows, said)...)
	}
	old, err := engine.Rows[carried](ctx, s.e, queries.Get("carried_restriction"))
	if err != nil {
		return err
	}
	s.restrictions = joinRestrictions(s.withoutSettled(old), tonight)
	return s.loadRestricted(ctx)
}

// writeRestrictions writes the restrictions once it is known which persons wait for review: who may be
// the same as somebody restricted is suppressed until that is settled.
func (s *stage) writeRestrictions(ctx context.Context) error {
	open, err := engine.Rows[clientPair](ctx, s.e, queries.Get("waiting_pair"))
	if err != nil {
		return err
	}
	all := suppressDoubtful(s.restrictions, open, s.another, s.r.Snapshot)
	for _, r := range all {
		s.r.Count("restrictions_"+r.Basis, 1)
	}
	if err := engine.Load(ctx, s.e, "restriction_now", all); err != nil {
		return err
	}
	return pipeline.Write(s.r, table.Restrictions, all)
}

// requestMatches gives, for each request, the persons it may name.
func (s *stage) requestMatches(ctx context.Context) ([]requestMatch, error) {
	var ids []idRow
	for _, e := range s.requestEdges {
		ids = append(ids, idRow{int64(e.L)}, idRow{int64(e.R)})
	}
	if err := engine.Load(ctx, s.e, "asked_rid", ids); err != nil {
		return nil, err
	}
	rows, err := engine.Rows[ridClient](ctx, s.e, queries.Get("asked_client"))
	if err != nil {
		return nil, err
	}
	by := make(map[int32]ridClient, len(rows))
	for _, r := range rows {
		by[r.RID] = r
	}
	var out []requestMatch
	for _, e := range s.requestEdges {
		if strings.HasPrefix(by[e.R].RecordID, standard.DeathPrefix) {
			continue
		}
		out = append(out, requestMatch{RequestID: by[e.R].RecordID[len(standard.RequestPrefix):],
			ClientID: by[e.L].ClientID, Sure: e.Weight >= s.model.Thresholds.Link && e.Hold == 0})
	}
	return out, nil
}
