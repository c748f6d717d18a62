// Package whole weighs two persons by what all their records together report, where the records of a pair alone do not
// decide: the days on which both were vaccinated, and what birth certificates say.
//
// It promises: what it finds never outweighs the possibility of a twin, who was vaccinated on the same days; it never
// puts two given names together that differ; and a day on which many of one age were vaccinated counts little.
package whole

import (
	"math"
	"slices"

	"miic/internal/table"
	"miic/linkage/match"
)

// Person is what the records of one person together report.
type Person struct {
	Born         table.Date  // of the first record that gives it
	First        []string    // given names
	Named        [][2]string // given name and middle name, where a record has both
	Certificates []string    // numbers of birth certificates
	Orders       []int32     // in a multiple birth
	Single       bool        // a birth certificate gives a single birth
	Multiple     bool        // some record gives a multiple birth
	Senders      []int32
	Days         []Day // in order
}

// Day is a day on which a person was vaccinated.
type Day struct {
	On      table.Date
	Senders []int32 // who report it
}

// Of puts records of one person together.
func Of(records []match.Facts) *Person {
	p := &Person{}
	days := map[table.Date][]int32{}
	for i := range records {
		r := &records[i]
		if p.Born == 0 {
			p.Born = r.Born
		}
		p.First = appendNew(p.First, r.First)
		if r.First != "" && r.Middle != "" {
			p.Named = appendNew(p.Named, [2]string{r.First, r.Middle})
		}
		p.Certificates = appendNew(p.Certificates, r.Certificate)
		p.Orders = appendNew(p.Orders, r.Order)
		p.Single = p.Single || r.Certificate != "" && r.Multiple == "N"
		p.Multiple = p.Multiple || r.Multiple == "Y"
		p.Senders = appendNew(p.Senders, r.Sender)
		for _, d := range r.Days {
			days[table.Date(d)] = appendNew(days[table.Date(d)], r.Sender)
		}
	}
	for on, senders := range days {
		p.Days = append(p.Days, Day{on, senders})
	}
	slices.SortFunc(p.Days, func(a, b Day) int { return int(a.On - b.On) })
	return p
}

// appendNew appends a value that is known and not in the list yet.
func appendNew[T comparable](list []T, v T) []T {
	var none T
	if v == none || slices.Contains(list, v) {
		return list
	}
	return append(list, v)
}

// An Outcome is what the evidence of two whole persons makes of a question about them.
type Outcome int

// The outcomes: a person must judge; surely one person; surely two.
const (
	Ask Outcome = iota
	One
	Two
)

// Weight is how the evidence of two whole persons adds up, in bits.
type Weight struct {
	Days    float64 // of the days that both, or only one, were vaccinated on
	Births  float64 // of the birth certificates
	Undosed float64 // one of the two has no dose at all
	Names   float64 // given name and middle name are each other's
	Total   float64 // with what the pair of records weighs, against strangers, family and twins

	Twins float64 // against twins alone

	shared, clash int // days in common; days on which one sender reports both
	swapped       bool
}

// The bits of what speaks for or against one person, each log2 of how often it is seen with one person over how often
// with two. A fragment of a person lacks a day of the rest about every other time. Two visits less than the window of a
// dose apart are rare for one child and the rule for two of one age. One sender that reports a day under two numbers
// has two people before it.
const (
	bitsMissing  = -1
	bitsNear     = -4
	bitsClash    = -4
	mostDays     = 20 // an echo of another's history shares all days: they never decide alone
	nearDays     = 24
	bitsSingle   = 7 // a certificate of a single birth is wrong once in a hundred times
	bitsApart    = 2 // twins come to one sender: each that knows only one of the two speaks against twins
	mostApart    = 6
	twoCertified = .005 // of persons split over two, how many have two certificates
	fragments    = .25  // of fragments of persons, how many have no dose
	mostUndosed  = 3
	bitsSwapped  = 4 // the middle name of the one is the given name of the other, and the other way round, as initials at least
)

// Weigh weighs two persons, given the strongest pair of their records.
func (s *State) Weigh(e *match.Edge, a, b *Person) Weight {
	w := Weight{Births: s.births(a, b), Undosed: s.undosed(a, b)}
	s.days(&w, a, b)
	twins := math.Log2(max(e.P[match.Together], math.SmallestNonzeroFloat64)) + w.Days
	if a.Single || b.Single {
		twins -= bitsSingle
	}
	if len(a.Certificates)+len(b.Certificates) == 0 {
		twins += w.Births // twins born elsewhere lack theirs together
	}
	if w.shared > 0 && w.clash == 0 {
		twins -= min(mostApart, bitsApart*float64(knowing(a, b)))
	}
	if w.swapped = swapped(a, b); w.swapped {
		w.Names = bitsSwapped
	}
	same := math.Log2(max(e.P[match.Same], math.SmallestNonzeroFloat64)) + w.Days + w.Names
	w.Twins = same - twins
	others := math.Exp2(twins) + e.P[match.Family]*math.Exp2(w.Days/2) + e.P[match.Stranger]
	w.Total = same + w.Births + w.Undosed - math.Log2(max(others, math.SmallestNonzeroFloat64))
	return w
}

// days weighs the days of both: a shared one by how rare it is among those of one age.
func (s *State) days(w *Weight, a, b *Person) {
	fewer, more := a, b
	if len(b.Days) < len(a.Days) {
		fewer, more = b, a
	}
	for _, d := range fewer.Days {
		i, found := slices.BinarySearchFunc(more.Days, d.On, func(x Day, on table.Date) int { return int(x.On - on) })
		switch {
		case found && meet(d.Senders, more.Days[i].Senders):
			w.clash++
			w.Days += bitsClash
		case found:
			w.shared++
			w.Days -= math.Log2(s.peers.share(a.Born, d.On))
		case near(d.On, fewer, more):
			w.Days += bitsNear
		default:
			w.Days += bitsMissing
		}
	}
	w.Days = min(w.Days, mostDays)
}

// near reports whether the other person was vaccinated within the window of a dose of a day, on a day of its own.
func near(on table.Date, one, other *Person) bool {
	return slices.ContainsFunc(other.Days, func(d Day) bool {
		apart := max(d.On-on, on-d.On)
		return apart < nearDays && !slices.ContainsFunc(one.Days, func(x Day) bool { return x.On == d.On })
	})
}

// births weighs birth certificates: strangers mostly have one each, and the two parts of a person have one between them.
func (s *State) births(a, b *Person) float64 {
	h := min(max(s.Certified, .05), .95)
	switch {
	case len(a.Certificates) > 0 && len(b.Certificates) > 0:
		if meet(a.Certificates, b.Certificates) {
			return 0
		}
		return math.Log2(twoCertified / (h * h))
	case len(a.Certificates) > 0 || len(b.Certificates) > 0:
		return -math.Log2(2 * (1 - h))
	}
	return -math.Log2(1 - h)
}

// undosed weighs that one of two persons has no dose while the other was vaccinated after the first birthday: few
// children have none, and many fragments.
func (s *State) undosed(a, b *Person) float64 {
	if len(a.Days) > 0 {
		a, b = b, a
	}
	if len(a.Days) > 0 || len(b.Days) == 0 || b.Born == 0 || b.Days[len(b.Days)-1].On < b.Born.AddMonths(12) {
		return 0
	}
	return min(max(math.Log2(fragments/max(s.Undosed, .001)), 0), mostUndosed)
}

// knowing counts the senders that report doses of one of the two.
func knowing(a, b *Person) int {
	var list []int32
	for _, p := range []*Person{a, b} {
		for _, d := range p.Days {
			for _, s := range d.Senders {
				list = appendNew(list, s)
			}
		}
	}
	return len(list)
}

func meet[T comparable](a, b []T) bool {
	return slices.ContainsFunc(a, func(v T) bool { return slices.Contains(b, v) })
}

// swapped reports whether the two go by each other's middle name: the middle name of the one is the given name of the
// other, whose middle name begins like the given name of the one. A family that calls a child by its middle name makes
// such records; twins hardly have such names.
func swapped(a, b *Person) bool {
	for _, x := range a.Named {
		for _, y := range b.Named {
			full := x[1] == y[0] && len(y[0]) > 1 || y[1] == x[0] && len(x[0]) > 1
			if full && x[0] != y[0] && begins(x[1], y[0]) && begins(y[1], x[0]) {
				return true
			}
		}
	}
	return false
}

// begins reports whether two names begin with the same letter, and are the same if neither is an initial.
func begins(a, b string) bool { return a == b || (len(a) == 1 || len(b) == 1) && a[0] == b[0] }
