package linkage

import (
	"context"

	"miic/internal/engine"
	"miic/linkage/match"
)

// pairRecord is an edge of tonight as the engine gets it, to join record ids.
type pairRecord struct {
	L        int32   `col:"l"`
	R        int32   `col:"r"`
	Rules    int64   `col:"rules"`
	Vector   string  `col:"vector"`
	Weight   float64 `col:"match_weight"`
	TermFreq float64 `col:"term_frequency"`
	FamFreq  float64 `col:"family_frequency"`
	PMatch   float64 `col:"p_match"`
	PTwin    float64 `col:"p_twin"`
	PFamily  float64 `col:"p_family"`
	Decision string  `col:"decision"`
	Hold     string  `col:"hold,null"`
	Joins    bool    `col:"joins"`
}

// loadEdges makes a temporary table of scored pairs.
func (s *stage) loadEdges(ctx context.Context, name string, edges []match.Edge) error {
	rows := make([]pairRecord, len(edges))
	for i, e := range edges {
		d := s.model.Decide(e)
		newborn, _ := s.model.Newborn(e)
		weighty := e.Weight >= s.model.Thresholds.Link
		if d == match.Review && weighty && !s.model.Held(e) && !s.model.Conflicting(e.Vector) {
			d = match.Link
		}
		rows[i] = pairRecord{L: e.L, R: e.R, Rules: int64(e.Rules), Vector: e.Vector.Text(len(s.model.Comparisons)),
			Weight: e.Weight, TermFreq: e.FreqPersonal, FamFreq: e.FreqFamily,
			PMatch: e.P[match.Same], PTwin: e.P[match.Together], PFamily: e.P[match.Family],
			Decision: string(d), Joins: d == match.Link || newborn}
		if weighty && d != match.Link { // a hold that other evidence outweighs holds nothing
			rows[i].Hold = s.model.HoldNames(e.Firm)
			if s.model.Conflicting(e.Vector) {
				rows[i].Hold += " never_by_machine"
			}
		}
	}
	return engine.Load(ctx, s.e, name, rows)
}

// pairRow is a pair of records of the index that no blocking rule has brought together.
type pairRow struct {
	L int32 `col:"l"`
	R int32 `col:"r"`
}
