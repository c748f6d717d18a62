package codes

import (
	"slices"
	"strings"
)

// A procedureRange is procedure codes from first to last, which are of one kind.
type procedureRange struct{ kind, first, last string }

// A choice is a vaccine that a CPT code is read as where nothing else names the product, on days within a window.
type choice struct {
	cvx  int16
	days Window // the days given; else the zero window, and the vaccine must have been on the market
}

var (
	procedureRanges []procedureRange
	cptChoices      = map[string][]choice{}
)

// readProcedures reads the tables about procedure codes, and puts the vaccine that a code is read as before the others
// that it may stand for.
func readProcedures() {
	each(procedureText, func(f []string) {
		if f[0] != "#" {
			procedureRanges = append(procedureRanges, procedureRange{f[0], f[1], f[2]})
		}
	})
	each(choiceText, func(f []string) {
		if f[0] == "#" {
			return
		}
		p := cptProduct[f[0]]
		var first []int16
		for _, word := range strings.Split(f[1], ",") {
			code, days, _ := strings.Cut(word, ":")
			c := choice{cvx: number(code)}
			if from, until, ok := strings.Cut(days, "-"); ok {
				c.days = window([]string{from, "-", "-", until})
			}
			if !slices.Contains(p.CVX, c.cvx) {
				panic("codes: choice.txt: CPT " + f[0] + " does not stand for CVX " + code)
			}
			cptChoices[f[0]], first = append(cptChoices[f[0]], c), append(first, c.cvx)
		}
		for _, cvx := range p.CVX {
			if !slices.Contains(first, cvx) {
				first = append(first, cvx)
			}
		}
		cptProduct[f[0]] = Product{CVX: first, MVX: p.MVX}
	})
}

// CPT reads a procedure code, of CPT or HCPCS. vaccine is false for codes of anything else than vaccines and immune
// globulins, fees for giving one among them.
func CPT(s string) (p Product, known, vaccine bool) {
	if p, known = cptProduct[s]; known {
		return p, true, true
	}
	return p, false, procedureKind(s) == "vaccine"
}

// Administration reports whether a procedure code is a fee for giving a vaccine, or for talk about it: it says that
// there may have been a dose, and nothing of which.
func Administration(s string) bool { return procedureKind(s) == "administration" }

func procedureKind(s string) string {
	if len(s) != 5 {
		return ""
	}
	s = strings.ToUpper(s)
	for _, r := range procedureRanges {
		if sameForm(s, r.first) && s >= r.first && s <= r.last {
			return r.kind
		}
	}
	return ""
}

// sameForm reports whether two codes have digits and letters in the same places.
func sameForm(a, b string) bool {
	for i := range len(a) {
		digit := a[i] >= '0' && a[i] <= '9'
		if digit != (b[i] >= '0' && b[i] <= '9') || !digit && a[i] != b[i] {
			return false
		}
	}
	return true
}

// OnTheMarket returns which of the vaccines that a dose's codes may mean is taken, on a day written YYYYMMDD: by the rule
// of its CPT code where that has one (choice.txt), else the first that was on the market, or the first of all.
func OnTheMarket(may []int16, cpt, mvx string, day int32) int16 {
	sold := func(cvx int16) bool { return Licensed(cvx, mvx).Holds(day) }
	first := int16(0)
	for _, c := range cptChoices[cpt] {
		if !slices.Contains(may, c.cvx) {
			continue
		}
		if c.days != (Window{}) && c.days.Holds(day) || c.days == (Window{}) && sold(c.cvx) {
			return c.cvx
		}
		first = c.cvx // the last of them: those before it have days of their own
	}
	if first != 0 {
		return first
	}
	if i := slices.IndexFunc(may, sold); i >= 0 {
		return may[i]
	}
	return may[0]
}

// CPTOf are the CPT codes of products (CVX) that stand in one code's list only: it can be no other.
func CPTOf() map[int16]string {
	of := map[int16][]string{}
	for code, p := range cptProduct {
		for _, cvx := range p.CVX {
			of[cvx] = append(of[cvx], code)
		}
	}
	only := map[int16]string{}
	for cvx, codes := range of {
		if len(codes) == 1 {
			only[cvx] = codes[0]
		}
	}
	return only
}
