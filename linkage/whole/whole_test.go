package whole

import (
	"slices"
	"testing"

	"miic/internal/table"
	"miic/linkage/match"
)

// born is the birthday of everybody in these tests.
var born = date("2015-03-10")

func date(s string) table.Date {
	d, err := table.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// visits are the days of a child who came so many days after birth.
func visits(after ...int) []int32 {
	var days []int32
	for _, n := range after {
		days = append(days, int32(born)+int32(n))
	}
	return days
}

// routine is a history, each visit at its own day.
var routine = visits(1, 63, 124, 190, 371, 462, 1490)

// of makes a person of one record.
func of(first string, sender int32, days []int32, change func(*match.Facts)) *Person {
	f := match.Facts{Born: born, First: first, Sender: sender, Days: days}
	if change != nil {
		change(&f)
	}
	return Of([]match.Facts{f})
}

// certified gives a record a birth certificate of a single birth.
func certified(number string) func(*match.Facts) {
	return func(f *match.Facts) { f.Certificate, f.Multiple = number, "N" }
}

// middle gives a record a middle name; second, the second place in a multiple birth.
func middle(name string) func(*match.Facts) { return func(f *match.Facts) { f.Middle = name } }

func second(f *match.Facts) { f.Multiple, f.Order = "Y", 2 }

func both(a, b func(*match.Facts)) func(*match.Facts) {
	return func(f *match.Facts) { a(f); b(f) }
}

// edge is a pair of records with the given level of the given names, which weighs so many bits; of the answers beside
// one person a twin has a share.
func edge(m *match.Model, first string, bits, twin float64, holds ...string) *match.Edge {
	e := &match.Edge{}
	for i, c := range m.Comparisons {
		level := 7 // nothing to compare
		if c.Name == "first" {
			level = slices.IndexFunc(c.Levels, func(l match.Level) bool { return l.Label == first })
		}
		e.Vector |= match.Vector(level) << (3 * i)
	}
	for i, h := range m.Holds {
		if slices.Contains(holds, h) {
			e.Hold |= 1 << i
		}
	}
	other := 1.0
	for range int(bits) {
		other /= 2
	}
	e.Weight, e.Firm, e.Short = bits, e.Hold, max(0, 13-bits)
	e.P[match.Same] = 1 - other
	e.P[match.Together], e.P[match.Stranger] = other*twin, other*(1-twin)
	return e
}

// state is one of many, of whom one in twenty has no dose and nine in ten have a certificate.
func state() *State { return &State{Certified: .9, Undosed: .05, peers: peers{}} }

// TestPersonsJudgedByAllTheirRecords is item 6: shared and conflicting days of doses, and what birth certificates say, answer
// questions about two persons; a twin, a missing name, another order and two numbers of one sender never are answered.
func TestPersonsJudgedByAllTheirRecords(t *testing.T) {
	m := match.Default()
	full := of("ANNA", 1, routine, certified("MN-1"))
	mass := state() // a school's clinic: everybody of the age came on the same two days
	mass.peers[born] = &peerCount{records: 200, on: map[table.Date]int{born + 1: 190, born + 63: 190}}
	for _, tc := range []struct {
		name  string
		s     *State
		e     *match.Edge
		a, b  *Person
		wants Outcome
	}{
		{"two rare days", nil, edge(m, "equal", 7, .01, "name_and_birth_only"), full, of("ANNA", 2, visits(63, 124), nil), One},
		{"two days of a mass clinic", mass, edge(m, "equal", 7, .01, "name_and_birth_only"), full, of("ANNA", 2, visits(1, 63), nil), Ask},
		{"a close birth date, and the days", nil, edge(m, "equal", 8, .01, "close_not_equal"), full, of("ANNA", 2, visits(63, 371), nil), One},
		{"no day in common", nil, edge(m, "equal", 8, .01, "close_not_equal"), full, of("ANNA", 2, visits(700, 2000), nil), Ask},
		{"two whole histories some days apart", nil, edge(m, "equal", 5, .01), full,
			of("ANNA", 2, visits(3, 60, 130, 195, 375, 470), certified("MN-2")), Two},
		{"two certificates and nothing in common", nil, edge(m, "equal", 4, .01), full, of("ANNA", 2, nil, certified("MN-2")), Two},
		{"one child of two certificates", nil, edge(m, "equal", 20, .01), full, of("ANNA", 2, visits(63, 124), certified("MN-2")), One},
		{"the days of a twin", nil, edge(m, "similar", 9, .9, "names_like_twins"), of("EMMA", 1, routine, nil), of("EMILY", 2, routine, nil), Ask},
		{"sounds alike, but born alone", nil, edge(m, "similar", 9, .9, "names_like_twins"), of("EMMA", 1, routine, certified("MN-1")), of("EMILY", 2, routine, nil), One},
		{"a form of the name", nil, edge(m, "nickname", 9, .5, "names_like_twins"), of("TOMMY", 1, routine, nil), of("THOMAS", 2, routine, nil), One},
		{"a form of the name of one of twins", nil, edge(m, "nickname", 9, .5, "names_like_twins"), of("TOMMY", 1, routine, nil),
			of("THOMAS", 2, routine, func(f *match.Facts) { f.Multiple = "Y" }), Ask},
		{"perhaps a twin, but born alone", nil, edge(m, "swapped or middle name", 7, .9, "maybe_twin"), of("SONJA", 1, routine, certified("MN-1")), of("KATELYN", 2, visits(63, 371), nil), One},
		{"perhaps a twin", nil, edge(m, "swapped or middle name", 7, .9, "maybe_twin"), of("SONJA", 1, routine, nil), of("KATELYN", 2, visits(63, 371), nil), Ask},
		{"another name", nil, edge(m, "differ", 12, .1, "first_name_differs"), of("IVY", 1, routine, certified("MN-1")), of("LUNA", 2, routine, nil), Ask},
		{"a pet name that no list has", nil, edge(m, "differ", 9, .1, "first_name_differs"), of("SAVANNAH", 1, routine, certified("MN-1")), of("SAVVY", 2, routine, nil), One},
		{"the same, and twins not excluded", nil, edge(m, "differ", 9, .1, "first_name_differs"), of("SAVANNAH", 1, routine, nil), of("SAVVY", 2, routine, nil), Ask},
		{"a pet name that has a piece of the name, and born alone", nil, edge(m, "differ", 9, .1, "first_name_differs"), of("DOMINIC", 1, routine, certified("MN-1")), of("NICK", 2, routine, nil), One},
		{"the same, of two days", nil, edge(m, "differ", 9, .1, "first_name_differs"), of("DOMINIC", 1, routine, certified("MN-1")), of("NICK", 2, visits(63, 371), nil), Ask},
		{"the same, and twins not excluded", nil, edge(m, "differ", 9, .1, "first_name_differs"), of("JAYDEN", 1, routine, nil), of("BRAYDEN", 2, routine, nil), Ask},
		{"another name and the same middle name, and born alone", nil, edge(m, "differ", 9, .1, "first_name_differs"),
			of("EDUARDO", 1, routine, both(certified("MN-1"), middle("ANDRES"))), of("TATO", 2, visits(63), middle("ANDRES")), One},
		{"another name and the same initial", nil, edge(m, "differ", 9, .1, "first_name_differs"),
			of("EDUARDO", 1, routine, both(certified("MN-1"), middle("A"))), of("TATO", 2, visits(63), middle("A")), Ask},
		{"called by the middle name", nil, edge(m, "swapped or middle name", 5, .9, "names_like_twins", "maybe_twin"),
			of("MASON", 1, routine, middle("NOAH")), of("NOAH", 2, visits(63, 371), middle("M")), One},
		{"a twin who has the middle name of the other for a name", nil, edge(m, "swapped or middle name", 5, .9, "names_like_twins", "maybe_twin"),
			of("RONALD", 1, routine, middle("BRADY")), of("BRADY", 2, visits(63, 371), middle("T")), Ask},
		{"called by the middle name, and one sender has both", nil, edge(m, "swapped or middle name", 5, .9, "names_like_twins", "maybe_twin"),
			of("MASON", 1, routine, middle("NOAH")), of("NOAH", 1, visits(63, 371), middle("M")), Ask},
		{"a form of the name, with the same order of birth", nil, edge(m, "nickname", 9, .5, "names_like_twins"), of("TOMMY", 1, routine, second),
			of("THOMAS", 2, routine, second), One},
		{"too little alike by themselves, and the days", nil, edge(m, "equal", 1, .01, "name_and_birth_only"), full, of("ANNA", 2, visits(63, 124, 190), nil), One},
		{"a newborn without a name", nil, edge(m, "equal", 9, .01), full, of("", 2, visits(1, 63), nil), Ask},
		{"other orders of one birth", nil, edge(m, "equal", 12, .01), of("ANNA", 1, routine, func(f *match.Facts) { f.Order = 1 }),
			of("ANNA", 2, routine, func(f *match.Facts) { f.Order = 2 }), Ask},
		{"one sender with two numbers", nil, edge(m, "equal", 12, .01), of("ANNA", 1, visits(63), nil), of("ANNA", 1, visits(124), nil), Ask},
		{"suffixes clash", nil, edge(m, "equal", 12, .01, "suffix_differs"), full, of("ANNA", 2, visits(63, 124), nil), Ask},
		{"no dose, and no certificate of its own", nil, edge(m, "equal", 9, .01, "name_and_birth_only"), full, of("ANNA", 2, nil, nil), One},
		{"no dose, and too weak by itself", nil, edge(m, "equal", 3, .01, "name_and_birth_only"), full, of("ANNA", 2, nil, nil), Ask},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := tc.s
			if s == nil {
				s = state()
			}
			for _, swapped := range []bool{false, true} {
				a, b := tc.a, tc.b
				if swapped {
					a, b = b, a
				}
				if got, w := s.Judge(m, tc.e, a, b); got != tc.wants {
					t.Errorf("judged %d, want %d (swapped %t): %+v", got, tc.wants, swapped, w)
				}
			}
		})
	}
}

// TestAnEchoNeverDecidesAlone: one sender's copy of another's history shares every day, however many there are, and the
// bits of days have a bound.
func TestAnEchoNeverDecidesAlone(t *testing.T) {
	long := visits(1, 63, 124, 190, 371, 462, 560, 900, 1200, 1490, 1800, 2100, 2500)
	s := state()
	w := s.Weigh(edge(match.Default(), "equal", 3, .01), of("ANNA", 1, long, nil), of("ANNA", 2, long, nil))
	if w.Days != mostDays {
		t.Errorf("%d days in common weigh %.1f bits", w.shared, w.Days)
	}
	// A sender that reports the days under two numbers has two children before it.
	w = s.Weigh(edge(match.Default(), "equal", 3, .01), of("ANNA", 1, long, nil), of("ANNA", 1, long, nil))
	if w.Days >= 0 || w.clash != len(long) {
		t.Errorf("one sender's days under two numbers weigh %.1f bits, %d clash", w.Days, w.clash)
	}
}

// TestARareDayWeighsMore: the same day weighs less the more of one age were vaccinated on it.
func TestARareDayWeighsMore(t *testing.T) {
	p := peers{born: {records: 100, on: map[table.Date]int{born + 2: 3, born + 3: 60}}}
	rare, some, mass := p.share(born, born+1), p.share(born, born+2), p.share(born, born+3)
	if !(rare < some && some < mass && mass < 1) {
		t.Errorf("shares %.3f, %.3f and %.3f", rare, some, mass)
	}
}
