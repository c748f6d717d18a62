package codes

import (
	"strconv"
	"strings"
)

// A Window is the time in which a code or product may be used, as days written YYYYMMDD; 0 leaves a side
// open. Outside NotBefore and NotAfter a use is wrong; outside UsualFrom and UsualUpTo it is unusual.
type Window struct{ NotBefore, UsualFrom, UsualUpTo, NotAfter int32 }

// Holds reports whether a day, written YYYYMMDD, lies within the window.
func (w Window) Holds(day int32) bool {
	return day >= w.NotBefore && (w.NotAfter == 0 || day <= w.NotAfter)
}

func window(f []string) Window {
	day := func(s string) int32 {
		if s == "-" {
			return 0
		}
		n, err := strconv.ParseInt(s, 10, 32)
		if err != nil {
			panic("codes: " + err.Error())
		}
		return int32(n)
	}
	return Window{day(f[0]), day(f[1]), day(f[2]), day(f[3])}
}

// text writes the window as the tables do.
func (w Window) text() string {
	var out []string
	for _, d := range [...]int32{w.NotBefore, w.UsualFrom, w.UsualUpTo, w.NotAfter} {
		if d == 0 {
			out = append(out, "-")
		} else {
			out = append(out, strconv.Itoa(int(d)))
		}
	}
	return strings.Join(out, " ")
}

// Licensed returns the time in which a vaccine of a manufacturer was on the market, else that of the CVX code.
func Licensed(cvx int16, mvx string) Window {
	if w, ok := licences[licence{cvx, mvx}]; ok {
		return w
	}
	return cvxCodes[cvx].licensed
}

// A Kind is what a CVX code names. Codes that are newer than the code base have no kind.
type Kind byte

// The kinds of CVX codes.
const (
	NoKind       Kind = '-'
	Vaccine      Kind = 'v'
	Foreign      Kind = 'f' // a vaccine that is not licensed in the United States
	Unspecified  Kind = 'u' // a group of vaccines: which one is not told
	NotAVaccine  Kind = 'n' // immune globulin, a skin test, no vaccine given
	NeverActive  Kind = 'x'
	PendingTrial Kind = 'p'
)

func (k Kind) String() string {
	return map[Kind]string{Vaccine: "vaccine", Foreign: "foreign vaccine", Unspecified: "unspecified", NotAVaccine: "non vaccine",
		NeverActive: "never active", PendingTrial: "pending"}[k]
}

// About returns what a CVX code names and whether it is still to be used for doses given today.
func About(cvx int16) (kind Kind, active bool) {
	c := cvxCodes[cvx]
	return c.kind, c.active
}
