package cdsi

// Worker evaluates one person at a time with the tables of its Engine. It owns all scratch memory, so a goroutine
// needs one of its own.
type Worker struct {
	e *Engine

	person                          *Person
	asOf                            Day
	birthYear, birthMonth, birthDay int
	country                         int16
	stamp                           uint32 // of the person
	ages                            [1024]monthAge
	observed                        observationSet
	anyObserved                     bool
	held                            []HeldDose

	given   []given   // doses by date
	live    []int32   // those that take part in conflicts
	records [][]int32 // by antigen: indexes into given
	cvxes   cvxSet    // vaccines given

	// The antigen in hand.
	record       []int32
	crowded      bool          // there are several records of one day
	states       []seriesState // relevant series, by series group
	evalArena    []evaluation
	orderArena   []int32
	dayArena     []Day
	forbidden    cvxSet
	anyForbidden bool
	next         Day   // next day on which a comparison with the assessment date turns out otherwise
	nexts        []Day // next of every antigen
	prior, best  []int
	way          Way
	cand         []int
	scorable     []int
	inClass      []int
	score        []int

	members      []member   // best series of all antigens
	memberOf     [2][]int16 // by kind and antigen: index into members, -1: none
	memberTarget uint8      // target dose of the last one
	memo         []*memoSlot
	rows         []recordRow
	places       []int32
	result       Result
	names        []string
	codes        []int16
}

// NewWorker returns a Worker for one goroutine.
func (e *Engine) NewWorker() *Worker {
	return &Worker{e: e, memo: make([]*memoSlot, memoSlots), memberOf: [2][]int16{make([]int16, len(e.antigens)),
		make([]int16, len(e.antigens))}, records: make([][]int32, len(e.antigens)), nexts: make([]Day, len(e.antigens))}
}

// Forecast evaluates the person's doses and forecasts every vaccine group as of a day. Doses after that day are
// evaluated and counted like any other. The result is valid until the next call.
func (w *Worker) Forecast(p *Person, asOf Day) Result {
	w.person, w.asOf = p, asOf
	w.held = w.held[:0]
	w.members, w.rows = w.members[:0], w.rows[:0]
	w.names, w.codes = w.names[:0], w.codes[:0]
	w.result = Result{Evaluations: w.result.Evaluations[:0], Forecasts: w.result.Forecasts[:0], RecomputeOn: NoDay}
	if p.Birth == NoDay {
		w.hold(-1, NoBirthDate)
		w.result.Held = w.held
		return w.result
	}
	w.birthYear, w.birthMonth, w.birthDay = p.Birth.Civil()
	if w.stamp++; w.stamp == 0 {
		w.ages, w.stamp = [len(w.ages)]monthAge{}, 1
	}
	w.country = 0
	for i, c := range w.e.countries {
		if c == p.Country {
			w.country = int16(i + 1)
		}
	}
	w.observe(p)
	w.organise(p)
	for i := range w.memberOf[0] {
		w.memberOf[0][i], w.memberOf[1][i] = -1, -1
	}
	slot := w.slot()
	for i := range w.e.antigens {
		n, a := int16(i), &w.e.antigens[i]
		if w.memorable(n, a) {
			if known := &slot.answers[i]; !w.recall(n, known) {
				members := len(w.members)
				w.antigen(n, a)
				w.remember(known, members)
			}
		} else {
			w.antigen(n, a)
		}
		w.nexts[i] = w.next
		w.result.RecomputeOn = sooner(w.result.RecomputeOn, w.next)
	}
	w.reportDoses()
	w.merge()
	w.result.Held = w.held
	return w.result
}

// antigen evaluates, plans and chooses among the series of one antigen.
func (w *Worker) antigen(n int16, a *antigen) {
	w.next = NoDay
	w.record = w.records[n]
	w.states = w.states[:0]
	w.evalArena, w.dayArena, w.orderArena = w.evalArena[:0], w.dayArena[:0], w.orderArena[:0]
	w.crowded = false
	for r := 1; r < len(w.record); r++ {
		w.crowded = w.crowded || w.recordDate(r) == w.recordDate(r-1)
	}
	immune := w.immune(a)
	contraindicated := w.contraindicate(a)
	for i := range a.series {
		s := &a.series[i]
		if !w.relevant(s) {
			continue
		}
		w.states = append(w.states, seriesState{def: s, firstValid: NoDay, lastInadv: NoDay})
		st := &w.states[len(w.states)-1]
		st.record = w.newOrder()
		st.evals = w.newEvaluations(len(w.record))
		st.satisfiedOn = w.newDays(len(s.doses))
		w.walk(st)
		w.plan(st, immune, contraindicated)
	}
	w.choose(a)
	w.keep(n)
}

func (w *Worker) newEvaluations(n int) []evaluation {
	from := len(w.evalArena)
	for i := 0; i < n; i++ {
		w.evalArena = append(w.evalArena, evaluation{})
	}
	return w.evalArena[from : from+n : from+n]
}

// newOrder returns the antigen's records for a series to take in its own order, the antigen's own list if no two are of
// one day.
func (w *Worker) newOrder() []int32 {
	if !w.crowded {
		return w.record
	}
	from := len(w.orderArena)
	w.orderArena = append(w.orderArena, w.record...)
	return w.orderArena[from:len(w.orderArena):len(w.orderArena)]
}

func (w *Worker) newDays(n int) []Day {
	from := len(w.dayArena)
	for i := 0; i < n; i++ {
		w.dayArena = append(w.dayArena, NoDay)
	}
	return w.dayArena[from : from+n : from+n]
}
