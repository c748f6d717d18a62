package cdsi

import "slices"

// member is a best series of an antigen, or its fold of several, as the vaccine group needs it.
type member struct {
	antigen  int16
	kind     Kind
	status   Status
	priority bool
	number   int16
	from     int32 // products: from:to in w.codes
	to       int32
	def      *series
	earliest Day
	recomm   Day
	pastDue  Day
	latest   Day
}

// recordRow is the evaluation of a record that is reported.
type recordRow struct {
	dose    int32
	antigen int16
	ev      evaluation
	def     *series
}

func kindOf(s *series) Kind {
	if s.kind == Risk {
		return RiskKind
	}
	return StandardKind
}

// keep carries over what later steps need from the antigen in hand: per kind one member, and one row a record.
func (w *Worker) keep(n int16) {
	for kind := StandardKind; kind <= RiskKind; kind++ {
		var win *seriesState
		for _, b := range w.best {
			if st := &w.states[b]; kindOf(st.def) == kind && (win == nil || st.before(win)) {
				win = st
			}
		}
		if win == nil {
			continue
		}
		m := member{antigen: n, kind: kind, status: win.status, def: win.def, earliest: NoDay, recomm: NoDay, pastDue: NoDay,
			latest: NoDay}
		if win.status == NotComplete {
			m.number, m.priority = int16(win.inSeason+1), win.priority
			m.earliest, m.recomm, m.pastDue, m.latest = win.earliest, win.recomm, win.pastDue, win.latest
		}
		w.addMember(m, uint8(win.t))
	}
	shown := w.best
	if len(shown) == 0 {
		shown = w.prior
	}
	for r, g := range w.record {
		row := recordRow{dose: w.given[g].index, antigen: n, ev: evaluation{target: noTarget}}
		for _, b := range shown {
			st := &w.states[b]
			if ev := st.evals[w.place(st, r)]; row.def == nil || ev.status < row.ev.status {
				row.ev, row.def = ev, st.def
			}
		}
		w.rows = append(w.rows, row)
	}
}

// place returns where a series took a record of the antigen.
func (w *Worker) place(st *seriesState, r int) int {
	if !w.crowded {
		return r
	}
	return slices.Index(st.record, w.record[r])
}

// addMember completes a member with its products and adds it.
func (w *Worker) addMember(m member, target uint8) {
	m.from = int32(len(w.codes))
	if m.status == NotComplete {
		if td := &m.def.doses[target]; len(td.products) > 0 {
			w.codes = w.products(w.codes, len(w.codes), td, m.earliest, m.recomm)
		}
	}
	m.to = int32(len(w.codes))
	w.memberOf[m.kind][m.antigen] = int16(len(w.members))
	w.members = append(w.members, m)
	w.memberTarget = target
}

// before orders the best series of one antigen and kind: what still needs a dose comes first, the earliest of them;
// then what is complete. What must not be given is said before what it is too late for. The text is silent about several.
func (st *seriesState) before(o *seriesState) bool {
	if st.status != o.status {
		return foldRank(st.status) < foldRank(o.status)
	}
	return st.status == NotComplete && st.earliest < o.earliest
}

func foldRank(s Status) int {
	switch s {
	case NotComplete:
		return 0
	case Complete:
		return 1
	case Immune:
		return 2
	case Contraindicated:
		return 3
	case AgedOut:
		return 4
	}
	return 5
}

// reportDoses lists the kept records by dose, then antigen. They come antigen by antigen, so sorting them by dose is a
// count and a walk.
func (w *Worker) reportDoses() {
	w.places = w.places[:0]
	for range len(w.person.Doses) + 1 {
		w.places = append(w.places, 0)
	}
	for i := range w.rows {
		w.places[w.rows[i].dose+1]++
	}
	for i := 1; i < len(w.places); i++ {
		w.places[i] += w.places[i-1]
	}
	out := w.result.Evaluations
	for len(out) < len(w.rows) {
		out = append(out, DoseEvaluation{})
	}
	for i := range w.rows {
		r := &w.rows[i]
		a := &w.e.antigens[r.antigen]
		ev := DoseEvaluation{Dose: int(r.dose), Antigen: a.name, Group: w.e.groups[a.group].name, Status: r.ev.status,
			Reasons: r.ev.reasons}
		if r.def != nil {
			ev.Series = r.def.name
			if r.ev.target != noTarget {
				ev.TargetDose = int(r.ev.target) + 1
			}
		}
		out[w.places[r.dose]] = ev
		w.places[r.dose]++
	}
	w.result.Evaluations = out
}

// merge blends the members into forecasts, group by group and kind by kind (spec 9).
func (w *Worker) merge() {
	for gi := range w.e.groups {
		for kind := StandardKind; kind <= RiskKind; kind++ {
			w.mergeGroup(int16(gi), kind)
		}
	}
}

func (w *Worker) mergeGroup(gi int16, kind Kind) {
	g := &w.e.groups[gi]
	if !w.anyMember(g, kind) {
		return
	}
	f := Forecast{Group: g.name, Kind: kind, Earliest: NoDay, Recommended: NoDay, PastDue: NoDay, Latest: NoDay,
		RecomputeOn: NoDay}
	in, statuses, priority := 0, [8]int{}, false
	first, last := NoDay, NoDay // earliest and latest of the members' earliest dates
	var rec, past Day = NoDay, NoDay
	names := len(w.names)
	var lead *member
	var series *series
	for _, a := range g.antigens {
		m := w.memberFor(a, kind)
		if m == nil {
			continue
		}
		in++
		statuses[m.status-NotComplete]++
		if series == nil {
			series = m.def
		}
		if m.status != NotComplete {
			continue
		}
		w.names = append(w.names, w.e.antigens[m.antigen].name)
		if lead == nil {
			lead = m
			first, last = m.earliest, m.earliest
			f.DoseNumber = int(m.number)
		}
		priority = priority || m.priority
		first, last = min(first, m.earliest), max(last, m.earliest)
		rec, past, f.Latest = sooner(rec, m.recomm), sooner(past, m.pastDue), sooner(f.Latest, m.latest)
		if g.full {
			f.DoseNumber = min(f.DoseNumber, int(m.number))
		} else {
			f.DoseNumber = max(f.DoseNumber, int(m.number))
		}
	}
	for _, a := range g.antigens {
		f.RecomputeOn = sooner(f.RecomputeOn, w.nexts[a])
	}
	f.Status = groupStatus(&statuses, in)
	f.Series = series.name
	if f.Status == NotComplete {
		f.Series = lead.def.name
		f.Earliest = last
		if off(ruleGroupEarliest) {
			f.Earliest = first
		}
		if priority && len(g.antigens) > 1 {
			f.Earliest = max(first, w.lastOfGroup(g))
		}
		f.Recommended = rec
		if rec != NoDay {
			f.Recommended = max(f.Earliest, rec)
		}
		if past != NoDay {
			f.PastDue = max(f.Earliest, past)
		}
		f.Antigens = w.names[names:len(w.names):len(w.names)]
		f.Products = w.shared(g, kind)
	} else {
		f.DoseNumber, f.Latest = 0, NoDay
	}
	w.result.Forecasts = append(w.result.Forecasts, f)
}

func sooner(a, b Day) Day {
	if a == NoDay || b != NoDay && b < a {
		return b
	}
	return a
}

// groupStatus blends statuses; the first that applies wins.
func groupStatus(n *[8]int, members int) Status {
	switch {
	case n[Contraindicated-NotComplete] > 0:
		return Contraindicated
	case n[AgedOut-NotComplete] > 0:
		return AgedOut
	case n[NotRecommended-NotComplete] > 0:
		return NotRecommended
	case n[0] > 0:
		return NotComplete
	case n[Immune-NotComplete] == members:
		return Immune
	}
	return Complete
}

// lastOfGroup returns the date of the last dose of any vaccine of the group.
func (w *Worker) lastOfGroup(g *group) Day {
	last := NoDay
	for _, a := range g.antigens {
		if rec := w.records[a]; len(rec) > 0 {
			last = max(last, w.given[rec[len(rec)-1]].date)
		}
	}
	return last
}

// memberFor returns an antigen's member of a kind, nil if it has none.
func (w *Worker) memberFor(a int16, kind Kind) *member {
	if i := w.memberOf[kind][a]; i >= 0 {
		return &w.members[i]
	}
	return nil
}

func (w *Worker) anyMember(g *group, kind Kind) bool {
	for _, a := range g.antigens {
		if w.memberOf[kind][a] >= 0 {
			return true
		}
	}
	return false
}

// shared returns the products named for every antigen that needs a dose; if there is none, all that are named for
// any of them.
func (w *Worker) shared(g *group, kind Kind) []int16 {
	from := len(w.codes)
	for _, all := range [2]bool{true, false} {
		for _, a := range g.antigens {
			m := w.memberFor(a, kind)
			if m == nil || m.status != NotComplete {
				continue
			}
			for _, code := range w.codes[m.from:m.to] {
				if !contains(w.codes[from:], code) && (!all || w.namedByAll(g, kind, code)) {
					w.codes = append(w.codes, code)
				}
			}
		}
		if len(w.codes) > from {
			break
		}
	}
	out := w.codes[from:len(w.codes):len(w.codes)]
	for i := 1; i < len(out); i++ {
		for j := i; j > 0 && out[j] < out[j-1]; j-- {
			out[j], out[j-1] = out[j-1], out[j]
		}
	}
	return out
}

func (w *Worker) namedByAll(g *group, kind Kind, code int16) bool {
	for _, a := range g.antigens {
		if m := w.memberFor(a, kind); m != nil && m.status == NotComplete && !contains(w.codes[m.from:m.to], code) {
			return false
		}
	}
	return true
}

func contains(codes []int16, code int16) bool {
	for _, c := range codes {
		if c == code {
			return true
		}
	}
	return false
}

// GroupStatus returns the status of a dose for a vaccine group: the first of Valid, Not Valid, Extraneous, Sub-standard
// that any antigen of the group gives it, with the reasons found there. The specification stops at the status per
// series.
// ok is false if the dose holds no antigen of the group.
func (r *Result) GroupStatus(dose int, group string) (status Status, reasons ReasonSet, ok bool) {
	for i := range r.Evaluations {
		ev := &r.Evaluations[i]
		if ev.Dose != dose || ev.Group != group {
			continue
		}
		if !ok || status == NotEvaluated || ev.Status != NotEvaluated && ev.Status < status {
			status, reasons, ok = ev.Status, ev.Reasons, true
		} else if ev.Status == status {
			reasons |= ev.Reasons
		}
	}
	return status, reasons, ok
}
