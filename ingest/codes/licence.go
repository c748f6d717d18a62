package codes

import (
	"strconv"
)

// A Window is the time in which a code or product may be used, as days written YYYYMMDD; 0 leaves a side open.
type Window struct{ NotBefore, NotAfter int32 }

// Holds reports whether a day, written YYYYMMDD, lies within the window.
func (w Window) Holds(day int32) bool {
	return day >= w.NotBefore && (w.NotAfter == 0 || day <= w.NotAfter)
}

// window reads the four days of a table; the inner two are only when a use is usual.
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
	return Window{day(f[0]), day(f[3])}
}

// Licensed returns the time in which a vaccine of a manufacturer was on the market, else that of the CVX code.
func Licensed(cvx int16, mvx string) Window {
	if w, ok := licences[licence{cvx, mvx}]; ok {
		return w
	}
	return licences[licence{cvx, ""}]
}

// tableBegun is the day from which the published table dates the codes that it held from its beginning: it has
// nothing about the vaccine.
const tableBegun = 20100528

// licenseVaccines makes, from the dates of the codes and of the products, the licences of whole vaccines, under no
// manufacturer, and closes the gaps in those of the products.
func licenseVaccines() {
	first := map[int16]int32{} // of the products that have the day when they came
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
		if cvxCodes[of.cvx].kind == vaccine {
			f(of.cvx, of.mvx, w)
		}
	}
}

// vaccine is the kind of the CVX codes of licensed vaccines. docs/codes.md has the other kinds.
const vaccine = 'v'
