package match

import "math/bits"

// jaroWinkler is the Jaro–Winkler similarity of two texts in bytes: 1 for equal ones, 0 for nothing in
// common. The bonus for a common beginning of up to four is given from a similarity of 0.7 on. Of a text
// beyond 64 bytes only the first 64 count.
func jaroWinkler(a, b string) float64 {
	a, b = a[:min(64, len(a))], b[:min(64, len(b))]
	if a == b {
		return 1
	}
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	reach := max(len(b)/2-1, 0)
	var inA, inB uint64 // places that have found a partner
	for i := range len(a) {
		from, to := max(0, i-reach), min(len(b), i+reach+1)
		for j := from; j < to; j++ {
			if a[i] == b[j] && inB&(1<<j) == 0 {
				inA |= 1 << i
				inB |= 1 << j
				break
			}
		}
	}
	m := float64(bits.OnesCount64(inA))
	if m == 0 {
		return 0
	}
	crossed := 0
	for x, y := inA, inB; x != 0; x, y = x&(x-1), y&(y-1) {
		if a[bits.TrailingZeros64(x)] != b[bits.TrailingZeros64(y)] {
			crossed++
		}
	}
	jaro := (m/float64(len(a)) + m/float64(len(b)) + (m-float64(crossed/2))/m) / 3
	if jaro <= 0.7 {
		return jaro
	}
	prefix := 0
	for prefix < min(4, len(a)) && a[prefix] == b[prefix] {
		prefix++
	}
	return jaro + 0.1*float64(prefix)*(1-jaro)
}

// slip reports whether two texts differ by one slip of the hand: a letter changed, left out or put in, or
// two neighbours swapped.
func slip(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	if i == len(a) {
		return false
	}
	if a[i+1:] == b[i+1:] {
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}

// differing counts the places in which two texts of one length differ; texts of other lengths differ
// in all.
func differing(a, b string) int {
	if len(a) != len(b) {
		return max(len(a), len(b))
	}
	n := 0
	for i := range len(a) {
		if a[i] != b[i] {
			n++
		}
	}
	return n
}
