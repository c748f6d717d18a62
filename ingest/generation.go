package ingest

import (
	"context"

	"miic/ingest/number"
	"miic/internal/engine"
)

// generations settles whose tonight's re-used numbers are and, by time, whose doses they bring.
func (n *night) generations(ctx context.Context) error {
	e := n.run.Engine
	versions, err := engine.Rows[number.Version](ctx, e, queries.Get("contested_id"))
	if err != nil {
		return err
	}
	var units []number.UnitGeneration
	var tenures []number.Tenure
	var contradictory []number.TurnedUnit
	registrar := map[string]bool{}
	for _, s := range n.cfg.Senders {
		registrar[s.ID] = s.Kind == "vital_records"
	}
	for len(versions) > 0 {
		k := 1
		for k < len(versions) && versions[k].Sender == versions[0].Sender &&
			versions[k].SourceID == versions[0].SourceID {
			k++
		}
		one := versions[:k]
		versions = versions[k:]
		generation := number.Settle(one)
		if !registrar[one[0].Sender] {
			contradictory = append(contradictory, number.Turned(one, generation)...)
		}
		several := false
		for i, g := range generation {
			if g > 1 {
				several = true
			}
			if one[i].File > 0 && g > 1 {
				units = append(units, number.UnitGeneration{File: one[i].File, Unit: one[i].Unit, Generation: g})
			}
		}
		if !several {
			continue
		}
		tenures = append(tenures, number.Tenures(one, generation)...)
	}
	n.run.Count("numbers_reused", int64(len(units)))
	if err := engine.Load(ctx, e, "unit_generation", units); err != nil {
		return err
	}
	if err := engine.Load(ctx, e, "turned_unit", contradictory); err != nil {
		return err
	}
	if err := engine.Load(ctx, e, "tenure", tenures); err != nil {
		return err
	}
	return e.Materialize(ctx, "dose_generation", queries.Get("dose_generation"))
}
