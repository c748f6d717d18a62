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

	Doses       []DoseEvaluation // by date given
	ValidDoses  int
	TargetDose  int // the dose forecast; 0 if none is left
	Status      Status
	Bounds      []Bound // lower bounds of the earliest date; the latest of them is that date
	Earliest    Day
	Recommended Day
	PastDue     Day
	Latest      Day

	Way         Way // how it was chosen in its series group, or that it was not
	Points      int // if points were given
	Prioritised bool
	Best        bool
}

// Bound is a reason why a dose cannot be given before Date.
type Bound struct {
	What BoundKind
	Date Day
	From Day // where an interval starts; NoDay for the other kinds
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
)

// String returns the kind in words.
func (k BoundKind) String() string {
	return [...]string{"minimum age", "minimum interval", "vaccine conflict", "season start", "last inadvertent dose", "last dose"}[k]
}

// Explain evaluates the person like Forecast and returns how the antigens of a vaccine group were decided; nil if there is no such
// group or the person has no birth date. It is for single questions: it allocates.
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
		e := SeriesExplanation{Series: s.name, Type: s.kind, Group: s.number, Relevant: true, ValidDoses: st.valid, Status: st.status,
			Way: st.way, Points: st.points, Prioritised: slices.Contains(w.prior, at), Best: slices.Contains(w.best, at),
			Earliest: NoDay, Recommended: NoDay, PastDue: NoDay, Latest: NoDay}
		for r, ev := range st.evals {
			d := DoseEvaluation{Dose: int(w.given[w.record[r]].index), Antigen: a.name, Group: groupName, Status: ev.status, Reasons: ev.reasons, Series: s.name}
			if ev.target != noTarget {
				d.TargetDose = int(ev.target) + 1
			}
			e.Doses = append(e.Doses, d)
		}
		if st.t < len(s.doses) {
			e.TargetDose = st.t + 1
			e.Bounds = w.bounds(st, &s.doses[st.t])
		}
		if st.status == NotComplete {
			e.Earliest, e.Recommended, e.PastDue, e.Latest = st.earliest, st.recomm, st.pastDue, st.latest
		}
		x.Series = append(x.Series, e)
		at++
	}
	return x
}

// bounds lists what candidate takes the latest of.
func (w *Worker) bounds(st *seriesState, td *targetDose) []Bound {
	var out []Bound
	add := func(what BoundKind, date, from Day) {
		if date != NoDay {
			out = append(out, Bound{what, date, from})
		}
	}
	if row := w.ageRowNow(td); row != nil {
		add(MinimumAge, w.age(row.Min), NoDay)
	}
	for i := range td.intervals {
		if iv := &td.intervals[i]; w.includesNow(iv.Valid) {
			from := w.reference(st, iv, len(w.record))
			add(MinimumInterval, from.Add(iv.Min), from)
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
