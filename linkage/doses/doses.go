// Package doses tells the real doses of one person from the reports of them, by the best practices
// for vaccination-level deduplication of the registries' operations group (MIROW 2006).
//
// It promises: every report belongs to exactly one real dose; a real dose is never lost by joining
// two that protect against different things; the order of reports does not matter; a second run,
// or an exact copy of a report, changes nothing. Nothing is deleted: each dose has a chosen report
// and the rest stay with the reason.
package doses

import (
	"cmp"
	"slices"
)

// A Report is a dose as one organisation reports it.
type Report struct {
	ID         string // the event's id
	Day        int32  // day it was given, as a day number
	CVX        int16  // 0 when not known
	Trade      string // trade name
	Lot        string
	Org        string // who reports it
	Historical bool   // told to the organisation, not given by it
	Entered    int64  // the reporter's own time, for ties: later wins

	groups groupSet
}

// A Dose is one real dose: its reports, as positions in the list that was given, the chosen one first.
type Dose struct {
	Reports []int
	Reasons []string // of each report: why it was chosen, or why it is the same dose
	Clash   bool     // a pair inside is neither surely the same nor surely different: for a person to see
}

const (
	window       = 24 // days: the shortest interval between doses, 28, less the grace of four
	dailyWindow  = 1  // for series given days apart, such as rabies after exposure
	sureSame     = 0.6
	sureOther    = 0.4
	lowestScore  = 1
	highestScore = 295
)

type verdict int

const (
	different verdict = iota
	unclear
	same
)

// A joint is a pair that is surely one dose.
type joint struct {
	a, b   int
	score  float64
	reason string
}

// Resolve groups the reports of one person into real doses, ordered by day and id.
func Resolve(reports []Report) []Dose {
	order := make([]int, len(reports))
	for i := range reports {
		order[i] = i
		reports[i].groups = products().groups(reports[i].CVX)
	}
	slices.SortFunc(order, func(a, b int) int { return before(&reports[a], &reports[b]) })

	parts := make([][]int, len(order)) // by position in order
	part := make([]int, len(order))
	for i := range order {
		parts[i], part[i] = []int{i}, i
	}
	at := func(i int) *Report { return &reports[order[i]] }
	reasons := make([]string, len(order))
	clash := make([]bool, len(order))
	for _, j := range joints(order, at, clash) {
		a, b := part[j.a], part[j.b]
		if a == b || !fits(parts[a], parts[b], at) {
			continue
		}
		for _, i := range parts[b] {
			part[i] = a
		}
		parts[a], parts[b] = append(parts[a], parts[b]...), nil
		for _, i := range []int{j.a, j.b} {
			if reasons[i] == "" {
				reasons[i] = j.reason
			}
		}
	}
	var doses []Dose
	for _, members := range parts {
		if members == nil {
			continue
		}
		slices.SortFunc(members, func(a, b int) int { return choose(at(a), at(b)) })
		d := Dose{}
		for k, i := range members {
			reason := reasons[i]
			if k == 0 {
				reason = "chosen"
			}
			d.Reports, d.Reasons = append(d.Reports, order[i]), append(d.Reasons, reason)
			d.Clash = d.Clash || clash[i]
		}
		doses = append(doses, d)
	}
	slices.SortFunc(doses, func(a, b Dose) int { return before(&reports[a.Reports[0]], &reports[b.Reports[0]]) })
	return doses
}

func before(a, b *Report) int {
	return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.ID, b.ID))
}

// joints lists the pairs that are surely one dose, the surest first, and marks reports of pairs
// that are neither surely one nor surely two.
func joints(order []int, at func(int) *Report, clash []bool) []joint {
	var list []joint
	for i := range order {
		for k := i + 1; k < len(order) && at(k).Day-at(i).Day < window; k++ {
			a, b := at(i), at(k)
			if outright(a, b) {
				list = append(list, joint{i, k, 2, "same day, product and organisation"})
				continue
			}
			if !candidates(a, b) {
				continue
			}
			v, score, reason := judge(a, b)
			switch v {
			case same:
				list = append(list, joint{i, k, score, reason})
			case unclear:
				clash[i], clash[k] = true, true
			}
		}
	}
	slices.SortStableFunc(list, func(x, y joint) int {
		return cmp.Or(cmp.Compare(y.score, x.score), cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b))
	})
	return list
}

// outright is the first selection rule: one organisation says the same thing twice. Two lots are two doses.
func outright(a, b *Report) bool {
	return a.Day == b.Day && a.CVX == b.CVX && a.CVX != 0 && a.Org == b.Org && (a.Lot == b.Lot || a.Lot == "" || b.Lot == "")
}

// candidates is the second: a shared vaccine group and fewer than 24 days apart.
func candidates(a, b *Report) bool {
	shared := a.groups & b.groups
	if shared == 0 {
		return a.CVX == b.CVX && a.CVX != 0 && a.Day == b.Day
	}
	limit := int32(window)
	if shared&^products().set("rabies") == 0 {
		limit = dailyWindow
	}
	return b.Day-a.Day < limit
}

// fits checks the whole group before two parts become one: every pair inside the window and not
// surely different, and one report that covers what all of them protect against, so that no
// component is lost with a report that is not chosen.
func fits(x, y []int, at func(int) *Report) bool {
	var union groupSet
	for _, list := range [][]int{x, y} {
		for _, i := range list {
			union |= at(i).groups
		}
	}
	covered := false
	for _, list := range [][]int{x, y} {
		for _, i := range list {
			covered = covered || at(i).groups == union
		}
	}
	if !covered {
		return false
	}
	for _, i := range x {
		for _, k := range y {
			a, b := at(min(i, k)), at(max(i, k))
			if b.Day-a.Day >= window {
				return false
			}
			if outright(a, b) || a.groups&b.groups == 0 {
				continue
			}
			if v, _, _ := judge(a, b); v == different {
				return false
			}
		}
	}
	return true
}

// choose orders the reports of one dose, the one that stands for it first: what covers most, then
// administered, specific, with a lot, a combination; then the later entry, then the smallest id.
func choose(a, b *Report) int {
	wider := 0
	switch {
	case a.groups == b.groups:
	case a.groups&b.groups == b.groups:
		wider = -1
	case a.groups&b.groups == a.groups:
		wider = 1
	}
	return cmp.Or(wider, cmp.Compare(worth(b), worth(a)), cmp.Compare(b.Entered, a.Entered), cmp.Compare(a.ID, b.ID))
}

// worth is the winner's score in use at several registries.
func worth(r *Report) int {
	n := 0
	if !r.Historical {
		n++
	}
	if p, known := products().products[r.CVX]; known && !p.unspecified {
		n += 2
	}
	if r.Lot != "" {
		n += 3
	}
	if products().combination(r.groups) {
		n++
	}
	return n
}
