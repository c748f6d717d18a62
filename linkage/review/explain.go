// Package review explains what linkage decided, and brings people what it did not decide.
//
// It promises: a comparison is explained exactly as it was scored, or not at all; nothing is shown of people who may
// appear in no output, not even that they are there; and verdicts are taken only on the evidence that was shown.
package review

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
	"miic/linkage/match"
)

// ErrNotShown is the answer to a question about somebody who is not there, and about somebody who may
// appear in no output: from outside the two look alike.
var ErrNotShown = errors.New("is not in the snapshot, or is of a person who may appear in no output")

// ErrNoEvidence is the answer to a question about two records of which no comparison is kept.
var ErrNoEvidence = errors.New("no comparison of the two is kept: " +
	"they meet no blocking rule, or weigh less than the model keeps")

// An Explainer answers from the stored evidence of one snapshot. What is asked of a pair or a person is
// looked up in the files; only questions about the whole queue or state start the engine. It serves one
// goroutine at a time.
type Explainer struct {
	e       *engine.Engine
	files   func(table string) []string
	model   *match.Model
	id      string
	scorers map[int]*match.Scorer
	size    int // records of the state at which the last pair was scored

	Restricted bool // the queue has the questions about people who may appear in no output, and not the others
}

// NewExplainer explains a snapshot; files lists those of a table.
func NewExplainer(e *engine.Engine, files func(table string) []string, model *match.Model) *Explainer {
	return &Explainer{e: e, files: files, model: model, id: model.ID(), scorers: map[int]*match.Scorer{},
		size: smallestState}
}

// views makes tables known to the engine.
func (x *Explainer) views(ctx context.Context, tables ...*table.Table) error {
	return x.e.Tables(ctx, x.files, tables...)
}

// find looks rows up in the files of a table.
func find[T any, V string | int64](x *Explainer, t *table.Table, column string, values ...V) ([]T, error) {
	var rows []T
	err := table.Find(x.files(t.Name), column, values, func(row *T) error { rows = append(rows, *row); return nil })
	return rows, err
}

// Step is one part of a weight. The steps of a pair sum to its weight.
type Step struct {
	Part  string  `json:"part"`            // prior, a comparison, rarity, or other relations
	Level string  `json:"level,omitempty"` // of a comparison, in words; empty where there is nothing to compare
	Bits  float64 `json:"bits"`
	Left  string  `json:"left,omitempty"` // what was compared, in linkage form
	Right string  `json:"right,omitempty"`
}

// Verdict is the last state of a question about a pair.
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
	Rules         []string           `json:"rules"`         // that found it; none if compared only inside its component
	Steps         []Step             `json:"steps"`
	Changed       bool               `json:"changed"` // a record has changed since, so this evidence no longer decides
	Verdict       *Verdict           `json:"verdict,omitempty"`
}

// shownClient is whether a person may appear in an output.
type shownClient struct {
	ClientID int64 `col:"client_id"`
	OptedOut bool  `col:"opted_out"`
	Locked   bool  `col:"locked"`
	Sealed   bool  `col:"sealed"`
}

// hidden returns those of the persons who may appear in no output: by their flags, and by the
// restrictions themselves, which after a rollback are newer than the flags.
func (x *Explainer) hidden(ids ...int64) (map[int64]bool, error) {
	rows, err := find[shownClient](x, table.Clients, "client_id", ids...)
	if err != nil {
		return nil, err
	}
	out := map[int64]bool{}
	for _, c := range rows {
		if c.OptedOut || c.Locked || c.Sealed {
			out[c.ClientID] = true
		}
	}
	restrictions, err := find[table.Restriction](x, table.Restrictions, "client_id", ids...)
	for _, r := range restrictions {
		if !table.OnlyContact(r.Kind) {
			out[r.ClientID] = true
		}
	}
	return out, err
}

// persons returns the persons of records; who may appear in no output is left out.
func (x *Explainer) persons(records ...string) (map[string]int64, error) {
	links, err := find[table.ClientLink](x, table.ClientLinks, "record_id", records...)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(links))
	for i, l := range links {
		ids[i] = l.ClientID
	}
	hidden, err := x.hidden(ids...)
	out := map[string]int64{}
	for _, l := range links {
		if !hidden[l.ClientID] {
			out[l.RecordID] = l.ClientID
		}
	}
	return out, err
}

// Pair explains the comparison of two records, exactly as it was scored. It fails with ErrNotShown and
// ErrNoEvidence.
func (x *Explainer) Pair(a, b string) (*Pair, error) {
	if a == b {
		return nil, fmt.Errorf("%s twice: %w", a, ErrNoEvidence)
	}
	l, r := min(a, b), max(a, b)
	who, err := x.persons(l, r)
	if err != nil {
		return nil, err
	}
	for _, id := range []string{a, b} {
		if who[id] == 0 {
			return nil, fmt.Errorf("record %s: %w", id, ErrNotShown)
		}
	}
	scored, err := find[table.ScoredPair](x, table.ScoredPairs, "record_l", l)
	if err != nil {
		return nil, err
	}
	scored = slices.DeleteFunc(scored, func(p table.ScoredPair) bool { return p.RecordR != r })
	standard, err := find[table.StandardRecord](x, table.StandardRecords, "record_id", l, r)
	if err != nil {
		return nil, err
	}
	if len(scored) == 0 || len(standard) != 2 {
		return nil, fmt.Errorf("records %s and %s: %w", a, b, ErrNoEvidence)
	}
	newest := slices.MaxFunc(scored, func(a, b table.ScoredPair) int { return cmp.Compare(a.Snapshot, b.Snapshot) })
	p, err := x.Explain(&newest, &standard[0], &standard[1])
	if err != nil {
		return nil, err
	}
	p.ClientL, p.ClientR = who[l], who[r]
	items, err := find[table.ReviewItem](x, table.ReviewItems, "item_id", ItemID(l, r))
	if len(items) > 0 {
		v := slices.MaxFunc(items, func(a, b table.ReviewItem) int { return cmp.Compare(a.Snapshot, b.Snapshot) })
		p.Verdict = &Verdict{v.Decision, v.DecidedBy, v.DecidedOn.String(), v.Reason}
	}
	return p, err
}

// Explain takes a stored comparison apart.
func (x *Explainer) Explain(row *table.ScoredPair, l, r *table.StandardRecord) (*Pair, error) {
	if row.Model != x.id {
		return nil, fmt.Errorf("records %s and %s were compared by model %s, and the configuration names %s: "+
			"run 'miic nightly' first, or name the old model", row.RecordL, row.RecordR, row.Model, x.id)
	}
	e := match.Evidence{Vector: match.ParseVector(row.Vector), FreqPersonal: row.TermFreq, FreqFamily: row.FamFreq}
	s, err := x.scorerOf(row, e)
	if err != nil {
		return nil, err
	}
	changed := row.HashL != l.ContentHash || row.HashR != r.ContentHash || l.Withdrawn || r.Withdrawn
	p := &Pair{RecordL: row.RecordL, RecordR: row.RecordR, Snapshot: row.Snapshot, Model: row.Model,
		Weight: row.Weight, Decision: row.Decision, Changed: changed, Holds: []string{}, Rules: []string{},
		Probabilities: map[string]float64{
			match.Same.String(): row.PMatch, match.Together.String(): row.PTwin, match.Family.String(): row.PFamily,
			match.Stranger.String(): max(0, 1-row.PMatch-row.PTwin-row.PFamily)}}
	others := []match.Class{match.Together, match.Family, match.Stranger}
	p.RunnerUp = slices.MaxFunc(others, func(a, b match.Class) int {
		return cmp.Compare(p.Probabilities[a.String()], p.Probabilities[b.String()])
	}).String()
	for _, h := range strings.Fields(row.Hold) {
		if row.Decision == string(match.Link) {
			break // as it was stored by older programs: outweighed
		}
		p.Holds = append(p.Holds, holdWords[h])
	}
	for i, rule := range x.model.Rules {
		if row.Rules&(1<<i) != 0 {
			p.Rules = append(p.Rules, rule.Name)
		}
	}
	p.Steps = append(p.Steps, Step{Part: "prior",
		Level: fmt.Sprintf("two of up to %d records, taken at random", x.size),
		Bits:  s.Prior(match.Same) - s.Prior(match.Stranger)})
	p.Steps = append(p.Steps, x.comparisons(e, l, r)...)
	rest := row.Weight
	for _, step := range p.Steps {
		rest -= step.Bits
	}
	p.Steps = append(p.Steps, Step{Part: "other relations", Level: "born together or of one family instead",
		Bits: rest})
	return p, nil
}

// comparisons are the steps of what was compared, each against strangers, and of the rarity of the names.
func (x *Explainer) comparisons(e match.Evidence, l, r *table.StandardRecord) []Step {
	var steps []Step
	for i := range x.model.Comparisons {
		c := &x.model.Comparisons[i]
		step := Step{Part: c.Name, Left: valueOf(l, c), Right: valueOf(r, c)}
		if level := e.Vector.Level(i); level < len(c.Levels) {
			step.Level = c.Levels[level].Label
			step.Bits = math.Log2(c.P(match.Same, level)) - math.Log2(c.P(match.Stranger, level))
		}
		steps = append(steps, step)
	}
	limit := x.model.Thresholds.TermFreqCap
	return append(steps,
		Step{Part: "rarity", Level: "of the given name", Bits: min(e.FreqPersonal, limit)},
		Step{Part: "rarity", Level: "of the family's names", Bits: min(e.FreqFamily, limit)})
}

const (
	smallestState = 64
	largestState  = 1 << 40
)

// scorerOf returns the scorer by whose priors a pair got its weight. The number of records that the
// state had then is not stored: of the powers of two it is the one that gives what is stored.
func (x *Explainer) scorerOf(row *table.ScoredPair, e match.Evidence) (*match.Scorer, error) {
	off := func(size int) float64 {
		if x.scorers[size] == nil {
			x.scorers[size] = match.NewScorer(x.model, size)
		}
		s := x.scorers[size].Score(e)
		return math.Abs(s.Weight-row.Weight) + math.Abs(s.P[match.Same]-row.PMatch) +
			math.Abs(s.P[match.Together]-row.PTwin) + math.Abs(s.P[match.Family]-row.PFamily)
	}
	best, least := x.size, off(x.size)
	for size := smallestState; size <= largestState && least > 0; size *= 2 {
		if o := off(size); o < least {
			best, least = size, o
		}
	}
	if least > 1e-9 {
		return nil, fmt.Errorf("records %s and %s: the stored weight of %.3f bits does not follow from the stored "+
			"vector: 'miic lake check --data' shows whether the lake is damaged", row.RecordL, row.RecordR, row.Weight)
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
func valueOf(r *table.StandardRecord, c *match.Comparison) string {
	var parts []string
	for _, f := range c.Fields {
		if v := reflect.ValueOf(r).Elem().Field(columnOf[f]); !v.IsZero() {
			parts = append(parts, fmt.Sprint(v.Interface()))
		}
	}
	return strings.Join(parts, " ")
}

// holdWords is, for each hold, why the pair waits for a person.
var holdWords = map[string]string{
	"birth_date_differs":  "the birth dates have nothing in common",
	"first_name_differs":  "the given names have nothing in common, and it may be a brother or sister",
	"surname_differs":     "the surnames have nothing in common",
	"close_not_equal":     "given name or birth date is close but not equal, and no doses bear it out",
	"number_differs":      "a number that names one person differs, and the surnames have nothing in common",
	"name_and_birth_only": "only names, sex and birth date support it",
	"two_numbers": "one sender has two numbers for them, and the sex differs, or one vaccine was given on one day under " +
		"both, or only names, sex and birth date are equal",
	"no_given_name":       "one of the two has no given name",
	"little_information":  "too few fields are known on both sides",
	"suffix_differs":      "the name suffixes differ",
	"birth_order_missing": "one of a multiple birth, and its order is not known",
	"names_like_twins":    "the given names are alike as those of twins are, and no record gives a single birth",
	"maybe_twin":          "it may be a twin",
	"never_by_machine":    "birth certificates or birth orders differ: never by machine",
}

// Records returns the records of the snapshot in linkage form, those of people who may appear in no output left out.
func (x *Explainer) Records(ctx context.Context) ([]table.StandardRecord, error) {
	if err := x.views(ctx, table.StandardRecords, table.ClientLinks, table.Clients); err != nil {
		return nil, err
	}
	var records []table.StandardRecord
	err := engine.Stream(ctx, x.e, queries.Get("trainable_record"), func(r *table.StandardRecord) error {
		records = append(records, *r)
		return nil
	})
	return records, err
}

// Model is the model by which the snapshot is explained.
func (x *Explainer) Model() *match.Model { return x.model }
