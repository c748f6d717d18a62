package linkage

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"

	"miic/internal/engine"
	"miic/internal/table"
)

// ErrUntold is the answer to a question about somebody who is not there, and about somebody who may
// appear in no output: the two cannot be told apart from outside.
var ErrUntold = errors.New("is not in the snapshot, or is of a person who may appear in no output")

// ErrNoEvidence is the answer to a question about two records of which no comparison is kept.
var ErrNoEvidence = errors.New("no comparison of the two is kept: they meet no blocking rule, or weigh less than the model keeps")

// An Explainer answers from the stored evidence of one snapshot. It serves one goroutine at a time.
type Explainer struct {
	e       *engine.Engine
	model   *Model
	id      string
	scorers map[int]*Scorer
	size    int // records of the state at which the last pair was scored
}

// NewExplainer makes the tables of a snapshot known to the engine; files lists those of a table.
func NewExplainer(ctx context.Context, e *engine.Engine, files func(table string) []string, model *Model) (*Explainer, error) {
	for _, t := range []*table.Table{table.StandardRecords, table.ScoredPairs, table.ClientLinks, table.Clients, table.ClientChanges,
		table.ReviewItems, table.Immunizations} {
		if err := e.View(ctx, t.Name, t, files(t.Name)); err != nil {
			return nil, err
		}
	}
	return &Explainer{e: e, model: model, id: model.ID(), scorers: map[int]*Scorer{}, size: smallestState}, nil
}

// Step is one part of a weight. The steps of a pair sum to its weight.
type Step struct {
	Part  string  `json:"part"`            // prior, a comparison, rarity, or other relations
	Level string  `json:"level,omitempty"` // of a comparison, in words; empty where there is nothing to compare
	Bits  float64 `json:"bits"`
	Left  string  `json:"left,omitempty"` // what was compared, in linkage form
	Right string  `json:"right,omitempty"`
}

// Verdict is what a person has said of a pair.
type Verdict struct {
	Decision  string `json:"decision"` // same, different, open or withdrawn
	DecidedBy string `json:"decided_by,omitempty"`
	DecidedOn string `json:"decided_on,omitempty"` // YYYY-MM-DD
	Reason    string `json:"reason,omitempty"`
}

// Pair is why two records were, or were not, taken for one person.
type Pair struct {
	RecordL       string             `json:"record_l"`
	RecordR       string             `json:"record_r"`
	ClientL       int64              `json:"client_l"`
	ClientR       int64              `json:"client_r"`
	Snapshot      int64              `json:"snapshot"` // that scored it
	Model         string             `json:"model"`
	Weight        float64            `json:"weight"` // bits; the steps sum to it
	Decision      string             `json:"decision"`
	Probabilities map[string]float64 `json:"probabilities"` // of each relation
	RunnerUp      string             `json:"runner_up"`     // the likeliest relation but same person
	Holds         []string           `json:"holds"`         // why it did not link by itself, in words
	Rules         []string           `json:"rules"`         // that found it; none if it was compared only inside its component
	Steps         []Step             `json:"steps"`
	Changed       bool               `json:"changed"` // a record has changed since, so this evidence no longer decides
	Verdict       *Verdict           `json:"verdict,omitempty"`
}

// visible is the person of a record that may be shown.
type visible struct {
	RecordID string `col:"record_id"`
	ClientID int64  `col:"client_id"`
}

// persons returns the persons of records; who may appear in no output is left out.
func (x *Explainer) persons(ctx context.Context, where string) (map[string]int64, error) {
	rows, err := engine.Rows[visible](ctx, x.e, query("explain_visible", "where", where))
	out := make(map[string]int64, len(rows))
	for _, r := range rows {
		out[r.RecordID] = r.ClientID
	}
	return out, err
}

// Pair explains the comparison of two records, exactly as it was scored. It fails with ErrUntold and
// ErrNoEvidence.
func (x *Explainer) Pair(ctx context.Context, a, b string) (*Pair, error) {
	if a == b {
		return nil, fmt.Errorf("%s twice: %w", a, ErrNoEvidence)
	}
	l, r := min(a, b), max(a, b)
	both := "(" + engine.Quote(l) + ", " + engine.Quote(r) + ")"
	who, err := x.persons(ctx, "l.record_id IN "+both)
	if err != nil {
		return nil, err
	}
	for _, id := range []string{a, b} {
		if who[id] == 0 {
			return nil, fmt.Errorf("record %s: %w", id, ErrUntold)
		}
	}
	standard, err := engine.Rows[table.StandardRecord](ctx, x.e, "SELECT * FROM standard_record WHERE record_id IN "+both+" ORDER BY record_id")
	if err != nil {
		return nil, err
	}
	where := " WHERE record_l = " + engine.Quote(l) + " AND record_r = " + engine.Quote(r) + " ORDER BY snapshot DESC LIMIT 1"
	scored, err := engine.Rows[table.ScoredPair](ctx, x.e, "SELECT * FROM scored_pair"+where)
	if err != nil {
		return nil, err
	}
	if len(scored) == 0 || len(standard) != 2 {
		return nil, fmt.Errorf("records %s and %s: %w", a, b, ErrNoEvidence)
	}
	p, err := x.explain(&scored[0], &standard[0], &standard[1])
	if err != nil {
		return nil, err
	}
	p.ClientL, p.ClientR = who[l], who[r]
	said, err := engine.Rows[table.ReviewItem](ctx, x.e, "SELECT * FROM review_item"+where)
	if len(said) > 0 {
		p.Verdict = &Verdict{said[0].Decision, said[0].DecidedBy, said[0].DecidedOn.String(), said[0].Reason}
	}
	return p, err
}

// explain takes a stored comparison apart.
func (x *Explainer) explain(row *table.ScoredPair, l, r *table.StandardRecord) (*Pair, error) {
	if row.Model != x.id {
		return nil, fmt.Errorf("records %s and %s were compared by model %s, and the configuration names %s: run 'miic nightly' first, or name the old model",
			row.RecordL, row.RecordR, row.Model, x.id)
	}
	e := Evidence{ParseVector(row.Vector), row.TermFreq, row.FamFreq}
	s, err := x.scorerOf(row, e)
	if err != nil {
		return nil, err
	}
	p := &Pair{RecordL: row.RecordL, RecordR: row.RecordR, Snapshot: row.Snapshot, Model: row.Model, Weight: row.Weight, Decision: row.Decision,
		Probabilities: map[string]float64{Same.String(): row.PMatch, Together.String(): row.PTwin, Family.String(): row.PFamily,
			Stranger.String(): max(0, 1-row.PMatch-row.PTwin-row.PFamily)},
		Holds: []string{}, Rules: []string{}, Changed: row.HashL != l.ContentHash || row.HashR != r.ContentHash || l.Withdrawn || r.Withdrawn}
	p.RunnerUp = slices.MaxFunc([]Class{Together, Family, Stranger}, func(a, b Class) int {
		return cmp.Compare(p.Probabilities[a.String()], p.Probabilities[b.String()])
	}).String()
	for _, h := range strings.Fields(row.Hold) {
		p.Holds = append(p.Holds, holdWords[h])
	}
	for i, rule := range x.model.Rules {
		if row.Rules&(1<<i) != 0 {
			p.Rules = append(p.Rules, rule.Name)
		}
	}
	add := func(step Step) { p.Steps = append(p.Steps, step) }
	add(Step{Part: "prior", Level: fmt.Sprintf("two of up to %d records, taken at random", x.size), Bits: s.prior[Same] - s.prior[Stranger]})
	for i := range x.model.Comparisons {
		c := &x.model.Comparisons[i]
		step := Step{Part: c.Name, Left: valueOf(l, c), Right: valueOf(r, c)}
		if level := e.Vector.Level(i); level < len(c.Levels) {
			step.Level = c.Levels[level].Label
			step.Bits = math.Log2(c.p(Same, level)) - math.Log2(c.p(Stranger, level))
		}
		add(step)
	}
	limit := x.model.Thresholds.TermFreqCap
	add(Step{Part: "rarity", Level: "of the given name", Bits: min(e.FreqPersonal, limit)})
	add(Step{Part: "rarity", Level: "of the family's names", Bits: min(e.FreqFamily, limit)})
	rest := row.Weight
	for _, step := range p.Steps {
		rest -= step.Bits
	}
	add(Step{Part: "other relations", Level: "born together or of one family instead", Bits: rest})
	return p, nil
}

const (
	smallestState = 64
	largestState  = 1 << 40
)

// scorerOf returns the scorer by whose priors a pair got its weight. The number of records that the
// state had then is not stored: of the powers of two it is the one that gives what is stored.
func (x *Explainer) scorerOf(row *table.ScoredPair, e Evidence) (*Scorer, error) {
	off := func(size int) float64 {
		if x.scorers[size] == nil {
			x.scorers[size] = NewScorer(x.model, size)
		}
		s := x.scorers[size].Score(e)
		return math.Abs(s.Weight-row.Weight) + math.Abs(s.P[Same]-row.PMatch) + math.Abs(s.P[Together]-row.PTwin) + math.Abs(s.P[Family]-row.PFamily)
	}
	best, least := x.size, off(x.size)
	for size := smallestState; size <= largestState && least > 0; size *= 2 {
		if o := off(size); o < least {
			best, least = size, o
		}
	}
	if least > 1e-9 {
		return nil, fmt.Errorf("records %s and %s: the stored weight of %.3f bits does not follow from the stored vector: 'miic lake check --data' tells whether the lake is damaged",
			row.RecordL, row.RecordR, row.Weight)
	}
	x.size = best
	return x.scorers[best], nil
}

// columnOf gives the place of a column of a standard record in its struct.
var columnOf = func() map[string]int {
	at := map[string]int{}
	t := reflect.TypeFor[table.StandardRecord]()
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("col"), ",")
		at[name] = i
	}
	return at
}()

// valueOf writes what a comparison is about.
func valueOf(r *table.StandardRecord, c *Comparison) string {
	var parts []string
	for _, f := range c.Fields {
		if v := reflect.ValueOf(r).Elem().Field(columnOf[f]); !v.IsZero() {
			parts = append(parts, fmt.Sprint(v.Interface()))
		}
	}
	return strings.Join(parts, " ")
}

// holdWords says of each hold why the pair waits for a person.
var holdWords = map[string]string{
	"birth_date_differs":  "the birth dates have nothing in common",
	"first_name_differs":  "the given names have nothing in common, and it may be a brother or sister",
	"surname_differs":     "the surnames have nothing in common",
	"close_not_equal":     "given name or birth date is close but not equal, and no doses bear it out",
	"number_differs":      "a number that names one person differs, and the surnames have nothing in common",
	"name_and_birth_only": "only names, sex and birth date speak for it",
	"little_information":  "too few fields are known on both sides",
	"suffix_differs":      "the name suffixes differ",
	"birth_order_missing": "one of a multiple birth, and it is not told which",
	"names_like_twins":    "the given names are alike as those of twins are, and nobody says that the birth was a single one",
	"maybe_twin":          "it may be a twin",
	"never_by_machine":    "birth certificates or birth orders differ: never by machine",
}
