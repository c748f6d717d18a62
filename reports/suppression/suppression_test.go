package suppression

import (
	"fmt"
	"testing"
)

// of is a cell of one measure: so many people, of whom so many do not meet it.
func of(people, lacking int64, parts ...*Cell) *Cell {
	return &Cell{Figures: []Figure{{People: people, Valid: people - lacking, Any: people - lacking}}, Parts: parts}
}

// sum is a whole of these parts.
func sum(parts ...*Cell) *Cell {
	c := of(0, 0, parts...)
	for _, p := range parts {
		c.Figures[0].People += p.Figures[0].People
		c.Figures[0].Valid += p.Figures[0].Valid
		c.Figures[0].Any += p.Figures[0].Any
	}
	return c
}

func TestWithhold(t *testing.T) {
	held := func(c *Cell) *Cell { c.Held = true; return c }
	known := func(c *Cell) *Cell { c.Known = true; return c }
	turned := func(n int64, c *Cell) *Cell { c.Turned = n; return held(known(c)) }
	for _, tc := range []struct {
		name     string
		top      []*Cell
		withheld string // x for a withheld cell, in the order of the cells; the state last
		people   int64
	}{
		{"nothing is small", []*Cell{of(100, 20), of(90, 20)}, "...", 0},
		{"ten people, and the cheapest that hides them", []*Cell{of(10, 5), of(200, 40), of(100, 20), of(300, 60)}, "x.x..", 110},
		{"eleven people are shown", []*Cell{of(11, 5), of(200, 40), of(100, 20)}, "....", 0},
		{"four of a hundred lack it", []*Cell{of(100, 4), of(200, 40), of(120, 20)}, "x.x.", 220},
		{"nobody lacks it", []*Cell{of(100, 0), of(200, 40), of(120, 20)}, "....", 0},
		{"a place without people hides nobody", []*Cell{of(10, 5), of(0, 0), of(200, 40), of(120, 20)}, "x..x.", 130},
		// together 10 + 30 people, of whom 5 + 5 lack it: one more must be withheld
		{"two are not enough", []*Cell{of(10, 5), of(30, 5), of(200, 40)}, "x.x.", 210},
		{"two cheap ones are cheaper than a dear one", []*Cell{of(10, 5), of(30, 5), of(35, 5), of(500, 100)}, "xxx..", 75},
		{"what has little changed", []*Cell{held(of(80, 11)), of(200, 40), of(120, 20)}, "x.x.", 200},
		{"who is known hides nobody", []*Cell{of(10, 5), known(of(50, 15)), of(200, 40), of(120, 20), of(400, 40)}, "x..x..", 130},
		{"all have little changed, together by eleven", []*Cell{turned(5, of(80, 15)), turned(6, of(90, 15))}, "xx.", 170},
		{"all have little changed, together by ten", []*Cell{turned(5, of(80, 15)), turned(5, of(90, 15))}, "xxx", 340},
		{"all are too few", []*Cell{of(6, 3), of(6, 3)}, "xxx", 24},
		{"in a region", []*Cell{sum(of(10, 5), of(60, 20), of(90, 20)), sum(of(200, 40), of(300, 60))}, "xx......", 70},
		{"a region of one small county", []*Cell{sum(of(10, 5)), sum(of(60, 20), of(90, 20)), of(300, 60)}, "xxx.x..", 230},
		// the region is withheld with its smaller county, rather than the two regions
		{"the unassigned are few", []*Cell{sum(of(40, 20), of(90, 20)), sum(of(200, 40), of(300, 60)), of(10, 5)}, "x.x...x.", 180},
	} {
		t.Run(tc.name, func(t *testing.T) {
			state := sum(tc.top...)
			state.Parts = nil
			res := Rule{Small: 11, Part: 5}.Withhold(state, tc.top)
			got := ""
			for _, c := range append(tc.top, state) {
				for _, x := range append(c.Parts, c) {
					got += map[bool]string{true: "x", false: "."}[x.Withheld]
				}
			}
			if got != tc.withheld || res.People != tc.people {
				t.Errorf("%s with %d people, want %s with %d", got, res.People, tc.withheld, tc.people)
			}
			if res.Least > res.People {
				t.Errorf("at the least %d, withheld %d", res.Least, res.People)
			}
		})
	}
}

// TestAMeasureOfFewIsLeftOut: a measure that eight people of the state lack is shown nowhere, and takes no other with it.
func TestAMeasureOfFewIsLeftOut(t *testing.T) {
	two := func(people, lack1, lack2 int64) *Cell {
		return &Cell{Figures: []Figure{{people, people - lack1, people - lack1}, {people, people - lack2, people - lack2}}}
	}
	state, a, b := two(300, 60, 8), two(100, 20, 1), two(200, 40, 7)
	res := Rule{Small: 11, Part: 5}.Withhold(state, []*Cell{a, b})
	if fmt.Sprint(res.Left) != "[false true]" || state.Withheld || a.Withheld || b.Withheld {
		t.Errorf("%v, %v, %v, %v", res.Left, state.Withheld, a.Withheld, b.Withheld)
	}
}

// TestTheChoiceIsTheCheapest: against all choices of small tables.
func TestTheChoiceIsTheCheapest(t *testing.T) {
	for seed := range int64(200) {
		p := covering{need: []int64{11 + seed%7, 5 + seed%3, 2}}
		for i := range int64(9) {
			n := (seed*31 + i*i*17 + i*seed) % 23
			p.add(n+1, []int64{n, (n * (seed + i)) % 6, 1})
		}
		best := int64(-1)
		for set := range 1 << 9 {
			var price int64
			need := append([]int64{}, p.need...)
			for i := range 9 {
				if set>>i&1 == 1 {
					price += p.prices[i]
					for d := range need {
						need[d] -= p.gives[i][d]
					}
				}
			}
			if met(need) && (best < 0 || price < best) {
				best = price
			}
		}
		picked, fits := p.solve()
		var price int64
		for _, i := range picked {
			price += p.prices[i]
		}
		if fits != (best >= 0) || fits && (price != best || p.least != best) {
			t.Errorf("case %d: %v for %d, at the least %d; the cheapest is %d", seed, picked, price, p.least, best)
		}
	}
}

// TestAKnownWholeHidesItsOwnParts: of region B it is known from before about how many it has, so that its small county cannot
// hide among those of region A.
func TestAKnownWholeHidesItsOwnParts(t *testing.T) {
	leaf := func(people int64) *Cell { return &Cell{Figures: []Figure{{people, people / 2, people / 2}}} }
	whole := func(parts ...*Cell) *Cell {
		c := &Cell{Figures: make([]Figure, 1), Parts: parts}
		for _, p := range parts {
			c.Figures[0].People += p.Figures[0].People
			c.Figures[0].Valid += p.Figures[0].Valid
			c.Figures[0].Any += p.Figures[0].Any
		}
		return c
	}
	next := leaf(60)
	a := whole(leaf(10), leaf(200), leaf(40))
	b := whole(leaf(10), next, leaf(300))
	b.Held, b.Known, b.Turned = true, true, 3
	state := whole(a, b)
	state.Parts = nil
	Rule{Small: 11, Part: 5}.Withhold(state, []*Cell{a, b})
	if state.Withheld || !b.Withheld || !next.Withheld {
		t.Errorf("state withheld %v, region %v, the county beside the small one %v", state.Withheld, b.Withheld, next.Withheld)
	}
}
