package campaign

import "miic/internal/table"

// A Selection decides about one person after the other, by values alone: what is known about each is given. Its plan counts
// everybody once.
type Selection struct {
	Plan *Plan

	config   *Config
	asOf     table.Date
	snapshot int64
	doubts   *doubts
	before   map[int64][]EarlierNotice // by person
	stale    map[string]bool           // clinics of which a file is missing
	decided  []decision                // about the last person
}

// NewSelection begins a selection of people about none of whom it is asked who they are.
func NewSelection(c *Config, asOf table.Date, snapshot int64, before map[int64][]EarlierNotice, stale map[string]bool) *Selection {
	return &Selection{Plan: newPlan(c, 0), config: c, asOf: asOf, snapshot: snapshot, doubts: noDoubts(), before: before, stale: stale}
}

// Add decides about a person with all that the person needs.
func (s *Selection) Add(p *Person) {
	s.decided = s.config.decide(s.decided, s.asOf, s.doubts, p, s.before[p.ClientID], s.stale[p.Provider])
	s.Plan.add(s, p, s.decided)
}
