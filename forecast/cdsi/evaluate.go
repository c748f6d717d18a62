package cdsi

// evaluation is how a series judged a record.
type evaluation struct {
	status  Status
	target  uint8 // index of the series dose; noTarget if none was left
	reasons ReasonSet
}

const noTarget = 255

// seriesState is one series instantiated for the patient.
type seriesState struct {
	def         *series
	record      []int32      // the antigen's records in the order in which the series takes them
	evals       []evaluation // by record
	satisfiedOn []Day        // by series dose: when it was last satisfied
	t           int          // series dose in hand; len(def.doses) if none is left
	valid       int          // satisfied target doses
	inSeason    int          // of these, the ones that count for the forecast number
	firstValid  Day
	lastInadv   Day // last inadvertent dose

	status   Status
	earliest Day // the candidate earliest date, also of a series that aged out
	recomm   Day
	pastDue  Day
	latest   Day
	way      Way
	points   int
	priority bool // every preferable interval of the target dose has priority
}

func (w *Worker) recordDate(r int) Day { return w.given[w.record[r]].date }

// walk takes the antigen's records along the target doses (spec 4.4). A satisfied target dose that recurs is
// followed by a copy of itself, which comes to the same as staying on it.
func (w *Worker) walk(st *seriesState) {
	doses := st.def.doses
	for r := range st.record {
		ev := &st.evals[r]
		date := w.recordDate(r)
		sub := w.subStandard(st, r)
		if sub == 0 {
			upTo := r
			if off(ruleSkipCountsEarlier) {
				upTo = len(w.record)
			}
			for st.t < len(doses) && w.skippable(st, &doses[st.t], InEvaluation, date, false, upTo) {
				st.t++
			}
		}
		if st.t == len(doses) {
			*ev = evaluation{Extraneous, noTarget, SeriesComplete}
			continue
		}
		td := &doses[st.t]
		if sub == 0 && w.crowded && r+1 < len(st.record) && w.recordDate(r+1) == date {
			w.foremost(st, td, r)
		}
		*ev = evaluation{target: uint8(st.t)}
		if sub != 0 {
			ev.status, ev.reasons = SubStandard, sub
			continue
		}
		w.judge(st, td, r, ev)
		if ev.status != Valid {
			if ev.reasons&InadvertentVaccine != 0 {
				st.lastInadv = date
			}
			continue
		}
		st.valid++
		if td.season.From == NoDay || date >= td.season.From || off(ruleSeasonNumber) {
			st.inSeason++
		}
		if st.firstValid == NoDay {
			st.firstValid = date
		}
		st.satisfiedOn[st.t] = date
		if !td.recurring {
			st.t++
		}
	}
}

// foremost moves to place r the dose that the series takes first among those of that day from r on: one that is valid for
// the target dose, a preferable vaccine before an allowable one; else the first by what is recorded. So what else was
// recorded on a day, a wrong vaccine or the same one twice, never spoils the dose that is right.
func (w *Worker) foremost(st *seriesState, td *targetDose, r int) {
	best, allowed := r, false
	for k := r; k < len(st.record) && w.recordDate(k) == w.recordDate(r); k++ {
		g := st.record[k]
		forward(st.record[r : k+1])
		var ev evaluation
		if w.subStandard(st, r) == 0 {
			w.judge(st, td, r, &ev)
		}
		if ev.status == Valid {
			if w.preferable(td, &w.given[g]) {
				return
			}
			if !allowed {
				best, allowed = k, true
			}
		}
		copy(st.record[r:k], st.record[r+1:k+1])
		st.record[k] = g
	}
	forward(st.record[r : best+1])
}

// forward moves the last to the front; the others keep their order.
func forward(records []int32) {
	last := records[len(records)-1]
	copy(records[1:], records)
	records[0] = last
}

// subStandard returns why a dose cannot count at all (spec 6.1), or nothing.
func (w *Worker) subStandard(st *seriesState, r int) ReasonSet {
	return w.person.Doses[w.given[st.record[r]].index].subStandard()
}

func (d *Dose) subStandard() ReasonSet {
	var why ReasonSet
	if d.Expiry != NoDay && d.Date > d.Expiry {
		why |= LotExpired
	}
	if d.Condition {
		why |= ConditionReported
	}
	return why
}

// judge makes the checks of inadvertent vaccine, age, interval, conflict and vaccine, and combines them (spec 6.3
// to 6.10). All reasons that apply are kept.
func (w *Worker) judge(st *seriesState, td *targetDose, r int, ev *evaluation) {
	g := &w.given[st.record[r]]
	if td.hasInadv && td.inadvertent.has(g.cvx) {
		ev.status, ev.reasons = NotValid, InadvertentVaccine
		return
	}
	var why ReasonSet
	anchor := g.date
	if off(ruleAnchorOnDoseDate) {
		anchor = w.asOf
	}
	if row := ageRow(td.ages, anchor); row != nil {
		if row.AbsMin.Given && g.date < w.age(row.AbsMin) {
			why |= AgeTooYoung
		} else if row.Max.Given && g.date >= w.age(row.Max) {
			why |= AgeTooOld
		}
	}
	if !w.waited(st, td.intervals, r, g.date) && (len(td.allowable) == 0 || !w.waited(st, td.allowable, r, g.date)) {
		why |= IntervalTooShort
	}
	if g.live >= 0 && w.conflicted(st, r) && !off(ruleDoseConflict) {
		why |= VaccineConflict
	}
	if !w.preferable(td, g) && !w.allowed(td, g) {
		why |= WrongVaccine
	}
	ev.reasons = why
	switch {
	case why == 0:
		ev.status = Valid
	case why&AgeTooOld != 0:
		ev.status = Extraneous
	default:
		ev.status = NotValid
	}
}

// ageRow returns the first row in force on day d.
func ageRow(rows []AgeRow, d Day) *AgeRow {
	for i := range rows {
		if rows[i].Valid.includes(d) {
			return &rows[i]
		}
	}
	return nil
}

// preferable reports whether the dose is a preferable vaccine. A row's maker and trade name bind where given; a trade
// name that was not recorded is no contradiction when the maker is right.
func (w *Worker) preferable(td *targetDose, g *given) bool {
	if !td.preferable.has(g.cvx) {
		return false
	}
	for i := range td.prefRows {
		v := &td.prefRows[i]
		if v.cvx == g.cvx && w.within(v.ages, g.date) && (v.mvx == "" && v.tradeName == "" ||
			v.product(&w.person.Doses[g.index])) {
			return true
		}
	}
	return false
}

func (v *vaccine) product(d *Dose) bool {
	if v.mvx != "" && v.mvx != d.MVX {
		return false
	}
	return v.tradeName == "" || v.mvx != "" && d.TradeName == "" || sameName(v.tradeName, d.TradeName)
}

func (w *Worker) allowed(td *targetDose, g *given) bool {
	if !td.allowed.has(g.cvx) {
		return false
	}
	if td.allowedAny.has(g.cvx) {
		return true
	}
	for i := range td.allowRows {
		if v := &td.allowRows[i]; v.cvx == g.cvx && w.within(v.ages, g.date) {
			return true
		}
	}
	return false
}

// sameName compares trade names by their letters and digits: CDC's own tables disagree on case, blanks and hyphens.
func sameName(a, b string) bool {
	i, j := 0, 0
	for {
		x, y := nextLetter(a, &i), nextLetter(b, &j)
		if x != y {
			return false
		}
		if x == 0 {
			return true
		}
	}
}

// nextLetter returns the next letter or digit of s as lower case and moves i past it; 0 at the end.
func nextLetter(s string, i *int) byte {
	for *i < len(s) {
		c := s[*i]
		*i++
		switch {
		case c >= 'A' && c <= 'Z':
			return c | 0x20
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 0x80:
			return c
		}
	}
	return 0
}
