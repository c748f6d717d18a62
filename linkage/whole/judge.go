package whole

import (
	"strings"

	"miic/linkage/match"
)

// borneOut are the holds that ask for a pair because nothing but names, birth date and address bears it out. Days in
// common that weigh so many bits do.
var borneOut = map[string]bool{"name_and_birth_only": true, "close_not_equal": true, "surname_differs": true}

const (
	supportBits = 8
	leastShared = 2
)

// Bits that take the place of a hold's own bar for forms of one name without a certificate of a single birth; those of
// days that take the place of a given name that only begins like the other's; and those against twins where given names
// are not the same.
const (
	nicknameBar = 11
	formsBits   = 12
	twinBar     = 10
	listedBar   = 8  // where a list of nicknames has the two: no family gives twins forms of one name
	singleBar   = 12 // where a certificate gives a single birth
)

// Judge says whether two persons are surely one, surely two, or to be asked about, given the strongest pair of their
// records. Whatever speaks for one person, a given name that is missing or differs, another birth order, a multiple
// birth with other given names, and one sender with a number for each keep the question.
func (s *State) Judge(m *match.Model, e *match.Edge, a, b *Person) (Outcome, Weight) {
	w := s.Weigh(e, a, b)
	if w.Total < m.Thresholds.Review {
		return Two, w
	}
	if w.Total < m.Thresholds.Link || !namesAgree(m, e, a, b, &w) || s.twoNumbers(a, b) || ordersDiffer(a, b) {
		return Ask, w
	}
	for _, hold := range strings.Fields(m.HoldNames(e.Firm)) {
		if !answered(m, hold, e, a, b, &w) {
			return Ask, w
		}
	}
	return One, w
}

// namesAgree reports whether the given names leave no room for a twin or a brother.
func namesAgree(m *match.Model, e *match.Edge, a, b *Person, w *Weight) bool {
	if len(a.First) == 0 || len(b.First) == 0 {
		return false
	}
	if meet(a.First, b.First) {
		return true
	}
	bar := float64(twinBar)
	if m.Nickname(e.Vector) {
		bar = listedBar
	}
	switch {
	case a.Multiple || b.Multiple || w.Twins < bar:
		return false
	case m.InCommon(e.Vector, "first"):
		return true
	}
	return (a.Single || b.Single) && forms(a.First, b.First) && w.Days >= formsBits && w.clash == 0
}

// forms reports whether some of two lists of given names begin alike, as Savvy and Savannah: a form that no list of
// nicknames has.
func forms(a, b []string) bool {
	for _, x := range a {
		for _, y := range b {
			if len(x) >= 2 && len(y) >= 2 && x[:2] == y[:2] {
				return true
			}
		}
	}
	return false
}

// answered reports whether what a hold asks about is answered by the whole persons, or outweighed by them.
func answered(m *match.Model, hold string, e *match.Edge, a, b *Person, w *Weight) bool {
	_, soft := m.SoftHolds[hold]
	switch {
	case soft && hold != "names_like_twins" && w.Total-e.Weight >= e.Short:
		return true // what the persons add takes the place of what the pair lacks
	case borneOut[hold]:
		return w.shared >= leastShared && w.Days >= supportBits && w.clash == 0
	case hold == "names_like_twins":
		return (a.Single || b.Single || m.Nickname(e.Vector) && w.shared >= leastShared && w.Total >= nicknameBar) &&
			w.clash == 0 && w.Days >= 0
	case hold == "first_name_differs":
		return true // namesAgree has judged it
	case hold == "maybe_twin":
		return (a.Single || b.Single) && w.Days >= 0 && w.clash == 0 && w.Twins >= singleBar
	}
	return false
}

// twoNumbers reports whether one sender has a number for each of the two.
func (s *State) twoNumbers(a, b *Person) bool { return meet(a.Senders, b.Senders) }

// ordersDiffer reports whether the two have different orders in a multiple birth.
func ordersDiffer(a, b *Person) bool {
	return len(a.Orders) > 0 && len(b.Orders) > 0 && !meet(a.Orders, b.Orders)
}
