package linkage

import (
	"context"
	"fmt"

	"miic/internal/engine"
	"miic/internal/table"
)

// views makes the tables known to the engine, and decides whether tonight's records are enough or all
// must be read again: on the first night, with a new model, and with a new version of the stage.
func (s *stage) views(ctx context.Context) error {
	if err := s.r.View(ctx, table.ClientRecords, table.VaccinationEvents, table.Requests, table.Deaths, table.Batches); err != nil {
		return err
	}
	if err := s.r.ViewLatest(ctx, table.ReviewItems, table.Requests, table.Deaths); err != nil {
		return err
	}
	if err := s.r.ViewPrior(ctx, table.StandardRecords, table.ScoredPairs, table.ClientLinks, table.Clients, table.ClientHistories, table.Restrictions,
		table.DeathMatches, table.Immunizations, table.ImmunizationSources, table.DoseDoubts); err != nil {
		return err
	}
	same, err := s.e.Int(ctx, "SELECT count(*) FROM prior_standard_record WHERE model = "+engine.Quote(s.modelID))
	if err != nil {
		return err
	}
	other, err := s.e.Int(ctx, "SELECT count(*) FROM prior_standard_record WHERE model <> "+engine.Quote(s.modelID))
	if err != nil {
		return err
	}
	s.full = same == 0 || other > 0 || s.r.NewVersion
	touched := queries.Get("touched_record")
	for _, t := range []*table.Table{table.ClientRecords, table.VaccinationEvents} {
		gone := s.r.Gone(t.Name)
		if len(gone) > 0 { // a delivery was taken out, and what stays of these files was written again
			s.rewritten = true
		}
		if err := s.e.View(ctx, "tonight_"+t.Name, t, s.r.Tonight(t.Name)); err != nil {
			return err
		}
		if err := s.e.View(ctx, "gone_"+t.Name, t, gone); err != nil {
			return err
		}
	}
	if s.rewritten {
		touched = queries.Get("touched_by_rewriting")
		if err := s.e.Materialize(ctx, "changed_event", queries.Get("changed_event")); err != nil {
			return err
		}
	}
	if s.full {
		touched = "SELECT DISTINCT record_id FROM client_record"
	}
	if err := s.e.Materialize(ctx, "touched_record", touched); err != nil {
		return err
	}
	if err := s.e.Materialize(ctx, "batch_kind", queries.Get("batch_kind")); err != nil {
		return err
	}
	return s.want(ctx, "touched_record")
}

// want makes newest_record and newest_event the newest versions for the records of a table.
func (s *stage) want(ctx context.Context, records string) error {
	if err := s.e.Materialize(ctx, "wanted_record", "SELECT record_id FROM "+records); err != nil {
		return err
	}
	for _, t := range []*table.Table{table.ClientRecords, table.VaccinationEvents} {
		from, only := t.Name, ""
		if !s.full {
			// An event may have moved to another record: the newest of all its versions counts, wherever it stands.
			from = fmt.Sprintf("(SELECT * FROM %s WHERE %s IN (SELECT %s FROM %s WHERE record_id IN (SELECT record_id FROM wanted_record))) AS wanted", t.Name, t.Key[0], t.Key[0], t.Name)
			only = " WHERE record_id IN (SELECT record_id FROM wanted_record)"
		}
		name := map[*table.Table]string{table.ClientRecords: "newest_record", table.VaccinationEvents: "newest_event"}[t]
		sql := "SELECT * FROM (" + engine.LatestSQL(t, from) + ") AS newest" + only
		if s.full {
			// A window over every column of all that was ever told does not fit in memory, nor need it: few keys have two versions.
			several := "several_" + t.Name
			if err := s.e.Materialize(ctx, several, fmt.Sprintf("SELECT %s AS id FROM %s GROUP BY %s HAVING count(*) > 1", t.Key[0], t.Name, t.Key[0])); err != nil {
				return err
			}
			sql = fmt.Sprintf("SELECT * FROM %s AS x WHERE NOT EXISTS (SELECT 1 FROM %s AS k WHERE k.id = x.%s) UNION ALL %s", t.Name, several, t.Key[0],
				engine.LatestSQL(t, fmt.Sprintf("(SELECT * FROM %s WHERE %s IN (SELECT id FROM %s)) AS told", t.Name, t.Key[0], several)))
		}
		if err := s.e.Exec(ctx, "CREATE OR REPLACE TEMP VIEW "+name+" AS "+sql); err != nil {
			return err
		}
	}
	return nil
}
