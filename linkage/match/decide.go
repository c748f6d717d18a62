package match

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
// whenever a hold applies; in a night, which nobody attends, a soft hold yields to a weight that leaves no doubt of its
// kind.
func (m *Model) Held(e Edge) bool {
	for i, h := range m.Holds {
		if e.Hold&(1<<i) == 0 {
			continue
		}
		if bar, soft := m.SoftHolds[h]; !soft || e.Weight < bar {
			return true
		}
	}
	return false
}

// Conflicting reports whether a hard constraint keeps the two apart, by the vector alone.
func (m *Model) Conflicting(v Vector) bool {
	if l := m.level(v, "birth_cert"); l != nullLevel && l > 0 {
		return true
	}
	l := m.level(v, "birth_order")
	return l != nullLevel && m.label("birth_order", l) == "orders differ"
}
