package match

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Rules that find pairs independently of each other: the estimate must come near what none of them found.
func TestMissedIsNearTheTruth(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	var edges []Edge
	const rules, n = 6, 40000
	missed := 0
	for range n {
		var e Edge
		for r := range rules {
			if rng.Float64() < 0.35 {
				e.Rules |= 1 << r
			}
		}
		e.P[Same] = 1
		if e.Rules == 0 {
			missed++
			continue
		}
		edges = append(edges, e)
		// No match: it must not count.
		edges = append(edges, Edge{Rules: 1, Score: Score{P: [classes]float64{0.2, 0, 0, 0.8}}})
	}
	c := EstimateRecall(edges)
	if math.Abs(c.Missed-float64(missed)) > 0.25*float64(missed) {
		t.Errorf("%.0f pairs are estimated to be missed, %d are", c.Missed, missed)
	}
	if want := 1 - float64(missed)/n; math.Abs(c.Share()-want) > 0.03 {
		t.Errorf("recall is estimated at %.3f and is %.3f", c.Share(), want)
	}
	if r := EstimateRecall(nil).Share(); r != 1 {
		t.Errorf("nothing to find: recall %g", r)
	}
}
