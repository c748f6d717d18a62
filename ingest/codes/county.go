package codes

import (
	"strings"

	"miic/internal/area"
)

// counties holds the state's counties by name as plain writes it, and by FIPS code.
var counties = func() map[string]string {
	m := map[string]string{}
	for _, c := range area.Default().Counties() {
		m[plainCounty(c.Name)], m[c.FIPS] = c.FIPS, c.FIPS
	}
	return m
}()

// plainCounty takes off what senders write around a county's name: blanks, points and case, the word
// county at its end, and Saint for St.
func plainCounty(name string) string {
	words := strings.Fields(strings.ToUpper(strings.ReplaceAll(name, ".", " ")))
	if last := len(words) - 1; last > 0 && (words[last] == "COUNTY" || words[last] == "CTY" || words[last] == "CO") {
		words = words[:last]
	}
	if len(words) > 1 && words[0] == "SAINT" {
		words[0] = "ST"
	}
	return plain(strings.Join(words, ""))
}

// County reads a county of a state as its five-digit FIPS code: from five digits, three digits of the
// state, MN053, or, in Minnesota, its name. An empty result with ok means "not given". Other states' counties
// are taken by number, unseen; a name without its state is not guessed at.
func County(state, s string) (fips string, ok bool) {
	if len(s) == 5 && s[0] > '9' && digits(s[2:]) {
		state, s = s[:2], s[2:]
	}
	number, known := Word("fips", state)
	switch {
	// blank, a state alone, or a filler
	case s == "", len(s) == 2 && s[0] > '9', digits(s) && (strings.Trim(s, "0") == "" || strings.Trim(s, "9") == ""):
		return "", true
	case digits(s) && len(s) == 3 && known:
		s = number + s
	case digits(s) && len(s) == 5:
		if !stateNumbers[s[:2]] {
			return "", false
		}
	case !digits(s) && strings.EqualFold(state, "MN"):
		fips, ok = counties[plainCounty(s)]
		return fips, ok
	default:
		return "", false
	}
	if s[:2] == minnesota {
		_, known := counties[s]
		return s, known
	}
	return s, true
}

const minnesota = "27"

// stateNumbers are the FIPS codes of the states.
var stateNumbers = func() map[string]bool {
	m := map[string]bool{}
	each(wordsText, func(f []string) {
		if len(f) > 1 && f[0] == "fips" {
			m[f[1]] = true
		}
	})
	return m
}()

func digits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
