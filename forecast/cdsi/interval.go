package cdsi

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
		// Doses of any antigen count: the lists name vaccines of other antigens.
		end := len(w.given)
		if upTo < len(w.record) {
			end = int(w.record[upTo])
		}
		for i := end - 1; i >= 0; i-- {
			if g := &w.given[i]; iv.recent.has(g.cvx) && !w.inadvertent(st, int32(i), upTo) {
				return g.date
			}
		}
	}
	return NoDay
}

// inadvertent reports whether the series judged the dose to be an inadvertent vaccine.
func (w *Worker) inadvertent(st *seriesState, dose int32, upTo int) bool {
	for r := upTo - 1; r >= 0; r-- {
		if w.record[r] == dose {
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
