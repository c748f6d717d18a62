package match

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"miic/internal/table"
	"miic/linkage/standard"
)

// Training is what training did, for the person who signs a model off.
type Training struct {
	Pairs      int64   // candidate pairs
	Patterns   int     // distinct (rules, vector)
	Sampled    int64   // pairs outside the blocks, for u
	Iterations int     // of EM, in all rounds
	Converged  bool    // false when a round hit the cap: the model is then not to be used
	Same       float64 // expected pairs of one person among the candidates
	Together   float64
	Family     float64
	Warnings   []string
}

const (
	trainRounds     = 4
	trainIterations = 200
	trainTolerance  = 1e-4
	samplePairs     = 2_000_000
	leastPairs      = 0.01      // a relation that does not occur keeps this many expected pairs
	leastUnrelated  = 1000      // fewer unrelated pairs (of the sample) with a field known: its u is kept
	leastRelated    = 20        // fewer expected related pairs with a field known: its m is kept
	leastMatches    = 0.2       // fewer of a rule's pairs are of one person: m from them would be chance, not slips
	leastFamilies   = 1.0 / 500 // fewer pairs of one family for each of one person: the records hold no families
)

// LeastToTrain is the least number of records that a model is estimated from.
const LeastToTrain = 100

// Train estimates m, u, priors and term frequencies of a model from records alone, without labels,
// and returns a new model. The same records give the same model.
//
// M comes from one EM over the counts of (rules met, comparison vector): for each blocking rule with
// the comparisons of its own fields masked and priors of its own, one set of m for all. U of equal
// values is exact, from their counts, the related pairs taken off; of the other levels it comes from pairs outside the
// blocks, sampled by a seeded permutation, and from the blocked pairs as far as EM takes them for strangers. The global
// priors are the fixed point over unmasked patterns.
func Train(ctx context.Context, base *Model, records []table.StandardRecord) (*Model, *Training, error) {
	m := New(base)
	if err := m.LoadAll(records); err != nil {
		return nil, nil, err
	}
	if err := m.Block(ctx); err != nil {
		return nil, nil, err
	}
	if err := m.Compare(ctx); err != nil {
		return nil, nil, err
	}
	return m.Train(ctx)
}

// Train trains the model on the graded pairs, and makes the scorer ready for it.
func (m *Matcher) Train(ctx context.Context) (*Model, *Training, error) {
	if m.records < LeastToTrain {
		return nil, nil, fmt.Errorf("match: %d records are too few to train on; it takes %d", m.records, LeastToTrain)
	}
	sampled, err := m.sample(ctx)
	if err != nil {
		return nil, nil, err
	}
	base := m.model
	m.model = m.model.clone()
	t := &trainer{model: m.model, base: base, hot: m.hot, blocked: patterns(m.pairs), sampled: sampled, exact: m.equalValues(),
		total: float64(m.records) * float64(m.records-1) / 2}
	report, err := t.run(ctx)
	if err != nil {
		return nil, nil, err
	}
	m.countFrequencies()
	size := stateSize(m.records)
	m.model.Priors = Priors{Same: t.prior[Same] * size, Together: t.prior[Together] * size,
		Family: t.prior[Family] * size}
	if err := m.model.validate(); err != nil {
		return nil, report, fmt.Errorf("match: training gave no usable model: %w", err)
	}
	m.scorer = NewScorer(m.model, max(m.records, m.Population))
	return m.model, report, nil
}

func (m *Model) clone() *Model {
	c := *m
	c.Comparisons = slices.Clone(m.Comparisons)
	for i := range c.Comparisons {
		c.Comparisons[i].Levels = slices.Clone(m.Comparisons[i].Levels)
	}
	return &c
}

// countFrequencies puts the share of each frequent value into the model.
func (m *Matcher) countFrequencies() {
	m.model.Frequencies = map[string]Shares{}
	for i := range m.model.Comparisons {
		c := &m.model.Comparisons[i]
		f, ok := fieldOf(c.TermFreq)
		if !ok || m.model.Frequencies[c.TermFreq] != nil {
			continue
		}
		counts, total := map[symbol]int{}, 0
		for rid := 1; rid <= m.records; rid++ {
			if v := m.forms.list[rid].v[f]; v != 0 {
				counts[v]++
				total++
			}
		}
		shares := Shares{}
		for v, n := range counts {
			if share := float64(n) / float64(total); share > m.model.FreqFloor && n > 1 {
				shares[m.forms.text[v]] = math.Round(share*sharesUnit) / sharesUnit
			}
		}
		m.model.Frequencies[c.TermFreq] = shares
	}
}

// trainer holds one training: pure arithmetic over pattern counts.
type trainer struct {
	model   *Model
	base    *Model         // that training began with
	hot     []bool         // by rule: its refinement was in use
	blocked []patternCount // by vector, then rules
	sampled []patternCount
	exact   []valuePairs     // by comparison
	total   float64          // pairs in all
	prior   [classes]float64 // global
	rules   [][classes]float64
	chancy  []bool   // by rule: too few of its pairs are of one person to learn slips from
	masked  [][]bool // rule × comparison
}

func (t *trainer) run(ctx context.Context) (*Training, error) {
	r := &Training{Patterns: len(t.blocked), Converged: true}
	for _, p := range t.blocked {
		r.Pairs += p.N
	}
	for _, p := range t.sampled {
		r.Sampled += p.N
	}
	t.maskRules()
	t.chancy = make([]bool, len(t.model.Rules))
	// Before the first EM a blocked pair counts for u with the weight that the base model gives it.
	t.globalPrior()
	t.estimateU()
	for range trainRounds {
		if err := t.round(ctx, r); err != nil {
			return nil, err
		}
	}
	t.globalPrior()
	for i := range t.model.Comparisons {
		c := &t.model.Comparisons[i]
		if poolLevels(c) {
			r.Warnings = append(r.Warnings,
				"comparison "+c.Name+": a level weighed more than a better one; they were pooled")
		}
	}
	r.Same, r.Together, r.Family = t.prior[Same]*t.total, t.prior[Together]*t.total, t.prior[Family]*t.total
	return r, nil
}

// maskRules finds the comparisons that each rule's own fields decide: EM leaves them out for the rule's pairs.
func (t *trainer) maskRules() {
	for i, rule := range t.model.Rules {
		parts := rule.Key
		if t.hot != nil && t.hot[i] {
			parts = slices.Concat(parts, rule.Refine)
		}
		mask := make([]bool, len(t.model.Comparisons))
		for _, part := range parts {
			p, _ := standard.KeyPartOf(part)
			for _, f := range strings.Fields(p.Fields) {
				for j, c := range t.model.Comparisons {
					mask[j] = mask[j] || slices.Contains(c.Fields, f)
				}
			}
		}
		t.masked = append(t.masked, mask)
	}
}

// round is one EM until it settles or reaches its cap, then new priors and u.
func (t *trainer) round(ctx context.Context, r *Training) error {
	t.rules = nil
	for range t.model.Rules {
		t.rules = append(t.rules, [classes]float64{0.3, 0.02, 0.08, 0.6})
	}
	converged := false
	for range trainIterations {
		r.Iterations++
		change, err := t.step(ctx)
		if err != nil {
			return err
		}
		if change < trainTolerance {
			converged = true
			break
		}
	}
	r.Converged = r.Converged && converged
	t.weighRules()
	t.globalPrior()
	t.estimateU()
	return nil
}

// weighRules leaves rules with few pairs of one person out of the next round, unless that leaves none.
func (t *trainer) weighRules() {
	chancy := make([]bool, len(t.rules))
	left := 0
	for r := range t.rules {
		if chancy[r] = t.rules[r][Same] < leastMatches; !chancy[r] {
			left++
		}
	}
	if left > 0 {
		t.chancy = chancy
	}
}

// globalPrior is the fixed point of the share of each relation among all pairs.
func (t *trainer) globalPrior() {
	chances := t.chances()
	if t.prior == [classes]float64{} {
		t.prior = [classes]float64{Same: 1e-6, Together: 1e-8, Family: 1e-6}
		n := math.Sqrt(2 * t.total)
		t.prior[Same], t.prior[Family], t.prior[Together] = 1/n, 1/n, 0.01/n
		t.prior[Stranger] = 1 - 2.01/n
	}
	for range 30 {
		var sum [classes]float64
		for _, p := range t.blocked {
			post := posterior(chances, p.Vector, t.prior, nil)
			for c := range post {
				sum[c] += post[c] * float64(p.N)
			}
		}
		var change float64
		for c := Same; c < Stranger; c++ {
			// Where there are no families, odd pairs of one person would be taken for some. Twins are always possible.
			if c == Family && sum[c] < sum[Same]*leastFamilies {
				sum[c] = 0
			}
			v := max(sum[c], leastPairs) / t.total
			change = max(change, math.Abs(v-t.prior[c])/v)
			t.prior[c] = v
		}
		t.prior[Stranger] = 1 - t.prior[Same] - t.prior[Together] - t.prior[Family]
		if change < 1e-3 {
			break
		}
	}
}

// poolLevels pools neighbouring levels until weights fall from each level to the next, and reports whether it had to.
func poolLevels(c *Comparison) bool {
	if c.Kind == Relation {
		return false
	}
	type block struct {
		m, u     float64
		from, to int
	}
	var blocks []block
	pooled := false
	for g, l := range c.Levels {
		blocks = append(blocks, block{l.M, l.U, g, g})
		for n := len(blocks); n > 1 && blocks[n-1].m/blocks[n-1].u > blocks[n-2].m/blocks[n-2].u; n = len(blocks) {
			a, b := blocks[n-2], blocks[n-1]
			blocks = append(blocks[:n-2], block{a.m + b.m, a.u + b.u, a.from, b.to})
			pooled = true
		}
	}
	for _, b := range blocks {
		for g := b.from; g <= b.to; g++ {
			if b.from < b.to {
				c.Levels[g].M = c.Levels[g].U * b.m / b.u
			}
		}
	}
	return pooled
}
