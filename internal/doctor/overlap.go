package doctor

import "slices"

// Overlap reports whether some file name fits both patterns, which are as in a shell: *, ?, [a-z], and \ before a
// character that is meant as it is. Patterns that cannot be read fit nothing.
func Overlap(a, b string) bool {
	x, okX := tokens(a)
	y, okY := tokens(b)
	if !okX || !okY {
		return false
	}
	// meet[i][j]: what is left of x from i and of y from j can be one text.
	meet := make([][]bool, len(x)+1)
	for i := range meet {
		meet[i] = make([]bool, len(y)+1)
	}
	for i := len(x); i >= 0; i-- {
		for j := len(y); j >= 0; j-- {
			switch {
			case i == len(x) && j == len(y):
				meet[i][j] = true
			case i < len(x) && x[i].star && meet[i+1][j], j < len(y) && y[j].star && meet[i][j+1]:
				meet[i][j] = true
			case i == len(x) || j == len(y):
			case x[i].star && !y[j].star:
				meet[i][j] = meet[i][j+1]
			case y[j].star && !x[i].star:
				meet[i][j] = meet[i+1][j]
			case !x[i].star && !y[j].star:
				meet[i][j] = meet[i+1][j+1] && x[i].shares(y[j])
			}
		}
	}
	return meet[0][0]
}

// token is * or one character of a set.
type token struct {
	star bool
	not  bool // any character but those
	set  []span
}

type span struct{ from, to rune }

// tokens reads a pattern.
func tokens(pattern string) (list []token, ok bool) {
	text := []rune(pattern)
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '*':
			list = append(list, token{star: true})
		case '?':
			list = append(list, token{not: true})
		case '[':
			t, next, ok := charset(text, i+1)
			if !ok {
				return nil, false
			}
			list, i = append(list, t), next
		default:
			if text[i] == '\\' {
				if i++; i == len(text) {
					return nil, false
				}
			}
			list = append(list, token{set: []span{{text[i], text[i]}}})
		}
	}
	return list, true
}

// charset reads what is between [ and ]; next is where the ] is.
func charset(text []rune, i int) (t token, next int, ok bool) {
	if i < len(text) && text[i] == '^' {
		t.not = true
		i++
	}
	char := func() (rune, bool) {
		if i < len(text) && text[i] == '\\' {
			i++
		}
		if i >= len(text) {
			return 0, false
		}
		i++
		return text[i-1], true
	}
	for i < len(text) && (text[i] != ']' || len(t.set) == 0) {
		from, ok := char()
		if !ok {
			return t, 0, false
		}
		to := from
		if i < len(text) && text[i] == '-' {
			i++
			if to, ok = char(); !ok {
				return t, 0, false
			}
		}
		t.set = append(t.set, span{from, to})
	}
	return t, i, i < len(text)
}

// shares reports whether some character is in both.
func (t token) shares(u token) bool {
	if t.not && u.not {
		return true // there are more characters than any pattern lists
	}
	if t.not {
		t, u = u, t
	}
	for _, s := range t.set {
		if !u.not {
			if slices.ContainsFunc(u.set, func(v span) bool { return s.from <= v.to && v.from <= s.to }) {
				return true
			}
			continue
		}
		for r := s.from; r <= s.to; r++ {
			if !slices.ContainsFunc(u.set, func(v span) bool { return v.from <= r && r <= v.to }) {
				return true
			}
		}
	}
	return false
}
