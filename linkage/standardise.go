package linkage

import (
	"context"
	"path/filepath"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/linkage/standard"
)

// standardise writes the touched records in linkage form, finds the dirty ones and writes the state
// standard_record. Requests and deaths become pseudo-records, compared with everybody each night.
func (s *stage) standardise(ctx context.Context) error {
	if err := s.standardiseRecords(ctx); err != nil {
		return err
	}
	if err := s.standardisePseudo(ctx); err != nil {
		return err
	}
	if err := s.e.Materialize(ctx, "dirty_record", queries.Get("dirty_record")); err != nil {
		return err
	}
	var err error
	if s.full {
		_, err = s.r.Copy(ctx, table.StandardRecords, "SELECT * FROM standard_tonight")
	} else {
		err = s.r.Replace(ctx, table.StandardRecords, "SELECT record_id FROM touched_record",
			"SELECT * FROM standard_tonight")
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
	s.e.Define("standard_now", queries.Get("standard_now"))
	return nil
}

// progressRows is after how many records progress is reported.
const progressRows = 1 << 16

// standardiseRecords makes standard_tonight of the touched records.
func (s *stage) standardiseRecords(ctx context.Context) error {
	if err := s.e.Materialize(ctx, "record_doses", queries.Get("record_doses")); err != nil {
		return err
	}
	source := func(yield func(*standard.Source) error) error {
		return engine.Stream(ctx, s.e, queries.Get("source_record"), yield)
	}
	var done int64
	_, err := s.scratch(ctx, "standard_tonight", func(write func(*table.StandardRecord) error) error {
		return standard.Stream(ctx, s.model.Keys(), source, func(out *table.StandardRecord) error {
			out.Model = s.modelID
			if done++; done%progressRows == 0 {
				s.r.Progress("standardise", done, 0, pipeline.Records)
			}
			return write(out)
		})
	})
	return err
}

// standardisePseudo makes standard_request of the requests that restrict, of those for records, and of the deaths.
func (s *stage) standardisePseudo(ctx context.Context) error {
	requests := "SELECT * FROM latest_request ORDER BY request_id"
	deaths := "SELECT * FROM latest_death WHERE NOT withdrawn ORDER BY death_id"
	writer := standard.New(s.model.Keys())
	var err error
	s.pseudo, err = s.scratch(ctx, "standard_request", func(write func(*table.StandardRecord) error) error {
		put := func(record table.ClientRecord) error {
			out := writer.Standardise(&record, standard.Pseudo, "")
			return write(&out)
		}
		err := engine.Stream(ctx, s.e, requests, func(row *table.Request) error {
			if requestKinds[row.Kind] == "" && row.Kind != access {
				return nil
			}
			return put(standard.OfRequest(row))
		})
		if err != nil {
			return err
		}
		return engine.Stream(ctx, s.e, deaths, func(row *table.Death) error { return put(standard.OfDeath(row)) })
	})
	return err
}

// scratch writes standard records into a file of the stage's own, makes it a view, and returns its path.
func (s *stage) scratch(ctx context.Context, name string,
	fill func(func(*table.StandardRecord) error) error) (string, error) {
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
