package publication

import (
	"math"

	"miic/internal/interval"
)

// Rates are a percentage and its 95 % interval, rounded as far as the number of people bears; no number of nobody.
func Rates(met, people int64) (percent, low, high float64) {
	if people == 0 {
		return math.NaN(), math.NaN(), math.NaN()
	}
	unit := 1.0
	if people >= 50 {
		unit = 10
	}
	round := func(x float64) float64 { return math.Round(100*x*unit) / unit }
	low, high = interval.Wilson(met, people)
	return round(float64(met) / float64(people)), round(low), round(high)
}
