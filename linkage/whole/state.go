package whole

import (
	"miic/internal/table"
	"miic/linkage/match"
)

// State is what is known of everybody, against which two persons are weighed.
type State struct {
	Certified float64 // share of persons with a birth certificate
	Undosed   float64 // share of persons without a dose

	peers peers
}

// peerDays is how far apart, in days, the birth days of those lie who are vaccinated at about the same time.
const peerDays = 7

// peers counts, for those born about a day, how many records report doses and how many report one on each day.
type peers map[table.Date]*peerCount

type peerCount struct {
	records int
	on      map[table.Date]int
}

// NewState counts, for the persons that are to be weighed, on which days others of their age were vaccinated.
func NewState(m *match.Matcher, certified, undosed float64, persons []*Person) (*State, error) {
	s := &State{Certified: certified, Undosed: undosed, peers: peers{}}
	for _, p := range persons {
		if p.Born != 0 && len(p.Days) > 0 && s.peers[p.Born] == nil {
			s.peers[p.Born] = &peerCount{on: map[table.Date]int{}}
		}
	}
	about := map[table.Date][]*peerCount{} // by the birth day of another
	for born, c := range s.peers {
		for d := born - peerDays; d <= born+peerDays; d++ {
			about[d] = append(about[d], c)
		}
	}
	if len(about) == 0 {
		return s, nil
	}
	return s, m.EachDosed(func(born table.Date) bool { return about[born] != nil },
		func(born table.Date, days []int32) {
			for _, c := range about[born] {
				c.records++
				for _, d := range days {
					c.on[table.Date(d)]++
				}
			}
		})
}

// share is how likely somebody born about a day is to have been vaccinated on another. Of few peers it is what a
// schedule makes of it: a child of sixteen comes on a given day.
func (p peers) share(born, on table.Date) float64 {
	c := p[born]
	if c == nil {
		return 1. / 16
	}
	return float64(c.on[on]+1) / float64(c.records+16)
}
