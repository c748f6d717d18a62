package match

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"miic/internal/table"
	"miic/linkage/standard"
)

func (m *Model) validate() error {
	if m.Version == "" {
		return errors.New("no version")
	}
	for _, check := range []func() error{m.validateComparisons, m.validateRules, m.validateHolds, m.validateNumbers} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (m *Model) validateComparisons() error {
	if n := len(m.Comparisons); n == 0 || n*levelBits > 62 {
		return fmt.Errorf("%d comparisons; a model has 1 to %d", n, 62/levelBits)
	}
	seen := map[string]bool{}
	for i := range m.Comparisons {
		c := &m.Comparisons[i]
		if seen[c.Name] {
			return fmt.Errorf("comparison %s is there twice", c.Name)
		}
		seen[c.Name] = true
		if err := c.validate(); err != nil {
			return fmt.Errorf("comparison %s: %w", c.Name, err)
		}
	}
	return nil
}

func (m *Model) validateRules() error {
	if n := len(m.Rules); n == 0 || n > table.Rules {
		return fmt.Errorf("%d blocking rules; a model has 1 to %d", n, table.Rules)
	}
	for _, r := range m.Rules {
		if len(r.Key) == 0 {
			return fmt.Errorf("blocking rule %s has no key", r.Name)
		}
		for _, part := range slices.Concat(r.Key, r.Refine) {
			if _, ok := standard.KeyPartOf(part); !ok {
				return fmt.Errorf("blocking rule %s: no key part %s", r.Name, part)
			}
		}
		for _, part := range r.Refine {
			if p, _ := standard.KeyPartOf(part); !p.Refines {
				return fmt.Errorf("blocking rule %s: %s cannot refine a key", r.Name, part)
			}
		}
		if r.Cap < 0 || r.Cap == 1 || r.Cap > m.BlockCap {
			return fmt.Errorf("blocking rule %s: the cap must lie between 2 and block_cap", r.Name)
		}
	}
	return nil
}

// validateHolds checks the holds, and that the comparisons and levels that the hold rules read are there.
func (m *Model) validateHolds() error {
	for _, h := range m.Holds {
		if _, ok := holdRules[h]; !ok {
			return fmt.Errorf("no hold rule %s", h)
		}
	}
	for h := range m.SoftHolds {
		if !slices.Contains(m.Holds, h) {
			return fmt.Errorf("soft hold %s is not among the holds", h)
		}
	}
	for _, name := range []string{"first", "last", "birth_date", "birth_order", "suffix", "birth_cert", "doses",
		"address", "two_numbers", "sex", "mother_first",
		"mother_maiden", "phone"} {
		if m.index(name) < 0 {
			return fmt.Errorf("no comparison %s: the hold rules and hard constraints read it", name)
		}
	}
	for _, l := range [][2]string{{"first", "nickname"}, {"first", "swapped or middle name"}, {"first", "similar"},
		{"address", "same ZIP"}, {"two_numbers", "the sexes differ"}} {
		if m.rung(l[0], l[1]) < 0 {
			return fmt.Errorf("comparison %s has no level %q: the hold rules read it", l[0], l[1])
		}
	}
	return nil
}

func (m *Model) validateNumbers() error {
	t := m.Thresholds
	if t.Link <= t.Review || t.Review <= t.Keep || t.Leave > t.Link {
		return errors.New("thresholds must fall: link, review, keep; and leave may not lie above link")
	}
	if p := m.Priors; p.Same <= 0 || p.Together <= 0 || p.Family <= 0 {
		return errors.New("a prior is not positive")
	}
	if m.BlockCap < 2 || m.ClusterCap < 2 || m.StopCount < 2 || m.FreqFloor <= 0 {
		return errors.New("block_cap, cluster_cap, stop_count and freq_floor must be set")
	}
	return nil
}

// slack is by how many bits a level may weigh more than the better one before it.
const slack = 0.5

// roundingError is how far the sum of m or u of a comparison may be from 1: they are written with four places. A level
// that is left out of a file makes a larger difference.
const roundingError = 0.001

func (c *Comparison) validate() error {
	if len(c.Fields) == 0 {
		return errors.New("no field")
	}
	for _, f := range c.Fields {
		if _, ok := fieldOf(f); !ok {
			return fmt.Errorf("no field %s", f)
		}
	}
	if n := len(c.Levels); n < 2 || n > nullLevel {
		return fmt.Errorf("%d levels; a comparison has 2 to %d", n, nullLevel)
	}
	if !slices.Contains([]Kind{Personal, FamilyKind, BirthEvent, Relation}, c.Kind) {
		return fmt.Errorf("no kind %q", c.Kind)
	}
	for i, l := range c.Levels {
		if (l.When == "") != (i == len(c.Levels)-1) {
			return fmt.Errorf("level %q: each level but the last has a condition", l.Label)
		}
	}
	check := c.validateWeights
	if c.Kind == Relation {
		check = c.validateTable
	}
	if err := check(); err != nil {
		return err
	}
	_, err := c.ladder()
	return err
}

// validateTable checks the probabilities of a relation.
func (c *Comparison) validateTable() error {
	for _, l := range c.Levels {
		if l.P == nil {
			return fmt.Errorf("level %q: no probabilities", l.Label)
		}
		for _, p := range l.P {
			if p <= 0 || p > 1 {
				return fmt.Errorf("level %q: a probability is not in (0, 1]", l.Label)
			}
		}
	}
	return nil
}

// validateWeights checks m and u: each sums to 1, and the weights fall down the ladder.
func (c *Comparison) validateWeights() error {
	var sumM, sumU float64
	last := math.Inf(1)
	for _, l := range c.Levels {
		if l.M <= 0 || l.U <= 0 || l.M > 1 || l.U > 1 {
			return fmt.Errorf("level %q: m and u must be in (0, 1]", l.Label)
		}
		sumM += l.M
		sumU += l.U
		w := math.Log2(l.M / l.U)
		if w > last+slack {
			return fmt.Errorf("level %q weighs %.1f bits, more than the better level before it (%.1f)",
				l.Label, w, last)
		}
		last = min(last, w)
	}
	if math.Abs(sumM-1) > roundingError || math.Abs(sumU-1) > roundingError {
		return fmt.Errorf("m sums to %.4f and u to %.4f; both must be 1: is a level missing?", sumM, sumU)
	}
	return nil
}
