package measure

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"miic/internal/table"
)

// A Person is what a measure asks of somebody.
type Person struct {
	Birth table.Date
	Doses [][]Dose // by antigen, by day
	// by group: what the schedule says of the series tonight, and on the birthdays that are kept
	Tonight []Standing
	Then    map[Age][]Standing
	Given   []Given // every dose, whatever is in it
}

// A Dose is one antigen of one dose, given after birth, of a product that is known.
type Dose struct {
	On    table.Date
	CVX   int16
	Valid bool
}

// Given is one dose as a visit has it.
type Given struct {
	On  table.Date
	Flu bool
}

// A Standing is how far somebody was in one group on a day that the schedule judged.
type Standing struct {
	State State
	Doses int // valid ones by then; of several antigens the fewest. Tonight's are not counted here.
}

// A State is what the schedule says of a series.
type State uint8

// States that a measure asks about. Every other is 0.
const (
	Complete State = 1 + iota
	Immune
)

// A Result is what a measure finds of somebody who is in its population.
type Result struct {
	JudgedOn table.Date
	Met      bool // by valid doses
	MetAny   bool // by any doses
	Late     bool // by valid doses, tonight: met, or met since
	Short    int  // valid doses lacking in the clause that lacks most; a series that is not complete lacks one
	TwoDoses bool // two doses or more by the day of judgement, influenza apart
	Missing  string
}

// Judge judges somebody on a night; false when the measure is not about the person.
func (m *Measure) Judge(p *Person, night table.Date) (Result, bool) {
	on, in := m.Judged(p.Birth, night)
	if !in {
		return Result{}, false
	}
	v := look{person: p, on: on, states: p.Tonight, valid: true}
	if by := m.Population.By; !by.IsZero() {
		v.states, v.kept = p.Then[by], m.Population.Kept
	}
	tonight := v
	tonight.on, tonight.states, tonight.kept = night, p.Tonight, false
	anyDoses := v
	anyDoses.valid = false
	among := v
	among.valid = m.Valid
	for i := range m.Among {
		if !among.meets(&m.Among[i]) {
			return Result{}, false
		}
	}
	r := Result{JudgedOn: on, TwoDoses: p.twoDoses(on)}
	if m.Population.TwoDoses && !r.TwoDoses {
		return Result{}, false
	}
	r.Met, r.MetAny = v.meetsAll(m), anyDoses.meetsAll(m)
	if r.Late = r.Met; !m.Timely { // what was late once cannot be mended
		r.Late = tonight.meetsAll(m)
	}
	if r.Met {
		return r, true
	}
	for i := range m.Clauses {
		r.Short = max(r.Short, v.lacks(&m.Clauses[i]))
	}
	if m.Assess {
		r.Missing = v.missing(m.Clauses)
	}
	return r, true
}

// missing names the groups of clauses that are not met, and how many doses each lacks; of a series that the schedule judges,
// that it is not complete: how many doses it takes then depends on the age and the products.
func (v *look) missing(clauses []Clause) string {
	var list []string
	for i := range clauses {
		c := &clauses[i]
		switch lacks := v.lacks(c); {
		case lacks == 0:
		case slices.ContainsFunc(c.Ways, func(w Way) bool { return w.Complete }):
			list = append(list, c.Group+", not complete")
		default:
			list = append(list, fmt.Sprintf("%s %d", c.Group, lacks))
		}
	}
	return strings.Join(slices.Compact(list), "|")
}

func (p *Person) twoDoses(on table.Date) bool {
	n := 0
	for _, d := range p.Given {
		if d.On <= on && !d.Flu {
			n++
		}
	}
	return n >= 2
}

// A look is at somebody on one day, by valid doses or by any.
type look struct {
	person *Person
	on     table.Date
	states []Standing // by group, of that day; none where the series was not judged on it
	kept   bool       // of a birthday: doses that came later have no say in what was valid then
	valid  bool
}

func (v *look) standing(group int) Standing {
	if group < 0 || group >= len(v.states) {
		return Standing{}
	}
	return v.states[group]
}

// meetsAll reports that a measure is met.
func (v *look) meetsAll(m *Measure) bool {
	if m.Timely {
		return v.daysLate(m.Clauses) <= m.DaysLate
	}
	for i := range m.Clauses {
		if c := &m.Clauses[i]; c.None && !v.none(c) || v.lacks(c) > m.Short {
			return false
		}
	}
	return true
}

func (v *look) meets(c *Clause) bool {
	if c.None {
		return v.none(c)
	}
	return v.lacks(c) == 0
}

func (v *look) immune(c *Clause) bool { return c.Immune && v.standing(c.GroupNo).State == Immune }

// daysLate is on how many days until the day of judgement at least one of the clauses' doses was late: not given though the
// last day for it was over. A day on which several were late is one.
func (v *look) daysLate(clauses []Clause) int {
	type span struct{ after, until table.Date }
	var spans []span
	for i := range clauses {
		c := &clauses[i]
		if v.immune(c) {
			continue
		}
		var best *span
		for j := range c.Ways {
			w := c.Ways[j]
			s := span{after: w.Until.Of(v.person.Birth)}
			w.Until = Age{}
			for _, a := range c.Antigens {
				day := v.on
				if n, last := v.counted(&w, v.person.Doses[a]); n == w.Doses {
					day = last
				}
				s.until = max(s.until, day)
			}
			if best == nil || s.until-s.after < best.until-best.after {
				best = &s
			}
		}
		spans = append(spans, *best)
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.after, b.after) })
	days, seen := 0, table.Date(0)
	for _, s := range spans {
		if from := max(s.after, seen); s.until > from {
			days += int(s.until - from)
			seen = s.until
		}
	}
	return days
}

func (v *look) none(c *Clause) bool {
	if c.GroupNo < 0 {
		return !slices.ContainsFunc(v.person.Given, func(g Given) bool { return g.On <= v.on })
	}
	for _, a := range c.Antigens {
		if slices.ContainsFunc(v.person.Doses[a], func(d Dose) bool { return d.On <= v.on }) {
			return false
		}
	}
	return true
}

// lacks is how many doses somebody lacks of a clause, by the way that lacks least; none of a clause that asks for none. Of
// several antigens the one that lacks most counts. A series that the schedule does not judge complete lacks one: it says
// that doses are lacking, not how many. From the second birthday one dose completes Hib and pneumococcal vaccine, however
// few came before.
func (v *look) lacks(c *Clause) int {
	if v.immune(c) {
		return 0
	}
	least := 0
	for i := range c.Ways {
		w := &c.Ways[i]
		lacks := 0
		if v.kept && v.valid && w.plain() {
			lacks = max(w.Doses-v.standing(c.GroupNo).Doses, 0)
		} else {
			for _, a := range c.Antigens {
				n, _ := v.counted(w, v.person.Doses[a])
				lacks = max(lacks, w.Doses-n)
			}
		}
		switch {
		case w.Complete && v.standing(c.GroupNo).State == Complete:
			lacks = 0
		case w.Complete && v.valid:
			lacks = 1
		case w.Complete:
			lacks = min(lacks, 1) // by any doses somebody lacks no more than by valid ones
		}
		if i == 0 || lacks < least {
			least = lacks
		}
	}
	return least
}

// plain reports that a way asks for nothing but a number of doses.
func (w *Way) plain() bool {
	return len(w.Products)+len(w.Primary) == 0 && w.Season == "" && w.From.IsZero() && w.Until.IsZero() &&
		w.LastFrom.IsZero() && w.FirstBefore.IsZero() && w.Apart.IsZero() && w.Under.IsZero()
}

// counted is how many doses of an antigen count for a way, no more than it needs, and the day of the last of them.
func (v *look) counted(w *Way, doses []Dose) (n int, last table.Date) {
	birth := v.person.Birth
	if !w.Under.IsZero() && v.on >= w.Under.Of(birth) {
		return 0, 0
	}
	var since table.Date
	if w.Season != "" {
		since = seasonStart(w.Season, v.on)
	}
	for _, d := range doses {
		switch {
		case d.On > v.on || v.valid && !d.Valid,
			len(w.Products) > 0 && !slices.Contains(w.Products, d.CVX),
			d.On < w.From.Of(birth) || !w.Until.IsZero() && d.On > w.Until.Of(birth),
			d.On < since,
			n > 0 && d.On < w.Apart.Of(last), n > 0 && d.On == last,
			n < w.Doses-1 && len(w.Primary) > 0 && !slices.Contains(w.Primary, d.CVX),
			n == w.Doses-1 && d.On < w.LastFrom.Of(birth):
			continue
		}
		if n == 0 && !w.FirstBefore.IsZero() && d.On >= w.FirstBefore.Of(birth) {
			return 0, 0
		}
		last = d.On
		if n++; n == w.Doses {
			break
		}
	}
	return n, last
}

// seasonStart is the last day of the year's day, as MM-DD, that is not after on.
func seasonStart(day string, on table.Date) table.Date {
	for _, back := range []int{0, 12} {
		d, err := table.ParseDate(on.AddMonths(-back).String()[:5] + day)
		if err == nil && d <= on {
			return d
		}
	}
	return on
}
