package dedupe

import "strings"

// An agreement compares one variable of two doses.
type agreement int

const (
	absent agreement = iota
	agrees
	differs
)

// pair is what the rules look at: two doses of one person.
type pair struct {
	days                int // between the dates
	product, trade, lot agreement
	organisation        agreement
	source              source
}

// source reports whether the senders gave the doses themselves.
type source int

const (
	bothAdministered source = iota
	bothHistorical
	oneOfEach
	sourceMissing // of one or both
)

// votes counts the deterministic rules that vote for one event, and those that vote for two.
func (p pair) votes() (same, different int) {
	vote := func(when bool, n *int) {
		if when {
			*n++
		}
	}
	vote(p.lot == differs, &different)
	vote(p.days == 0, &same)
	vote(p.source == bothAdministered && p.organisation == differs, &different)
	vote(p.source == oneOfEach, &same)
	vote(p.lot == differs && p.product == agrees && p.trade == agrees && p.organisation == agrees, &same)
	vote(p.lot == absent && p.days == 0 && p.product == differs && p.trade == absent && p.organisation == differs,
		&same)
	vote(p.lot == differs && p.days == 0 && p.organisation == agrees, &different)
	return same, different
}

// score is the weighted score, 1 to 295.
func (p pair) score() int {
	s := [...]int{15, 50, 5}[p.product] + [...]int{20, 35, -5}[p.trade] + [...]int{25, 45, -25}[p.lot]
	s += [...]int{15, 25, 10}[p.organisation]
	s += [...]int{-7, 15, 60, 15}[p.source]
	return s + [...]int{80, 65, 50, 43, 38, 30, 23}[min(p.days, 6)]
}

// balanced is the score from 0 to 1.
func balanced(score int) float64 { return float64(score-1) / 294 }

// verdict is what the rules make of a pair.
type verdict int

const (
	sameDose verdict = iota
	unsureDose
	differentDose
)

// verdict takes both methods: where one is unsure the other decides, and where they clash nobody does.
func (p pair) verdict() verdict {
	same, different := p.votes()
	vote := unsureDose
	switch {
	case same > different:
		vote = sameDose
	case different > same:
		vote = differentDose
	}
	weighed := unsureDose
	switch b := balanced(p.score()); {
	case b > 0.6:
		weighed = sameDose
	case b < 0.4:
		weighed = differentDose
	}
	switch {
	case vote == weighed || weighed == unsureDose:
		return vote
	case vote == unsureDose:
		return weighed
	}
	return unsureDose
}

func compareText(a, b string) agreement {
	switch {
	case a == "" || b == "":
		return absent
	case strings.EqualFold(a, b):
		return agrees
	}
	return differs
}

// pairOf compares two doses.
func pairOf(a, b *Row) pair {
	p := pair{days: int(b.AdministeredOn - a.AdministeredOn), trade: compareText(a.TradeName, b.TradeName),
		lot: compareText(a.Lot, b.Lot), organisation: compareText(a.Sender, b.Sender)}
	if p.days < 0 {
		p.days = -p.days
	}
	switch {
	case a.CVX == 0 || b.CVX == 0:
	case a.CVX == b.CVX:
		p.product = agrees
	default:
		p.product = differs
	}
	switch {
	case a.Historical != b.Historical:
		p.source = oneOfEach
	case a.Historical:
		p.source = bothHistorical
	}
	return p
}

// windowDays is how many days apart two doses of a group are surely two: the shortest interval of 28
// days less the four-day grace.
const windowDays = 24

// window is the number of days within which two doses that share the groups may be one.
func window(shared []string) int {
	w := 0
	for _, g := range shared {
		if dailySeries[g] {
			w = max(w, 1)
		} else {
			w = windowDays
		}
	}
	return w
}

// outright reports whether two doses are one event without further question. Where no CVX was found, all that was sent
// of the product must agree.
func outright(a, b *Row) bool {
	if a.AdministeredOn != b.AdministeredOn || a.Sender != b.Sender || a.CVX != b.CVX {
		return false
	}
	return a.CVX != 0 || a.RawCode == b.RawCode && a.MVX == b.MVX &&
		strings.EqualFold(a.TradeName, b.TradeName) && strings.EqualFold(a.Lot, b.Lot)
}

// estimated reports whether two reports that lie beyond the window may be one after all: a dose reported from
// memory is dated to the first or the middle of the month in which it was given.
func estimated(a, b *Row) bool {
	recalled, given := a, b
	if !recalled.Historical {
		recalled, given = b, a
	}
	if !recalled.Historical || given.Historical {
		return false
	}
	return remembered(recalled, given)
}

// sameVisit, in days, is how far apart two reports of one product are surely of one dose, where one of them is a copy or a
// bill: no series has two doses of a product so close together, and the same child is not given one twice in a week.
const sameVisit = 6

// reportedTwice decides where the rules are unsure of two reports of one product, of which not both senders gave a dose,
// and whose lots do not differ: they are one dose if they are a few days apart, or if the one is dated, as from memory, to
// the first or the middle of the month in which another gave it or billed it.
func reportedTwice(a, b *Row, p pair) bool {
	if p.product != agrees || p.lot == differs || p.source == bothAdministered {
		return false
	}
	return p.days <= sameVisit || remembered(a, b) || remembered(b, a)
}

// remembered reports whether a copy is dated to the first or the middle of the month of a day that a giver or a bill has.
func remembered(recalled, known *Row) bool {
	if !recalled.Historical || recalled.Claimed || known.Historical && !known.Claimed {
		return false
	}
	y, m, day := recalled.AdministeredOn.YMD()
	ky, km, _ := known.AdministeredOn.YMD()
	return (day == 1 || day == 15) && y == ky && m == km
}
