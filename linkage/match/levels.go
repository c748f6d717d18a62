package match

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A comparing compares records in coded form. It remembers similarities and is not for use by several
// goroutines.
type comparing struct {
	*forms
	ladders []ladder
	recent  [1 << recentBits]struct { // similarities worked out lately, by the two symbols
		pair  uint64
		alike float64
	}
}

const recentBits = 15

func newComparing(f *forms, ladders []ladder) *comparing {
	return &comparing{forms: f, ladders: ladders}
}

// alike is the Jaro–Winkler similarity of two texts.
func (c *comparing) alike(a, b symbol) float64 {
	if a == 0 || b == 0 {
		return 0
	}
	if a == b {
		return 1
	}
	if a > b {
		a, b = b, a
	}
	pair := uint64(a)<<32 | uint64(b)
	r := &c.recent[(pair*0x9e3779b97f4a7c15)>>(64-recentBits)]
	if r.pair != pair {
		r.pair, r.alike = pair, jaroWinkler(c.text[a], c.text[b])
	}
	return r.alike
}

// vector grades a pair by every ladder.
func (c *comparing) vector(a, b *form) Vector {
	var v Vector
	for i := range c.ladders {
		v |= Vector(c.ladders[i].level(c, a, b)) << (levelBits * i)
	}
	return v
}

// A test measures one thing about two records. A test with the answers yes and no gives 1 or 0.
type test func(c *comparing, a, b *form) float64

// A ladder is a comparison made ready: what makes it null, and the condition of each level but the last.
type ladder struct {
	null   condition
	levels []condition
	// Most ladders begin with "one side lacks F" and "both are equal in F": these are done without a call.
	plain bool
	field field
}

// A condition is met when all terms of one of its alternatives are.
type condition [][]term

// A term compares what a test measures with a bound.
type term struct {
	test  test
	below bool // at most the bound; else at least
	bound float64
}

func (l *ladder) level(c *comparing, a, b *form) int {
	from := 0
	if l.plain {
		x, y := a.v[l.field], b.v[l.field]
		switch {
		case x == 0 || y == 0:
			return nullLevel
		case x == y:
			return 0
		}
		from = 1
	} else if l.null.met(c, a, b) {
		return nullLevel
	}
	for i := from; i < len(l.levels); i++ {
		if l.levels[i].met(c, a, b) {
			return i
		}
	}
	return len(l.levels)
}

func (x condition) met(c *comparing, a, b *form) bool {
	for _, all := range x {
		met := true
		for _, t := range all {
			v := t.test(c, a, b)
			if met = (v >= t.bound) != t.below || v == t.bound; !met {
				break
			}
		}
		if met {
			return true
		}
	}
	return false
}

// parseCondition reads alternatives joined by OR, each of terms joined by AND; a term is the name of a
// test, alone, or with >= or <= and a number.
func parseCondition(text string) (condition, error) {
	var out condition
	for alternative := range strings.SplitSeq(text, " OR ") {
		var all []term
		for part := range strings.SplitSeq(alternative, " AND ") {
			w := strings.Fields(part)
			if len(w) != 1 && len(w) != 3 {
				return nil, noCondition(part)
			}
			fn, err := findTest(w[0])
			if err != nil {
				return nil, err
			}
			t := term{test: fn, bound: 1}
			if len(w) == 3 {
				if t.bound, err = strconv.ParseFloat(w[2], 64); err != nil || (w[1] != ">=" && w[1] != "<=") {
					return nil, noCondition(part)
				}
				t.below = w[1] == "<="
			}
			all = append(all, t)
		}
		out = append(out, all)
	}
	return out, nil
}

func noCondition(text string) error {
	return fmt.Errorf("%q is no condition: a condition is a test, or a test, >= or <= and a number", text)
}

// ladder makes a comparison ready. Without a rule of its own it is null where either side lacks the first field.
func (c *Comparison) ladder() (ladder, error) {
	null := c.Null
	if null == "" {
		null = "no_" + c.Fields[0]
	}
	var l ladder
	var err error
	if l.null, err = parseCondition(null); err != nil {
		return l, err
	}
	for _, level := range c.Levels[:len(c.Levels)-1] {
		x, err := parseCondition(level.When)
		if err != nil {
			return l, fmt.Errorf("level %q: %w", level.Label, err)
		}
		l.levels = append(l.levels, x)
	}
	l.field, l.plain = fieldOf(c.Fields[0])
	l.plain = l.plain && c.Null == "" && c.Levels[0].When == "same_"+c.Fields[0]
	return l, nil
}

// ladders makes all comparisons ready.
func (m *Model) ladders() []ladder {
	out := make([]ladder, len(m.Comparisons))
	for i := range m.Comparisons {
		var err error
		if out[i], err = m.Comparisons[i].ladder(); err != nil {
			panic("match: a model that was checked: " + err.Error())
		}
	}
	return out
}

// families are the tests that exist for every field: same_F, both know it and are equal; other_F, not so; no_F, one
// side lacks it; close_F, the similarity; slip_F, one slip of the hand apart; digits_F, in how many places they differ.
var families = map[string]func(field) test{
	"same_": func(f field) test {
		return func(_ *comparing, a, b *form) float64 { return yes(a.v[f] != 0 && a.v[f] == b.v[f]) }
	},
	"other_": func(f field) test {
		return func(_ *comparing, a, b *form) float64 {
			return yes(a.v[f] == 0 || b.v[f] == 0 || a.v[f] != b.v[f])
		}
	},
	"no_": func(f field) test {
		return func(_ *comparing, a, b *form) float64 { return yes(a.v[f] == 0 || b.v[f] == 0) }
	},
	"close_": func(f field) test {
		return func(c *comparing, a, b *form) float64 { return c.alike(a.v[f], b.v[f]) }
	},
	"slip_": func(f field) test {
		return func(c *comparing, a, b *form) float64 {
			x, y := a.v[f], b.v[f]
			return yes(x != 0 && y != 0 && x != y && slip(c.text[x], c.text[y]))
		}
	},
	"digits_": func(f field) test {
		return func(c *comparing, a, b *form) float64 {
			if a.v[f] == 0 || b.v[f] == 0 {
				return 99
			}
			return float64(differing(c.text[a.v[f]], c.text[b.v[f]]))
		}
	},
}

func findTest(name string) (test, error) {
	if t := tests[name]; t != nil {
		return t, nil
	}
	for prefix, family := range families {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			if f, ok := fieldOf(rest); ok {
				return family(f), nil
			}
		}
	}
	return nil, fmt.Errorf("no test %s", name)
}

func yes(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// either reports whether a field of one record is known and equal to another field of the other, either way round.
func either(a, b *form, f, g field) bool {
	return a.v[f] != 0 && a.v[f] == b.v[g] || b.v[f] != 0 && b.v[f] == a.v[g]
}

// tests are those that are not of a family, by the name that a model uses.
var tests = map[string]test{
	// One given name is the other's alias, or its two words written as one.
	"alias_of_first": func(_ *comparing, a, b *form) float64 { return yes(either(a, b, fFirst, fAliasFirst)) },
	// One person may go by both given names.
	"nickname": func(c *comparing, a, b *form) float64 {
		return yes(c.nicknames[[2]symbol{a.v[fFirst], b.v[fFirst]}])
	},
	// How well given name and surname fit the other way round, the worse of the two.
	"swapped_names": func(c *comparing, a, b *form) float64 {
		firstA, lastA, firstB, lastB := a.v[fFirst], a.v[fLast], b.v[fFirst], b.v[fLast]
		if firstA == 0 || lastA == 0 || firstB == 0 || lastB == 0 || firstA == firstB {
			return 0
		}
		if c.text[firstA][0] != c.text[lastB][0] || c.text[lastA][0] != c.text[firstB][0] {
			return 0
		}
		return min(c.alike(firstA, lastB), c.alike(lastA, firstB))
	},
	"middle_as_first": func(_ *comparing, a, b *form) float64 { return yes(either(a, b, fFirst, fMiddle)) },
	"initial_middle": func(c *comparing, a, b *form) float64 {
		x, y := c.text[a.v[fMiddle]], c.text[b.v[fMiddle]]
		return yes(x != "" && y != "" && (len(x) == 1 || len(y) == 1) && x[0] == y[0])
	},
	// A surname is a part of the other's double one, or an alias of it.
	"part_of_last": func(_ *comparing, a, b *form) float64 {
		return yes(either(a, b, fLast, fLast1) || either(a, b, fLast, fLast2) ||
			a.v[fLast1] != 0 && a.v[fLast1] == b.v[fLast1] || either(a, b, fLast, fAliasLast))
	},
	"last_of_parent": func(_ *comparing, a, b *form) float64 {
		return yes(either(a, b, fLast, fMotherMaiden) || either(a, b, fLast, fGuardianLast))
	},
	"maiden_as_last":  func(_ *comparing, a, b *form) float64 { return yes(either(a, b, fMotherMaiden, fLast)) },
	"swapped_day":     func(c *comparing, a, b *form) float64 { return yes(swappedDay(c.birth(a), c.birth(b))) },
	"same_birth_year": func(c *comparing, a, b *form) float64 { return yes(sameCut(c.birth(a), c.birth(b), 0, 4)) },
	"same_birthday":   func(c *comparing, a, b *form) float64 { return yes(sameCut(c.birth(a), c.birth(b), 5, 10)) },
	// The streets begin with the same house number.
	"same_house": func(c *comparing, a, b *form) float64 {
		x, _, _ := strings.Cut(c.text[a.v[fStreet]], " ")
		y, _, _ := strings.Cut(c.text[b.v[fStreet]], " ")
		return yes(x != "" && x == y && x[0] >= '0' && x[0] <= '9')
	},
	"shared_phone": func(_ *comparing, a, b *form) float64 {
		return yes(a.v[fPhone] != 0 && a.v[fPhone] == b.v[fPhone] || either(a, b, fPhone, fPhone2) ||
			a.v[fPhone2] != 0 && a.v[fPhone2] == b.v[fPhone2])
	},
	// A day that a clerk writes where only the year is known.
	"stand_in_day": func(c *comparing, a, _ *form) float64 { return yes(c.standIn(a.v[fBirth])) },
	// Records of two senders, or of two organisations for which one sender speaks, or of one number of a sender that was
	// given away, or under which two were mixed up.
	"not_two_numbers": func(c *comparing, a, b *form) float64 {
		return yes(c.oneSender || a.v[fSender] == 0 || a.v[fSender] != b.v[fSender] || a.number == b.number ||
			otherOrganisation(c.text[a.v[fChart]], c.text[b.v[fChart]]))
	},
	// One vaccine that a clinic gave on one day, under both numbers.
	"shared_vaccine": func(c *comparing, a, b *form) float64 {
		for _, x := range c.given[a.given.from:a.given.to] {
			if slices.Contains(c.given[b.given.from:b.given.to], x) {
				return 1
			}
		}
		return 0
	},
	"sexes_differ": func(_ *comparing, a, b *form) float64 {
		return yes(a.v[fSex] != 0 && b.v[fSex] != 0 && a.v[fSex] != b.v[fSex])
	},
	// Both were vaccinated, and neither stopped before the other began: no number took the place of the other.
	"used_side_by_side": func(c *comparing, a, b *form) float64 {
		x, y := c.days[a.doses.from:a.doses.to], c.days[b.doses.from:b.doses.to]
		return yes(len(x) > 0 && len(y) > 0 && x[0] <= y[len(y)-1] && y[0] <= x[len(x)-1])
	},
	"shared_days": func(c *comparing, a, b *form) float64 { return float64(c.sharedDays(a.doses, b.doses)) },
	// Of a multiple birth, and the orders differ; senders record a single birth as the first, too.
	"orders_differ": func(_ *comparing, a, b *form) float64 {
		x, y := a.v[fBirthOrder], b.v[fBirthOrder]
		return yes(x != 0 && y != 0 && x != y && !(a.v[fMultiple] == symNo && b.v[fMultiple] == symNo))
	},
	"same_order": func(_ *comparing, a, b *form) float64 {
		return yes(a.v[fBirthOrder] != 0 && a.v[fBirthOrder] == b.v[fBirthOrder] &&
			(a.v[fMultiple] == symYes || b.v[fMultiple] == symYes))
	},
	"multiple_differs": func(_ *comparing, a, b *form) float64 {
		return yes(a.v[fMultiple] != 0 && b.v[fMultiple] != 0 && a.v[fMultiple] != b.v[fMultiple])
	},
	"both_single": func(_ *comparing, a, b *form) float64 {
		return yes(a.v[fMultiple] == symNo && b.v[fMultiple] == symNo)
	},
	"single": func(_ *comparing, a, b *form) float64 {
		return yes(a.v[fMultiple] == symNo || b.v[fMultiple] == symNo)
	},
	"multiple": func(_ *comparing, a, b *form) float64 {
		return yes(a.v[fMultiple] == symYes || b.v[fMultiple] == symYes)
	},
	// Neither records whether it is of a multiple birth, and one does not record its order.
	"birth_untold": func(_ *comparing, a, b *form) float64 {
		return yes(a.v[fMultiple] == 0 && b.v[fMultiple] == 0 && (a.v[fBirthOrder] == 0 || b.v[fBirthOrder] == 0))
	},
}

func (c *comparing) birth(f *form) string { return c.text[f.v[fBirth]] }

func sameCut(a, b string, from, to int) bool {
	return len(a) >= to && len(b) >= to && a[from:to] == b[from:to]
}

// swappedDay reports whether two dates YYYY-MM-DD are of one year with day and month swapped.
func swappedDay(a, b string) bool {
	return len(a) == 10 && len(b) == 10 && a[:4] == b[:4] && a[5:7] == b[8:] && a[8:] == b[5:7]
}

// otherOrganisation reports chart numbers that two organisations have given: SENDER^ORGANISATION:NUMBER. That each has
// one is no sign of two people.
func otherOrganisation(a, b string) bool {
	x, _, _ := strings.Cut(a, ":")
	y, _, _ := strings.Cut(b, ":")
	return x != y && strings.Contains(x, "^") && strings.Contains(y, "^")
}
