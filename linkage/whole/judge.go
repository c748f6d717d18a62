package whole

import (
	"slices"
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
	nicknameBar  = 11
	formsBits    = 12
	twinBar      = 10
	listedBar    = 8  // where a list of nicknames has the two: no family gives twins forms of one name
	singleBar    = 12 // where a certificate gives a single birth
	piecesBar    = 14 // where given names have only a piece or the middle name in common, and a certificate gives a single birth
	piecesShared = 5
	swappedBar   = 5 // where given name and middle name are each other's
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
	if meet(a.First, b.First) || w.swapped {
		return true
	}
	bar := float64(twinBar)
	if m.Nickname(e.Vector) {
		bar = listedBar
	}
	switch {
	case (a.Multiple || b.Multiple) && !sameOrder(a, b) || w.Twins < bar:
		return false
	case m.InCommon(e.Vector, "first"):
		return true
	case (a.Single || b.Single) && w.Twins >= piecesBar && w.clash == 0 &&
		(pieces(a.First, b.First) && w.shared >= piecesShared || sameMiddle(a, b) && w.shared > 0):
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
	case hold == "close_not_equal" && w.swapped:
		return w.shared > 0 && w.clash == 0 // the given names are both known to be the child's
	case borneOut[hold]:
		return w.BorneOut()
	case hold == "names_like_twins":
		return (a.Single || b.Single || sameOrder(a, b) || w.swapped && w.Twins >= swappedBar ||
			m.Nickname(e.Vector) && w.shared >= leastShared && w.Total >= nicknameBar) && w.clash == 0 && w.Days >= 0
	case hold == "first_name_differs":
		return true // namesAgree has judged it
	case hold == "maybe_twin":
		bar := float64(singleBar)
		if w.swapped {
			bar = swappedBar
		}
		return (a.Single || b.Single || sameOrder(a, b) || w.swapped) && w.Days >= 0 && w.clash == 0 && w.Twins >= bar
	case hold == "no_given_name":
		return len(a.First) > 0 && len(b.First) > 0 // of the two persons other records have names, which namesAgree has judged
	}
	return false
}

// BorneOut reports whether days in common bear out that two are one, and none speaks against it.
func (w *Weight) BorneOut() bool {
	return w.shared >= leastShared && w.Days >= supportBits && w.clash == 0
}

// twoNumbers reports whether one sender has a number for each of the two.
func (s *State) twoNumbers(a, b *Person) bool { return meet(a.Senders, b.Senders) }

// MayBeOne reports whether nothing that two persons report keeps them from being one: they have a given name in common, no
// sender has a number for each, and their orders in a birth do not differ.
func (s *State) MayBeOne(a, b *Person) bool {
	return meet(a.First, b.First) && !s.twoNumbers(a, b) && !ordersDiffer(a, b)
}

// ordersDiffer reports whether the two have different orders in a multiple birth.
func ordersDiffer(a, b *Person) bool {
	return len(a.Orders) > 0 && len(b.Orders) > 0 && !meet(a.Orders, b.Orders)
}

// sameOrder reports whether the two have the same order in a multiple birth: born together, they would not.
func sameOrder(a, b *Person) bool { return len(a.Orders) > 0 && meet(a.Orders, b.Orders) }

// pieces reports whether three letters of one given name stand together in the other, as in Dominic and Nick.
func pieces(a, b []string) bool {
	for _, x := range a {
		for _, y := range b {
			for i := 0; i+3 <= len(x); i++ {
				if strings.Contains(y, x[i:i+3]) {
					return true
				}
			}
		}
	}
	return false
}

// sameMiddle reports whether the two have the same middle name, in full: no family gives it to twins.
func sameMiddle(a, b *Person) bool {
	return slices.ContainsFunc(a.Named, func(x [2]string) bool {
		return len(x[1]) > 1 && slices.ContainsFunc(b.Named, func(y [2]string) bool { return x[1] == y[1] })
	})
}
