package linkage

import (
	"context"
	"math"

	"miic/internal/engine"
	"miic/linkage/match"
)

// stateMark is the high-water mark of the size of the state by which links were last weighed.
const stateMark = "state_size"

// weighAnew finds the links that tonight's state puts in doubt: their records are clustered again, and their pairs are
// among tonight's. A link is as sure as chance agreement is rare: what tied two records in a small state may be two
// people of a larger one. Each doubling costs a look at the weaker links, and no other night costs anything.
func (s *stage) weighAnew(ctx context.Context) error {
	before, now := s.r.Mark(stateMark), s.matcher.Size()
	s.r.SetMark(stateMark, now)
	if s.weighed = before < now; !s.weighed {
		return s.e.Materialize(ctx, "doubted_record", "SELECT rid FROM link_index WHERE false")
	}
	most := s.model.Thresholds.Link
	for _, bar := range s.model.SoftHolds {
		most = max(most, bar)
	}
	grown := math.Log2(float64(now) / float64(max(before, 1)))
	weak, err := engine.Rows[livePair](ctx, s.e, queries.Get("weak_link",
		"below", most+2*s.model.Thresholds.TermFreqCap+grown))
	if err != nil {
		return err
	}
	var rows []ridRow
	for _, p := range weak {
		e := match.Edge{L: p.L, R: p.R, Rules: int32(p.Rules), Evidence: p.evidence()}
		e.Score = s.matcher.Weigh(e.Evidence)
		if e.Weight < s.model.Thresholds.Link || s.model.Held(e) {
			s.edges = append(s.edges, e)
			rows = append(rows, ridRow{p.L}, ridRow{p.R})
		}
	}
	s.r.Count("links_weighed_again", int64(len(weak)))
	s.r.Count("links_in_doubt", int64(len(rows)/2))
	return engine.Load(ctx, s.e, "doubted_record", rows)
}

// evidence is what is stored of a pair that was compared on an earlier night.
func (p *livePair) evidence() match.Evidence {
	return match.Evidence{Vector: match.ParseVector(p.Vector), FreqPersonal: p.TermFreq, FreqFamily: p.FamFreq}
}
