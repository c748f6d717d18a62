package linkage

import (
	"context"
	"fmt"

	"miic/internal/table"
)

// Result is what linking a set of records gave: records are known by their place in RecordIDs.
type Result struct {
	RecordIDs  []string  // by code point
	Edges      []Edge    // pairs at or above the model's keep threshold; L and R are places, from 0
	Persons    [][]int32 // as a night would link them: with the bar, the holds and the hard constraints
	Natural    [][]int32 // at the natural cut: what is more likely than not, under the hard constraints alone
	Candidates int64     // pairs that meet a blocking rule
	Cut        int64     // pairs on hot keys that were left out
	Caught     Caught    // how well the rules catch, estimated without labels
	Model      *Model    // by which it was linked
	Training   *Training // nil if the model is as it was given
	met        []comparedPair
}

// Batch links a set of records from nothing, as one night's first load would, with no verdicts; with
// train it first estimates the model from them, without labels. It calls done with the name of each step
// that it has finished.
func Batch(ctx context.Context, model *Model, records []table.StandardRecord, train bool, done func(step string)) (*Result, error) {
	m := &matcher{model: model.clone()}
	if err := m.loadAll(records); err != nil {
		return nil, err
	}
	return m.batch(ctx, train, done)
}

// batch links the records that are loaded.
func (m *matcher) batch(ctx context.Context, train bool, done func(step string)) (*Result, error) {
	r := &Result{Model: m.model, RecordIDs: m.ids}
	step := func(name string) error {
		done(name)
		return ctx.Err()
	}
	if err := step("load"); err != nil {
		return nil, err
	}
	m.block()
	r.Candidates, r.Cut = int64(len(m.pairs)), m.blocked.Cut
	if err := step("block"); err != nil {
		return nil, err
	}
	m.grade(m.pairs)
	if err := step("compare"); err != nil {
		return nil, err
	}
	if train {
		var err error
		if _, r.Training, err = m.estimate(); err != nil {
			return nil, err
		}
		if err := step("train"); err != nil {
			return nil, err
		}
	}
	edges := m.score(m.pairs, m.model.Thresholds.Keep)
	for i := range edges {
		edges[i].L--
		edges[i].R--
	}
	r.Edges, r.Caught = edges, caught(edges)
	r.met = m.pairs
	if err := step("score"); err != nil {
		return nil, err
	}
	c := &clustering{model: m.model, members: m.members(), scores: m.insideScores}
	var err error
	if r.Persons, err = c.run(m.model.linksOf(edges)); err != nil {
		return nil, err
	}
	done("cluster")
	natural := &clustering{model: m.model, members: c.members, scores: c.scores, natural: true}
	r.Natural, err = natural.run(m.model.linksOf(edges))
	done("natural_cut")
	return r, err
}

// Pairs lists some of the pairs that meet a rule, by record id: one in so many, so that there are about n.
func (r *Result) Pairs(n int) [][2]string {
	var out [][2]string
	for i := 0; i < len(r.met); i += max(1, len(r.met)/n) {
		out = append(out, [2]string{r.RecordIDs[r.met[i].L-1], r.RecordIDs[r.met[i].R-1]})
	}
	return out
}

// Met counts the pairs of records with equal labels that some blocking rule has brought together.
// Labels are by place.
func (r *Result) Met(labels []string) int64 {
	var n int64
	for _, p := range r.met {
		if labels[p.L-1] == labels[p.R-1] {
			n++
		}
	}
	return n
}

func (m *Model) linksOf(edges []Edge) []link {
	links := make([]link, len(edges))
	for i := range edges {
		links[i] = m.linkOf(&edges[i], edges[i].L, edges[i].R)
	}
	return links
}

// pairRow is a pair of records of the index that no blocking rule has brought together.
type pairRow struct {
	L int32 `col:"l"`
	R int32 `col:"r"`
}

// insideScores scores pairs of members, of a set whose members are the records of the index in their order.
func (m *matcher) insideScores(pairs [][2]int32) ([]link, error) {
	rows := make([]pairRow, len(pairs))
	for i, p := range pairs {
		rows[i] = pairRow{L: p[0] + 1, R: p[1] + 1}
	}
	edges, err := m.scorePairs(rows)
	if err != nil {
		return nil, err
	}
	links := make([]link, len(edges))
	for i := range edges {
		links[i] = m.model.linkOf(&edges[i], edges[i].L-1, edges[i].R-1)
	}
	return links, nil
}

// isolatedState is the number of records of the state in which pairs in isolation are judged: their own
// number says nothing of how rare a chance agreement is.
const isolatedState = 1 << 20

// ScorePairs scores pairs of records, known by their ids, each in isolation and as in a state of a
// million records: pair i gives edge i.
func ScorePairs(model *Model, records []table.StandardRecord, pairs [][2]string) ([]Edge, error) {
	m := &matcher{model: model}
	if err := m.loadAll(records); err != nil {
		return nil, err
	}
	rid := make(map[string]int32, len(m.ids))
	for i, id := range m.ids {
		rid[id] = int32(i + 1)
	}
	at := make(map[[2]int32]int, len(pairs))
	asked := make([]pairRow, 0, len(pairs))
	want := make([][2]int32, len(pairs))
	for i, p := range pairs {
		l, r := rid[p[0]], rid[p[1]]
		if l == 0 || r == 0 {
			return nil, fmt.Errorf("linkage: pair %d names a record that is not there", i+1)
		}
		k := pairKey(l, r)
		want[i] = k
		if _, ok := at[k]; !ok {
			at[k] = -1
			asked = append(asked, pairRow{L: k[0], R: k[1]})
		}
	}
	m.scorer = NewScorer(model, isolatedState)
	edges, err := m.scorePairs(asked)
	if err != nil {
		return nil, err
	}
	for i, x := range edges {
		at[[2]int32{x.L, x.R}] = i
	}
	out := make([]Edge, len(pairs))
	for i, k := range want {
		out[i] = edges[at[k]]
	}
	return out, nil
}

// Decision is what the model makes of a pair in isolation.
type Decision string

// The three decisions.
const (
	Link    Decision = "link"
	Review  Decision = "review"
	NonLink Decision = "non_link"
)

// Decide applies thresholds, holds and hard constraints to a scored pair.
func (m *Model) Decide(e Edge) Decision {
	switch {
	case e.Weight < m.Thresholds.Review:
		return NonLink
	case e.Weight >= m.Thresholds.Link && e.Hold == 0 && !m.conflicting(e.Vector):
		return Link
	}
	return Review
}

// Held tells whether a hold keeps a pair from linking by itself in a night. A pair judged alone is asked
// about whenever a hold speaks; in a night, which nobody attends, a soft hold yields to a weight that
// leaves no doubt of its kind.
func (m *Model) Held(e Edge) bool {
	for i, h := range m.Holds {
		if e.Hold&(1<<i) == 0 {
			continue
		}
		if bar, soft := m.SoftHolds[h]; !soft || e.Weight < bar {
			return true
		}
	}
	return false
}

// conflicting tells from the vector whether a hard constraint keeps the two apart.
func (m *Model) conflicting(v Vector) bool {
	if l := m.level(v, "birth_cert"); l != nullLevel && l > 0 {
		return true
	}
	l := m.level(v, "birth_order")
	return l != nullLevel && m.label("birth_order", l) == "orders differ"
}
