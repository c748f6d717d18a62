package cdsi

// skippable reports whether a target dose may be skipped on day ref in the given context (spec 6.2). Several
// blocks are alternatives. upTo is the number of the antigen's records to count: those before the dose in hand
// when evaluating, all when forecasting. now is true when ref is the assessment date.
func (w *Worker) skippable(st *seriesState, td *targetDose, in Context, ref Day, now bool, upTo int) bool {
	if td.contexts&in == 0 {
		return false
	}
	for b := range td.skips {
		block := &td.skips[b]
		if block.context&in == 0 {
			continue
		}
		met := block.all
		for i := range block.sets {
			if w.setMet(st, &block.sets[i], ref, now, upTo) != block.all {
				met = !block.all
				break
			}
		}
		if met {
			return true
		}
	}
	return false
}

func (w *Worker) setMet(st *seriesState, s *skipSet, ref Day, now bool, upTo int) bool {
	if now {
		if !w.includesNow(s.valid) {
			return false
		}
	} else if !s.valid.includes(ref) {
		return false
	}
	for i := range s.conditions {
		if w.conditionMet(st, &s.conditions[i], ref, now, upTo) != s.all {
			return !s.all
		}
	}
	return s.all
}

func (w *Worker) conditionMet(st *seriesState, c *condition, ref Day, now bool, upTo int) bool {
	switch c.Type {
	case ByAge:
		if now {
			return w.withinNow(c.Ages)
		}
		return w.within(c.Ages, ref)
	case CompletedSeries:
		// The state at the end, not on the day of the dose: the text gives no reference date.
		for i := range w.states {
			if w.states[i].status != Complete {
				continue
			}
			for _, g := range c.Groups {
				if w.states[i].def.number == g {
					return true
				}
			}
		}
		return false
	case ByInterval:
		if upTo == 0 || !c.Interval.Given {
			return false
		}
		due := w.recordDate(upTo - 1).Add(c.Interval)
		if now {
			return w.reached(due)
		}
		return ref >= due
	}
	n := 0
	begin, end := w.age(c.Ages.Begin), w.age(c.Ages.End)
	for r := 0; r < upTo; r++ {
		g := &w.given[st.record[r]]
		if c.ValidOnly && st.evals[r].status != Valid || !c.anyCVX && !c.cvx.has(g.cvx) {
			continue
		}
		if g.date >= begin && (end == NoDay || g.date < end) && g.date >= c.Start && (c.End == NoDay || g.date < c.End) {
			n++
		}
	}
	switch c.Comparison {
	case EqualTo:
		return n == c.Count
	case LessThan:
		return n < c.Count
	}
	return n > c.Count
}
