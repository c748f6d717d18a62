package doctor

import (
	"path/filepath"
	"strings"
	"testing"
)

// words lists every text of up to n parts.
func words(parts []string, n int) []string {
	list := []string{""}
	for from := 0; n > 0; n-- {
		to := len(list)
		for _, w := range list[from:to] {
			for _, p := range parts {
				list = append(list, w+p)
			}
		}
		from = to
	}
	return list
}

// TestOverlapAgreesWithTrying compares every two short patterns on every short name: two patterns overlap when some name
// fits both. A name that is as long as both patterns together would be the longest that is needed.
func TestOverlapAgreesWithTrying(t *testing.T) {
	patterns := words([]string{"a", "b", "*", "?", "[ab]", "[^a]", "[b-c]", `\a`}, 2)
	names := words([]string{"a", "b", "c"}, 4)
	fits := map[string]map[string]bool{}
	for _, p := range patterns {
		fits[p] = map[string]bool{}
		for _, name := range names {
			if ok, err := filepath.Match(p, name); err != nil {
				t.Fatal(err)
			} else if ok {
				fits[p][name] = true
			}
		}
	}
	overlaps := 0
	for _, p := range patterns {
		for _, q := range patterns {
			want := false
			for name := range fits[p] {
				want = want || fits[q][name]
			}
			if got := Overlap(p, q); got != want {
				t.Errorf("%q and %q: %v, want %v", p, q, got, want)
			}
			if want {
				overlaps++
			}
		}
	}
	if overlaps == 0 || overlaps == len(patterns)*len(patterns) {
		t.Errorf("%d of %d overlap: nothing was compared", overlaps, len(patterns)*len(patterns))
	}
}

func TestOverlap(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"births_*.ije", "deaths_*.mor", false},
		{"births_*.ije", "births_2026*", true},
		{"*_CL_*.txt", "*_IM_*.txt", true}, // x_CL_x_IM_x.txt
		{"vxu_*.hl7", "*", true},
		{"vxu_[0-9]*.hl7", "vxu_[a-z]*.hl7", false},
		{"[", "*", false}, // filepath.Match refuses it
		{`a\`, "*", false},
		{"[]-a]", "*", true},
		{strings.Repeat("*a", 200), strings.Repeat("a*", 200), true}, // no more work than lengths multiplied
	} {
		if got := Overlap(c.a, c.b); got != c.want {
			t.Errorf("%q and %q: %v, want %v", c.a, c.b, got, c.want)
		}
		if got := Overlap(c.b, c.a); got != c.want {
			t.Errorf("%q and %q: %v, want %v", c.b, c.a, got, c.want)
		}
	}
}
