package match

import (
	"math"
	"slices"
	"strings"
)

// Vector holds the level of each comparison of a pair, three bits each; nullLevel where there is
// nothing to compare.
type Vector int64

// Level returns the level of comparison i, or nullLevel.
func (v Vector) Level(i int) int { return int(v>>(levelBits*i)) & nullLevel }

// Text writes the vector as one character per comparison, - for null.
func (v Vector) Text(n int) string {
	var b strings.Builder
	for i := range n {
		if l := v.Level(i); l == nullLevel {
			b.WriteByte('-')
		} else {
			b.WriteByte(byte('0' + l))
		}
	}
	return b.String()
}

// ParseVector reads what Text wrote.
func ParseVector(s string) Vector {
	var v Vector
	for i := range len(s) {
		l := Vector(nullLevel)
		if s[i] != '-' {
			l = Vector(s[i] - '0')
		}
		v |= l << (levelBits * i)
	}
	return v
}

// Evidence is what is known of a pair: its vector, and the bits that term frequency adds.
type Evidence struct {
	Vector       Vector
	FreqPersonal float64 // bits for fields that name one person: they count for Same alone
	FreqFamily   float64 // bits for fields of a family: they count for every relation but Stranger
}

// Score is the verdict of the model about a pair.
type Score struct {
	Weight float64          // log2 of P(same) against the other three together
	P      [classes]float64 // probability of each class
	Hold   uint32           // hold rules that apply, as a mask over the model's Holds
	Firm   uint32           // those of them that keep the pair from linking in a night
	Short  float64          // the most bits that one of these lacks, of those that yield to other evidence
}

// Scorer scores pairs by one model in a state of a given size. It keeps what it has worked out for
// a vector and is not for use by several goroutines.
type Scorer struct {
	model *Model
	prior [classes]float64 // log2
	seen  map[Vector]*pattern
	holds []holdRule
}

// pattern is the part of a score that depends on the vector alone.
type pattern struct {
	bits [classes]float64 // log2 of prior × probability of the vector
	info float64          // bits of information in the compared fields
	hold uint32           // hold rules that the vector alone decides
	most float64          // the highest weight that any term frequencies make of it
}

// fork returns a scorer for another goroutine, which has worked out nothing yet.
func (s *Scorer) fork() *Scorer {
	return &Scorer{model: s.model, prior: s.prior, holds: s.holds, seen: map[Vector]*pattern{}}
}

// NewScorer makes a scorer for a state of n records. The priors change with the power of two in n
// only, so that a few more records do not move every weight.
func NewScorer(m *Model, n int) *Scorer {
	s := &Scorer{model: m, seen: map[Vector]*pattern{}}
	size := stateSize(n)
	p := [classes]float64{m.Priors.Same / size, m.Priors.Together / size, m.Priors.Family / size}
	p[Stranger] = 1 - p[Same] - p[Together] - p[Family]
	for c := range p {
		s.prior[c] = math.Log2(p[c])
	}
	for _, h := range m.Holds {
		s.holds = append(s.holds, holdRules[h])
	}
	return s
}

// stateSize rounds a number of records up to a power of two.
func stateSize(n int) float64 { return math.Exp2(math.Ceil(math.Log2(float64(max(n, 64))))) }

func (s *Scorer) pattern(v Vector) *pattern {
	if p := s.seen[v]; p != nil {
		return p
	}
	p := &pattern{bits: s.prior}
	for i := range s.model.Comparisons {
		c := &s.model.Comparisons[i]
		level := v.Level(i)
		if level >= len(c.Levels) {
			continue
		}
		for class := range p.bits {
			p.bits[class] += math.Log2(c.P(Class(class), level))
		}
		if c.Kind != Relation {
			p.info -= math.Log2(c.Levels[0].U)
		}
	}
	for i, h := range s.holds {
		if h.vector != nil && h.vector(s.model, v, p) {
			p.hold |= 1 << i
		}
	}
	s.seen[v] = p
	limit := s.model.Thresholds.TermFreqCap
	p.most = s.Score(Evidence{Vector: v, FreqPersonal: limit, FreqFamily: limit}).Weight
	return p
}

// Prior is log2 of the probability that two records taken at random are of a class.
func (s *Scorer) Prior(c Class) float64 { return s.prior[c] }

// Score scores a pair.
func (s *Scorer) Score(e Evidence) Score {
	p := s.pattern(e.Vector)
	limit := s.model.Thresholds.TermFreqCap
	personal, family := min(e.FreqPersonal, limit), min(e.FreqFamily, limit)
	bits := p.bits
	bits[Same] += personal + family
	bits[Together] += family
	bits[Family] += family
	top := max(bits[0], bits[1], bits[2], bits[3])
	var sum float64
	var out Score
	for c := range bits {
		out.P[c] = math.Exp2(bits[c] - top)
		sum += out.P[c]
	}
	others := math.Exp2(bits[Together]-top) + math.Exp2(bits[Family]-top) + math.Exp2(bits[Stranger]-top)
	out.Weight = bits[Same] - top - math.Log2(max(others, math.SmallestNonzeroFloat64))
	for c := range out.P {
		out.P[c] /= sum
	}
	out.Hold = p.hold
	for i, h := range s.holds {
		if h.score == nil {
			continue
		}
		switch applies := h.score(s.model, &out); {
		case !applies:
			out.Hold &^= 1 << i
		case h.vector == nil:
			out.Hold |= 1 << i
		}
	}
	out.Firm = out.Hold
	for i, h := range s.holds {
		bar, soft := s.model.SoftHolds[s.model.Holds[i]]
		if !soft || out.Hold&(1<<i) == 0 {
			continue
		}
		if short := bar - s.without(h, e, p); short > 0 {
			out.Short = max(out.Short, short)
		} else {
			out.Firm &^= 1 << i
		}
	}
	return out
}

// without is the weight of a pair without the evidence that a hold distrusts.
func (s *Scorer) without(h holdRule, e Evidence, p *pattern) float64 {
	limit := s.model.Thresholds.TermFreqCap
	personal, family := min(e.FreqPersonal, limit), min(e.FreqFamily, limit)
	bits := p.bits
	for i := range s.model.Comparisons {
		c := &s.model.Comparisons[i]
		level := e.Vector.Level(i)
		slip := c.Identifier && level > 0 && s.model.bits(e.Vector, i) > 0 // one digit apart is no evidence by itself
		if level >= len(c.Levels) || !slip && (h.distrusts == nil || !h.distrusts(s.model, e.Vector, c)) {
			continue
		}
		for class := range bits {
			bits[class] -= math.Log2(c.P(Class(class), level))
		}
		if c.TermFreq != "" && c.Kind == Personal { // that is the given name, and its rarity is all that is personal
			personal = 0
		}
	}
	if h.rarity {
		personal, family = min(personal, 0), min(family, 0)
	}
	bits[Same] += personal + family
	bits[Together] += family
	bits[Family] += family
	top := max(bits[Together], bits[Family], bits[Stranger])
	others := math.Exp2(bits[Together]-top) + math.Exp2(bits[Family]-top) + math.Exp2(bits[Stranger]-top)
	return bits[Same] - top - math.Log2(others)
}

// MostWith returns the highest weight that a pair with this vector can reach, whatever its term
// frequencies add.
func (s *Scorer) MostWith(v Vector) float64 { return s.pattern(v).most }

func (m *Model) level(v Vector, name string) int {
	if i := m.index(name); i >= 0 {
		return v.Level(i)
	}
	return nullLevel
}

// InCommon reports whether both records have what a comparison compares, and their level is better than the last.
func (m *Model) InCommon(v Vector, name string) bool { return m.level(v, name) < m.worst(name) }

// supportBits is the least weight at which one more field bears a pair out.
const supportBits = 4

// bits is the weight of one comparison of a vector.
func (m *Model) bits(v Vector, i int) float64 {
	c := &m.Comparisons[i]
	l := v.Level(i)
	if l >= len(c.Levels) || c.Kind == Relation {
		return 0
	}
	return math.Log2(c.Levels[l].M / c.Levels[l].U)
}

// sharesDoses reports whether both records report doses of the same two days.
func (m *Model) sharesDoses(v Vector) bool {
	return m.level(v, "doses") == 0 || m.level(v, "doses_apart") == 0
}

// worst is the last level of a comparison.
func (m *Model) worst(name string) int { return len(m.Comparisons[m.index(name)].Levels) - 1 }

func (m *Model) label(name string, level int) string {
	return m.Comparisons[m.index(name)].Levels[level].Label
}

// rung is the level of a comparison by its label; one that is not there is none.
func (m *Model) rung(name, label string) int {
	return slices.IndexFunc(m.Comparisons[m.index(name)].Levels, func(l Level) bool { return l.Label == label })
}

// sameBirth reports whether the birth dates are equal.
func (m *Model) sameBirth(v Vector) bool {
	l := m.level(v, "birth_date")
	return l != nullLevel && m.Comparisons[m.index("birth_date")].Levels[l].Agree == "exact"
}

// livesElsewhere reports whether both addresses are known and the streets are not alike.
func (m *Model) livesElsewhere(v Vector) bool {
	l := m.level(v, "address")
	return l != nullLevel && l >= m.rung("address", "same ZIP")
}

// identified reports whether a number that names one person is equal. One digit apart is no evidence: numbers that are
// given out one after the other go to brothers and sisters.
func (m *Model) identified(v Vector) bool {
	for i, c := range m.Comparisons {
		if l := v.Level(i); c.Identifier && l < len(c.Levels) && c.Levels[l].Agree == "exact" {
			return true
		}
	}
	return false
}

// freqBits is log2 of the average share of an equal value over the share of this one.
func (m *Model) freqBits(c *Comparison, share float64) float64 {
	return math.Log2(c.Levels[0].U) - math.Log2(max(share, m.FreqFloor))
}

// Nickname reports whether the given names of a pair are equal, or forms of one name by the list of nicknames.
func (m *Model) Nickname(v Vector) bool { return m.level(v, "first") <= m.rung("first", "nickname") }
