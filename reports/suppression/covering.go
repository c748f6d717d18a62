package suppression

import (
	"cmp"
	"slices"
)

// A covering asks which of some things to take, as cheaply as can be, so that together they have enough of everything.
type covering struct {
	need   []int64
	prices []int64
	gives  [][]int64 // of each thing
	least  int64     // once solved: nothing cheaper is enough
}

// have takes something without a price.
func (p *covering) have(v []int64) {
	for d, n := range v {
		p.need[d] -= n
	}
}

func (p *covering) add(price int64, v []int64) {
	p.prices, p.gives = append(p.prices, price), append(p.gives, v)
}

// tries is how many steps the search takes at most. What it has found by then is good, if not always the cheapest.
const tries = 20_000

// solve returns which things to take, in rising order; false where even all are not enough.
func (p *covering) solve() ([]int, bool) {
	dims := p.open()
	if len(dims) == 0 {
		return nil, true
	}
	order := make([]int, len(p.prices))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p.prices[a], p.prices[b]) })
	s := search{covering: p, dims: dims, order: order}
	s.prepare()
	if !s.enough(0, s.needs()) {
		return nil, false
	}
	s.greedy()
	s.walk(0, s.needs(), nil, 0)
	slices.Sort(s.best)
	p.least = s.price
	if s.steps > tries {
		p.least = s.bound(0, s.needs())
	}
	return s.best, true
}

// open are the dimensions of which there is not enough yet.
func (p *covering) open() []int {
	var dims []int
	for d, n := range p.need {
		if n > 0 {
			dims = append(dims, d)
		}
	}
	return dims
}

// A search goes through the things from the cheapest to the dearest, and takes or leaves each.
type search struct {
	*covering
	dims  []int
	order []int
	left  [][]int64   // what the things from one on have together, by dimension
	rate  [][]float64 // the lowest price for one unit among the things from one on
	best  []int
	price int64
	steps int
}

func (s *search) needs() []int64 {
	v := make([]int64, len(s.dims))
	for k, d := range s.dims {
		v[k] = s.need[d]
	}
	return v
}

const never = 1e18

func (s *search) prepare() {
	n := len(s.order)
	s.left, s.rate = make([][]int64, n+1), make([][]float64, n+1)
	s.left[n], s.rate[n] = make([]int64, len(s.dims)), make([]float64, len(s.dims))
	for k := range s.rate[n] {
		s.rate[n][k] = never
	}
	for i := n - 1; i >= 0; i-- {
		thing := s.order[i]
		s.left[i], s.rate[i] = slices.Clone(s.left[i+1]), slices.Clone(s.rate[i+1])
		for k, d := range s.dims {
			if g := s.gives[thing][d]; g > 0 {
				s.left[i][k] += g
				s.rate[i][k] = min(s.rate[i][k], float64(s.prices[thing])/float64(g))
			}
		}
	}
}

// enough reports that the things from one on could meet the needs.
func (s *search) enough(from int, need []int64) bool {
	for k, n := range need {
		if n > s.left[from][k] {
			return false
		}
	}
	return true
}

// bound is a price that the things from one on, which meet the needs, do not undercut.
func (s *search) bound(from int, need []int64) int64 {
	least := 0.0
	for k, n := range need {
		if n > 0 {
			least = max(least, float64(n)*s.rate[from][k])
		}
	}
	return int64(least)
}

// greedy takes the cheapest things until they are enough, and then leaves again what is not needed, the dearest first.
func (s *search) greedy() {
	need := s.needs()
	var taken []int
	for _, thing := range s.order {
		if met(need) {
			break
		}
		taken = append(taken, thing)
		need = s.after(need, thing)
	}
	for i := len(taken) - 1; i >= 0; i-- {
		without := slices.Clone(need)
		for k, d := range s.dims {
			without[k] += s.gives[taken[i]][d]
		}
		if met(without) {
			need, taken = without, slices.Delete(taken, i, i+1)
		}
	}
	s.best, s.price = taken, 0
	for _, thing := range taken {
		s.price += s.prices[thing]
	}
}

func (s *search) after(need []int64, thing int) []int64 {
	out := slices.Clone(need)
	for k, d := range s.dims {
		out[k] -= s.gives[thing][d]
	}
	return out
}

func met(need []int64) bool {
	return !slices.ContainsFunc(need, func(n int64) bool { return n > 0 })
}

func (s *search) walk(from int, need []int64, taken []int, price int64) {
	if met(need) {
		if price < s.price {
			s.best, s.price = slices.Clone(taken), price
		}
		return
	}
	if s.steps++; s.steps > tries || from == len(s.order) || !s.enough(from, need) || price+s.bound(from, need) >= s.price {
		return
	}
	thing := s.order[from]
	s.walk(from+1, s.after(need, thing), append(slices.Clone(taken), thing), price+s.prices[thing])
	s.walk(from+1, need, taken, price)
}
