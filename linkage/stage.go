package linkage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"

	"miic/internal/area"
	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// stageKey is what of the configuration decides the result: the content of the files it names.
func stageKey(cfg Config, model *Model) any {
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

// ID is the model's version with a hash of all it says: what rows carry.
func (m *Model) ID() string {
	data, err := json.Marshal(m)
	if err != nil {
		panic(err)
	}
	sum := sha256.Sum256(data)
	return m.Version + "-" + hex.EncodeToString(sum[:4])
}

// stage is one run of the stage: its steps share what they find.
type stage struct {
	cfg   Config
	model *Model
	err   error

	r        *pipeline.Run
	e        *engine.Engine
	modelID  string
	counties *area.Table
	full     bool // every record is read again, not only tonight's
	matcher  *matcher
	pseudo   string // the file of requests and deaths in linkage form

	rewritten bool // a delivery was taken out

	edges   []Edge // of tonight, between records
	asked   []Edge // of tonight, between a request or a death certificate and a record
	inside  []Edge // scored because clustering needed them
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
	touched := query("touched_record")
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
		touched = query("touched_by_rewriting")
		if err := s.e.Materialize(ctx, "changed_event", query("changed_event")); err != nil {
			return err
		}
	}
	if s.full {
		touched = "SELECT DISTINCT record_id FROM client_record"
	}
	if err := s.e.Materialize(ctx, "touched_record", touched); err != nil {
		return err
	}
	if err := s.e.Materialize(ctx, "batch_kind", query("batch_kind")); err != nil {
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

// sourceRow is what standardising reads of a record.
type sourceRow struct {
	RecordID        string     `col:"record_id"`
	Sender          string     `col:"sender"`
	SenderKind      string     `col:"sender_kind,null"`
	Withdrawn       bool       `col:"withdrawn"`
	FirstName       string     `col:"first_name,null"`
	MiddleName      string     `col:"middle_name,null"`
	LastName        string     `col:"last_name,null"`
	Suffix          string     `col:"suffix,null"`
	Aliases         string     `col:"aliases,null"`
	MotherFirst     string     `col:"mother_first,null"`
	MotherMaiden    string     `col:"mother_maiden,null"`
	GuardianFirst   string     `col:"guardian_first,null"`
	GuardianLast    string     `col:"guardian_last,null"`
	GuardianRole    string     `col:"guardian_role,null"`
	BirthDate       table.Date `col:"birth_date"`
	BirthOrder      int32      `col:"birth_order,null"`
	MultipleBirth   string     `col:"multiple_birth,null"`
	Sex             string     `col:"sex,null"`
	Address1        string     `col:"address_1,null"`
	City            string     `col:"city,null"`
	ZIP             string     `col:"zip,null"`
	Phone           string     `col:"phone,null"`
	Phone2          string     `col:"phone_2,null"`
	Email           string     `col:"email,null"`
	ChartNumber     string     `col:"chart_number,null"`
	SSN             string     `col:"ssn,null"`
	MedicaidID      string     `col:"medicaid_id,null"`
	BirthCertNumber string     `col:"birth_certificate_no,null"`
	Doses           string     `col:"doses,null"`
}

func (r *sourceRow) record() *table.ClientRecord {
	return &table.ClientRecord{RecordID: r.RecordID, Sender: r.Sender, Withdrawn: r.Withdrawn, FirstName: r.FirstName, MiddleName: r.MiddleName,
		LastName: r.LastName, Suffix: r.Suffix, Aliases: r.Aliases, MotherFirst: r.MotherFirst, MotherMaiden: r.MotherMaiden, GuardianFirst: r.GuardianFirst,
		GuardianLast: r.GuardianLast, GuardianRole: r.GuardianRole, BirthDate: r.BirthDate, BirthOrder: r.BirthOrder, MultipleBirth: r.MultipleBirth,
		Sex: r.Sex, Address1: r.Address1, City: r.City, ZIP: r.ZIP, Phone: r.Phone, Phone2: r.Phone2, Email: r.Email, ChartNumber: r.ChartNumber,
		SSN: r.SSN, MedicaidID: r.MedicaidID, BirthCertNumber: r.BirthCertNumber}
}

// standardise writes the touched records in linkage form, finds the dirty ones and writes the state
// standard_record. Requests and deaths become pseudo-records, compared with everybody each night.
func (s *stage) standardise(ctx context.Context) error {
	if err := s.e.Materialize(ctx, "record_doses", query("record_doses")); err != nil {
		return err
	}
	var done int64
	_, err := s.scratch(ctx, "standard_tonight", func(write func(*table.StandardRecord) error) error {
		return standardiseAll(s.model, func(yield func(*sourceRow) error) error {
			return engine.Stream(ctx, s.e, query("source_record"), yield)
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
	standard := NewStandardiser(s.model)
	s.pseudo, err = s.scratch(ctx, "standard_request", func(write func(*table.StandardRecord) error) error {
		err := engine.Stream(ctx, s.e, "SELECT * FROM latest_request ORDER BY request_id", func(row *table.Request) error {
			if requestKinds[row.Kind] == "" {
				return nil
			}
			record := pseudoRecord(row)
			out := standard.Standardise(&record, "request", "")
			return write(&out)
		})
		if err != nil {
			return err
		}
		return engine.Stream(ctx, s.e, "SELECT * FROM latest_death WHERE NOT withdrawn ORDER BY death_id", func(row *table.Death) error {
			record := deceased(row)
			out := standard.Standardise(&record, "request", "")
			return write(&out)
		})
	})
	if err != nil {
		return err
	}
	if err := s.e.Materialize(ctx, "dirty_record", query("dirty_record")); err != nil {
		return err
	}
	n, err := s.r.Copy(ctx, table.StandardRecords, query("standard_record"))
	if err != nil {
		return err
	}
	s.r.Count("records", n)
	if err := s.r.View(ctx, table.StandardRecords); err != nil {
		return err
	}
	return s.e.Exec(ctx, "CREATE OR REPLACE TEMP VIEW standard_now AS "+query("standard_now"))
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

// compare finds the pairs with a dirty record, grades and scores them.
func (s *stage) compare(ctx context.Context) error {
	m := &matcher{model: s.model}
	s.matcher = m
	if err := s.index(ctx); err != nil {
		return err
	}
	m.block()
	if err := m.code(m.pairs); err != nil {
		return err
	}
	m.grade(m.pairs)
	requests, err := engine.Rows[ridRow](ctx, s.e, "SELECT rid FROM link_index WHERE sender_kind = 'request'")
	if err != nil {
		return err
	}
	isRequest := make(map[int32]bool, len(requests))
	for _, r := range requests {
		isRequest[r.RID] = true
	}
	for _, e := range m.score(m.pairs, s.model.Thresholds.Keep) {
		if !isRequest[e.L] && !isRequest[e.R] {
			s.edges = append(s.edges, e)
		}
	}
	if s.asked, err = s.candidates(ctx, isRequest); err != nil {
		return err
	}
	dirty, err := s.e.Int(ctx, "SELECT count(*) FROM link_index WHERE dirty AND sender_kind <> 'request'")
	if err != nil {
		return err
	}
	s.r.Count("dirty", dirty)
	s.r.Count("pairs_compared", int64(len(m.pairs)))
	s.r.Count("hot_keys", m.blocked.HotKeys)
	s.r.Count("pairs_cut_from_hot_blocks", m.blocked.Cut)
	met := caught(s.edges)
	s.r.Count("matches_found_by_blocking", int64(math.Round(met.Found)))
	s.r.Count("matches_missed_by_blocking_estimate", int64(math.Round(met.Missed)))
	return nil
}

// candidates returns the pairs of a request and a record that it may be about, the request on the
// right: at or above the review floor, or else more likely the same child or one born with it than
// anybody else. A family that writes a pet name asks for the same child. A request without a birth date may
// be about everybody of its name.
func (s *stage) candidates(ctx context.Context, isRequest map[int32]bool) ([]Edge, error) {
	var pairs []comparedPair
	for _, p := range s.matcher.pairs {
		if isRequest[p.L] != isRequest[p.R] {
			pairs = append(pairs, p)
		}
	}
	var asked []Edge
	for _, e := range s.matcher.score(pairs, math.Inf(-1)) {
		if e.Weight < s.model.Thresholds.Review && e.P[Same]+e.P[Together] < 0.5 {
			continue
		}
		if isRequest[e.L] {
			e.L, e.R = e.R, e.L
		}
		asked = append(asked, e)
	}
	named, err := engine.Rows[pairRow](ctx, s.e, query("named_candidate"))
	for _, p := range named {
		asked = append(asked, Edge{L: p.L, R: p.R})
	}
	return asked, err
}

// pairRecord is a tonight's edge as the engine gets it to join record ids.
type pairRecord struct {
	L        int32   `col:"l"`
	R        int32   `col:"r"`
	Rules    int64   `col:"rules"`
	Vector   string  `col:"vector"`
	Weight   float64 `col:"match_weight"`
	TermFreq float64 `col:"term_frequency"`
	FamFreq  float64 `col:"family_frequency"`
	PMatch   float64 `col:"p_match"`
	PTwin    float64 `col:"p_twin"`
	PFamily  float64 `col:"p_family"`
	Decision string  `col:"decision"`
	Hold     string  `col:"hold,null"`
	Joins    bool    `col:"joins"`
}

// loadEdges makes a temporary table of scored pairs.
func (s *stage) loadEdges(ctx context.Context, name string, edges []Edge) error {
	rows := make([]pairRecord, len(edges))
	for i, e := range edges {
		d := s.model.Decide(e)
		if d == Review && e.Weight >= s.model.Thresholds.Link && !s.model.Held(e) && !s.model.conflicting(e.Vector) {
			d = Link
		}
		rows[i] = pairRecord{L: e.L, R: e.R, Rules: int64(e.Rules), Vector: e.Vector.Text(len(s.model.Comparisons)), Weight: e.Weight,
			TermFreq: e.FreqPersonal, FamFreq: e.FreqFamily, PMatch: e.P[Same], PTwin: e.P[Together], PFamily: e.P[Family],
			Decision: string(d), Joins: d == Link}
		if e.Weight >= s.model.Thresholds.Link {
			rows[i].Hold = s.model.HoldNames(e.Hold)
			if s.model.conflicting(e.Vector) {
				rows[i].Hold += " never_by_machine"
			}
		}
	}
	return engine.Load(ctx, s.e, name, rows)
}
