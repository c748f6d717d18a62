package interval

import (
	"math"
	"testing"
)

// The values are those of textbooks: 0 of 10 and 5 of 10, and both ends.
func TestWilson(t *testing.T) {
	for _, c := range []struct {
		n, of     int64
		low, high float64
	}{{0, 0, 0, 1}, {0, 10, 0, .2775}, {0, 20, 0, .1611}, {5, 10, .2366, .7634}, {10, 10, .7225, 1}, {81, 263, .2553, .3662}} {
		low, high := Wilson(c.n, c.of)
		if math.Abs(low-c.low) > 1e-4 || math.Abs(high-c.high) > 1e-4 {
			t.Errorf("%d of %d: %.4f to %.4f, want %.4f to %.4f", c.n, c.of, low, high, c.low, c.high)
		}
	}
}
