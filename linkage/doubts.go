package linkage

import (
	"context"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/linkage/dedupe"
)

// joinedPair is two persons who may be one, by number.
type joinedPair struct {
	Pair     int64 `col:"pair"`
	ClientID int64 `col:"client_id"`
	OtherID  int64 `col:"other_id"`
}

// doubts writes who waits to be judged one with whom, and the doses of each two as they are if the two are one: a
// letter is held only where the answer would change it.
func (s *stage) doubts(ctx context.Context) error {
	dead := make([]idRow, len(s.died))
	for i, d := range s.died {
		dead[i] = idRow{d.ClientID}
	}
	barred := make([]ridRow, 0, len(s.barredRIDs))
	for rid := range s.barredRIDs {
		barred = append(barred, ridRow{rid})
	}
	if err := engine.Load(ctx, s.e, "dead_client", dead); err != nil {
		return err
	}
	if err := engine.Load(ctx, s.e, "barred_rid", barred); err != nil {
		return err
	}
	doubts, err := engine.Rows[table.Doubt](ctx, s.e, queries.Get("doubt"))
	if err != nil {
		return err
	}
	if err := pipeline.Write(s.r, table.Doubts, doubts); err != nil {
		return err
	}
	var pairs []joinedPair
	for _, d := range doubts {
		if d.Ordinary && d.ClientID < d.OtherID {
			pairs = append(pairs, joinedPair{int64(len(pairs)), d.ClientID, d.OtherID})
		}
	}
	s.r.Count("doubts_that_may_change_a_letter", int64(len(pairs)))
	joined, err := s.joinedDoses(ctx, pairs)
	if err != nil {
		return err
	}
	return pipeline.Write(s.r, table.JoinedDoses, joined)
}

// joinedDoses finds the real doses of each two persons together.
func (s *stage) joinedDoses(ctx context.Context, pairs []joinedPair) ([]table.JoinedDose, error) {
	if len(pairs) == 0 {
		return nil, nil
	}
	if err := engine.Load(ctx, s.e, "joined_pair", pairs); err != nil {
		return nil, err
	}
	wanted := "SELECT record_id FROM client_link WHERE client_id IN (SELECT client_id FROM joined_pair" +
		" UNION SELECT other_id FROM joined_pair)"
	if err := s.e.Materialize(ctx, "wanted_record", wanted); err != nil {
		return nil, err
	}
	s.e.Define("newest_event", newestWanted(table.VaccinationEvents))
	var joined []table.JoinedDose
	byPair := func(r *dedupe.Row) int64 { return r.ClientID }
	err := eachGroup(ctx, s.e, queries.Get("joined_dose_row"), byPair, func(reports []dedupe.Row) error {
		real, _, _ := dedupe.Immunizations(reports)
		p := pairs[reports[0].ClientID]
		for i := range real {
			d := &real[i]
			joined = append(joined, table.JoinedDose{ClientID: p.ClientID, OtherID: p.OtherID,
				ImmunizationID: d.ImmunizationID, AdministeredOn: d.AdministeredOn, CVX: d.CVX, MVX: d.MVX,
				TradeName: d.TradeName, LotExpiry: d.LotExpiry, Condition: d.Condition})
		}
		return nil
	})
	return joined, err
}
