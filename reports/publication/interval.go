package publication

import (
	"math"

	"miic/internal/interval"
)

// Decimals are how many decimals a percentage of so many people bears.
func Decimals(people int64) int {
	if people >= 50 {
		return 1
	}
	return 0
}

// Rates are a percentage and its 95 % interval, rounded as far as the number of people bears; no number of nobody.
func Rates(met, people int64) (percent, low, high float64) {
	if people == 0 {
		return math.NaN(), math.NaN(), math.NaN()
	}
	unit := math.Pow10(Decimals(people))
	round := func(x float64) float64 { return math.Round(100*x*unit) / unit }
	low, high = interval.Wilson(met, people)
	return round(float64(met) / float64(people)), round(low), round(high)
}
