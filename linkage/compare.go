package linkage

import (
	"context"
	"math"

	"golang.org/x/sync/errgroup"

	"miic/internal/engine"
	"miic/internal/table"
	"miic/linkage/match"
)

// indexed are the columns of a standard record that the index in the engine has.
var indexed = []string{
	"record_id",
	"content_hash",
	"sender_kind",
	"withdrawn",
	"first",
	"last",
	"birth_iso",
	"birth_order",
	"multiple",
	"birth_cert",
}

// ridRow is the place of a record.
type ridRow struct {
	RID int32 `col:"rid"`
}

// index makes the index of tonight's records, as link_index in the engine and in memory for blocking: those of the
// state, and after them requests and deaths.
func (s *stage) index(ctx context.Context) error {
	files := [][]string{s.r.Files(table.StandardRecords.Name), {s.pseudo}}
	m := s.matcher
	var group errgroup.Group
	group.Go(func() error {
		return m.Hold(ctx, files)
	})
	var dirty []ridRow
	var clean int64
	group.Go(func() error {
		if err := s.e.ViewNumbered(ctx, "numbered_record", table.StandardRecords, indexed, files...); err != nil {
			return err
		}
		if err := s.e.Materialize(ctx, "link_index", queries.Get("link_index")); err != nil {
			return err
		}
		var err error
		if clean, err = s.e.Int(ctx, "SELECT count(*) FROM link_index WHERE NOT dirty"); err != nil || clean == 0 {
			return err
		}
		dirty, err = engine.Rows[ridRow](ctx, s.e, "SELECT rid FROM link_index WHERE dirty")
		return err
	})
	if err := group.Wait(); err != nil {
		return err
	}
	var isDirty []bool
	if clean > 0 {
		isDirty = make([]bool, m.Len()+1)
		for _, r := range dirty {
			isDirty[r.RID] = true
		}
	}
	m.Ready(isDirty)
	return nil
}

// compare finds the pairs with a dirty record, grades and scores them.
func (s *stage) compare(ctx context.Context) error {
	m := match.New(s.model)
	m.Population = s.cfg.Population
	s.matcher = m
	if err := s.index(ctx); err != nil {
		return err
	}
	if err := m.Block(ctx); err != nil {
		return err
	}
	if err := m.Compare(ctx); err != nil {
		return err
	}
	requests, err := engine.Rows[ridRow](ctx, s.e, "SELECT rid FROM link_index WHERE sender_kind = 'request'")
	if err != nil {
		return err
	}
	isRequest := make(map[int32]bool, len(requests))
	for _, r := range requests {
		isRequest[r.RID] = true
	}
	edges, err := m.Score(ctx, m.Pairs(), s.model.Thresholds.Keep)
	if err != nil {
		return err
	}
	for _, e := range edges {
		if !isRequest[e.L] && !isRequest[e.R] {
			s.edges = append(s.edges, e)
		}
	}
	if s.requestEdges, err = s.requestCandidates(ctx, isRequest); err != nil {
		return err
	}
	if err := s.partAccess(ctx); err != nil {
		return err
	}
	dirty, err := s.e.Int(ctx, "SELECT count(*) FROM link_index WHERE dirty AND sender_kind <> 'request'")
	if err != nil {
		return err
	}
	s.r.Count("dirty", dirty)
	s.r.Count("pairs_compared", int64(len(m.Pairs())))
	s.r.Count("hot_keys", m.Blocked().HotKeys)
	s.r.Count("pairs_cut_from_hot_blocks", m.Blocked().Cut)
	met := match.EstimateRecall(s.edges)
	s.r.Count("matches_found_by_blocking", int64(math.Round(met.Found)))
	s.r.Count("matches_missed_by_blocking_estimate", int64(math.Round(met.Missed)))
	return nil
}

// requestCandidates returns the pairs of a request or death and a record that it may be about, the request on the
// right: at or above the review floor, or else more likely the same child or one born with it than anybody else. A
// family that writes a pet name asks for the same child. A request without a birth date may be about everybody of its
// name.
func (s *stage) requestCandidates(ctx context.Context, isRequest map[int32]bool) ([]match.Edge, error) {
	var pairs []match.Pair
	for _, p := range s.matcher.Pairs() {
		if isRequest[p.L] != isRequest[p.R] {
			pairs = append(pairs, p)
		}
	}
	var candidates []match.Edge
	edges, err := s.matcher.Score(ctx, pairs, math.Inf(-1))
	if err != nil {
		return nil, err
	}
	for _, e := range edges {
		if e.Weight < s.model.Thresholds.Review && e.P[match.Same]+e.P[match.Together] < 0.5 {
			continue
		}
		if isRequest[e.L] {
			e.L, e.R = e.R, e.L
		}
		candidates = append(candidates, e)
	}
	named, err := engine.Rows[pairRow](ctx, s.e, queries.Get("named_candidate"))
	if err != nil {
		return nil, err
	}
	found := map[int32]bool{}
	for _, c := range candidates {
		found[c.R] = true
	}
	for _, p := range named {
		found[p.R] = true
	}
	lone, err := s.loneRequests(ctx, isRequest, found)
	for _, p := range append(named, lone...) {
		candidates = append(candidates, match.Edge{L: p.L, R: p.R})
	}
	return candidates, err
}
