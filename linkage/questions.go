package linkage

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/linkage/review"
)

// edgeClient is a scored pair with the persons its records now belong to.
type edgeClient struct {
	RecordL  string  `col:"record_l"`
	RecordR  string  `col:"record_r"`
	ClientL  int64   `col:"client_l"`
	ClientR  int64   `col:"client_r"`
	Weight   float64 `col:"match_weight"`
	Hold     string  `col:"hold,null"`
	Evidence string  `col:"evidence"`
	Settled  bool    `col:"settled"`

	Judged   string     `col:"judged,null"` // the last verdict on the pair, on whatever evidence
	JudgedBy string     `col:"judged_by,null"`
	JudgedOn table.Date `col:"judged_on"`
}

type openItem struct {
	ItemID   string `col:"item_id"`
	RecordL  string `col:"record_l"`
	RecordR  string `col:"record_r"`
	Evidence string `col:"evidence_hash"`
	Now      string `col:"evidence_now,null"`
	Reason   string `col:"reason"`
	ClientL  int64  `col:"client_l,null"`
	ClientR  int64  `col:"client_r,null"`
}

// openPairs holds the pairs of persons that are not asked about again: a question is open, or somebody has judged them.
type openPairs map[[2]int64]bool

// persons is the key of a pair of persons, whichever comes first.
func persons(a, b int64) [2]int64 { return [2]int64{min(a, b), max(a, b)} }

// review writes the questions that a person must judge, the strongest of each two persons, takes back those that no
// longer apply, and writes the persons with what waits for review.
func (s *stage) review(ctx context.Context) error {
	items, err := s.questions(ctx)
	if err != nil {
		return err
	}
	if items = lastOfEach(items); len(items) > 0 {
		if err := pipeline.Write(s.r, table.ReviewItems, items); err != nil {
			return err
		}
	}
	if err := s.r.ViewLatest(ctx, table.ReviewItems); err != nil {
		return err
	}
	waiting, err := s.e.Int(ctx, "SELECT count(*) FROM latest_review_item WHERE decision = 'open'")
	if err != nil {
		return err
	}
	s.r.Count("in_review", waiting)
	if err := s.writeRestrictions(ctx); err != nil {
		return err
	}
	return s.writePeople(ctx)
}

// questions are the rows that tonight adds to the queue: questions raised and questions taken back.
func (s *stage) questions(ctx context.Context) ([]table.ReviewItem, error) {
	open, err := engine.Rows[openItem](ctx, s.e, queries.Get("open_review"))
	if err != nil {
		return nil, err
	}
	var ofDeaths []openItem
	open = slices.DeleteFunc(open, func(o openItem) bool {
		if ofDeath(o.RecordL, o.RecordR) {
			ofDeaths = append(ofDeaths, o)
			return true
		}
		return false
	})
	items, err := s.deathQuestions(ctx, ofDeaths)
	if err != nil {
		return nil, err
	}
	turned, err := engine.Rows[openItem](ctx, s.e, queries.Get("open_turn"))
	if err != nil {
		return nil, err
	}
	overlays, err := s.overlays(ctx, turned)
	if err != nil {
		return nil, err
	}
	wrong, err := s.wrongPersons(ctx)
	if err != nil {
		return nil, err
	}
	withdrawn, known := s.withdrawPairs(open)
	items = append(append(append(items, overlays...), wrong...), withdrawn...)

	edges, err := s.reviewEdges(ctx)
	if err != nil {
		return nil, err
	}
	for _, e := range edges {
		if k := persons(e.ClientL, e.ClientR); e.Settled || s.apart[k] {
			known[k] = true
		}
	}
	reused, err := s.reusedNumbers(ctx, known)
	if err != nil {
		return nil, err
	}
	returned, err := s.returned(ctx, known)
	if err != nil {
		return nil, err
	}
	raised, err := s.raisePairs(ctx, edges, known)
	return append(append(append(items, reused...), returned...), raised...), err
}

// withdrawPairs takes back the open questions about two records that no longer apply, and returns the persons of the
// others.
func (s *stage) withdrawPairs(open []openItem) ([]table.ReviewItem, openPairs) {
	var items []table.ReviewItem
	known := openPairs{}
	for _, o := range open {
		if s.outOfDate(&o) {
			items = append(items, s.withdrawn(o, "neither of the two is opted out or locked any more"))
			continue
		}
		if s.apart[persons(o.ClientL, o.ClientR)] {
			items = append(items, s.withdrawn(o, "all that their records report makes them two persons"))
			continue
		}
		if o.Now == o.Evidence && o.ClientL != o.ClientR && !s.sealed.apart(o.RecordL, o.RecordR) {
			known[persons(o.ClientL, o.ClientR)] = true
			continue
		}
		reason := "the evidence has changed"
		if o.ClientL == o.ClientR && o.Now == o.Evidence {
			reason = "both records now belong to one person"
		}
		items = append(items, s.withdrawn(o, reason))
	}
	return items, known
}

func (s *stage) withdrawn(o openItem, reason string) table.ReviewItem {
	return table.ReviewItem{ItemID: o.ItemID, RecordL: o.RecordL, RecordR: o.RecordR, Snapshot: s.r.Snapshot,
		Reason: reason, Decision: "withdrawn", Evidence: o.Evidence}
}

// reviewEdges are tonight's scored pairs of two persons that may be asked about.
func (s *stage) reviewEdges(ctx context.Context) ([]edgeClient, error) {
	if err := s.loadEdges(ctx, "scored_tonight", s.edges); err != nil {
		return nil, err
	}
	if err := engine.Load(ctx, s.e, "asked_pair", s.asked); err != nil {
		return nil, err
	}
	judged := "(SELECT * FROM review_item WHERE decision IN ('same', 'different')) AS judged"
	if err := s.e.Latest(ctx, "verdict_before", table.ReviewItems, judged); err != nil {
		return nil, err
	}
	query := queries.Get("review_edge", "review", s.model.Thresholds.Review)
	edges, err := engine.Rows[edgeClient](ctx, s.e, query)
	return slices.DeleteFunc(edges, func(e edgeClient) bool { return s.sealed.apart(e.RecordL, e.RecordR) }), err
}

// raisePairs raises the strongest pair of each two persons, the strongest first.
func (s *stage) raisePairs(ctx context.Context, edges []edgeClient, known openPairs) ([]table.ReviewItem, error) {
	var items []table.ReviewItem
	asked := map[int64]int{} // pairs by person
	for _, e := range edges {
		k := persons(e.ClientL, e.ClientR)
		if known[k] {
			continue
		}
		known[k] = true
		if asked[k[0]] >= mostAsked || asked[k[1]] >= mostAsked {
			s.r.Count("review_left_out", 1)
			continue
		}
		asked[k[0]]++
		asked[k[1]]++
		reason, err := s.whyAsked(ctx, &e)
		if err != nil {
			return nil, err
		}
		items = append(items, s.question(e.RecordL, e.RecordR, reason, e.Evidence))
		s.r.Count("review_raised", 1)
	}
	return items, nil
}

// question is an open item about two records.
func (s *stage) question(l, r, reason, evidence string) table.ReviewItem {
	return table.ReviewItem{ItemID: review.ItemID(l, r), RecordL: l, RecordR: r, Snapshot: s.r.Snapshot,
		Reason: reason, Decision: "open", Evidence: evidence}
}

// whyAsked is the reason of a question about a pair, and who has judged it before.
func (s *stage) whyAsked(ctx context.Context, e *edgeClient) (string, error) {
	reason := "match weight between review and link"
	if e.Hold != "" {
		reason = "held: " + e.Hold
	} else if e.Weight >= s.model.Thresholds.Link {
		reason = "links, but its cluster does not hold together"
	} else if e.Weight < s.model.Thresholds.Review {
		reason = "little alike, but all records of the two together may be of one person"
	}
	if e.Judged == "" {
		return reason, nil
	}
	changed, err := s.whatChanged(ctx, e.RecordL, e.RecordR)
	return fmt.Sprintf("%s: %s said %s on %s; since then %s; %s", review.AskedAgain, e.JudgedBy, e.Judged, e.JudgedOn,
		changed, reason), err
}

// raise compares the questions of one kind that are to be asked, by item, with those that are open: the same ones stay,
// the others are taken back for the reason, and what is not open yet is raised.
func (s *stage) raise(wanted map[string]table.ReviewItem, open []openItem, reason string) []table.ReviewItem {
	var items []table.ReviewItem
	for _, o := range open {
		if it, ok := wanted[o.ItemID]; ok && it.Evidence == o.Evidence {
			delete(wanted, o.ItemID)
			continue
		}
		items = append(items, s.withdrawn(o, reason))
	}
	for _, id := range slices.Sorted(maps.Keys(wanted)) {
		items = append(items, wanted[id])
		s.r.Count("review_raised", 1)
	}
	return items
}

// mostAsked is how many pairs one person may put into the queue in a night: the strongest. A crowd of
// poor records would otherwise ask about everybody with everybody.
const mostAsked = 5

// lastOfEach keeps the last row of each item, in order: one that was withdrawn and raised again
// tonight is raised.
func lastOfEach(items []table.ReviewItem) []table.ReviewItem {
	last := map[string]int{}
	for i, it := range items {
		last[it.ItemID] = i
	}
	out := items[:0]
	for i, it := range items {
		if last[it.ItemID] == i {
			out = append(out, it)
		}
	}
	slices.SortFunc(out, func(a, b table.ReviewItem) int { return strings.Compare(a.ItemID, b.ItemID) })
	return out
}
