package linkage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"miic/internal/area"
	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/linkage/match"
	"miic/linkage/standard"
)

// stageKey is what of the configuration decides the result: the content of the files it names.
func stageKey(cfg Config, model *match.Model) any {
	key := struct{ Model, Counties, Verdicts string }{Counties: contentKey(cfg.Counties), Verdicts: contentKey(cfg.Verdicts)}
	if model != nil {
		key.Model = model.ID()
	}
	return key
}

// contentKey is a hash of a file's content; a file that is not named or not there has none.
func contentKey(path string) string {
	if path == "" {
		return ""
	}
	data, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return ""
	case err != nil:
		return "unreadable"
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8])
}

// stage is one run of the stage: its steps share what they find.
type stage struct {
	cfg   Config
	model *match.Model
	err   error

	r        *pipeline.Run
	e        *engine.Engine
	modelID  string
	counties *area.Table
	full     bool // every record is read again, not only tonight's
	matcher  *match.Matcher
	pseudo   string // the file of requests and deaths in linkage form

	rewritten bool // a delivery was taken out

	edges   []match.Edge // of tonight, between records
	asked   []match.Edge // of tonight, between a request or a death certificate and a record
	inside  []match.Edge // scored because clustering needed them
	changes []table.ClientChange

	deaths []deathMatch       // of whom a death is, or may be, with the record that says so
	died   []table.DeathMatch // the same, as it is written

	sealed       seals
	restrictions []table.Restriction // in force, before doubtful persons are suppressed with them
}

func (s *stage) run(ctx context.Context, r *pipeline.Run) error {
	if s.err != nil {
		return s.err
	}
	s = &stage{cfg: s.cfg, model: s.model, r: r, e: r.Engine, modelID: s.model.ID()}
	s.counties = area.Default()
	if s.cfg.Counties != "" {
		var err error
		if s.counties, err = area.Load(s.cfg.Counties); err != nil {
			return err
		}
	}
	for _, step := range []struct {
		name string
		run  func(context.Context) error
	}{
		{"read", s.views}, {"standardise", s.standardise}, {"verdicts", s.takeVerdicts}, {"compare", s.compare}, {"cluster", s.cluster}, {"deaths", s.matchDeaths},
		{"affected", s.affected}, {"restrict", s.restrict}, {"doses", s.doses}, {"people", s.people}, {"review", s.review}, {"history", s.history},
	} {
		r.Progress(step.name, 0, 0)
		if err := step.run(ctx); err != nil {
			return fmt.Errorf("linkage: %s: %w", step.name, err)
		}
	}
	return nil
}

// views makes the tables known to the engine, and decides whether tonight's records are enough or all
// must be read again: on the first night, and with a new model.
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
	s.full = same == 0 || other > 0
	touched := queries.Get("touched_record")
	for _, t := range []*table.Table{table.ClientRecords, table.VaccinationEvents} {
		now, prior := s.r.Files(t.Name), s.r.PriorFiles(t.Name)
		come, gone := missingFrom(prior, now), missingFrom(now, prior)
		if len(gone) > 0 { // a delivery was taken out, and what stays of these files was written again
			s.rewritten = true
		}
		if err := s.e.View(ctx, "tonight_"+t.Name, t, come); err != nil {
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

// missingFrom lists what is in b and not in a.
func missingFrom(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(b), func(s string) bool { return slices.Contains(a, s) })
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
	n, err := s.r.Copy(ctx, table.StandardRecords, queries.Get("standard_record"))
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
