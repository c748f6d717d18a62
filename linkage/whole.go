package linkage

import (
	"context"

	"miic/internal/engine"
	"miic/linkage/cluster"
	"miic/linkage/match"
	"miic/linkage/whole"
)

// personShares is how many persons there were, with a birth certificate and with a dose.
type personShares struct {
	Persons   int64 `col:"persons"`
	Certified int64 `col:"certified"`
	Dosed     int64 `col:"dosed"`
}

// whole prepares weighing the members' persons by all that their records report.
func (s *stage) whole(ctx context.Context, m *component) (*cluster.Whole, error) {
	barred, err := s.barred(ctx)
	s.barredRIDs = barred
	rid := func(member int32) int32 { return m.rows[member].RID }
	return &cluster.Whole{
		Barred: func(member int32) bool { return barred[rid(member)] },
		Facts: func(members []int32) ([]match.Facts, error) {
			rids := make([]int32, len(members))
			for i, member := range members {
				rids[i] = rid(member)
			}
			return s.matcher.Facts(rids)
		},
		State: func(groups [][]int32, weighed []*whole.Person) (*whole.State, error) {
			certified, undosed, err := s.shares(ctx, groups, rid)
			if err != nil {
				return nil, err
			}
			return whole.NewState(s.matcher, certified, undosed, weighed)
		},
	}, err
}

// barred finds the records whose persons are left to people: nothing is decided about the dead, the restricted and the
// re-used by what looks alike.
func (s *stage) barred(ctx context.Context) (map[int32]bool, error) {
	rows, err := engine.Rows[ridRow](ctx, s.e, queries.Get("barred_record"))
	if err != nil {
		return nil, err
	}
	out := make(map[int32]bool, len(rows))
	for _, r := range rows {
		out[r.RID] = true
	}
	for _, e := range s.requestEdges { // a request or a death certificate may be about the record
		out[e.L] = true
	}
	return out, nil
}

// shares are those of the persons of tonight, where all are put together again, else of the parent.
func (s *stage) shares(ctx context.Context, groups [][]int32, rid func(int32) int32) (float64, float64, error) {
	if s.full {
		return cluster.Shares(s.matcher, groups, rid)
	}
	rows, err := engine.Rows[personShares](ctx, s.e, queries.Get("share_of_persons"))
	if err != nil || len(rows) == 0 || rows[0].Persons == 0 {
		return 0, 0, err
	}
	n := float64(rows[0].Persons)
	return float64(rows[0].Certified) / n, 1 - float64(rows[0].Dosed)/n, nil
}

// noteWhole adds to the changes of the persons that were put together why, and remembers who are surely two, and which weak
// pairs are asked about.
func (s *stage) noteWhole(people []cluster.Person, together *cluster.Together) {
	joined := map[int64]bool{}
	for _, p := range people {
		if together.Joined[p.Members[0]] {
			joined[p.ID] = true
		}
	}
	for i := range s.changes {
		c := &s.changes[i]
		if c.Change == "merged" && joined[c.OtherID] || c.Change == "joined" && joined[c.ClientID] {
			c.Reason += "; the days of their doses and their birth certificates bear it out"
		}
	}
	s.apart = openPairs{}
	for k := range together.Apart {
		s.apart[persons(people[k[0]].ID, people[k[1]].ID)] = true
	}
	s.asked = make([]pairRow, len(together.Asked))
	for i, e := range together.Asked {
		s.asked[i] = pairRow{L: e.L, R: e.R}
	}
	s.r.Count("persons_joined_by_all_records", int64(len(joined)))
	s.r.Count("pairs_parted_by_all_records", int64(len(together.Apart)))
}
