package match

import (
	"maps"
	"slices"
	"strings"
)

// HoldNames writes a mask of hold rules as their names, joined by blanks.
func (m *Model) HoldNames(mask uint32) string {
	var names []string
	for i, h := range m.Holds {
		if mask&(1<<i) != 0 {
			names = append(names, h)
		}
	}
	return strings.Join(names, " ")
}

// A holdRule sends a pair that is above the bar to a person. One that looks at the vector alone is
// worked out once for all pairs that share it; one with both parts applies where both do.
type holdRule struct {
	vector func(*Model, Vector, *pattern) bool
	score  func(*Model, *Score) bool
	// distrusts reports whether a hold distrusts a comparison: what that adds does not outweigh the hold.
	distrusts func(*Model, Vector, *Comparison) bool
	rarity    bool // it distrusts how rare the names are: an equal name counts as an average one at most
}

// familyRisk is the probability of a brother or sister above which a differing given name is asked about.
const familyRisk = 1e-4

// HoldRules lists the names of all hold rules, in the order of the alphabet.
func HoldRules() []string { return slices.Sorted(maps.Keys(holdRules)) }

// holdRules are the policies on top of probability, by name.
var holdRules = map[string]holdRule{
	// Birth dates that have nothing in common, and no number that names one person: a father and his
	// son of the same name live at one address.
	"birth_date_differs": {vector: func(m *Model, v Vector, _ *pattern) bool {
		return m.level(v, "birth_date") == m.worst("birth_date") && !m.identified(v)
	}},
	// Given names that have nothing to do with each other, no number that names one person, and a
	// brother or sister is a possible answer. Where the surname differs too no number is enough: it is
	// rather the number that is wrong.
	"first_name_differs": {
		vector: func(m *Model, v Vector, _ *pattern) bool {
			return m.level(v, "first") == m.worst("first") &&
				(!m.identified(v) || m.level(v, "last") == m.worst("last"))
		},
		score: func(m *Model, s *Score) bool { return s.P[Together]+s.P[Family] > familyRisk },
	},
	// Surnames that have nothing to do with each other. Children do change theirs, but then two things
	// of the family stay, or doses, or a number.
	// Where they live differs too, days of doses are none of these: a class is vaccinated on the same days.
	"surname_differs": {vector: func(m *Model, v Vector, _ *pattern) bool {
		if m.level(v, "last") != m.worst("last") || m.sharesDoses(v) && !m.livesElsewhere(v) {
			return false
		}
		family := 0
		for i, c := range m.Comparisons {
			if c.Name == "guardian" && m.level(v, "mother_first") == 0 {
				continue // who brings the child is mostly the mother: not a second thing that stays
			}
			if c.Kind == FamilyKind && m.bits(v, i) >= supportBits {
				family++
			}
		}
		return family < 2 && (!m.identified(v) || m.level(v, "first") > m.rung("first", "nickname"))
	}, rarity: true, distrusts: func(m *Model, v Vector, c *Comparison) bool {
		return c.Name == "doses" || c.Name == "address" && m.livesElsewhere(v)
	}},
	// A given name or a birth date that is close but not equal, where no doses bear it out: a panel of
	// registries wants to see such a pair, however strong the rest.
	"close_not_equal": {vector: func(m *Model, v Vector, _ *pattern) bool {
		first, birth := m.level(v, "first"), m.level(v, "birth_date")
		unlike := first != nullLevel && first > m.rung("first", "nickname") || birth != nullLevel && !m.sameBirth(v)
		return unlike && !m.sharesDoses(v)
	}, distrusts: func(m *Model, v Vector, c *Comparison) bool {
		switch c.Name {
		case "first":
			return m.level(v, "first") > m.rung("first", "nickname")
		case "birth_date", "doses_apart":
			return !m.sameBirth(v)
		}
		return false
	}},
	// A number that names one person differs by more than a slip, and the surname has nothing in common.
	"number_differs": {vector: func(m *Model, v Vector, _ *pattern) bool {
		if m.level(v, "last") != m.worst("last") {
			return false
		}
		for i, c := range m.Comparisons {
			if c.Identifier && c.Name != "chart" && v.Level(i) == len(c.Levels)-1 {
				return true
			}
		}
		return false
	}},
	// Nothing of weight agrees but names, sex and birth date. How rare the names are does not count: a name that no list
	// has may be common where the sender is.
	"name_and_birth_only": {vector: nameAndBirthOnly, rarity: true},
	// One sender has two numbers for them, both in use, and nothing of weight agrees but names, sex and birth date; or
	// their sex differs, or they got one vaccine on one day.
	"two_numbers": {vector: func(m *Model, v Vector, p *pattern) bool {
		l := m.level(v, "two_numbers")
		return l != nullLevel && (l <= m.rung("two_numbers", "the sexes differ") ||
			nameAndBirthOnly(m, v, p))
	}},
	// One of the two has no given name, and no number that names one person is equal.
	"no_given_name": {vector: func(m *Model, v Vector, _ *pattern) bool {
		return m.level(v, "first") == nullLevel && !m.identified(v)
	}},
	// Too few fields in common, however well they agree.
	"little_information": {vector: func(m *Model, _ Vector, p *pattern) bool {
		return p.info < m.Thresholds.MinInformation
	}},
	"suffix_differs": {vector: func(m *Model, v Vector, _ *pattern) bool {
		l := m.level(v, "suffix")
		return l != nullLevel && l > 0
	}},
	// One of a multiple birth without its order, and the given names do not decide it either.
	"birth_order_missing": {vector: func(m *Model, v Vector, _ *pattern) bool {
		l := m.level(v, "birth_order")
		return l != nullLevel && m.label("birth_order", l) == "multiple, order not told" &&
			m.level(v, "first") > m.rung("first", "nickname") && !m.identified(v)
	}},
	// Born on one day, the given names are only similar, forms of one name, or one is the other's middle name, and no
	// record gives a single birth: families give twins names that sound alike, Emma and Emily, and middle names that begin alike.
	"names_like_twins": {vector: func(m *Model, v Vector, _ *pattern) bool {
		first, order := m.level(v, "first"), m.level(v, "birth_order")
		single := order != nullLevel && strings.HasPrefix(m.label("birth_order", order), "single")
		// If the surname differs, given name and surname are swapped.
		middle := first == m.rung("first", "swapped or middle name") && m.level(v, "last") == 0
		alike := first == m.rung("first", "nickname") || first == m.rung("first", "similar") || middle
		return alike && m.sameBirth(v) && !single && !m.identified(v)
	}, distrusts: func(m *Model, v Vector, c *Comparison) bool {
		return c.Name == "first" || c.Name == "middle" && m.level(v, "middle") == m.rung("middle", "initial")
	}},
	"maybe_twin": {score: func(m *Model, s *Score) bool { return s.P[Together] > m.Thresholds.TwinRisk }},
}

func nameAndBirthOnly(m *Model, v Vector, _ *pattern) bool {
	if m.sharesDoses(v) {
		return false
	}
	for i, c := range m.Comparisons {
		other := c.Name != "first" && c.Name != "last" && c.Name != "birth_date" && c.Kind != Relation
		// A number one digit apart is somebody else's as well.
		slip := (c.Name == "phone" || c.Identifier) && v.Level(i) > 0
		if other && !slip && m.bits(v, i) >= supportBits {
			return false
		}
	}
	return true
}
