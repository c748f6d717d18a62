package linkage

import (
	"context"

	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/linkage/dedupe"
)

// doses finds the real doses of the affected persons; those of the others stay as they are.
func (s *stage) doses(ctx context.Context) error {
	w, err := s.doseTables(ctx)
	if err != nil {
		return err
	}
	byClient := func(r *dedupe.Row) int64 { return r.ClientID }
	err = eachGroup(ctx, s.e, queries.Get("dose_row"), byClient, w.person)
	for _, end := range w.close {
		if cerr := end(); err == nil {
			err = cerr
		}
	}
	if err != nil {
		return err
	}
	s.r.Count("doses_reported", w.reported)
	for figure, t := range map[string]*table.Table{
		"immunizations": table.Immunizations, "doses_that_may_be_one": table.DoseDoubts,
	} {
		n, err := s.r.Live(ctx, t)
		if err != nil {
			return err
		}
		s.r.Count(figure, n)
	}
	return s.r.View(ctx, table.Immunizations)
}

// doseTables are the tables of doses as they are written.
type doseTables struct {
	sources  func(*table.ImmunizationSource) error
	real     func(*table.Immunization) error
	doubts   func(*table.DoseDoubt) error
	close    []func() error
	reported int64
}

// doseTables begins to rewrite the rows of the affected persons.
func (s *stage) doseTables(ctx context.Context) (*doseTables, error) {
	keys := "SELECT client_id FROM affected_client"
	if s.full {
		keys = "" // all of them are affected
	}
	sources, err := pipeline.Rewrite[table.ImmunizationSource](ctx, s.r, table.ImmunizationSources, keys)
	if err != nil {
		return nil, err
	}
	real, err := pipeline.Rewrite[table.Immunization](ctx, s.r, table.Immunizations, keys)
	if err != nil {
		sources.Close()
		return nil, err
	}
	doubts, err := pipeline.Rewrite[table.DoseDoubt](ctx, s.r, table.DoseDoubts, keys)
	if err != nil {
		sources.Close()
		real.Close()
		return nil, err
	}
	return &doseTables{sources: sources.Append, real: real.Append, doubts: doubts.Append,
		close: []func() error{real.Close, sources.Close, doubts.Close}}, nil
}

// person writes the doses of one person, given the reports in the order of their days.
func (w *doseTables) person(reports []dedupe.Row) error {
	real, sources, doubts := dedupe.Immunizations(reports)
	w.reported += int64(len(reports))
	for i := range real {
		if err := w.real(&real[i]); err != nil {
			return err
		}
	}
	for i := range sources {
		if err := w.sources(&sources[i]); err != nil {
			return err
		}
	}
	for i := range doubts {
		if err := w.doubts(&doubts[i]); err != nil {
			return err
		}
	}
	return nil
}
