package match

import "strings"

// Decision is what the model makes of a pair in isolation.
type Decision string

// The three decisions.
const (
	Link    Decision = "link"
	Review  Decision = "review"
	NonLink Decision = "non_link"
)

// Decide applies thresholds, holds and hard constraints to a scored pair.
func (m *Model) Decide(e Edge) Decision {
	switch {
	case e.Weight < m.Thresholds.Review:
		return NonLink
	case e.Weight >= m.Thresholds.Link && e.Hold == 0 && !m.Conflicting(e.Vector):
		return Link
	}
	return Review
}

// Held reports whether a hold keeps a pair from linking by itself in a night. A pair judged alone is for review
// whenever a hold applies; in a night, which nobody attends, a soft hold yields where the evidence that it does not
// distrust reaches its bar.
func (m *Model) Held(e Edge) bool { return e.Firm != 0 }

// Conflicting reports whether a hard constraint keeps the two apart, by the vector alone.
func (m *Model) Conflicting(v Vector) bool {
	if l := m.level(v, "birth_cert"); l != nullLevel && l > 0 {
		return true
	}
	l := m.level(v, "birth_order")
	return l != nullLevel && m.label("birth_order", l) == "orders differ"
}

// Newborn reports whether a pair is of a newborn whom one of the two records has no name for, and of the child of the
// same birth date, sex and mother; nothing speaks of a multiple birth, or both records give the same order in one. The
// mother is the same by her full name, or, where one record has half of it, by that half, the surname and a record of a
// single birth or of the order; where one record has no mother, by the address, such a record, and the surname, which is
// the child's or one of its parents'. Where the sex is not known a record gives a single birth. Nothing here tells the
// child from a brother or sister born with it, or from a neighbour: that it is the only one must be looked at, too (see
// BornThere), and that address or phone are the same, by this pair (home) or by other records of the child.
func (m *Model) Newborn(e Edge) (child, home bool) {
	v := e.Vector
	if m.level(v, "first") != nullLevel || e.Weight < m.Thresholds.Review || m.Conflicting(v) || !m.sameBirth(v) {
		return false, false
	}
	order, single := "", false
	if l := m.level(v, "birth_order"); l != nullLevel {
		order = m.label("birth_order", l)
		single = strings.HasPrefix(order, "single on")
		if !single && order != "same order of a multiple birth" {
			return false, false
		}
	}
	first, maiden := m.level(v, "mother_first"), m.level(v, "mother_maiden")
	switch sex := m.level(v, "sex"); {
	case sex != 0 && !(sex == nullLevel && single):
		return false, false
	case first == 0 && maiden == 0:
	case order != "" && m.level(v, "last") < m.worst("last") &&
		(first == 0 && maiden == nullLevel || first == nullLevel && maiden == 0):
	case order != "" && m.level(v, "last") < m.worst("last") && m.level(v, "address") == 0 &&
		first == nullLevel && maiden == nullLevel:
	default:
		return false, false
	}
	return true, m.sameHome(v)
}

// AtHome reports whether the two were born on one day and share a home.
func (m *Model) AtHome(e Edge) bool { return m.sameBirth(e.Vector) && m.sameHome(e.Vector) }

// BornThere reports whether one record of a pair has no given name, and the other may be of the same day and home
// whatever else differs; known is whether both have something of the mother.
func (m *Model) BornThere(e Edge) (there, known bool) {
	v := e.Vector
	known = m.level(v, "mother_first") != nullLevel || m.level(v, "mother_maiden") != nullLevel
	return m.level(v, "first") == nullLevel && m.AtHome(e), known
}

// sameHome reports whether the two live at one address or share a phone.
func (m *Model) sameHome(v Vector) bool {
	return m.level(v, "address") < m.rung("address", "same ZIP") || m.level(v, "phone") == 0
}
