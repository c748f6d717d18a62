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

// doses finds the real doses of the affected persons and carries over those of the others.
func (s *stage) doses(ctx context.Context) error {
	events, err := pipeline.NewWriter[table.ImmunizationSource](s.r, table.ImmunizationSources)
	if err != nil {
		return err
	}
	real, err := pipeline.NewWriter[table.Immunization](s.r, table.Immunizations)
	if err != nil {
		events.Close()
		return err
	}
	doubts, err := pipeline.NewWriter[table.DoseDoubt](s.r, table.DoseDoubts)
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
	s.r.Count("doses_that_may_be_one", doubts.Rows)
	if err := engine.Load(ctx, s.e, "last_provider", last); err != nil {
		return err
	}
	for _, t := range []*table.Table{table.Immunizations, table.ImmunizationSources, table.DoseDoubts} {
		if len(s.r.PriorFiles(t.Name)) == 0 {
			continue
		}
		if _, err := s.r.Copy(ctx, t, queries.Get("carried_immunization", "prior", engine.Name("prior_"+t.Name))); err != nil {
			return err
		}
	}
	if err := s.r.View(ctx, table.Immunizations); err != nil {
		return err
	}
	n, err := s.e.Int(ctx, "SELECT count(*) FROM immunization")
	s.r.Count("immunizations", n)
	return err
}
