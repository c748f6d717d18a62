package cdsi

import "slices"

// AntigenExplanation is how one antigen was decided: every series of it, with what each made of the doses.
type AntigenExplanation struct {
	Antigen         string
	Immune          bool
	Contraindicated bool
	Series          []SeriesExplanation // by series group, then as in the schedule
}

// SeriesExplanation is what became of one series. If it is not relevant, only the name, type and group are set.
type SeriesExplanation struct {
	Series   string
	Type     SeriesType
	Group    int
	Relevant bool

	Doses       []JudgedDose // by date given
	ValidDoses  int
	Skipped     []int // series doses that a condition of the schedule made needless, before the one forecast
	TargetDose  int   // the dose forecast; 0 if none is left
	Status      Status
	Bounds      []Bound // lower bounds of the earliest date; the latest of them is that date
	Earliest    Day
	Recommended Day
	PastDue     Day
	Latest      Day
	// what the recommended date rests on; it may lie before the earliest date, which then is the recommended one
	RecBy  Bound
	PastBy Bound // the same of the past-due date: the day on which the dose becomes late

	Way         Way // how it was chosen in its series group, or that it was not
	Points      int // if points were given
	Prioritised bool
	Best        bool
}

// JudgedDose is a dose as the series judged it, with the rules of date that it broke.
type JudgedDose struct {
	DoseEvaluation
	Broken []Bound
}

// Bound is a reason why a dose cannot be given before Date; of the kind MaximumAge, not on Date or later.
type Bound struct {
	What BoundKind
	Date Day
	From Day      // where an interval or a conflict starts; NoDay for the other kinds
	Rule Duration // the age or the wait, where there is one
}

// BoundKind is the kind of a lower bound.
type BoundKind uint8

// The kinds of lower bounds.
const (
	MinimumAge BoundKind = iota
	MinimumInterval
	ConflictEnd
	SeasonStart
	LastInadvertentDose
	LastDose
	MaximumAge
	RecommendedAge
	RecommendedInterval
	AllowedInterval // the shorter wait that the schedule allows as an exception
	NoRule          // the date rests on no rule of its own
)

// String returns the kind in words.
func (k BoundKind) String() string {
	return [...]string{"minimum age", "minimum interval", "vaccine conflict", "season start", "last inadvertent dose",
		"last dose",
		"maximum age", "recommended age", "recommended interval", "allowed interval", ""}[k]
}

// Explain evaluates the person like Forecast and returns how the antigens of a vaccine group were decided; nil if there
// is no such group or the person has no birth date. It is for single questions: it allocates.
func (w *Worker) Explain(p *Person, asOf Day, groupName string) []AntigenExplanation {
	w.Forecast(p, asOf)
	var out []AntigenExplanation
	for gi := range w.e.groups {
		g := &w.e.groups[gi]
		if g.name != groupName || p.Birth == NoDay {
			continue
		}
		for _, n := range g.antigens {
			a := &w.e.antigens[n]
			w.antigen(n, a)
			out = append(out, w.explainAntigen(a, g.name))
		}
	}
	return out
}

func (w *Worker) explainAntigen(a *antigen, groupName string) AntigenExplanation {
	x := AntigenExplanation{Antigen: a.name, Immune: w.immune(a), Contraindicated: w.contraindicate(a)}
	at := 0
	for i := range a.series {
		s := &a.series[i]
		if at == len(w.states) || w.states[at].def != s {
			x.Series = append(x.Series, SeriesExplanation{Series: s.name, Type: s.kind, Group: s.number})
			continue
		}
		st := &w.states[at]
		e := SeriesExplanation{Series: s.name, Type: s.kind, Group: s.number, Relevant: true, ValidDoses: st.valid,
			Status: st.status,
			Way:    st.way, Points: st.points, Prioritised: slices.Contains(w.prior, at), Best: slices.Contains(w.best, at),
			Earliest: NoDay, Recommended: NoDay, PastDue: NoDay, Latest: NoDay}
		for r, ev := range st.evals {
			d := DoseEvaluation{Dose: int(w.given[st.record[r]].index), Antigen: a.name, Group: groupName, Status: ev.status,
				Reasons: ev.reasons, Series: s.name}
			if ev.target != noTarget {
				d.TargetDose = int(ev.target) + 1
			}
			e.Doses = append(e.Doses, JudgedDose{d, w.broken(st, r)})
		}
		for t := range st.t {
			if st.satisfiedOn[t] == NoDay {
				e.Skipped = append(e.Skipped, t+1)
			}
		}
		e.RecBy, e.PastBy = Bound{What: NoRule, Date: NoDay, From: NoDay}, Bound{What: NoRule, Date: NoDay, From: NoDay}
		if st.t < len(s.doses) {
			e.TargetDose = st.t + 1
			e.Bounds = w.bounds(st, &s.doses[st.t])
		}
		if st.status == NotComplete {
			e.Earliest, e.Recommended, e.PastDue, e.Latest = st.earliest, st.recomm, st.pastDue, st.latest
			e.RecBy, e.PastBy = w.restsOn(st, &s.doses[st.t])
		}
		x.Series = append(x.Series, e)
		at++
	}
	return x
}

// bounds lists what candidate takes the latest of.
func (w *Worker) bounds(st *seriesState, td *targetDose) []Bound {
	var out []Bound
	add := func(what BoundKind, date, from Day, rule ...Duration) {
		if date == NoDay {
			return
		}
		b := Bound{What: what, Date: date, From: from}
		if len(rule) > 0 {
			b.Rule = rule[0]
		}
		out = append(out, b)
	}
	if row := w.ageRowNow(td); row != nil {
		add(MinimumAge, w.age(row.Min), NoDay, row.Min)
	}
	for i := range td.intervals {
		if iv := &td.intervals[i]; w.includesNow(iv.Valid) {
			from := w.reference(st, iv, len(w.record))
			add(MinimumInterval, from.Add(iv.Min), from, iv.Min)
		}
	}
	add(ConflictEnd, w.conflictEnd(td), NoDay)
	add(SeasonStart, td.season.From, NoDay)
	add(LastInadvertentDose, st.lastInadv, NoDay)
	if n := len(w.record); n > 0 {
		add(LastDose, w.recordDate(n-1), NoDay)
	}
	return out
}

// broken lists the rules of date that a record's evaluation found broken.
func (w *Worker) broken(st *seriesState, r int) []Bound {
	ev, date := &st.evals[r], w.recordDate(r)
	if ev.target == noTarget {
		return nil
	}
	td := &st.def.doses[ev.target]
	var out []Bound
	if row := ageRow(td.ages, date); row != nil {
		if ev.reasons&AgeTooYoung != 0 {
			out = append(out, Bound{MinimumAge, w.age(row.AbsMin), NoDay, row.AbsMin})
		}
		if ev.reasons&AgeTooOld != 0 {
			out = append(out, Bound{MaximumAge, w.age(row.Max), NoDay, row.Max})
		}
	}
	if ev.reasons&IntervalTooShort != 0 {
		for k, rows := range [][]interval{td.intervals, td.allowable} {
			what := [...]BoundKind{MinimumInterval, AllowedInterval}[k]
			for i := range rows {
				iv := &rows[i]
				if !iv.AbsMin.Given || !iv.Valid.includes(date) {
					continue
				}
				from := w.reference(st, iv, r)
				if iv.FromTarget > 0 {
					from = w.satisfiedBefore(st, iv.FromTarget-1, r)
				}
				if end := from.Add(iv.AbsMin); from != NoDay && date < end {
					out = append(out, Bound{what, end, from, iv.AbsMin})
				}
			}
		}
	}
	if ev.reasons&VaccineConflict != 0 {
		from, until := w.conflict(st, r)
		out = append(out, Bound{What: ConflictEnd, Date: until, From: from})
	}
	return out
}

// satisfiedBefore returns when a series dose was last satisfied before record r was judged.
func (w *Worker) satisfiedBefore(st *seriesState, target, r int) Day {
	for k := r - 1; k >= 0; k-- {
		if st.evals[k].status == Valid && int(st.evals[k].target) == target {
			return w.recordDate(k)
		}
	}
	return NoDay
}

// restsOn returns what the recommended and the past-due date of a needed dose rest on: an age, else the latest interval,
// else nothing of their own.
func (w *Worker) restsOn(st *seriesState, td *targetDose) (rec, past Bound) {
	none := Bound{What: NoRule, Date: NoDay, From: NoDay}
	rec, past = none, none
	for i := range td.intervals {
		iv := &td.intervals[i]
		if !w.includesNow(iv.Valid) {
			continue
		}
		from := w.reference(st, iv, len(w.record))
		if d := from.Add(iv.EarliestRec); d > rec.Date {
			rec = Bound{RecommendedInterval, d, from, iv.EarliestRec}
		}
		if d := from.Add(iv.LatestRec); d > past.Date {
			past = Bound{RecommendedInterval, d, from, iv.LatestRec}
		}
	}
	if row := w.ageRowNow(td); row != nil {
		if d := w.age(row.EarliestRec); d != NoDay {
			rec = Bound{RecommendedAge, d, NoDay, row.EarliestRec}
		}
		if d := w.age(row.LatestRec); d != NoDay {
			past = Bound{RecommendedAge, d, NoDay, row.LatestRec}
		}
	}
	return rec, past
}
