package publication

import "math"

// rates are a percentage and its 95 % interval, rounded as far as the number of people bears; no number of nobody.
func rates(met, people int64) (percent, low, high float64) {
	if people == 0 {
		return math.NaN(), math.NaN(), math.NaN()
	}
	const z = 1.959964 // the interval is Wilson's, which holds for small numbers and at the ends
	n, p := float64(people), float64(met)/float64(people)
	middle := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	unit := 1.0
	if people >= 50 {
		unit = 10
	}
	round := func(x float64) float64 { return math.Round(100*x*unit) / unit }
	return round(p), round(max(middle-half, 0)), round(min(middle+half, 1))
}
