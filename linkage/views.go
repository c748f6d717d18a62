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
	if err := s.r.View(ctx, table.ClientRecords, table.VaccinationEvents, table.Requests, table.Deaths,
		table.Batches, table.Affirmations, table.NoticeResults); err != nil {
		return err
	}
	if err := s.r.ViewLatest(ctx, table.ReviewItems, table.Requests, table.Deaths, table.NoticeResults); err != nil {
		return err
	}
	if err := s.r.ViewPrior(ctx, table.StandardRecords, table.ScoredPairs, table.ClientLinks, table.Clients,
		table.ClientHistories, table.Restrictions, table.DeathMatches, table.Immunizations, table.ImmunizationSources,
		table.DoseDoubts); err != nil {
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
	for _, t := range []*table.Table{table.ClientRecords, table.VaccinationEvents, table.Affirmations, table.NoticeResults} {
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
		touched = "SELECT record_id FROM client_record UNION SELECT record_id FROM prior_standard_record"
	}
	if err := s.e.Materialize(ctx, "touched_record", touched); err != nil {
		return err
	}
	if err := s.e.Materialize(ctx, "batch_kind", queries.Get("batch_kind")); err != nil {
		return err
	}
	return s.loadNewest(ctx, "touched_record")
}

// loadNewest makes newest_record and newest_event the newest versions for the records of a table.
func (s *stage) loadNewest(ctx context.Context, records string) error {
	if err := s.e.Materialize(ctx, "wanted_record", "SELECT record_id FROM "+records); err != nil {
		return err
	}
	for name, t := range map[string]*table.Table{
		"newest_record": table.ClientRecords, "newest_event": table.VaccinationEvents,
	} {
		query := newestWanted(t)
		if s.full {
			var err error
			if query, err = s.newestOfAll(ctx, t); err != nil {
				return err
			}
		}
		s.e.Define(name, query)
	}
	return nil
}

// newestWanted selects the newest version of each key of the wanted records. An event may have moved to another record:
// the newest of all its versions counts, whichever record that is of.
func newestWanted(t *table.Table) string {
	wanted := "WHERE record_id IN (SELECT record_id FROM wanted_record)"
	versions := fmt.Sprintf("(SELECT * FROM %s WHERE %s IN (SELECT %s FROM %s %s)) AS wanted",
		t.Name, t.Key[0], t.Key[0], t.Name, wanted)
	return "SELECT * FROM (" + engine.LatestSQL(t, versions) + ") AS newest " + wanted
}

// newestOfAll selects the newest version of every key. Few keys have two versions, and a window over every column of
// all versions would not fit in memory: so only the keys with several versions go through it.
func (s *stage) newestOfAll(ctx context.Context, t *table.Table) (string, error) {
	key, several := t.Key[0], "several_"+t.Name
	counted := fmt.Sprintf("SELECT %s AS id FROM %s GROUP BY %s HAVING count(*) > 1", key, t.Name, key)
	versions := fmt.Sprintf("(SELECT * FROM %s WHERE %s IN (SELECT id FROM %s)) AS versions", t.Name, key, several)
	single := fmt.Sprintf("SELECT * FROM %s AS x WHERE NOT EXISTS (SELECT 1 FROM %s AS k WHERE k.id = x.%s)",
		t.Name, several, key)
	return single + " UNION ALL " + engine.LatestSQL(t, versions), s.e.Materialize(ctx, several, counted)
}
