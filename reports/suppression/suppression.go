// Package suppression chooses which cells of published tables are withheld, so that no small number of people can be read
// or worked out from all that is published together.
//
// The tables of a family of measures are partitions of the state: into regions, and these into counties; into the values
// of one property. A cell is withheld as a whole: all figures of all measures of the family. What remains keeps this
// promise: the people of the withheld parts of a published whole can be moved among these parts as one likes, and every
// published figure, of whatever measure and table, stays what it is. So a withheld figure may be anything from nothing to
// what the parts have together, which is never less than the threshold, and so may the number of those who are not in it.
//
// The package knows neither files nor tables of the lake.
package suppression

import "slices"

// A Figure is what one measure counts in a cell.
type Figure struct {
	People int64 // in its population
	Valid  int64 // of them, who meet it by valid doses
	Any    int64 // by any doses
}

// A Cell is one row of a table, for all measures of a family.
type Cell struct {
	Figures []Figure // of each measure, in the family's order
	Held    bool     // it must not be shown, whatever its figures
	Known   bool     // an earlier publication says about what its figures are: nobody else can hide behind it
	Turned  int64    // of a known cell: how many have come or left since, and so how far its figures may be from what they were
	Parts   []*Cell  // what it is the sum of, if these are published too

	Primary  bool // it is withheld for its own sake
	Withheld bool // it is withheld, for its own sake or for another's
}

// A Rule says what is too small.
type Rule struct {
	Small int64 // fewer people are not shown; what is withheld may be anything in a span of at least so many
	Part  int64 // fewer who meet a measure, or do not, are not shown, unless there is none
}

// A Result is what was withheld, and at what price.
type Result struct {
	Left []bool // by measure: too few meet it, or do not, in the whole state, so that it is shown nowhere
	// of the withheld rows the people, counted once in each row; and how few could be withheld at the least
	People, Least int64
}

// Withhold marks which cells of the state's tables are withheld. Each table is a partition of the state.
func (r Rule) Withhold(state *Cell, tables ...[]*Cell) Result {
	s := solver{Rule: r}
	res := Result{Left: make([]bool, len(state.Figures))}
	for i, f := range state.Figures {
		if res.Left[i] = r.Leaves(f); !res.Left[i] {
			s.measures = append(s.measures, i)
		}
	}
	all := slices.Concat(append([][]*Cell{{state}}, tables...)...)
	all = slices.Concat(append([][]*Cell{all}, parts(all)...)...)
	for _, c := range all {
		c.Primary = s.tooSmall(c)
		c.Withheld = c.Primary
	}
	fits := len(s.measures) > 0 && !state.Withheld
	for _, t := range tables {
		if fits {
			fits = s.repair(t)
		}
	}
	if !fits {
		for _, c := range all {
			c.Withheld = true
		}
		s.least = 0
	}
	for _, c := range all {
		if c.Withheld {
			res.People += s.people(c)
		}
		if c.Primary || !fits {
			res.Least += s.people(c)
		}
	}
	res.Least += s.least
	return res
}

func parts(list []*Cell) [][]*Cell {
	var out [][]*Cell
	for _, c := range list {
		if len(c.Parts) > 0 {
			out = append(out, c.Parts)
			out = append(out, parts(c.Parts)...)
		}
	}
	return out
}

// Leaves reports that a measure with this figure of the whole state is shown nowhere: too few people meet it, or do not, for
// anybody to hide among them.
func (r Rule) Leaves(f Figure) bool {
	return min(f.People, f.Valid, f.People-f.Valid, f.Any, f.People-f.Any) < r.Small
}

// A solver works for one family.
type solver struct {
	Rule
	measures []int // those that are shown
	least    int64 // at the least so many people are withheld for others' sake
}

// tooSmall reports that a cell may not be shown.
func (s *solver) tooSmall(c *Cell) bool {
	if c.Held {
		return true
	}
	few := func(n, limit int64) bool { return 0 < n && n < limit }
	for _, i := range s.measures {
		f := c.Figures[i]
		if few(f.People, s.Small) || few(f.Valid, s.Part) || few(f.People-f.Valid, s.Part) ||
			few(f.Any, s.Part) || few(f.People-f.Any, s.Part) {
			return true
		}
	}
	return false
}

// people is how many a row is about: of the measure with the most.
func (s *solver) people(c *Cell) int64 {
	var most int64
	for _, f := range c.Figures {
		most = max(most, f.People)
	}
	return most
}

// cover is what a withheld cell without parts does for others: of each measure the people, without one who must be there,
// and those who meet it or do not; last, that it is a cell with people.
func (s *solver) cover(c *Cell) []int64 {
	v := make([]int64, 5*len(s.measures)+1)
	if c.Known {
		return v
	}
	for k, i := range s.measures {
		f := c.Figures[i]
		copy(v[5*k:], []int64{max(f.People-1, 0), f.Valid, f.People - f.Valid, f.Any, f.People - f.Any})
	}
	if s.people(c) > 0 {
		v[len(v)-1] = 1
	}
	return v
}

// need is what the withheld cells below a published one must have together.
func (s *solver) need() []int64 {
	v := make([]int64, 5*len(s.measures)+1)
	for i := range v {
		v[i] = s.Small
	}
	v[len(v)-1] = 2
	return v
}

// choice is a set of cells to withhold beside those that are, and its price.
type choice struct {
	cells []*Cell
	price int64
	least int64 // no choice is cheaper
	fits  bool
}

// within finds the cheapest cells to withhold so that those below a published cell hide one another.
func (s *solver) within(leaves []*Cell, more ...limit) choice {
	p := covering{need: append(s.need(), slices.Repeat([]int64{1}, len(more))...)}
	hidden := false
	var free []*Cell
	for _, c := range leaves {
		v := s.cover(c)
		peopled := v[len(v)-1]
		for _, m := range more {
			if m.of[c] == m.inside {
				v = append(v, peopled)
			} else {
				v = append(v, 0)
			}
		}
		if c.Withheld {
			hidden = true
			p.have(v)
		} else if s.people(c) > 0 {
			free = append(free, c)
			p.add(s.people(c), v)
		}
	}
	if !hidden && len(more) == 0 {
		return choice{fits: true}
	}
	picked, fits := p.solve()
	out := choice{fits: fits, least: p.least}
	for _, i := range picked {
		out.cells = append(out.cells, free[i])
		out.price += s.people(free[i])
	}
	return out
}

// A limit asks for a withheld cell with people inside a withheld whole, or outside it: else it is the sum of what is known.
type limit struct {
	of     map[*Cell]bool // the cells inside
	inside bool
}

// repair withholds more of a table until everything withheld is hidden; false where nothing helps.
func (s *solver) repair(top []*Cell) bool {
	own := map[*Cell]choice{} // of each cell with parts, if it stays published
	var wholes []*Cell        // those that may be withheld beside those that are
	var forced []*Cell
	for _, c := range top {
		if len(c.Parts) == 0 {
			continue
		}
		own[c] = s.within(c.Parts)
		switch {
		case c.Withheld, !own[c].fits:
			forced = append(forced, c)
		default:
			wholes = append(wholes, c)
		}
		if !c.Withheld && own[c].fits {
			s.least += min(s.people(c), own[c].least)
		} else if !c.Withheld {
			s.least += s.people(c)
		}
	}
	slices.SortStableFunc(wholes, func(a, b *Cell) int { return int(s.people(a) - s.people(b)) })
	best := s.withWholes(top, own, forced)
	for i, a := range wholes { // one or two more, where that is cheaper or the only way
		if best.fits && s.people(a) >= best.price {
			break
		}
		best = cheaper(best, s.withWholes(top, own, append(slices.Clone(forced), a)))
		for _, b := range wholes[i+1:] {
			if best.fits && s.people(a)+s.people(b) >= best.price {
				break
			}
			best = cheaper(best, s.withWholes(top, own, append(slices.Clone(forced), a, b)))
		}
	}
	if !best.fits {
		best = s.withWholes(top, own, slices.Concat(forced, wholes))
	}
	if len(own) == 0 {
		s.least += best.least
	}
	if !best.fits {
		return s.without(top)
	}
	for _, c := range best.cells {
		c.Withheld = true
	}
	return true
}

// without withholds a whole table whose cells have little changed; false where even all changes together are too few.
func (s *solver) without(top []*Cell) bool {
	all := slices.Concat(append([][]*Cell{top}, parts(top)...)...)
	var turned int64
	for _, c := range all {
		if c.Known && len(c.Parts) == 0 {
			turned += c.Turned
		}
	}
	if turned < s.Small || !s.loose(top) {
		return false
	}
	for _, c := range all {
		c.Withheld = true
	}
	return true
}

// loose reports that no cell of a table that is withheld whole is told by the others, by what is known of these: each cell of
// which nothing is known may be anything in a span of the threshold.
func (s *solver) loose(top []*Cell) bool {
	var total int64
	for _, c := range top {
		total += s.slack(c)
	}
	for _, c := range top {
		rest := total - s.slack(c)
		if s.told(c, rest) {
			return false
		}
		if c.Known {
			rest = min(rest, c.Turned)
		}
		var inside int64
		for _, p := range c.Parts {
			inside += s.slack(p)
		}
		for _, p := range c.Parts {
			if s.told(p, rest+inside-s.slack(p)) {
				return false
			}
		}
	}
	return true
}

// told reports that a cell of which nothing is known has people, and that the others leave it less room than the threshold.
func (s *solver) told(c *Cell, room int64) bool {
	return !c.Known && s.people(c) > 0 && room < s.Small
}

// slack is how far a withheld cell may be from what is known of it.
func (s *solver) slack(c *Cell) int64 {
	if c.Known {
		return c.Turned
	}
	if len(c.Parts) == 0 {
		return s.people(c)
	}
	var sum int64
	for _, p := range c.Parts {
		sum += s.slack(p)
	}
	return sum
}

func cheaper(a, b choice) choice {
	if !a.fits || b.fits && b.price < a.price {
		return b
	}
	return a
}

// withWholes is the cheapest choice for a table of which these cells with parts are withheld, and no other.
func (s *solver) withWholes(top []*Cell, own map[*Cell]choice, withheld []*Cell) choice {
	var out choice
	var leaves []*Cell
	var more []limit
	apart := true // what is known of a whole from before keeps its parts apart from the others: they must hide one another
	for _, c := range top {
		switch {
		case len(c.Parts) == 0:
			leaves = append(leaves, c)
		case slices.Contains(withheld, c) && c.Known:
			apart = apart && own[c].fits
			out.price += own[c].price
			out.cells = append(out.cells, own[c].cells...)
			if !c.Withheld {
				out.price += s.people(c)
				out.cells = append(out.cells, c)
			}
		case slices.Contains(withheld, c):
			inside := map[*Cell]bool{}
			for _, p := range c.Parts {
				inside[p] = true
			}
			more = append(more, limit{inside, true}, limit{inside, false})
			leaves = append(leaves, c.Parts...)
			if !c.Withheld {
				out.price += s.people(c)
				out.cells = append(out.cells, c)
			}
		default:
			out.price += own[c].price
			out.cells = append(out.cells, own[c].cells...)
		}
	}
	rest := s.within(leaves, more...)
	out.price += rest.price
	out.cells = append(out.cells, rest.cells...)
	out.fits, out.least = rest.fits && apart, rest.least
	return out
}
