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
	return licences[licence{cvx, ""}]
}

// tableBegun is the day from which the published table dates the codes that it held from its beginning: it tells nothing
// about the vaccine.
const tableBegun = 20100528

// licenseVaccines makes, from the dates of the codes and of the products, the licences of whole vaccines, under no
// manufacturer, and closes the gaps in those of the products.
func licenseVaccines() {
	first := map[int16]int32{} // of the products that tell when they came
	for of, w := range licences {
		if f, ok := first[of.cvx]; w.NotBefore > 0 && (!ok || w.NotBefore < f) {
			first[of.cvx] = w.NotBefore
		}
	}
	for cvx, c := range cvxCodes {
		w := c.licensed
		if w.NotBefore == tableBegun {
			w.NotBefore = 0
		}
		if c.active { // the table's day is stale where a vaccine came back, as influenza's with three strains
			w.NotAfter = 0
		}
		if f := first[cvx]; f > 0 && (w.NotBefore == 0 && c.licensed.NotBefore > 0 || f < w.NotBefore) {
			w.NotBefore = f
		}
		if w.NotAfter > 0 && w.NotAfter < w.NotBefore { // no vaccine is withdrawn before it comes
			w = Window{}
		}
		licences[licence{cvx, ""}] = w
	}
	for of, w := range licences {
		whole := licences[licence{of.cvx, ""}]
		if w.NotBefore == 0 {
			w.NotBefore = whole.NotBefore
		}
		if w.NotAfter == 0 {
			w.NotAfter = whole.NotAfter
		}
		licences[of] = w
	}
}

// EachLicence calls f with every vaccine that is or was licensed in the United States, without a manufacturer, and with
// each of those whose time on the market is known apart.
func EachLicence(f func(cvx int16, mvx string, on Window)) {
	for of, w := range licences {
		if cvxCodes[of.cvx].kind == Vaccine {
			f(of.cvx, of.mvx, w)
		}
	}
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
