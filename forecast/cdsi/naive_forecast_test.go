package cdsi_test

import (
	"slices"

	"miic/forecast/cdsi"
)

// plan is section 6 of the reading the engine follows.
func (n *naive) plan(st *nSeries, immune, contra bool, forbidden map[int16]bool) {
	for {
		for st.next() != nil && n.skip(st, st.next().def, cdsi.InForecast, n.asOf, st.recs) {
			st.next().state = "skipped"
			st.at++
		}
		n.need(st, immune, contra, forbidden)
		if st.status != cdsi.NotComplete || st.earliest.IsZero() ||
			!n.skip(st, st.next().def, cdsi.InForecast, st.earliest, st.recs) {
			return
		}
		st.next().state = "skipped"
		st.at++
	}
}

func (n *naive) row(d *cdsi.SeriesDose) cdsi.AgeRow {
	for _, r := range d.Ages {
		if inForce(r.Valid, n.asOf) {
			return r
		}
	}
	return cdsi.AgeRow{}
}

func (n *naive) need(st *nSeries, immune, contra bool, forbidden map[int16]bool) {
	st.earliest, st.rec, st.past, st.last = nDate{}, nDate{}, nDate{}, nDate{}
	if immune {
		st.status = cdsi.Immune
		return
	}
	if contra {
		st.status = cdsi.Contraindicated
		return
	}
	t := st.next()
	if t == nil {
		st.status = cdsi.NotRecommended
		if st.satisfied() > 0 {
			st.status = cdsi.Complete
		}
		return
	}
	listed, left := 0, 0
	for _, v := range slices.Concat(t.def.Preferable, t.def.Allowed) {
		listed++
		if !forbidden[v.CVX] {
			left++
		}
	}
	if listed > 0 && left == 0 {
		st.status = cdsi.Contraindicated
		return
	}
	row := n.row(t.def)
	bounds := []nDate{nAdd(n.birth, row.Min), nDay(t.def.Season.From)}
	var recInt, pastInt nDate
	applicable, withPriority := 0, 0
	for _, iv := range t.def.Intervals {
		if !inForce(iv.Valid, n.asOf) {
			continue
		}
		applicable++
		if iv.Priority {
			withPriority++
		}
		ref := n.reference(st, iv, st.recs, nDate{})
		bounds = append(bounds, nAdd(ref, iv.Min))
		recInt = latest(recInt, nAdd(ref, iv.EarliestRec))
		pastInt = latest(pastInt, nAdd(ref, iv.LatestRec))
	}
	for _, d := range n.all {
		for _, c := range n.rules {
			if c.Previous == d.cvx && slices.ContainsFunc(t.def.Preferable,
				func(v cdsi.Vaccine) bool { return v.CVX == c.Current }) {
				bounds = append(bounds, nAdd(d.date, c.End))
			}
		}
	}
	for r, d := range st.recs {
		if st.evals[r].reasons&cdsi.InadvertentVaccine != 0 || r == len(st.recs)-1 {
			bounds = append(bounds, d.date)
		}
	}
	st.earliest = latest(bounds...)
	max := nAdd(n.birth, row.Max)
	switch {
	case t.def.Season.Until != cdsi.NoDay && nDay(t.def.Season.Until).Before(n.asOf):
		st.status = cdsi.NotRecommended
		return
	case !max.IsZero() && !n.asOf.Before(max), !max.IsZero() && !st.earliest.IsZero() && !st.earliest.Before(max):
		st.status = cdsi.AgedOut
		return
	}
	st.status = cdsi.NotComplete
	st.priority = applicable > 0 && withPriority == applicable
	minusOne := func(d nDate) nDate {
		if d.IsZero() {
			return d
		}
		return d.AddDate(0, 0, -1)
	}
	st.last = minusOne(max)
	st.rec = st.earliest
	if byAge := nAdd(n.birth, row.EarliestRec); !byAge.IsZero() {
		st.rec = latest(st.earliest, byAge)
	} else if !recInt.IsZero() {
		st.rec = latest(st.earliest, recInt)
	}
	if byAge := minusOne(nAdd(n.birth, row.LatestRec)); !byAge.IsZero() {
		st.past = latest(st.earliest, byAge)
	} else if byInt := minusOne(pastInt); !byInt.IsZero() {
		st.past = latest(st.earliest, byInt)
	}
}

// products: flagged preferable vaccines that are not contraindicated and fit the earliest or the recommended date.
func (n *naive) products(antigen string, st *nSeries) []int16 {
	var out []int16
	forbidden := map[int16]bool{}
	for _, a := range n.s.Antigens {
		if a.Name == antigen {
			for _, v := range a.VaccineContra {
				if n.indicated(cdsi.Indication{Code: v.Code, Ages: v.Ages}) {
					forbidden[v.CVX] = true
				}
			}
		}
	}
	for _, v := range st.next().def.Preferable {
		if v.Forecast && !forbidden[v.CVX] && (inAges(n.birth, v.Ages, st.earliest) || inAges(n.birth, v.Ages, st.rec)) {
			out = append(out, v.CVX)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (n *naive) number(st *nSeries) int {
	k := 1
	for _, t := range st.targets {
		if t.state == "satisfied" && (t.def.Season.From == cdsi.NoDay || !t.givenOn.Before(nDay(t.def.Season.From))) {
			k++
		}
	}
	return k
}

func (n *naive) evaluations(a *cdsi.Antigen, best, prior []*nSeries) {
	shown := best
	if len(shown) == 0 {
		shown = prior
	}
	for _, d := range n.recs {
		ev := cdsi.DoseEvaluation{Dose: d.index, Antigen: a.Name}
		for _, g := range n.s.Groups {
			if slices.Contains(g.Antigens, a.Name) {
				ev.Group = g.Name
			}
		}
		for _, status := range []cdsi.Status{cdsi.SubStandard, cdsi.Extraneous, cdsi.NotValid, cdsi.Valid} {
			for i := len(shown) - 1; i >= 0; i-- {
				r := slices.IndexFunc(shown[i].recs, func(x nDose) bool { return x.index == d.index })
				if e := shown[i].evals[r]; e.status == status {
					ev.Status, ev.Reasons, ev.TargetDose, ev.Series = e.status, e.reasons, e.target, shown[i].def.Name
				}
			}
		}
		n.result.Evaluations = append(n.result.Evaluations, ev)
	}
}

func (n *naive) group(g cdsi.VaccineGroup, kind cdsi.Kind, members []nMember) cdsi.Forecast {
	f := cdsi.Forecast{Group: g.Name, Kind: kind, Series: members[0].st.def.Name,
		Earliest: cdsi.NoDay, Recommended: cdsi.NoDay, PastDue: cdsi.NoDay, Latest: cdsi.NoDay}
	has := func(s cdsi.Status) bool {
		return slices.ContainsFunc(members, func(m nMember) bool { return m.st.status == s })
	}
	allImmune := !slices.ContainsFunc(members, func(m nMember) bool { return m.st.status != cdsi.Immune })
	switch {
	case has(cdsi.Contraindicated):
		f.Status = cdsi.Contraindicated
	case has(cdsi.AgedOut):
		f.Status = cdsi.AgedOut
	case has(cdsi.NotRecommended):
		f.Status = cdsi.NotRecommended
	case has(cdsi.NotComplete):
		f.Status = cdsi.NotComplete
	case allImmune:
		f.Status = cdsi.Immune
	default:
		f.Status = cdsi.Complete
	}
	if f.Status != cdsi.NotComplete {
		return f
	}
	var firsts, recs, pasts, lasts []nDate
	var numbers []int
	var named [][]int16
	priority := false
	f.Series = ""
	for _, m := range members {
		if m.st.status != cdsi.NotComplete {
			continue
		}
		if f.Series == "" {
			f.Series = m.st.def.Name
		}
		f.Antigens = append(f.Antigens, m.antigen)
		firsts, recs, pasts, lasts = append(firsts, m.st.earliest), append(recs, m.st.rec), append(pasts, m.st.past),
			append(lasts, m.st.last)
		numbers = append(numbers, n.number(m.st))
		named = append(named, n.products(m.antigen, m.st))
		priority = priority || m.st.priority
	}
	first := latest(firsts...)
	if priority && len(g.Antigens) > 1 {
		var lastDose nDate
		for _, d := range n.all {
			for _, as := range n.s.Associations {
				if as.CVX == d.cvx && slices.Contains(g.Antigens, as.Antigen) && inAges(n.birth, as.Ages, d.date) {
					lastDose = latest(lastDose, d.date)
				}
			}
		}
		first = latest(earliest(firsts...), lastDose)
	}
	f.Earliest = back(first)
	if r := earliest(recs...); !r.IsZero() {
		f.Recommended = back(latest(first, r))
	}
	if r := earliest(pasts...); !r.IsZero() {
		f.PastDue = back(latest(first, r))
	}
	f.Latest = back(earliest(lasts...))
	f.DoseNumber = slices.Max(numbers)
	if g.Full {
		f.DoseNumber = slices.Min(numbers)
	}
	union := slices.Concat(named...)
	slices.Sort(union)
	union = slices.Compact(union)
	for _, c := range union {
		if !slices.ContainsFunc(named, func(list []int16) bool { return !slices.Contains(list, c) }) {
			f.Products = append(f.Products, c)
		}
	}
	if len(f.Products) == 0 {
		f.Products = union
	}
	return f
}
