// Package interval says how far from a counted share the true one may be by chance alone.
package interval

import "math"

// z is how many standard deviations hold 95 of 100 cases.
const z = 1.959963984540054

// Wilson is the interval in which a share of so many of so many lies in 95 of 100 cases: it holds where few are counted and
// at both ends. Of nobody it is everything.
func Wilson(n, of int64) (low, high float64) {
	if of == 0 {
		return 0, 1
	}
	p, m := float64(n)/float64(of), float64(of)
	middle := p + z*z/(2*m)
	half := z * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	scale := 1 + z*z/m
	return max((middle-half)/scale, 0), min((middle+half)/scale, 1)
}
