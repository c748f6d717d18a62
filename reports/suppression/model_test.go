package suppression

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// BenchmarkSmallPart prints how many counties a state like ours shows by small_part, and the share of the children in them:
// the table of docs/decisions/0067. In the model 87 counties of 8 regions have children by their rank to the power of -1.25.
// Of twelve measures nine are a vaccine each and three a series of the first 3, 6 and 7 of them. One child in 50 has no
// vaccine, one in 6 is behind and lacks each with one chance in 3, every other one with one in 50; and one dose in 100 that
// is there is not valid.
func BenchmarkSmallPart(b *testing.B) {
	for range b.N {
		for _, children := range []float64{5_500, 20_000, 65_000} {
			line := fmt.Sprintf("%.0f", children)
			for _, part := range []int64{1, 2, 3, 5} {
				state, regions := model(children)
				Rule{Small: 11, Part: part}.Withhold(state, regions)
				counties, in := 0, int64(0)
				for _, r := range regions {
					for _, c := range r.Parts {
						if !c.Withheld {
							counties, in = counties+1, in+c.Figures[0].People
						}
					}
				}
				line += fmt.Sprintf(" | %d, %.0f %%", counties, 100*float64(in)/float64(state.Figures[0].People))
			}
			b.Log(line)
		}
	}
}

// model is the same state each time.
func model(children float64) (*Cell, []*Cell) {
	const counties, regionCount, vaccines = 87, 8, 9
	rng := rand.New(rand.NewPCG(67, 1))
	whole := 0.0
	for rank := 1; rank <= counties; rank++ {
		whole += math.Pow(float64(rank), -1.25)
	}
	empty := func() *Cell { return &Cell{Figures: make([]Figure, vaccines+3)} }
	add := func(to *Cell, f []Figure) {
		for m := range f {
			to.Figures[m].People += f[m].People
			to.Figures[m].Valid += f[m].Valid
			to.Figures[m].Any += f[m].Any
		}
	}
	state, regions := empty(), make([]*Cell, regionCount)
	for i := range regions {
		regions[i] = empty()
	}
	for rank := 1; rank <= counties; rank++ {
		county, region := empty(), regions[rank%regionCount]
		for range int(math.Round(children * math.Pow(float64(rank), -1.25) / whole)) {
			add(county, child(rng, vaccines))
		}
		region.Parts = append(region.Parts, county)
		add(region, county.Figures)
		add(state, county.Figures)
	}
	return state, regions
}

// child is one child's figures.
func child(rng *rand.Rand, vaccines int) []Figure {
	lacks := 1.0 / 50
	switch n := rng.IntN(300); {
	case n < 6:
		lacks = 1
	case n < 56:
		lacks = 1.0 / 3
	}
	f := make([]Figure, vaccines+3)
	for m := range f {
		f[m] = Figure{People: 1, Valid: 1, Any: 1}
	}
	for v := range vaccines {
		if rng.Float64() < lacks {
			f[v].Valid, f[v].Any = 0, 0
		} else if rng.IntN(100) == 0 {
			f[v].Valid = 0
		}
		for s, of := range []int{3, 6, 7} {
			if v < of {
				f[vaccines+s].Valid, f[vaccines+s].Any = min(f[vaccines+s].Valid, f[v].Valid), min(f[vaccines+s].Any, f[v].Any)
			}
		}
	}
	return f
}
