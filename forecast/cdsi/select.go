package cdsi

// Choosing among the series of an antigen (spec 8). Every step works inside one series group; what a group yields
// is its prioritised series. Only choose, at the end, looks across groups.

// choose sets w.prior to the prioritised series of each series group and w.best to the antigen's best series (spec
// 8.8), as indexes into w.states.
func (w *Worker) choose(a *antigen) {
	w.prior, w.best = w.prior[:0], w.best[:0]
	i := 0
	for _, g := range a.byGroup {
		from := i
		for i < len(w.states) && w.states[i].def.number == g.number {
			i++
		}
		if from == i {
			continue
		}
		if p := w.prioritise(from, i); p >= 0 {
			w.states[p].way = w.way
			w.prior = append(w.prior, p)
		}
	}
	for _, p := range w.prior {
		st := &w.states[p]
		if st.status == Complete || !w.stoodIn(st) && st.def.kind != EvaluationOnly {
			w.best = append(w.best, p)
		}
	}
}

// stoodIn reports whether a series group that is equivalent for st makes st superfluous. Equivalence runs one way and
// belongs to the series, not to its group.
func (w *Worker) stoodIn(st *seriesState) bool {
	for _, q := range w.prior {
		other := &w.states[q]
		for _, g := range st.def.equivalent {
			if other.def.number == g && other != st && (other.status == Complete ||
				st.def.kind == Standard && other.def.kind == Risk) {
				return true
			}
		}
	}
	return false
}

// prioritise returns the prioritised series among w.states[from:to], all of one series group, or -1.
func (w *Worker) prioritise(from, to int) int {
	cand := w.cand[:0]
	bestPriority := byte(255)
	for i := from; i < to; i++ {
		st := &w.states[i]
		if st.def.kind == Risk {
			bestPriority = min(bestPriority, st.def.priority)
		} else if st.valid == 0 && st.def.start.Begin.Given && !w.reached(w.age(st.def.start.Begin)) {
			// No rule of the text uses the minimum age to start, yet the published cases need it: too
			// young for a series that was not begun, the patient has no part in it.
			continue
		}
		cand = append(cand, i)
	}
	// The default is looked for before contraindicated series are dropped: one that is contraindicated is the answer for
	// somebody who has begun nothing, rather than a series that is meant for others (SELECTB-7, SELECTSCORE-2).
	defaultSeries, defaults := -1, 0
	for _, i := range cand {
		if w.states[i].def.isDefault {
			defaultSeries = i
			defaults++
		}
	}
	if defaults != 1 {
		defaultSeries = -1
	}
	cand = w.dropContraindicated(cand)
	w.cand = cand
	anyValid := false
	for _, i := range cand {
		anyValid = anyValid || w.states[i].valid > 0
	}
	scorable := w.scorable[:0]
	for _, i := range cand {
		st := &w.states[i]
		ok := false
		switch st.def.kind {
		case Risk:
			ok = st.def.priority == bestPriority
		case Standard:
			if st.valid > 0 {
				ok = !st.def.start.End.Given || st.firstValid < w.age(st.def.start.End)
			} else {
				ok = !anyValid && defaults == 0
			}
		case EvaluationOnly:
			ok = st.status == Complete
		}
		if ok {
			scorable = append(scorable, i)
		}
	}
	w.scorable = scorable
	return w.pick(scorable, defaultSeries)
}

func (w *Worker) dropContraindicated(cand []int) []int {
	kept := 0
	for _, i := range cand {
		if w.states[i].status != Contraindicated {
			kept++
		}
	}
	if kept == 0 || kept == len(cand) {
		return cand
	}
	out := cand[:0]
	for _, i := range cand {
		if w.states[i].status != Contraindicated {
			out = append(out, i)
		}
	}
	return out
}

// pick decides without scoring where it can (spec 8.4), else scores the one class of series that matters (spec 8.5).
func (w *Worker) pick(scorable []int, defaultSeries int) int {
	complete, process, begun := 0, 0, 0
	var oneComplete, oneProcess int
	for _, i := range scorable {
		switch st := &w.states[i]; {
		case st.status == Complete:
			complete++
			oneComplete = i
		case st.inProcess():
			process++
			oneProcess = i
		case st.valid > 0:
			begun++
		}
	}
	switch {
	case len(scorable) == 0:
		w.way = ByDefault
		return defaultSeries
	case len(scorable) == 1:
		w.way = OnlyCandidate
		return scorable[0]
	case complete == 1:
		w.way = OnlyComplete
		return oneComplete
	case complete == 0 && process == 1:
		w.way = OnlyInProcess
		return oneProcess
	case complete == 0 && process == 0 && defaultSeries >= 0:
		w.way = ByDefault
		return defaultSeries
	case complete > 1:
		return w.highest(scorable, classComplete)
	case process > 1:
		return w.highest(scorable, classInProcess)
	case begun > 0:
		// The text leaves a gap here. A series that counts what was given says more about the patient than one that
		// does not; case 2016-UC-0189 is right only so.
		return w.highest(scorable, classBegun)
	}
	return w.highest(scorable, classNoDose)
}

// Way is how a series became the prioritised one of its group.
type Way uint8

// The ways. A series that lost by points carries ByScore too; one that did not compete is NotChosen.
const (
	NotChosen Way = iota
	OnlyCandidate
	OnlyComplete
	OnlyInProcess
	ByDefault
	ByScore
)

// String returns the way in words.
func (w Way) String() string {
	return [...]string{"not chosen", "the only candidate", "the only complete one", "the only one begun", "the default",
		"by points"}[w]
}

func (st *seriesState) inProcess() bool { return st.status == NotComplete && st.valid > 0 }

type class uint8

const (
	classComplete class = iota
	classInProcess
	classBegun
	classNoDose
)

func (c class) holds(st *seriesState) bool {
	switch c {
	case classComplete:
		return st.status == Complete
	case classInProcess:
		return st.inProcess()
	case classBegun:
		return st.valid > 0
	}
	return st.valid == 0
}

// highest scores the series of a class and returns the winner: ties go to the preferred series, then to the
// first in the data.
func (w *Worker) highest(scorable []int, c class) int {
	in := w.inClass[:0]
	for _, i := range scorable {
		if c.holds(&w.states[i]) {
			in = append(in, i)
		}
	}
	w.inClass = in
	w.score = append(w.score[:0], make([]int, len(in))...)
	switch c {
	case classComplete:
		w.award(1, 0, -1, func(st *seriesState) int { return st.valid })
	case classInProcess:
		w.awardIf(2, -2, w.cleanProduct)
		w.awardIf(3, -3, w.completable)
		w.award(2, 0, -2, func(st *seriesState) int { return st.valid })
		w.award(2, 0, -2, func(st *seriesState) int { return st.t - len(st.def.doses) })
		w.award(1, 0, -1, func(st *seriesState) int {
			if !w.completable(st) {
				return never
			}
			return -int(w.finish(st))
		})
	default:
		w.award(1, 0, -1, func(st *seriesState) int {
			if st.status != NotComplete || st.earliest == NoDay {
				return never
			}
			return -int(st.earliest)
		})
		w.awardIf(1, -1, w.completable)
		w.awardIf(-1, 1, func(st *seriesState) bool { return st.def.productPath })
	}
	w.way = ByScore
	win := 0
	for k, i := range in {
		w.states[i].way, w.states[i].points = ByScore, w.score[k]
	}
	for k := 1; k < len(in); k++ {
		a, b := w.states[in[k]].def, w.states[in[win]].def
		switch {
		case w.score[k] != w.score[win]:
			if w.score[k] > w.score[win] {
				win = k
			}
		case a.preference != b.preference:
			if a.preference < b.preference {
				win = k
			}
		case a.order < b.order:
			win = k
		}
	}
	return in[win]
}

const never = -1 << 62

// award gives points for having more of something than all others: only for the one with most, tied for the several,
// not for the rest.
func (w *Worker) award(only, tied, not int, of func(*seriesState) int) {
	best, n := never, 0
	for _, i := range w.inClass {
		switch v := of(&w.states[i]); {
		case v > best:
			best, n = v, 1
		case v == best:
			n++
		}
	}
	for k, i := range w.inClass {
		switch v := of(&w.states[i]); {
		case v != best || v == never:
			w.score[k] += not
		case n == 1:
			w.score[k] += only
		default:
			w.score[k] += tied
		}
	}
}

// awardIf gives points for a property. The text prints "n/a" for several that have it; they all get the full value.
func (w *Worker) awardIf(yes, no int, has func(*seriesState) bool) {
	for k, i := range w.inClass {
		if has(&w.states[i]) {
			w.score[k] += yes
		} else {
			w.score[k] += no
		}
	}
}

func (w *Worker) cleanProduct(st *seriesState) bool {
	if !st.def.productPath {
		return false
	}
	for r := range st.evals {
		if st.evals[r].status != Valid {
			return false
		}
	}
	return true
}

// finish returns the day a series with an earliest date could be finished: the earliest date of the dose forecast plus the largest minimum
// interval of the doses after it. The forecast dose's own interval is in its earliest date already.
func (w *Worker) finish(st *seriesState) Day {
	day, end := st.earliest, st.earliest
	for t := st.t + 1; t < len(st.def.doses); t++ {
		td := &st.def.doses[t]
		for i := range td.intervals {
			if iv := &td.intervals[i]; iv.Min.Given && w.includesNow(iv.Valid) {
				end = max(end, day.Add(iv.Min))
			}
		}
	}
	return end
}

// completable reports whether the series could be finished before the maximum age of its last dose. One whose next dose
// has no lower bound has no day of finishing, as it has none of starting; case 2016-UC-0114 is right only so.
func (w *Worker) completable(st *seriesState) bool {
	if st.earliest == NoDay {
		return false
	}
	row := w.ageRowNow(&st.def.doses[len(st.def.doses)-1])
	if row == nil || !row.Max.Given {
		return true
	}
	return w.finish(st) < w.age(row.Max)
}
