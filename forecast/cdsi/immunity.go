package cdsi

// immune reports whether the patient has evidence of immunity against the antigen (spec 7.2). An unknown country
// of birth is no evidence where the row names one.
func (w *Worker) immune(a *antigen) bool {
	if w.anyObserved && a.history.meets(&w.observed) {
		return true
	}
	for i := range a.births {
		b := &a.births[i]
		if w.person.Birth >= b.before || b.country != 0 && b.country != w.country {
			continue
		}
		if w.anyObserved && b.except.meets(&w.observed) {
			continue
		}
		return true
	}
	return false
}

// contraindicate finds what must not be given (spec 7.3): it sets w.forbidden to the antigen's contraindicated vaccines
// and reports whether the whole antigen is contraindicated.
func (w *Worker) contraindicate(a *antigen) bool {
	w.anyForbidden = false
	if !w.anyObserved {
		return false
	}
	for i := range a.contra {
		if c := &a.contra[i]; w.observed.has(c.Code) && w.withinNow(c.Ages) {
			return true
		}
	}
	w.forbidden = cvxSet{}
	for i := range a.vaccines {
		if v := &a.vaccines[i]; w.observed.has(v.code) && w.withinNow(v.ages) {
			w.forbidden.add(v.cvx)
			w.anyForbidden = true
		}
	}
	return false
}

// nothingLeft reports whether every vaccine of the target dose is contraindicated. The text speaks of the preferable
// vaccines; the published cases hold only if the allowable ones are meant as well.
func (w *Worker) nothingLeft(td *targetDose) bool {
	if !w.anyForbidden {
		return false
	}
	some := uint64(0)
	for i := range w.forbidden {
		listed := td.preferable[i] | td.allowed[i]
		if listed&^w.forbidden[i] != 0 {
			return false
		}
		some |= listed
	}
	return some != 0
}
