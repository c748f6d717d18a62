package match

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/antzucaro/matchr"
)

// On ASCII capitals our similarities must be those that matchr computes.
func TestAlikeAgainstMatchr(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	letters := "AABCDEEHIIJKLMNNOORSSTUY"
	word := func() string {
		b := make([]byte, 1+rng.IntN(10))
		for i := range b {
			b[i] = letters[rng.IntN(len(letters))]
		}
		return string(b)
	}
	slips := 0
	for i := range 50000 {
		a, b := word(), word()
		if i%2 == 0 && len(a) > 2 { // half of them two neighbours swapped, or a letter away
			k := 1 + rng.IntN(len(a)-2)
			b = a[:k] + a[k+1:k+2] + a[k:k+1] + a[min(k+2, len(a)):]
			if i%4 == 0 {
				b = a[:k] + a[k+1:]
			}
		}
		if got, want := jaroWinkler(a, b), matchr.JaroWinkler(a, b, false); math.Abs(got-want) > 1e-9 {
			t.Fatalf("%s %s: %g, matchr gives %g", a, b, got, want)
		}
		if jaroWinkler(a, b) != jaroWinkler(b, a) && len(a) != len(b) {
			t.Fatalf("%s %s: not the same both ways", a, b)
		}
		want := matchr.OSA(a, b) == 1
		if got := slip(a, b); got != want || slip(b, a) != want {
			t.Fatalf("%s %s: one slip apart: %v, matchr gives %v", a, b, got, want)
		}
		if want {
			slips++
		}
		if h, err := matchr.Hamming(a, b); err == nil && differing(a, b) != h {
			t.Fatalf("%s %s: %d places differ, matchr gives %d", a, b, differing(a, b), h)
		}
	}
	if slips < 1000 {
		t.Fatalf("only %d of the pairs were a slip apart", slips)
	}
}

func TestAlikeOfLongAndEmptyTexts(t *testing.T) {
	long := make([]byte, 200)
	for i := range long {
		long[i] = 'A' + byte(i%26)
	}
	if got := jaroWinkler(string(long), string(long[:199])); got != 1 {
		t.Errorf("two texts of one beginning of 64 bytes: %g", got)
	}
	if jaroWinkler("", "A") != 0 || jaroWinkler("A", "") != 0 || slip("", "") || !slip("", "A") {
		t.Error("empty texts")
	}
}
