package linkage

import (
	"context"

	"miic/internal/engine"
	"miic/internal/table"
	"miic/linkage/review"
)

// reusedNumber is two records that one number of a sender has stood for, of two persons.
type reusedNumber struct {
	RecordL  string `col:"record_l"`
	RecordR  string `col:"record_r"`
	ClientL  int64  `col:"client_l"`
	ClientR  int64  `col:"client_r"`
	Evidence string `col:"evidence"`
	Settled  bool   `col:"settled"` // somebody said different once, or same of what both say now
}

// reusedNumbers are the questions about numbers that stand for another person than before: whether the number was given
// again, or two people's data lay on it, or the sender has corrected what it told of one person. They are raised however
// little the two records have in common, and stands gets their persons.
func (s *stage) reusedNumbers(ctx context.Context, stands map[[2]int64]bool) ([]table.ReviewItem, error) {
	rows, err := engine.Rows[reusedNumber](ctx, s.e, queries.Get("reused_number"))
	if err != nil {
		return nil, err
	}
	var items []table.ReviewItem
	for _, n := range rows {
		k := persons(n.ClientL, n.ClientR)
		if n.Settled || stands[k] || s.sealed.apart(n.RecordL, n.RecordR) {
			continue
		}
		stands[k] = true
		items = append(items, table.ReviewItem{ItemID: review.ItemID(n.RecordL, n.RecordR), RecordL: n.RecordL, RecordR: n.RecordR, Snapshot: s.r.Snapshot,
			Reason: "the sender's number of the one now stands for the other", Decision: "open", Evidence: n.Evidence})
		s.r.Count("review_raised", 1)
	}
	return items, nil
}
