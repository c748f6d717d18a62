package cdsi

// conflicted reports whether the record in hand was given too soon after a dose it conflicts with, of whatever
// antigen (spec 6.7). The shorter window serves when the earlier dose is Valid in this series, or is none of its doses.
func (w *Worker) conflicted(st *seriesState, r int) bool {
	_, until := w.conflict(st, r)
	return until != NoDay
}

// conflict returns the day of the dose that the record in hand conflicts with, and when it would conflict no longer;
// NoDay twice if with none.
func (w *Worker) conflict(st *seriesState, r int) (from, until Day) {
	g := &w.given[st.record[r]]
	if g.live < 0 {
		return NoDay, NoDay
	}
	for _, j := range w.live {
		prev := &w.given[j]
		if prev.date >= g.date {
			break // doses of one day are no earlier ones to each other
		}
		c := &w.e.conflicts[int(prev.live)*w.e.nLive+int(g.live)]
		if !c.end.Given || g.date < prev.date.Add(c.begin) || g.date >= prev.date.Add(c.end) {
			continue
		}
		end := c.minEnd
		for k := r - 1; k >= 0; k-- {
			if st.record[k] == j && st.evals[k].status != Valid {
				end = c.end
			}
		}
		if g.date < prev.date.Add(end) {
			return prev.date, prev.date.Add(end)
		}
	}
	return NoDay, NoDay
}

// conflictEnd returns the first day on which none of the patient's doses conflicts with a preferable vaccine of the
// target dose, NoDay if none ever does (spec 7.5). Planning waits for the full window.
func (w *Worker) conflictEnd(td *targetDose) Day {
	last := NoDay
	for _, cur := range td.conflicts {
		for _, j := range w.live {
			prev := &w.given[j]
			if c := &w.e.conflicts[int(prev.live)*w.e.nLive+int(cur)]; c.end.Given {
				last = max(last, prev.date.Add(c.end))
			}
		}
	}
	return last
}
