package cdsi

import "cmp"

// given is a dose the engine works with, in the order of dates.
type given struct {
	index int32 // into Person.Doses
	cvx   int16 // -1: not in the schedule
	live  int16 // row of the conflict table, -1: none
	date  Day
}

// organise orders the doses by date and gives each antigen the list of doses that contain it (spec 4). A dose of a vaccine
// without antigens makes no record but stays in the list: it may conflict with later ones. Doses of one day are ordered
// by what they are, never by how they came: ids and the order of input mean nothing. Which of them counts is
// decided series by series, in foremost.
func (w *Worker) organise(p *Person) {
	e := w.e
	w.given = w.given[:0]
	for i := range w.records {
		w.records[i] = w.records[i][:0]
	}
	w.cvxes = cvxSet{}
	for i := range p.Doses {
		d := &p.Doses[i]
		if d.Date == NoDay {
			w.hold(i, NoDoseDate)
			continue
		}
		if d.Date < p.Birth {
			w.hold(i, BeforeBirth)
			continue
		}
		g := given{index: int32(i), cvx: -1, live: -1, date: d.Date}
		if d.CVX >= 0 && d.CVX < maxCVXCode {
			g.cvx = e.cvxIndex[d.CVX]
		}
		if g.cvx >= 0 {
			g.live = e.liveIndex[g.cvx]
			w.cvxes.add(g.cvx)
		}
		if g.cvx < 0 || len(e.assoc[g.cvx]) == 0 {
			w.hold(i, UnknownVaccine)
			if g.live < 0 {
				continue
			}
		}
		at := len(w.given)
		for at > 0 && (w.given[at-1].date > g.date || w.given[at-1].date == g.date &&
			d.before(&p.Doses[w.given[at-1].index])) {
			at--
		}
		w.given = append(w.given, g)
		copy(w.given[at+1:], w.given[at:])
		w.given[at] = g
	}
	w.live = w.live[:0]
	for i := range w.given {
		g := &w.given[i]
		if g.live >= 0 {
			w.live = append(w.live, int32(i))
		}
		if g.cvx < 0 {
			continue
		}
		for _, a := range e.assoc[g.cvx] {
			if w.within(a.ages, g.date) {
				w.records[a.antigen] = append(w.records[a.antigen], int32(i))
			}
		}
	}
}

// before orders doses of one day: what can count before what cannot, then by what is recorded of the dose. Doses
// that are alike in all of it are alike for the logic.
func (d *Dose) before(o *Dose) bool {
	why, other := d.subStandard(), o.subStandard()
	if (why == 0) != (other == 0) {
		return why == 0
	}
	if d.CVX != o.CVX { // nearly always: the rest costs
		return d.CVX < o.CVX
	}
	return cmp.Or(cmp.Compare(d.MVX, o.MVX), cmp.Compare(d.TradeName, o.TradeName), cmp.Compare(why, other),
		cmp.Compare(d.Expiry, o.Expiry)) < 0
}

func (w *Worker) hold(dose int, why HeldReason) {
	w.held = append(w.held, HeldDose{dose, why})
}

// age returns the day on which the patient reaches an age.
func (w *Worker) age(u Duration) Day {
	if !u.Given {
		return NoDay
	}
	if uint16(u.Months) >= uint16(len(w.ages)) {
		return addCivil(w.birthYear, w.birthMonth, w.birthDay, u)
	}
	known := &w.ages[u.Months]
	if known.stamp != w.stamp {
		known.stamp, known.day = w.stamp, addCivil(w.birthYear, w.birthMonth, w.birthDay, Duration{Months: u.Months})
	}
	return known.day + Day(u.Days)
}

// monthAge remembers when the patient with that stamp reaches an age in whole months: the data asks for the same few
// dozen ages again and again.
type monthAge struct {
	stamp uint32
	day   Day
}

// within reports whether the patient's age on day d lies in the window; a side not given is open.
func (w *Worker) within(a Ages, d Day) bool {
	return (!a.Begin.Given || d >= w.age(a.Begin)) && (!a.End.Given || d < w.age(a.End))
}

// includes reports whether d lies in the window; both ends are part of it.
func (v Validity) includes(d Day) bool {
	return (v.From == NoDay || d >= v.From) && (v.Until == NoDay || d <= v.Until)
}

// Comparisons with the assessment date go through the following, which note when their answer would
// change: that is how a forecast knows when to be computed again.

// reached reports whether the assessment date is day d or later.
func (w *Worker) reached(d Day) bool {
	if w.asOf >= d {
		return true
	}
	if w.next == NoDay || d < w.next {
		w.next = d
	}
	return false
}

func (w *Worker) withinNow(a Ages) bool {
	return (!a.Begin.Given || w.reached(w.age(a.Begin))) && (!a.End.Given || !w.reached(w.age(a.End)))
}

func (w *Worker) includesNow(v Validity) bool {
	return (v.From == NoDay || w.reached(v.From)) && (v.Until == NoDay || !w.reached(v.Until+1))
}
