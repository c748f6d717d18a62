package match

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
)

// How often unrelated records agree: u.

// sample counts the vectors of pairs that meet no rule: all of them in a small set, else each record
// with a few that follow it in a seeded shuffle, so that every record is seen equally often.
func (m *Matcher) sample(ctx context.Context) ([]patternCount, error) {
	n := m.records
	var pairs []Pair
	add := func(a, b int32) {
		p := Pair{L: min(a, b), R: max(a, b)}
		if _, met := slices.BinarySearchFunc(m.pairs, p, byRecords); !met {
			pairs = append(pairs, p)
		}
	}
	if n*(n-1)/2 <= samplePairs {
		for i := 1; i <= n; i++ {
			for j := i + 1; j <= n; j++ {
				add(int32(i), int32(j))
			}
		}
	} else {
		order := rand.New(rand.NewPCG(1, 2)).Perm(n)
		for drawn, k := 0, 1; drawn < samplePairs; k++ {
			for i := 0; i < n && drawn < samplePairs; i++ {
				add(int32(order[i]+1), int32(order[(i+k)%n]+1))
				drawn++
			}
		}
	}
	if err := m.grade(ctx, pairs); err != nil {
		return nil, err
	}
	return patterns(pairs), nil
}

// valuePairs counts the pairs of records that both know the field of a comparison, and those that are equal in it. It
// is zero where the first level of the comparison is not of equal values.
type valuePairs struct{ equal, known float64 }

// equalValues counts pairs from the values, without looking at one.
func (m *Matcher) equalValues() []valuePairs {
	out := make([]valuePairs, len(m.model.Comparisons))
	for i := range m.model.Comparisons {
		c := &m.model.Comparisons[i]
		l, err := c.ladder()
		if err != nil || c.equalLevels() == 0 || c.Null != "" || c.Kind == Relation {
			continue
		}
		counts, known := make([]int, len(m.forms.text)), 0
		for rid := 1; rid <= m.records; rid++ {
			if v := m.forms.list[rid].v[l.field]; v != 0 {
				counts[v]++
				known++
			}
		}
		for _, n := range counts {
			out[i].equal += float64(choose2(n))
		}
		out[i].known = float64(choose2(known))
	}
	return out
}

// estimateU counts levels over all pairs but the related ones: the sample represents the pairs outside the blocks, and
// each blocked pair counts by the probability that it is between strangers. The share of equal values is exact where
// they can be counted.
func (t *trainer) estimateU() {
	chances := t.chances()
	var inside, sample float64
	for _, p := range t.blocked {
		inside += float64(p.N)
	}
	for _, p := range t.sampled {
		sample += float64(p.N)
	}
	scale := 1.0
	if sample > 0 {
		scale = max(1, (t.total-inside)/sample)
	}
	counts := t.levels()
	seen := make([]float64, len(counts))
	add := func(p patternCount, share, scale float64) {
		for i := range counts {
			if g := p.Vector.Level(i); g < len(counts[i]) {
				counts[i][g] += float64(p.N) * share * scale
				seen[i] += float64(p.N) * share
			}
		}
	}
	for _, p := range t.sampled {
		add(p, 1, scale)
	}
	related, relatedKnown := t.levels(), make([]float64, len(counts))
	for _, p := range t.blocked {
		strangers := posterior(chances, p.Vector, t.prior, nil)[Stranger]
		add(p, strangers, 1)
		for i := range related {
			if g := p.Vector.Level(i); g < len(related[i]) {
				related[i][g] += float64(p.N) * (1 - strangers)
				relatedKnown[i] += float64(p.N) * (1 - strangers)
			}
		}
	}
	for i := range counts {
		c := &t.model.Comparisons[i]
		var sum float64
		for _, n := range counts[i] {
			sum += n
		}
		if c.Kind == Relation || seen[i] < leastUnrelated {
			continue
		}
		for g := range c.Levels {
			c.Levels[g].U = (counts[i][g] + 0.5*scale) / (sum + 0.5*scale*float64(len(counts[i])))
		}
		if x := t.exact; x != nil && x[i].known > 0 {
			var of float64
			for g := range c.equalLevels() {
				of += related[i][g]
			}
			equal := max(0, x[i].equal-of) + 0.5
			known := x[i].known - relatedKnown[i] + 0.5*float64(len(c.Levels))
			c.setEqual(equal / known)
		}
		t.keepFixed(i, false)
	}
}

// setEqual gives the levels of equal values their share together, and the others what is left, each in their
// proportions.
func (c *Comparison) setEqual(u float64) {
	var equal, rest float64
	first := max(1, c.equalLevels())
	for g := range c.Levels {
		if g < first {
			equal += c.Levels[g].U
		} else {
			rest += c.Levels[g].U
		}
	}
	for g := range c.Levels {
		if g < first {
			c.Levels[g].U *= u / equal
		} else {
			c.Levels[g].U *= (1 - u) / rest
		}
	}
}

// equalLevels is how many levels are of all equal values of the first field, and of no others: two, where one is of
// values that are written where none is known; none, where another field must be equal too.
func (c *Comparison) equalLevels() int {
	if len(c.Fields) == 0 {
		return 0
	}
	same := "same_" + c.Fields[0]
	switch {
	case c.Levels[0].When == same:
		return 1
	case strings.HasPrefix(c.Levels[0].When, same+" AND ") && c.Levels[1].When == same:
		return 2
	}
	return 0
}

// keepFixed gives the fixed levels of a comparison the m or u of the model that training began with, and scales the others.
func (t *trainer) keepFixed(i int, m bool) {
	if t.base == nil {
		return
	}
	c, base := &t.model.Comparisons[i], &t.base.Comparisons[i]
	part := func(l *Level) *float64 {
		if m {
			return &l.M
		}
		return &l.U
	}
	var fixed, rest float64
	for g := range c.Levels {
		if c.Levels[g].Fixed {
			fixed += *part(&base.Levels[g])
		} else {
			rest += *part(&c.Levels[g])
		}
	}
	if fixed == 0 || rest == 0 {
		return
	}
	for g := range c.Levels {
		if x := part(&c.Levels[g]); c.Levels[g].Fixed {
			*x = *part(&base.Levels[g])
		} else {
			*x *= (1 - fixed) / rest
		}
	}
}
