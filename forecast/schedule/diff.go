package schedule

import (
	"slices"
	"strings"

	"miic/forecast/cdsi"
)

// Change is a fact that one schedule has and another has not.
type Change struct {
	Added bool   `json:"added"`
	Fact  string `json:"fact"` // a line of the text form, after the antigen, series and dose it belongs to
}

// Diff returns what changed from old to new, in the order of the text form, removals before additions of the same
// place.
func Diff(old, new *cdsi.Schedule) []Change {
	before, after := facts(old), facts(new)
	var out []Change
	collect := func(have, other []string, added bool) {
		count := map[string]int{}
		for _, f := range other {
			count[f]++
		}
		for _, f := range have {
			if count[f]--; count[f] < 0 {
				out = append(out, Change{added, f})
			}
		}
	}
	collect(before, after, false)
	collect(after, before, true)
	slices.SortStableFunc(out, func(a, b Change) int { return strings.Compare(place(a.Fact), place(b.Fact)) })
	return out
}

const placeMark = ": "

func place(fact string) string {
	at, _, _ := strings.Cut(fact, placeMark)
	return at
}

// facts returns the lines of the text form, each with its place.
func facts(s *cdsi.Schedule) []string {
	var b strings.Builder
	if err := Text(&b, s); err != nil {
		return nil // a strings.Builder does not fail
	}
	var out []string
	var at [6]string // by indentation
	for _, l := range strings.Split(b.String(), "\n") {
		text := strings.TrimLeft(l, " ")
		if text == "" || text == formatHeader {
			continue
		}
		depth := min((len(l)-len(text))/2, len(at)-1)
		context := strings.Join(slices.DeleteFunc(slices.Clone(at[:depth]), func(s string) bool { return s == "" }), ", ")
		word, _, _ := strings.Cut(text, " ")
		switch word {
		case "antigen", "series", "dose", "skip", "set":
			at[depth] = text
			clear(at[depth+1:])
		}
		if context != "" {
			text = context + placeMark + text
		}
		out = append(out, text)
	}
	return out
}
