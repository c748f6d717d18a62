package cdsi

import "slices"

// reference returns the day an interval runs from, NoDay if there is none and the interval imposes
// nothing (spec 6.5). upTo is the number of the antigen's records that come before: the place of the dose in hand when
// evaluating, all of them when forecasting.
func (w *Worker) reference(st *seriesState, iv *interval, upTo int) Day {
	switch {
	case iv.FromPrevious:
		for r := upTo - 1; r >= 0; r-- {
			ev := &st.evals[r]
			if (ev.status == Valid || ev.status == NotValid && !off(rulePreviousNotValid)) &&
				ev.reasons&InadvertentVaccine == 0 {
				return w.recordDate(r)
			}
		}
	case iv.FromTarget > 0:
		return st.satisfiedOn[iv.FromTarget-1]
	case iv.FromObservation > 0:
		return w.lastObserved(iv.FromObservation)
	default:
		// Doses of any antigen count: the lists name vaccines of other antigens. Of the day in hand only those count that
		// the series has judged already; what was given together with a dose was not given before it.
		last, on := len(w.given)-1, NoDay
		if upTo < len(st.record) {
			last, on = int(st.record[upTo]), w.recordDate(upTo)
			for last+1 < len(w.given) && w.given[last+1].date == on {
				last++
			}
		}
		for i := last; i >= 0; i-- {
			g := &w.given[i]
			if !iv.recent.has(g.cvx) || g.date == on && !slices.Contains(st.record[:upTo], int32(i)) {
				continue
			}
			if !w.inadvertent(st, int32(i), upTo) {
				return g.date
			}
		}
	}
	return NoDay
}

// inadvertent reports whether the series judged the dose to be an inadvertent vaccine.
func (w *Worker) inadvertent(st *seriesState, dose int32, upTo int) bool {
	for r := upTo - 1; r >= 0; r-- {
		if st.record[r] == dose {
			return st.evals[r].reasons&InadvertentVaccine != 0
		}
	}
	return false
}

// waited reports whether the dose given on day d keeps every interval that applies on that day.
// The four days of grace are in the absolute minimum.
func (w *Worker) waited(st *seriesState, rows []interval, upTo int, d Day) bool {
	anchor := d
	if off(ruleAnchorOnDoseDate) {
		anchor = w.asOf
	}
	for i := range rows {
		iv := &rows[i]
		if !iv.AbsMin.Given || !iv.Valid.includes(anchor) {
			continue
		}
		if from := w.reference(st, iv, upTo); from != NoDay && d < from.Add(iv.AbsMin) {
			return false
		}
	}
	return true
}
