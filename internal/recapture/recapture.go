// Package recapture estimates how many there are that nobody has seen, from how often the others were.
package recapture

// Unseen estimates how many were found by no way at all, from how many were found by one way alone and how many by
// two (Chao's estimator, corrected for small counts). Ways that find the same ones for the same reason make it too
// low: it is the least that is unseen.
func Unseen(once, twice float64) float64 { return max(0, once*(once-1)/(2*(twice+1))) }
