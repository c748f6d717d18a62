package review

import (
	"cmp"
	"context"
	"slices"

	"miic/internal/engine"
	"miic/internal/household"
	"miic/internal/table"
)

// countLetters counts for each question the letters that wait for its answer.
func (x *Explainer) countLetters(ctx context.Context, questions []Question) error {
	held, err := engine.Rows[table.HeldLetter](ctx, x.e, "SELECT * FROM held_letter ORDER BY client_id")
	if err != nil {
		return err
	}
	waits := make(map[int64]int, len(held))
	for _, h := range held {
		waits[h.ClientID]++
	}
	for i := range questions {
		q := &questions[i]
		q.Letters = waits[q.Left.ClientID]
		if q.Right.ClientID != q.Left.ClientID {
			q.Letters += waits[q.Right.ClientID]
		}
	}
	return nil
}

// byFamily groups the questions that are about one person or one household, puts the groups in order and numbers them:
// those with a death first, then by the letters that wait, then by the most serious question.
func byFamily(questions []Question, standard map[string]*table.StandardRecord) {
	var members []household.Member
	for _, q := range questions {
		for _, side := range []Side{q.Left, q.Right} {
			members = append(members, memberOf(standard[side.RecordID]))
		}
	}
	home := household.Group(members)
	parent := make([]int, len(questions))
	for i := range parent {
		parent[i] = i
	}
	find := func(i int) int {
		for parent[i] != i {
			i = parent[i]
		}
		return i
	}
	type person int64
	first := map[any]int{} // the first question about a person or a household
	for i, q := range questions {
		keys := []any{person(q.Left.ClientID), home[2*i], home[2*i+1]}
		if q.Right.ClientID != 0 { // a death certificate is nobody
			keys = append(keys, person(q.Right.ClientID))
		}
		for _, k := range keys {
			if j, ok := first[k]; ok {
				a, b := find(i), find(j)
				parent[max(a, b)] = min(a, b)
			} else {
				first[k] = i
			}
		}
	}
	type group struct {
		death   bool
		letters int
		harm    float64
	}
	of := map[int]group{}
	for i := range questions {
		q := &questions[i]
		q.Family = find(i)
		g := of[q.Family]
		g.death, g.letters, g.harm = g.death || q.Harm >= deathHarm, g.letters+q.Letters, max(g.harm, q.Harm)
		of[q.Family] = g
	}
	slices.SortStableFunc(questions, func(a, b Question) int {
		x, y := of[a.Family], of[b.Family]
		if x.death != y.death {
			if x.death {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(y.letters, x.letters), cmp.Compare(y.harm, x.harm), cmp.Compare(a.Family, b.Family),
			cmp.Compare(b.Letters, a.Letters), cmp.Compare(b.Harm, a.Harm))
	})
	number, last := 0, -1
	for i := range questions {
		if questions[i].Family != last {
			last = questions[i].Family
			number++
		}
		questions[i].Family = number
	}
}

// memberOf is what a record gives of a household; nothing of a record that is not there.
func memberOf(r *table.StandardRecord) household.Member {
	if r == nil {
		return household.Member{}
	}
	return household.Member{Street: r.Street, ZIP: r.ZIP, GuardianFirst: r.GuardianFirst, GuardianLast: r.GuardianLast,
		Phones: []string{r.Phone, r.Phone2}}
}
