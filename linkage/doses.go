package linkage

import (
	"context"
	"slices"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/linkage/dedupe"
	"miic/linkage/standard"
)

// providerRow is the clinic that last gave a person a dose.
type providerRow struct {
	ClientID int64  `col:"client_id"`
	Provider string `col:"provider"`
}

// doses finds the real doses of the affected persons; those of the others stay as they are.
func (s *stage) doses(ctx context.Context) error {
	keys := "SELECT client_id FROM affected_client"
	if s.full {
		keys = "" // all of them are affected
	}
	events, err := pipeline.Rewrite[table.ImmunizationSource](ctx, s.r, table.ImmunizationSources, keys)
	if err != nil {
		return err
	}
	real, err := pipeline.Rewrite[table.Immunization](ctx, s.r, table.Immunizations, keys)
	if err != nil {
		events.Close()
		return err
	}
	doubts, err := pipeline.Rewrite[table.DoseDoubt](ctx, s.r, table.DoseDoubts, keys)
	if err != nil {
		events.Close()
		real.Close()
		return err
	}
	var last []providerRow
	var reported int64
	fold := func(person []dedupe.Row) error {
		ims, sources, unsure := dedupe.Immunizations(person)
		reported += int64(len(person))
		for i := range ims {
			if err := real.Append(&ims[i]); err != nil {
				return err
			}
		}
		for i := range sources {
			if err := events.Append(&sources[i]); err != nil {
				return err
			}
		}
		for i := range unsure {
			if err := doubts.Append(&unsure[i]); err != nil {
				return err
			}
		}
		for _, d := range slices.Backward(person) {
			if !d.Historical && d.SenderKind == standard.Clinic {
				last = append(last, providerRow{d.ClientID, d.Sender})
				break
			}
		}
		return nil
	}
	err = groups(ctx, s.e, queries.Get("dose_row"), func(r *dedupe.Row) int64 { return r.ClientID }, fold)
	if cerr := real.Close(); err == nil {
		err = cerr
	}
	for _, end := range []func() error{events.Close, doubts.Close} {
		if cerr := end(); err == nil {
			err = cerr
		}
	}
	if err != nil {
		return err
	}
	s.r.Count("doses_reported", reported)
	if err := engine.Load(ctx, s.e, "last_provider", last); err != nil {
		return err
	}
	for figure, t := range map[string]*table.Table{"immunizations": table.Immunizations, "doses_that_may_be_one": table.DoseDoubts} {
		n, err := s.r.Live(ctx, t)
		if err != nil {
			return err
		}
		s.r.Count(figure, n)
	}
	return s.r.View(ctx, table.Immunizations)
}
