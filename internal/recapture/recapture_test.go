package recapture

import "testing"

func TestUnseen(t *testing.T) {
	for _, c := range []struct{ once, twice, want float64 }{{0, 5, 0}, {1, 0, 0}, {10, 4, 9}, {3, 0, 3}, {.5, 0, 0}} {
		if got := Unseen(c.once, c.twice); got != c.want {
			t.Errorf("%g once and %g twice: %g, want %g", c.once, c.twice, got, c.want)
		}
	}
}
