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
// same birth date, sex and mother, at the same address or phone; nothing speaks of a multiple birth. The mother is the
// same by her full name, or, where one record has half of it, by that half, the surname and a record of a single birth;
// where one record has no mother, surname and address agree and both record a single birth. Nothing here tells the
// child from a brother or sister born with it: that it is the only one must be looked at, too.
func (m *Model) Newborn(e Edge) bool {
	v := e.Vector
	if m.level(v, "first") != nullLevel || e.Weight < m.Thresholds.Review || m.Conflicting(v) || !m.sameBirth(v) {
		return false
	}
	order := ""
	if l := m.level(v, "birth_order"); l != nullLevel {
		order = m.label("birth_order", l)
		if !strings.HasPrefix(order, "single on") {
			return false
		}
	}
	first, maiden := m.level(v, "mother_first"), m.level(v, "mother_maiden")
	switch {
	case m.level(v, "sex") != 0:
		return false
	case first == 0 && maiden == 0:
	case order != "" && m.level(v, "last") < m.worst("last") &&
		(first == 0 && maiden == nullLevel || first == nullLevel && maiden == 0):
	case order == "single on both" && m.level(v, "last") < m.worst("last") && m.level(v, "address") == 0 &&
		first == nullLevel && maiden == nullLevel:
	default:
		return false
	}
	return m.level(v, "address") < m.rung("address", "same ZIP") || m.level(v, "phone") == 0
}
