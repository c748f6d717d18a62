package match

import (
	"context"
	"math"
	"slices"

	"miic/internal/parallel"
)

// A chance is the probability of each level of a comparison, by class. The last place is that of a comparison that is
// null: it is 1 for every class.
type chance [nullLevel + 1][classes]float64

// chances returns those of each comparison.
func (t *trainer) chances() []chance {
	out := make([]chance, len(t.model.Comparisons))
	for i := range t.model.Comparisons {
		c := &t.model.Comparisons[i]
		for g := range out[i] {
			for class := range classes {
				out[i][g][class] = 1
				if g < len(c.Levels) {
					out[i][g][class] = c.P(Class(class), g)
				}
			}
		}
	}
	return out
}

// posterior returns the probability of each class; mask leaves comparisons out. A product of twenty
// probabilities is far from the smallest number.
func posterior(chances []chance, v Vector, prior [classes]float64, mask []bool) [classes]float64 {
	var w [classes]float64
	for c := range w {
		w[c] = max(prior[c], 1e-12)
	}
	for i := range chances {
		if mask != nil && mask[i] {
			continue
		}
		p := &chances[i][v.Level(i)]
		w[0] *= p[0]
		w[1] *= p[1]
		w[2] *= p[2]
		w[3] *= p[3]
	}
	sum := w[0] + w[1] + w[2] + w[3]
	for c := range w {
		w[c] /= sum
	}
	return w
}

// related is the share of a posterior that follows m for a kind of comparison.
func related(kind Kind, p [classes]float64) float64 {
	switch kind {
	case Personal:
		return p[Same]
	case BirthEvent:
		return p[Same] + p[Together]
	}
	return p[Same] + p[Together] + p[Family]
}

// expect counts the levels of the related pairs that meet a rule, its own comparisons left out, and gives
// the rule its new priors.
func (t *trainer) expect(r int, chances []chance) [][]float64 {
	counts := t.levels()
	var sums [classes]float64
	for _, p := range t.blocked {
		if p.Rules&(1<<r) == 0 {
			continue
		}
		post := posterior(chances, p.Vector, t.rules[r], t.masked[r])
		for c := range post {
			sums[c] += post[c] * float64(p.N)
		}
		for i := range counts {
			if t.masked[r][i] {
				continue
			}
			if g := p.Vector.Level(i); g < len(counts[i]) {
				counts[i][g] += related(t.model.Comparisons[i].Kind, post) * float64(p.N)
			}
		}
	}
	if sum := sums[0] + sums[1] + sums[2] + sums[3]; sum > 0 {
		for c := range sums {
			t.rules[r][c] = sums[c] / sum
		}
	}
	return counts
}

// levels makes a count for each level of each comparison.
func (t *trainer) levels() [][]float64 {
	counts := make([][]float64, len(t.model.Comparisons))
	for i := range counts {
		counts[i] = make([]float64, len(t.model.Comparisons[i].Levels))
	}
	return counts
}

// step is one round of expectation and maximisation; it returns the largest change of an m.
func (t *trainer) step(ctx context.Context) (float64, error) {
	chances := t.chances()
	counts := t.levels()
	// Each rule is counted by itself, side by side, and the sums are taken in the order of rules: they must
	// not depend on which was ready first.
	byRule := make([][][]float64, len(t.rules))
	err := parallel.Each(ctx, len(t.rules), func() func(int) error {
		return func(r int) error {
			byRule[r] = t.expect(r, chances)
			return nil
		}
	})
	if err != nil {
		return 0, err
	}
	for r, of := range byRule {
		if t.chancy[r] {
			continue
		}
		for i := range of {
			for g, n := range of[i] {
				counts[i][g] += n
			}
		}
	}
	var change float64
	for i := range counts {
		c := &t.model.Comparisons[i]
		if c.Kind == Relation {
			continue
		}
		var sum float64
		for _, n := range counts[i] {
			sum += n
		}
		if sum < leastRelated {
			continue
		}
		before := slices.Clone(c.Levels)
		for g := range c.Levels {
			c.Levels[g].M = (counts[i][g] + 0.5) / (sum + 0.5*float64(len(counts[i])))
		}
		t.keepFixed(i, true)
		for g := range c.Levels {
			change = max(change, math.Abs(before[g].M-c.Levels[g].M))
		}
	}
	return change, nil
}
