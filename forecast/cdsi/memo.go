package cdsi

// The answer for an antigen without doses depends on birth date, sex, country of birth and the assessment date alone,
// unless an observation or a dose of another antigen touches it. Most antigens of most people are like that, so a
// Worker remembers these answers, each with the assessment dates for which it holds: from the one it was found on up to
// the next on which a comparison turns out otherwise. The memory is bounded: a table of slots by birth date, where the
// newest owner wins.

const memoSlots = 1 << 14

type memoKey struct {
	birth   Day
	sex     Sex
	country int16
}

type memoSlot struct {
	key     memoKey
	answers []memoAnswer // by antigen
}

type memoAnswer struct {
	known  bool
	found  bool // there is a best series
	target uint8
	from   Day // the assessment date on which it was found
	next   Day
	member member // its products are computed anew
}

// slot returns the patient's slot, emptied if it was another's.
func (w *Worker) slot() *memoSlot {
	key := memoKey{w.person.Birth, w.person.Sex, w.country}
	h := (uint32(key.birth)*4 + uint32(key.sex)) ^ uint32(key.country)<<11
	p := &w.memo[h%memoSlots]
	switch {
	case *p == nil:
		*p = &memoSlot{key: key, answers: make([]memoAnswer, len(w.e.antigens))}
	case (*p).key != key:
		(*p).key = key
		clear((*p).answers)
	}
	return *p
}

// memorable reports whether the antigen's answer depends on the key alone.
func (w *Worker) memorable(n int16, a *antigen) bool {
	return len(w.records[n]) == 0 && !(w.anyObserved && a.observed.meets(&w.observed)) && !a.outside.meets(&w.cvxes)
}

// recall puts a remembered answer in place; false if there is none for the assessment date.
func (w *Worker) recall(n int16, m *memoAnswer) bool {
	if !m.known || w.asOf < m.from || m.next != NoDay && w.asOf >= m.next {
		return false
	}
	w.next = m.next
	if m.found {
		w.anyForbidden = false
		w.addMember(m.member, m.target)
	}
	return true
}

// remember stores the answer for the antigen in hand. Without a matching observation no risk series is relevant, so
// there is at most the standard member.
func (w *Worker) remember(m *memoAnswer, members int) {
	*m = memoAnswer{known: true, from: w.asOf, next: w.next}
	if members < len(w.members) {
		m.found, m.member = true, w.members[members]
		m.target = w.memberTarget
	}
}
