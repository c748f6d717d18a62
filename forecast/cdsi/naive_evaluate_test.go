package cdsi_test

import (
	"slices"

	"miic/forecast/cdsi"
)

// evaluate is the walk of section 5.
func (n *naive) evaluate(st *nSeries) {
	st.recs = slices.Clone(n.recs)
	for r := range st.recs {
		date, sub := st.recs[r].date, st.recs[r].bad()
		for sub == 0 && st.next() != nil && n.skip(st, st.next().def, cdsi.InEvaluation, date, st.recs[:r]) {
			st.next().state = "skipped"
			st.at++
		}
		t := st.next()
		if t != nil && sub == 0 {
			n.choose(st, t.def, r)
		}
		if t == nil {
			st.evals = append(st.evals, nEval{cdsi.Extraneous, cdsi.SeriesComplete, 0})
			continue
		}
		if sub != 0 {
			st.evals = append(st.evals, nEval{cdsi.SubStandard, sub, t.number})
			continue
		}
		ev := n.judge(st, t.def, r)
		ev.target = t.number
		st.evals = append(st.evals, ev)
		if ev.status == cdsi.Valid {
			t.state, t.givenOn = "satisfied", date
			if t.def.Recurring {
				st.targets = slices.Insert(st.targets, st.at+1, nTarget{number: t.number, def: t.def})
			}
			st.at++
		}
	}
}

// choose puts at place r the dose of that day that is to be judged next: a valid preferable one, else a valid one, else
// the first.
func (n *naive) choose(st *nSeries, d *cdsi.SeriesDose, r int) {
	today := slices.Clone(st.recs[r:])
	for k := range today {
		if !today[k].date.Equal(today[0].date) {
			today = today[:k]
			break
		}
	}
	var first *nDose
	for _, wantPreferable := range []bool{true, false} {
		for k := range today {
			st.recs[r] = today[k]
			if first == nil && today[k].bad() == 0 && n.judge(st, d, r).status == cdsi.Valid &&
				(!wantPreferable || n.preferable(d, today[k])) {
				first = &today[k]
			}
		}
	}
	if first == nil {
		first = &today[0]
	}
	rest := slices.DeleteFunc(slices.Clone(today), func(x nDose) bool { return x.index == first.index })
	copy(st.recs[r:], slices.Concat([]nDose{*first}, rest))
}

func (n *naive) preferable(d *cdsi.SeriesDose, x nDose) bool {
	return slices.ContainsFunc(d.Preferable, func(v cdsi.Vaccine) bool {
		return v.CVX == x.cvx && inAges(n.birth, v.Ages, x.date) && (v.MVX == "" || v.MVX == x.src.MVX) &&
			(v.TradeName == "" || v.TradeName == x.src.TradeName || v.MVX != "" && x.src.TradeName == "")
	})
}

func (n *naive) judge(st *nSeries, d *cdsi.SeriesDose, r int) nEval {
	x := st.recs[r]
	if slices.Contains(d.Inadvertent, x.cvx) {
		return nEval{cdsi.NotValid, cdsi.InadvertentVaccine, 0}
	}
	var why cdsi.ReasonSet
	for _, row := range d.Ages {
		if !inForce(row.Valid, x.date) {
			continue
		}
		lo, hi := nAdd(n.birth, row.AbsMin), nAdd(n.birth, row.Max)
		if !lo.IsZero() && x.date.Before(lo) {
			why |= cdsi.AgeTooYoung
		} else if !hi.IsZero() && !x.date.Before(hi) {
			why |= cdsi.AgeTooOld
		}
		break
	}
	fine := func(list []cdsi.Interval) bool {
		for _, iv := range list {
			if !inForce(iv.Valid, x.date) {
				continue
			}
			end := nAdd(n.reference(st, iv, st.recs[:r], x.date), iv.AbsMin)
			if !end.IsZero() && x.date.Before(end) {
				return false
			}
		}
		return true
	}
	if !fine(d.Intervals) && (len(d.Allowable) == 0 || !fine(d.Allowable)) {
		why |= cdsi.IntervalTooShort
	}
	if n.conflict(st, r) {
		why |= cdsi.VaccineConflict
	}
	ok := n.preferable(d, x)
	for _, v := range d.Allowed {
		if v.CVX == x.cvx && inAges(n.birth, v.Ages, x.date) {
			ok = true
		}
	}
	if !ok {
		why |= cdsi.WrongVaccine
	}
	switch {
	case why&cdsi.AgeTooOld != 0:
		return nEval{cdsi.Extraneous, why, 0}
	case why != 0:
		return nEval{cdsi.NotValid, why, 0}
	}
	return nEval{cdsi.Valid, 0, 0}
}

// reference: where an interval starts. before are the antigen's doses that the series has judged, on is the day of the
// dose in hand, no day when forecasting.
func (n *naive) reference(st *nSeries, iv cdsi.Interval, before []nDose, on nDate) nDate {
	if iv.FromPrevious {
		for r := len(before) - 1; r >= 0; r-- {
			ev := st.evals[r]
			if ev.reasons&cdsi.InadvertentVaccine == 0 && (ev.status == cdsi.Valid || ev.status == cdsi.NotValid) {
				return before[r].date
			}
		}
		return nDate{}
	}
	if iv.FromTarget > 0 {
		var last nDate
		for _, t := range st.targets {
			if t.number == iv.FromTarget && t.state == "satisfied" {
				last = t.givenOn
			}
		}
		return last
	}
	if iv.FromObservation > 0 {
		var last nDate
		for _, o := range n.p.Observations {
			if o.Code == iv.FromObservation {
				last = latest(last, nDay(o.Date))
			}
		}
		return last
	}
	var last nDate
	for _, d := range n.all {
		inadvertent, judged := false, false
		for r := range before {
			if before[r].index == d.index {
				inadvertent, judged = st.evals[r].reasons&cdsi.InadvertentVaccine != 0, true
			}
		}
		if !on.IsZero() && !d.date.Before(on) && !judged {
			continue
		}
		if slices.Contains(iv.FromRecent, d.cvx) && !inadvertent {
			last = latest(last, d.date)
		}
	}
	return last
}

func (n *naive) conflict(st *nSeries, r int) bool {
	x := st.recs[r]
	for _, prev := range n.all {
		if !prev.date.Before(x.date) {
			break
		}
		for _, c := range n.rules {
			if c.Previous != prev.cvx || c.Current != x.cvx {
				continue
			}
			end := c.MinEnd
			for k := 0; k < r; k++ {
				if st.recs[k].index == prev.index && st.evals[k].status != cdsi.Valid {
					end = c.End
				}
			}
			if !x.date.Before(nAdd(prev.date, c.Begin)) && x.date.Before(nAdd(prev.date, end)) {
				return true
			}
		}
	}
	return false
}

func (n *naive) skip(st *nSeries, d *cdsi.SeriesDose, in cdsi.Context, ref nDate, before []nDose) bool {
	for _, block := range d.Skips {
		if block.Context != in && block.Context != cdsi.Both {
			continue
		}
		sets := 0
		for _, set := range block.Sets {
			met := 0
			for i := range set.Conditions {
				if n.condition(st, &set.Conditions[i], ref, before) {
					met++
				}
			}
			if inForce(set.Valid, ref) && (met == len(set.Conditions) || !set.All && met > 0) {
				sets++
			}
		}
		if sets == len(block.Sets) || !block.All && sets > 0 {
			return true
		}
	}
	return false
}

func (n *naive) condition(st *nSeries, c *cdsi.Condition, ref nDate, before []nDose) bool {
	switch c.Type {
	case cdsi.ByAge:
		return inAges(n.birth, c.Ages, ref)
	case cdsi.CompletedSeries:
		return slices.ContainsFunc(n.series, func(o *nSeries) bool {
			return o.status == cdsi.Complete && slices.Contains(c.Groups, o.def.Group)
		})
	case cdsi.ByInterval:
		return len(before) > 0 && !ref.Before(nAdd(before[len(before)-1].date, c.Interval))
	}
	count := 0
	for r, d := range before {
		if c.ValidOnly && st.evals[r].status != cdsi.Valid {
			continue
		}
		if len(c.CVX) > 0 && !slices.Contains(c.CVX, d.cvx) {
			continue
		}
		if c.Start != cdsi.NoDay && d.date.Before(nDay(c.Start)) || c.End != cdsi.NoDay && !d.date.Before(nDay(c.End)) {
			continue
		}
		if inAges(n.birth, c.Ages, d.date) {
			count++
		}
	}
	return map[cdsi.Comparison]bool{cdsi.GreaterThan: count > c.Count, cdsi.EqualTo: count == c.Count,
		cdsi.LessThan: count < c.Count}[c.Comparison]
}
