package linkage

import (
	"context"

	"miic/internal/engine"
	"miic/internal/table"
)

// reusedNumber is two records that a sender has had under one number, of two persons.
type reusedNumber struct {
	RecordL  string `col:"record_l"`
	RecordR  string `col:"record_r"`
	ClientL  int64  `col:"client_l"`
	ClientR  int64  `col:"client_r"`
	Evidence string `col:"evidence"`
	Settled  bool   `col:"settled"` // judged different once, or same on what both record now
}

// reusedNumbers are the questions about numbers that a sender now uses for another person than before: whether the
// number was given again, or two people's data lay on it, or the sender has corrected its record of one person. They
// are raised however little the two records have in common. Their persons are added to known.
func (s *stage) reusedNumbers(ctx context.Context, known openPairs) ([]table.ReviewItem, error) {
	rows, err := engine.Rows[reusedNumber](ctx, s.e, queries.Get("reused_number"))
	if err != nil {
		return nil, err
	}
	var items []table.ReviewItem
	for _, n := range rows {
		k := persons(n.ClientL, n.ClientR)
		if n.Settled || known[k] || s.sealed.apart(n.RecordL, n.RecordR) {
			continue
		}
		known[k] = true
		items = append(items, s.question(n.RecordL, n.RecordR,
			"the sender's number of the one now stands for the other", n.Evidence))
		s.r.Count("review_raised", 1)
	}
	return items, nil
}
