package doses

// judge takes the majority of the guide's deterministic rules and the weighted score together. They
// must not contradict each other: what one calls the same and the other different, or what both
// leave open, stays two doses and is marked for a person.
func judge(a, b *Report) (verdict, float64, string) {
	score := normalised(weigh(a, b, kinds(a, b)))
	votes := vote(a, b)
	switch {
	case votes > 0 && score >= sureOther || votes == 0 && score > sureSame:
		return same, score, "same dose by date, product and source"
	case votes < 0 && score <= sureSame || votes == 0 && score < sureOther:
		return different, score, ""
	}
	return unclear, score, ""
}

// vote counts the guide's deterministic rules: positive for one dose, negative for two.
func vote(a, b *Report) int {
	n := 0
	say := func(applies bool, v int) {
		if applies {
			n += v
		}
	}
	sameDay, sameOrg := a.Day == b.Day, a.Org == b.Org && a.Org != ""
	lotsDiffer := a.Lot != "" && b.Lot != "" && a.Lot != b.Lot
	say(lotsDiffer, -1)
	say(sameDay, +1)
	say(!a.Historical && !b.Historical && !sameOrg, -1)
	say(a.Historical != b.Historical, +1)
	say(lotsDiffer && a.CVX == b.CVX && a.CVX != 0 && a.Trade == b.Trade && a.Trade != "" && sameOrg, +1)
	say((a.Lot == "") != (b.Lot == "") && sameDay && a.CVX != b.CVX && a.Trade == "" && b.Trade == "" && !sameOrg, +1)
	say(lotsDiffer && sameDay && sameOrg, -1)
	return n
}

// sourceKind is what is known of who says so: a dose given, a dose told, or not known.
type sourceKind int

const (
	unknownSource sourceKind = iota
	administered
	historical
)

func kinds(a, b *Report) [2]sourceKind {
	kind := func(r *Report) sourceKind {
		if r.Historical {
			return historical
		}
		return administered
	}
	return [2]sourceKind{kind(a), kind(b)}
}

// weigh is the weighted score of the guide's worked example, from 1 to 295.
func weigh(a, b *Report, k [2]sourceKind) int {
	n := compare(a.CVX != 0 && b.CVX != 0, a.CVX == b.CVX, 50, 15, 5)
	n += compare(a.Trade != "" && b.Trade != "", a.Trade == b.Trade, 35, 20, -5)
	n += compare(a.Lot != "" && b.Lot != "", a.Lot == b.Lot, 45, 25, -25)
	n += compare(a.Org != "" && b.Org != "", a.Org == b.Org, 25, 15, 10)
	switch {
	case k[0] == unknownSource || k[1] == unknownSource, k[0] == historical && k[1] == historical:
		n += 15
	case k[0] == administered && k[1] == administered:
		n -= 7
	default:
		n += 60
	}
	byDays := [...]int{80, 65, 50, 43, 38, 30}
	days := b.Day - a.Day
	if days < 0 {
		days = -days
	}
	if int(days) < len(byDays) {
		return n + byDays[days]
	}
	return n + 23
}

func compare(both, equal bool, agree, absent, disagree int) int {
	switch {
	case !both:
		return absent
	case equal:
		return agree
	}
	return disagree
}

func normalised(score int) float64 {
	return float64(score-lowestScore) / (highestScore - lowestScore)
}
