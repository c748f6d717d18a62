package cdsi

// plan forecasts a series after its doses were walked (spec 7): whether another dose is needed, and when.
// It skips target doses that can be skipped today or on their own earliest date, and leaves st.t at the one
// that is forecast.
func (w *Worker) plan(st *seriesState, immune, contraindicated bool) {
	doses, all := st.def.doses, len(w.record)
	for {
		for st.t < len(doses) && w.skippable(st, &doses[st.t], InForecast, w.asOf, true, all) {
			st.t++
		}
		st.status = w.need(st, immune, contraindicated)
		if st.status != NotComplete {
			return
		}
		td := &doses[st.t]
		w.dates(st, td)
		if st.earliest == NoDay || !w.skippable(st, td, InForecast, st.earliest, false, all) || off(ruleValidate) {
			return
		}
		st.t++
	}
}

// need decides whether another dose is needed (spec 7.4). The decision table's columns have no printed
// order; this one holds for the published cases.
func (w *Worker) need(st *seriesState, immune, contraindicated bool) Status {
	st.earliest = NoDay
	if immune {
		return Immune
	}
	if contraindicated {
		return Contraindicated
	}
	if st.t == len(st.def.doses) {
		if st.valid > 0 {
			return Complete
		}
		return NotRecommended
	}
	td := &st.def.doses[st.t]
	if w.nothingLeft(td) {
		return Contraindicated
	}
	row := w.ageRowNow(td)
	st.earliest = w.candidate(st, td, row) // scoring wants it also of a series that is not forecast
	if td.season.Until != NoDay && w.reached(td.season.Until+1) {
		return NotRecommended
	}
	if row != nil && row.Max.Given {
		if end := w.age(row.Max); w.reached(end) || st.earliest != NoDay && st.earliest >= end {
			return AgedOut
		}
	}
	return NotComplete
}

// ageRowNow returns the age row in force on the assessment date.
func (w *Worker) ageRowNow(td *targetDose) *AgeRow {
	for i := range td.ages {
		if w.includesNow(td.ages[i].Valid) {
			return &td.ages[i]
		}
	}
	return nil
}

// candidate returns the earliest date on which the target dose may be given (spec 7.5): the latest of the lower
// bounds there are, NoDay if there is none. Minima count, not absolute minima: grace is for judging the past.
func (w *Worker) candidate(st *seriesState, td *targetDose, row *AgeRow) Day {
	day := NoDay
	if row != nil {
		day = w.age(row.Min)
	}
	for i := range td.intervals {
		iv := &td.intervals[i]
		if iv.Min.Given && w.includesNow(iv.Valid) {
			if from := w.reference(st, iv, len(w.record)); from != NoDay {
				day = max(day, from.Add(iv.Min))
			}
		}
	}
	if len(w.live) > 0 && len(td.conflicts) > 0 && !off(ruleForecastConflict) {
		day = max(day, w.conflictEnd(td))
	}
	day = max(day, td.season.From, st.lastInadv)
	if n := len(w.record); n > 0 && !off(ruleLastDoseFloor) {
		day = max(day, w.recordDate(n-1))
	}
	return day
}

// dates fills in the dates of a needed dose (spec 7.5). What the data leaves open stays open. Recommended ages beat
// recommended intervals outright. Dates are not moved up to the assessment date.
func (w *Worker) dates(st *seriesState, td *targetDose) {
	var recAge, pastAge Day = NoDay, NoDay
	st.latest = NoDay
	if row := w.ageRowNow(td); row != nil {
		recAge, pastAge = w.age(row.EarliestRec), w.age(row.LatestRec)
		if row.Max.Given {
			st.latest = w.age(row.Max) - 1
		}
	}
	var recInt, pastInt Day = NoDay, NoDay
	intervals, priority := 0, 0
	for i := range td.intervals {
		iv := &td.intervals[i]
		if !w.includesNow(iv.Valid) {
			continue
		}
		intervals++
		if iv.Priority {
			priority++
		}
		if !iv.EarliestRec.Given && !iv.LatestRec.Given {
			continue
		}
		from := w.reference(st, iv, len(w.record))
		recInt = max(recInt, from.Add(iv.EarliestRec))
		pastInt = max(pastInt, from.Add(iv.LatestRec))
	}
	st.priority = intervals > 0 && priority == intervals

	st.recomm = st.earliest
	if recAge != NoDay {
		st.recomm = max(st.earliest, recAge)
	} else if recInt != NoDay {
		st.recomm = max(st.earliest, recInt)
	}
	if off(ruleAgeBeatsInterval) {
		st.recomm = max(st.earliest, recAge, recInt)
	}
	st.pastDue = NoDay
	if pastAge != NoDay {
		st.pastDue = max(st.earliest, pastAge-1)
	} else if pastInt != NoDay {
		st.pastDue = max(st.earliest, pastInt-1)
	}
}

// products appends the vaccines that the data names for the forecast to out, sorted from the place base on (spec 7.6):
// preferable ones flagged for it, not contraindicated, whose ages hold on the earliest or the recommended date.
func (w *Worker) products(out []int16, base int, td *targetDose, earliest, recommended Day) []int16 {
	for i := range td.products {
		v := &td.products[i]
		if w.anyForbidden && w.forbidden.has(v.cvx) {
			continue
		}
		if !w.within(v.ages, earliest) && !w.within(v.ages, recommended) {
			continue
		}
		code := w.e.cvxCode[v.cvx]
		at := len(out)
		for at > base && out[at-1] > code {
			at--
		}
		if at > base && out[at-1] == code {
			continue
		}
		out = append(out, 0)
		copy(out[at+1:], out[at:])
		out[at] = code
	}
	return out
}
