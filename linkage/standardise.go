package linkage

import (
	"context"
	"path/filepath"

	"miic/internal/engine"
	"miic/internal/table"
	"miic/linkage/standard"
)

// standardise writes the touched records in linkage form, finds the dirty ones and writes the state
// standard_record. Requests and deaths become pseudo-records, compared with everybody each night.
func (s *stage) standardise(ctx context.Context) error {
	if err := s.e.Materialize(ctx, "record_doses", queries.Get("record_doses")); err != nil {
		return err
	}
	var done int64
	_, err := s.scratch(ctx, "standard_tonight", func(write func(*table.StandardRecord) error) error {
		return standard.Stream(ctx, s.model.Keys(), func(yield func(*standard.Source) error) error {
			return engine.Stream(ctx, s.e, queries.Get("source_record"), yield)
		}, func(out *table.StandardRecord) error {
			out.Model = s.modelID
			if done++; done%65536 == 0 {
				s.r.Progress("standardise", done, 0)
			}
			return write(out)
		})
	})
	if err != nil {
		return err
	}
	writer := standard.New(s.model.Keys())
	s.pseudo, err = s.scratch(ctx, "standard_request", func(write func(*table.StandardRecord) error) error {
		err := engine.Stream(ctx, s.e, "SELECT * FROM latest_request ORDER BY request_id", func(row *table.Request) error {
			if requestKinds[row.Kind] == "" {
				return nil
			}
			record := standard.OfRequest(row)
			out := writer.Standardise(&record, standard.Pseudo, "")
			return write(&out)
		})
		if err != nil {
			return err
		}
		return engine.Stream(ctx, s.e, "SELECT * FROM latest_death WHERE NOT withdrawn ORDER BY death_id", func(row *table.Death) error {
			record := standard.OfDeath(row)
			out := writer.Standardise(&record, standard.Pseudo, "")
			return write(&out)
		})
	})
	if err != nil {
		return err
	}
	if err := s.e.Materialize(ctx, "dirty_record", queries.Get("dirty_record")); err != nil {
		return err
	}
	if s.full {
		_, err = s.r.Copy(ctx, table.StandardRecords, "SELECT * FROM standard_tonight")
	} else {
		err = s.r.Replace(ctx, table.StandardRecords, "SELECT record_id FROM touched_record", "SELECT * FROM standard_tonight")
	}
	if err != nil {
		return err
	}
	n, err := s.r.Live(ctx, table.StandardRecords)
	if err != nil {
		return err
	}
	s.r.Count("records", n)
	if err := s.r.View(ctx, table.StandardRecords); err != nil {
		return err
	}
	return s.e.Exec(ctx, "CREATE OR REPLACE TEMP VIEW standard_now AS "+queries.Get("standard_now"))
}

// scratch writes standard records into a file of the stage's own, makes it a view, and returns its path.
func (s *stage) scratch(ctx context.Context, name string, fill func(func(*table.StandardRecord) error) error) (string, error) {
	path := filepath.Join(s.r.Scratch, name+".parquet")
	w, err := table.NewWriter[table.StandardRecord](table.StandardRecords, path)
	if err != nil {
		return "", err
	}
	if err := fill(w.Append); err != nil {
		w.Close()
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	return path, s.e.View(ctx, name, table.StandardRecords, []string{path})
}
