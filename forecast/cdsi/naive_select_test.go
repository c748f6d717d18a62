package cdsi_test

import (
	"slices"

	"miic/forecast/cdsi"
)

func inProcess(st *nSeries) bool { return st.status == cdsi.NotComplete && st.satisfied() > 0 }
func complete(st *nSeries) bool  { return st.status == cdsi.Complete }
func noDose(st *nSeries) bool    { return st.satisfied() == 0 }

func filter(list []*nSeries, keep func(*nSeries) bool) []*nSeries {
	var out []*nSeries
	for _, st := range list {
		if keep(st) {
			out = append(out, st)
		}
	}
	return out
}

func (n *naive) prioritised(group []*nSeries) *nSeries {
	best := byte('Z' + 1)
	for _, st := range group {
		if st.def.Type == cdsi.Risk && st.def.Priority < best {
			best = st.def.Priority
		}
	}
	cand := filter(group, func(st *nSeries) bool {
		start := nAdd(n.birth, st.def.Start.Begin)
		return st.def.Type == cdsi.Risk || st.satisfied() > 0 || start.IsZero() || !n.asOf.Before(start)
	})
	defaults := filter(cand, func(st *nSeries) bool { return st.def.Default })
	if rest := filter(cand, func(st *nSeries) bool { return st.status != cdsi.Contraindicated }); len(rest) > 0 {
		cand = rest
	}
	begun := filter(cand, func(st *nSeries) bool { return st.satisfied() > 0 })
	scorable := filter(cand, func(st *nSeries) bool {
		switch st.def.Type {
		case cdsi.Risk:
			return st.def.Priority == best
		case cdsi.EvaluationOnly:
			return complete(st)
		}
		if st.satisfied() == 0 {
			return len(begun) == 0 && len(defaults) == 0
		}
		var first nDate
		for _, t := range st.targets {
			if t.state == "satisfied" {
				first = earliest(first, t.givenOn)
			}
		}
		end := nAdd(n.birth, st.def.Start.End)
		return end.IsZero() || first.Before(end)
	})
	done, under, none := filter(scorable, complete), filter(scorable, inProcess), filter(scorable, noDose)
	switch {
	case len(scorable) == 0 && len(defaults) == 1:
		return defaults[0]
	case len(scorable) == 0:
		return nil
	case len(scorable) == 1:
		return scorable[0]
	case len(done) == 1:
		return done[0]
	case len(done) == 0 && len(under) == 1:
		return under[0]
	case len(done) == 0 && len(under) == 0 && len(defaults) == 1:
		return defaults[0]
	}
	points := map[*nSeries]int{}
	if len(done) > 1 {
		most(points, done, 1, 0, -1, func(st *nSeries) (int, bool) { return st.satisfied(), true })
		return winner(points, done)
	}
	if len(under) > 1 {
		for _, st := range under {
			clean := st.def.ProductPath
			for _, ev := range st.evals {
				clean = clean && ev.status == cdsi.Valid
			}
			points[st] += pick(clean, 2, -2) + pick(n.completable(st), 3, -3)
		}
		most(points, under, 2, 0, -2, func(st *nSeries) (int, bool) { return st.satisfied(), true })
		most(points, under, 2, 0, -2, func(st *nSeries) (int, bool) { return -(len(st.targets) - st.at), true })
		most(points, under, 1, 0, -1, func(st *nSeries) (int, bool) { return -int(back(n.finish(st))), n.completable(st) })
		return winner(points, under)
	}
	if with := filter(scorable, func(st *nSeries) bool { return !noDose(st) }); len(with) > 0 {
		none = with
	}
	most(points, none, 1, 0, -1, func(st *nSeries) (int, bool) {
		return -int(back(st.earliest)), st.status == cdsi.NotComplete && !st.earliest.IsZero()
	})
	for _, st := range none {
		points[st] += pick(n.completable(st), 1, -1) + pick(st.def.ProductPath, -1, 1)
	}
	return winner(points, none)
}

func pick(b bool, yes, no int) int {
	if b {
		return yes
	}
	return no
}

// most gives points by who has most, among those that take part at all.
func most(points map[*nSeries]int, list []*nSeries, only, tied, not int, of func(*nSeries) (int, bool)) {
	var in []int
	for _, st := range list {
		if v, ok := of(st); ok {
			in = append(in, v)
		}
	}
	for _, st := range list {
		v, ok := of(st)
		switch {
		case !ok || v != slices.Max(in):
			points[st] += not
		case len(in)-len(slices.DeleteFunc(slices.Clone(in), func(x int) bool { return x == v })) > 1:
			points[st] += tied
		default:
			points[st] += only
		}
	}
}

func winner(points map[*nSeries]int, list []*nSeries) *nSeries {
	preference := func(st *nSeries) int {
		if st.def.Preference == 0 {
			return 1 << 20
		}
		return st.def.Preference
	}
	return slices.MinFunc(list, func(a, b *nSeries) int {
		if d := points[b] - points[a]; d != 0 {
			return d
		}
		if d := preference(a) - preference(b); d != 0 {
			return d
		}
		return a.order - b.order
	})
}

func (n *naive) finish(st *nSeries) nDate {
	end := st.earliest
	for k := st.at + 1; k < len(st.targets); k++ {
		t := st.targets[k]
		for _, iv := range t.def.Intervals {
			if inForce(iv.Valid, n.asOf) {
				end = latest(end, nAdd(st.earliest, iv.Min))
			}
		}
	}
	return end
}

func (n *naive) completable(st *nSeries) bool {
	max := nAdd(n.birth, n.row(st.targets[len(st.targets)-1].def).Max)
	return !st.earliest.IsZero() && (max.IsZero() || n.finish(st).Before(max))
}
