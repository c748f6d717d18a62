package record

import (
	"slices"
	"strings"
)

// judged is what the forecast has found about one antigen of a dose.
type judged struct {
	antigen, status string
	reasons         []string
}

// reasonKeys are the keys of the words for the forecast's reasons, in the order in which they are said.
var reasonKeys = []struct{ reason, key string }{
	{"too young", "too_young"}, {"too old", "too_old"}, {"too soon", "too_soon"}, {"vaccine conflict", "vaccine_conflict"},
	{"not a preferable or allowable vaccine", "wrong_vaccine"}, {"inadvertent vaccine", "inadvertent"},
	{"series already complete", "series_complete"}, {"lot expired", "lot_expired"}, {"dose condition", "dose_condition"},
	{"before birth", "before_birth"}, {"unknown vaccine", "unknown_vaccine"},
}

// counts says in which groups a dose counts, in the groups' order. A dose counts in part where it counts for some of the
// antigens of its group that it was judged for, and not for others.
func counts(list []judged, groups []group) []Count {
	var out []Count
	seen := map[string]bool{}
	for _, g := range groups {
		var of []judged
		for _, j := range list {
			if slices.Contains(g.antigens, j.antigen) {
				of, seen[j.antigen] = append(of, j), true
			}
		}
		if len(of) > 0 {
			out = append(out, count(g.name, of))
		}
	}
	var rest []judged // held back, or of a schedule that has no group for it
	for _, j := range list {
		if !seen[j.antigen] {
			rest = append(rest, j)
		}
	}
	if len(rest) > 0 || len(out) == 0 {
		out = append(out, count("", rest))
	}
	return out
}

func count(name string, of []judged) Count {
	c := Count{Group: name}
	valid, not := 0, 0
	why := map[string]bool{}
	for _, j := range of {
		switch j.status {
		case "Valid":
			valid++
		case "", "Not Evaluated":
		default:
			not++
			for _, r := range j.reasons {
				why[r] = true
			}
		}
	}
	switch {
	case valid+not == 0:
		c.Counts = NotJudged
	case not == 0:
		c.Counts = Yes
	case valid == 0:
		c.Counts = No
	default:
		c.Counts = InPart
	}
	for _, r := range reasonKeys {
		if why[r.reason] {
			c.Reasons = append(c.Reasons, r.key)
		}
	}
	return c
}

// A group is a vaccine group of the schedule.
type group struct {
	name     string
	antigens []string
}

// parseGroup reads a line of the schedule that makes a group: group "Meningococcal B" "Meningococcal B". Words with an
// equals sign are about other things.
func parseGroup(line string) (g group, ok bool) {
	var words []string
	for rest := strings.TrimSpace(line); rest != ""; rest = strings.TrimSpace(rest) {
		var word string
		if inner, quoted := strings.CutPrefix(rest, `"`); quoted {
			word, rest, _ = strings.Cut(inner, `"`)
		} else {
			word, rest, _ = strings.Cut(rest, " ")
			if strings.Contains(word, "=") {
				continue
			}
		}
		words = append(words, word)
	}
	if len(words) < 3 || words[0] != "group" {
		return g, false
	}
	return group{words[1], words[2:]}, true
}
