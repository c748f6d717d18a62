package letter

import (
	"strings"
	"testing"
)

// TestAddressesStayReadable: the post's machines read letters of 8 points and more, so a long line is broken before its
// letters get smaller than that; the words stay, and where they are whole they stay whole.
func TestAddressesStayReadable(t *testing.T) {
	usual := []string{"Mai Vang", "12 Oak St", "Saint Paul, MN 55104"}
	long := []string{"To the parent or guardian of Wilhelmine Wolfeschlegelsteinha-Xiong", "12345 Wolverton-Washington Avenue Northwest",
		"Saint Anthony Village, MN 55401-1234"}
	window, label := addressWindow.clear(), labelFrame(0)
	window.top += barFull + barClear
	label.bottom -= 6 // the number below
	for name, x := range map[string]struct {
		frame frame
		lines []string
		size  float64
		count int
	}{
		"window":            {window, usual, addressSize, 3},
		"long, window":      {window, long, 8, 3},
		"label":             {label, usual, addressSize, 3},
		"long, label":       {label, long, 8, 5},
		"long, on postcard": {cardAddress, long, 8, 4},
	} {
		bare := func(lines []string) string { return strings.ReplaceAll(strings.Join(lines, ""), " ", "") }
		size, set := fitted(x.frame.right-x.frame.left, x.frame.bottom-x.frame.top, addressSize, x.lines)
		if size < x.size || size > x.size+0.5 || len(set) != x.count || bare(set) != bare(x.lines) {
			t.Errorf("%s: %q in %g points; want %d lines in %g", name, set, size, x.count, x.size)
		}
	}
}

// TestTwoChildrenAreOneSheet: what a vaccine protects against is said once, so that card and clinics have room; the words in
// Hmong are longer.
func TestTwoChildrenAreOneSheet(t *testing.T) {
	for _, l := range inEveryLanguage(t, 2) {
		if d, _ := draw(t, l); d.Pages != 1 && l.Language != "hmn" {
			t.Errorf("a letter about two children in %s has %d pages", l.Language, d.Pages)
		}
	}
}
