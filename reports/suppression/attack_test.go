package suppression

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize/convex/lp"
)

// The attack: everything published is written down as equations about the people of each county and sex, and a solver
// that knows nothing of how cells are withheld finds the least and the most that each withheld figure can be.

// A kind is a kind of person: in the population of each measure, and whether they meet it. Who meets by valid doses meets
// by any; who has the series has the vaccine alone.
type kind struct{ people, valid, all [2]bool }

// kinds are those of a series and of one of its vaccines; the last one began no series, and so is in one population only.
var kinds = func() []kind {
	both := [2]bool{true, true}
	var list []kind
	for bits := range 16 {
		k := kind{both, [2]bool{bits&1 > 0, bits&2 > 0}, [2]bool{bits&4 > 0, bits&8 > 0}}
		below := func(a, b bool) bool { return !a || b }
		if below(k.valid[0], k.valid[1]) && below(k.all[0], k.all[1]) && below(k.valid[0], k.all[0]) && below(k.valid[1], k.all[1]) {
			list = append(list, k)
		}
	}
	return append(list, kind{people: [2]bool{false, true}}, kind{people: [2]bool{false, true}, valid: [2]bool{false, true}, all: [2]bool{false, true}})
}()

// counted are the figures of a measure that a kind of person is in; who does not meet it is the rest.
const (
	counted = iota
	valid
	lacking
	anyDose
	lackingAny
	figures
)

func (k kind) in(measure, figure int) bool {
	in, v, a := k.people[measure], k.valid[measure], k.all[measure]
	return [figures]bool{in, in && v, in && !v, in && a, in && !a}[figure]
}

func (f Figure) list() [figures]int64 {
	return [figures]int64{f.People, f.Valid, f.People - f.Valid, f.Any, f.People - f.Any}
}

// A world is a state: how many people of each kind live in each county, by sex.
type world struct {
	counties [][]int // of each region
	sexes    int
	number   [][][]int64 // by county, sex, kind

	state *Cell
	areas []*Cell
	bySex []*Cell
	place map[*Cell]func(county, sex int) bool
}

func newWorld(regions [][]int, sexes, counties int) *world {
	w := &world{counties: regions, sexes: sexes, number: make([][][]int64, counties)}
	for c := range w.number {
		w.number[c] = make([][]int64, sexes)
		for s := range w.number[c] {
			w.number[c][s] = make([]int64, len(kinds))
		}
	}
	return w
}

// random is a state of some regions and counties; some are small, and few people are without what most have.
func random(rng *rand.Rand) *world {
	var regions [][]int
	counties := 0
	for range 2 + rng.IntN(2) {
		var list []int
		for range 1 + rng.IntN(3) {
			list = append(list, counties)
			counties++
		}
		regions = append(regions, list)
	}
	w := newWorld(regions, 2+rng.IntN(2), counties)
	for c := range counties {
		size := []int64{2, 6, 25, 60}[rng.IntN(4)]
		for s := range w.sexes {
			if s == 2 && rng.IntN(3) > 0 { // a value that few have
				continue
			}
			for k := range kinds {
				w.number[c][s][k] = rng.Int64N(size)
			}
		}
	}
	return w
}

// publish makes the cells of the tables from the people.
func (w *world) publish() {
	w.place = map[*Cell]func(int, int) bool{}
	cell := func(here func(county, sex int) bool) *Cell {
		c := &Cell{Figures: make([]Figure, 2)}
		w.place[c] = here
		for m := range c.Figures {
			f := &c.Figures[m]
			w.each(here, func(county, sex, k int) {
				n := w.number[county][sex][k]
				if kinds[k].in(m, counted) {
					f.People += n
				}
				if kinds[k].in(m, valid) {
					f.Valid += n
				}
				if kinds[k].in(m, anyDose) {
					f.Any += n
				}
			})
		}
		return c
	}
	w.state, w.areas, w.bySex = cell(func(int, int) bool { return true }), nil, nil
	for i, list := range w.counties {
		region := cell(func(county, _ int) bool { return slices.Contains(list, county) })
		for _, c := range list {
			if i == len(w.counties)-1 && len(list) == 1 { // those without a county: a region without parts
				continue
			}
			region.Parts = append(region.Parts, cell(func(county, _ int) bool { return county == c }))
		}
		w.areas = append(w.areas, region)
	}
	for s := range w.sexes {
		w.bySex = append(w.bySex, cell(func(_, sex int) bool { return sex == s }))
	}
}

func (w *world) each(here func(county, sex int) bool, do func(county, sex, kind int)) {
	for c := range w.number {
		for s := range w.sexes {
			if here(c, s) {
				for k := range kinds {
					do(c, s, k)
				}
			}
		}
	}
}

func (w *world) cells() []*Cell {
	list := append([]*Cell{w.state}, w.areas...)
	for _, a := range w.areas {
		list = append(list, a.Parts...)
	}
	return append(list, w.bySex...)
}

// bounds is what somebody knows beside tonight's tables: each figure of a cell within so much of what it was.
type bounds map[*Cell]about

type about struct {
	figures []Figure
	within  int64
}

// equations are what is known of the unknowns: the people by county, sex and kind, and slacks.
type equations struct {
	unknowns int
	rows     [][]float64
	right    []float64
}

func (w *world) index(county, sex, k int) int { return (county*w.sexes+sex)*len(kinds) + k }

// sum is the row of a cell's figure.
func (w *world) sum(c *Cell, measure, figure int) []float64 {
	row := make([]float64, len(w.number)*w.sexes*len(kinds))
	w.each(w.place[c], func(county, sex, k int) {
		if kinds[k].in(measure, figure) {
			row[w.index(county, sex, k)] = 1
		}
	})
	return row
}

// known writes down all that is known: each published figure; that a withheld cell has people; what is known from before.
func (w *world) known(left []bool, before bounds) *equations {
	e := &equations{unknowns: len(w.number) * w.sexes * len(kinds)}
	least := func(row []float64, sign float64, n int64) {
		e.rows, e.right = append(e.rows, append(row, make([]float64, e.unknowns-len(row))...)), append(e.right, float64(n))
		for i := range e.rows {
			slack := 0.0
			if i == len(e.rows)-1 {
				slack = sign
			}
			e.rows[i] = append(e.rows[i], slack)
		}
		e.unknowns++
	}
	equal := func(row []float64, n int64) {
		e.rows, e.right = append(e.rows, append(row, make([]float64, e.unknowns-len(row))...)), append(e.right, float64(n))
	}
	for _, c := range w.cells() {
		for m := range c.Figures {
			for f, n := range c.Figures[m].list() {
				if !c.Withheld && !left[m] {
					equal(w.sum(c, m, f), n)
				}
			}
		}
		if b, ok := before[c]; ok {
			for m := range c.Figures {
				for f, n := range b.figures[m].list() {
					least(w.sum(c, m, f), 1, n+b.within)
					if n > b.within {
						least(w.sum(c, m, f), -1, n-b.within)
					}
				}
			}
		}
		if c.Withheld && len(c.Parts) == 0 && !c.Held {
			row := make([]float64, len(w.number)*w.sexes*len(kinds))
			w.each(w.place[c], func(county, sex, k int) { row[w.index(county, sex, k)] = 1 })
			least(row, -1, 1)
		}
	}
	return e.independent()
}

// independent leaves out what follows from the rest, as the solver asks.
func (e *equations) independent() *equations {
	out := &equations{unknowns: e.unknowns}
	var echelon [][]float64
	for i, row := range e.rows {
		v := append(slices.Clone(row), e.right[i])
		for _, r := range echelon {
			p := slices.IndexFunc(r, func(x float64) bool { return math.Abs(x) > 1e-9 })
			f := v[p] / r[p]
			for k := range v {
				v[k] -= f * r[k]
			}
		}
		if p := slices.IndexFunc(v, func(x float64) bool { return math.Abs(x) > 1e-7 }); p >= 0 && p < e.unknowns {
			echelon = append(echelon, v)
			out.rows, out.right = append(out.rows, row), append(out.right, e.right[i])
		}
	}
	return out
}

// span is the least and the most that a sum of unknowns can be.
func (e *equations) span(row []float64) (float64, float64, error) {
	cost := append(slices.Clone(row), make([]float64, e.unknowns-len(row))...)
	if len(e.rows) == 0 {
		return 0, math.Inf(1), nil
	}
	a := mat.NewDense(len(e.rows), e.unknowns, slices.Concat(e.rows...))
	low, _, err := lp.Simplex(cost, a, e.right, 1e-9, nil)
	if err != nil {
		return 0, 0, err
	}
	for i := range cost {
		cost[i] = -cost[i]
	}
	high, _, err := lp.Simplex(cost, a, e.right, 1e-9, nil)
	if err == lp.ErrUnbounded {
		return low, math.Inf(1), nil
	}
	return low, -high, err
}

// pinned lists the figures of withheld cells that can be worked out to fewer than small.
func (w *world) pinned(left []bool, before bounds, small float64) ([]string, error) {
	e := w.known(left, before)
	var list []string
	for i, c := range w.cells() {
		if !c.Withheld {
			continue
		}
		if _, known := before[c]; known {
			continue // what it was is no secret any more
		}
		for m := range c.Figures {
			if left[m] {
				continue
			}
			for f := range figures {
				low, high, err := e.span(w.sum(c, m, f))
				if err != nil {
					return nil, err
				}
				if high-low < small-1e-6 {
					list = append(list, fmt.Sprintf("cell %d, measure %d, figure %d: %.1f to %.1f", i, m, f, low, high))
				}
			}
		}
	}
	return list, nil
}
