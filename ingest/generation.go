package ingest

import (
	"context"

	"miic/ingest/number"
	"miic/internal/engine"
)

// generations settles whose tonight's numbers of several people are and, by time, whose doses they bring.
func (n *night) generations(ctx context.Context) error {
	e := n.run.Engine
	var units []number.UnitGeneration
	var tenures []number.Tenure
	var contradictory []number.TurnedUnit
	registrar := map[string]bool{}
	for _, s := range n.cfg.Senders {
		registrar[s.ID] = s.Kind == "vital_records"
	}
	settle := func(one []number.Version) {
		settled := number.Settle(one)
		if !registrar[one[0].Sender] {
			contradictory = append(contradictory, number.Turned(one, settled)...)
		}
		several := false
		for _, u := range settled {
			several = several || u.Generation > 1
		}
		if !several {
			return
		}
		for _, u := range settled {
			if u.File > 0 {
				units = append(units, u)
			}
			if u.File > 0 && u.Generation > 1 {
				n.run.Count("numbers_reused", 1)
			}
		}
		tenures = append(tenures, number.Tenures(one, settled)...)
	}
	n.run.Count("numbers_reused", 0)
	var one []number.Version
	err := engine.Stream(ctx, e, queries.Get("contested_id"), func(v *number.Version) error {
		if len(one) > 0 && (one[0].Sender != v.Sender || one[0].SourceID != v.SourceID) {
			settle(one)
			one = one[:0]
		}
		one = append(one, *v)
		return nil
	})
	if err != nil {
		return err
	}
	if len(one) > 0 {
		settle(one)
	}
	if err := engine.Load(ctx, e, "unit_generation", units); err != nil {
		return err
	}
	if err := engine.Load(ctx, e, "turned_unit", contradictory); err != nil {
		return err
	}
	if err := engine.Load(ctx, e, "tenure", tenures); err != nil {
		return err
	}
	for _, step := range []string{"dose_generation", "observation_generation"} {
		if err := e.Materialize(ctx, step, queries.Get(step)); err != nil {
			return err
		}
	}
	return nil
}
