package match

import (
	"math/bits"

	"miic/internal/recapture"
)

// sureMatch is the probability from which a pair counts as one person when rules are measured.
const sureMatch = 0.95

// BlockingRecall is how well the blocking rules catch the pairs of one person.
type BlockingRecall struct {
	Found  float64 // expected pairs of one person among those found at sureMatch or better
	Missed float64 // estimate of those that no rule finds
}

// Share is the estimated share of the pairs of one person that some rule finds.
func (c BlockingRecall) Share() float64 {
	if c.Found == 0 {
		return 1
	}
	return c.Found / (c.Found + c.Missed)
}

// EstimateRecall estimates by capture and recapture: from how many pairs were found by one rule alone and how
// many by two, how many were found by none. Rules that find the same pairs for the same reason, as a name does and the
// name with a birth year, make it an underestimate: it is the least that is missed.
func EstimateRecall(edges []Edge) BlockingRecall {
	var c BlockingRecall
	var once, twice float64
	for i := range edges {
		p := edges[i].P[Same]
		if p < sureMatch || edges[i].Rules == 0 {
			continue
		}
		c.Found += p
		switch bits.OnesCount32(uint32(edges[i].Rules)) {
		case 1:
			once += p
		case 2:
			twice += p
		}
	}
	c.Missed = recapture.Unseen(once, twice)
	return c
}
