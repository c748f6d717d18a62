package cdsi

// relevant reports whether a series concerns the patient (spec 5): the sex must fit, and a risk series needs an
// indication that is observed and whose ages hold on the assessment date.
func (w *Worker) relevant(s *series) bool {
	if s.sexes != 0 && s.sexes&(1<<w.person.Sex) == 0 {
		return false
	}
	if s.kind != Risk {
		return true
	}
	if !w.anyObserved {
		return false
	}
	met := false
	for i := range s.indications {
		x := &s.indications[i]
		if w.observed.has(x.Code) && w.withinNow(x.Ages) {
			met = true
			break
		}
	}
	return met
}

// observe makes the set of the patient's observations. Codes the schedule could not name are left out.
func (w *Worker) observe(p *Person) {
	w.anyObserved = false
	w.observed = observationSet{}
	for _, o := range p.Observations {
		if o.Code >= 0 && o.Code < maxObservation {
			w.observed.add(o.Code)
			w.anyObserved = true
		}
	}
}

// lastObserved returns the date of the latest observation with the code, NoDay if none has a date.
func (w *Worker) lastObserved(code int16) Day {
	last := NoDay
	for _, o := range w.person.Observations {
		if o.Code == code && o.Date > last {
			last = o.Date
		}
	}
	return last
}
