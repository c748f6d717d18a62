package match

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"miic/internal/parallel"
	"miic/internal/table"
)

// Pair is a pair of records of the index with the rules it meets and its vector.
type Pair struct {
	L, R, Rules int32
	Vector      Vector
}

func byRecords(a, b Pair) int { return cmp.Or(cmp.Compare(a.L, b.L), cmp.Compare(a.R, b.R)) }

// code codes the records of pairs that are not coded yet.
func (m *Matcher) code(pairs []Pair) error {
	if m.held == nil {
		return nil
	}
	wanted := make([]bool, m.records+1)
	for _, p := range pairs {
		wanted[p.L], wanted[p.R] = true, true
	}
	rows, err := table.RowsOf[table.StandardRecord](m.held)
	if err != nil {
		return err
	}
	var r table.StandardRecord
	for rid, is := range wanted {
		if is && !m.forms.loaded[rid] {
			rows.Read(rid-1, &r)
			m.forms.add(int32(rid), &r)
			m.forms.drop(int32(rid), &m.stop)
		}
	}
	return nil
}

// Compare grades every pair that meets a rule.
func (m *Matcher) Compare(ctx context.Context) error {
	if err := m.code(m.pairs); err != nil {
		return err
	}
	return m.grade(ctx, m.pairs)
}

// grade fills in the vectors of pairs whose records are coded, on all cores.
func (m *Matcher) grade(ctx context.Context, pairs []Pair) error {
	ladders := m.model.ladders()
	const chunk = 1 << 14
	return parallel.Each(ctx, (len(pairs)+chunk-1)/chunk, func() func(int) error {
		c := newComparing(m.forms, ladders)
		return func(part int) error {
			for i := part * chunk; i < min((part+1)*chunk, len(pairs)); i++ {
				p := &pairs[i]
				p.Vector = c.vector(&m.forms.list[p.L], &m.forms.list[p.R])
			}
			return nil
		}
	})
}

// patternCount is how many pairs have one vector and met one set of rules.
type patternCount struct {
	Rules  int32
	Vector Vector
	N      int64
}

// patterns counts the vectors of pairs, in a fixed order.
func patterns(pairs []Pair) []patternCount {
	type key struct {
		vector Vector
		rules  int32
	}
	counts := map[key]int64{}
	for i := range pairs {
		counts[key{pairs[i].Vector, pairs[i].Rules}]++
	}
	rows := make([]patternCount, 0, len(counts))
	for k, n := range counts {
		rows = append(rows, patternCount{k.rules, k.vector, n})
	}
	byVector(rows)
	return rows
}

// byVector puts patterns in their fixed order.
func byVector(rows []patternCount) {
	slices.SortFunc(rows, func(a, b patternCount) int {
		return cmp.Or(cmp.Compare(a.Vector, b.Vector), cmp.Compare(a.Rules, b.Rules))
	})
}

// rarity gives the bits that term frequency adds to equal values of a comparison.
type rarity struct {
	comparison int
	field      field
	personal   bool
	exact      uint8 // levels at which the values are equal, as a mask
	close      uint8 // levels at which they are close
	floor      float64
	bits       map[symbol]float64
}

// rarities makes the model's frequencies ready for the coded records.
func (m *Matcher) rarities() []rarity {
	var out []rarity
	for i := range m.model.Comparisons {
		c := &m.model.Comparisons[i]
		shares := m.model.Frequencies[c.TermFreq]
		if len(shares) == 0 {
			continue
		}
		f, _ := fieldOf(c.Fields[0])
		r := rarity{comparison: i, field: f, personal: c.Kind == Personal,
			floor: m.model.freqBits(c, m.model.FreqFloor), bits: make(map[symbol]float64, len(shares))}
		for g, l := range c.Levels {
			switch l.Agree {
			case "exact":
				r.exact |= 1 << g
			case "close":
				r.close |= 1 << g
			}
		}
		for value, share := range shares {
			if s, ok := m.forms.at[value]; ok {
				r.bits[s] = m.model.freqBits(c, share)
			}
		}
		out = append(out, r)
	}
	return out
}

func (r *rarity) of(s symbol) float64 {
	if s == 0 {
		return 0
	}
	if b, ok := r.bits[s]; ok {
		return b
	}
	return r.floor
}

// evidence adds the bits of term frequency to a graded pair: all of them where the values are equal, half of those of
// the more common one where they are close, because the rarer spelling is likely the slip.
func (m *Matcher) evidence(p *Pair, rarities []rarity) Evidence {
	e := Evidence{Vector: p.Vector}
	a, b := &m.forms.list[p.L], &m.forms.list[p.R]
	for i := range rarities {
		r := &rarities[i]
		var bits float64
		switch level := uint8(1) << p.Vector.Level(r.comparison); {
		case level&r.exact != 0:
			bits = r.of(a.v[r.field])
		case level&r.close != 0:
			bits = 0.5 * min(r.of(a.v[r.field]), r.of(b.v[r.field]))
		}
		if r.personal {
			e.FreqPersonal += bits
		} else {
			e.FreqFamily += bits
		}
	}
	return e
}

// Edge is a scored pair of records of the index.
type Edge struct {
	L, R  int32
	Rules int32
	Evidence
	Score
}

// Score scores the pairs that can reach the weight keep, whatever term frequency adds, on all cores, and
// returns those that do, in the order of pairs.
func (m *Matcher) Score(ctx context.Context, pairs []Pair, keep float64) ([]Edge, error) {
	rarities := m.rarities()
	parts := make([][]Edge, parallel.Workers())
	err := parallel.Each(ctx, len(parts), func() func(int) error {
		scorer := m.scorer.fork()
		return func(w int) error {
			from, to := parallel.Part(w, len(parts), len(pairs))
			for i := from; i < to; i++ {
				p := &pairs[i]
				if scorer.MostWith(p.Vector) < keep {
					continue
				}
				e := Edge{L: p.L, R: p.R, Rules: p.Rules, Evidence: m.evidence(p, rarities)}
				if e.Score = scorer.Score(e.Evidence); e.Weight >= keep {
					parts[w] = append(parts[w], e)
				}
			}
			return nil
		}
	})
	return slices.Concat(parts...), err
}

// ScorePairs compares and scores the given pairs, whatever their weight, in the order of records.
func (m *Matcher) ScorePairs(ctx context.Context, asked [][2]int32) ([]Edge, error) {
	pairs := make([]Pair, len(asked))
	for i, p := range asked {
		pairs[i] = Pair{L: p[0], R: p[1]}
	}
	if err := m.code(pairs); err != nil {
		return nil, err
	}
	slices.SortFunc(pairs, byRecords)
	if err := m.grade(ctx, pairs); err != nil {
		return nil, err
	}
	rarities := m.rarities()
	edges := make([]Edge, len(pairs))
	for i := range pairs {
		p := &pairs[i]
		edges[i] = Edge{L: p.L, R: p.R, Rules: p.Rules, Evidence: m.evidence(p, rarities)}
		edges[i].Score = m.scorer.Score(edges[i].Evidence)
	}
	return edges, nil
}

// isolatedState is the number of records of the state in which pairs in isolation are judged: how many pairs are given
// has nothing to do with how rare a chance agreement is.
const isolatedState = 1 << 20

// ScorePairs scores pairs of records, known by their ids, each in isolation and as in a state of a
// million records: pair i gives edge i.
func ScorePairs(ctx context.Context, model *Model, records []table.StandardRecord, pairs [][2]string) ([]Edge, error) {
	m := New(model)
	if err := m.LoadAll(records); err != nil {
		return nil, err
	}
	rid := make(map[string]int32, len(m.ids))
	for i, id := range m.ids {
		rid[id] = int32(i + 1)
	}
	at := make(map[[2]int32]int, len(pairs))
	asked := make([][2]int32, 0, len(pairs))
	places := make([][2]int32, len(pairs))
	for i, p := range pairs {
		l, r := rid[p[0]], rid[p[1]]
		if l == 0 || r == 0 {
			return nil, fmt.Errorf("match: pair %d names a record that is not there", i+1)
		}
		k := [2]int32{min(l, r), max(l, r)}
		places[i] = k
		if _, ok := at[k]; !ok {
			at[k] = -1
			asked = append(asked, k)
		}
	}
	m.scorer = NewScorer(model, isolatedState)
	edges, err := m.ScorePairs(ctx, asked)
	if err != nil {
		return nil, err
	}
	for i, x := range edges {
		at[[2]int32{x.L, x.R}] = i
	}
	out := make([]Edge, len(pairs))
	for i, k := range places {
		out[i] = edges[at[k]]
	}
	return out, nil
}
