package dedupe

import (
	"slices"
	"strconv"
	"strings"
)

// antigenOfGroup names what a product of a vaccine group protects against, as CDC's schedule does. Two groups are of
// several antigens and in narrower; a group that is not here is its own antigen.
var antigenOfGroup = map[string][]string{
	"ADENO": {"Adenovirus"}, "ANTHRAX": {"Anthrax"}, "CHIKUNGUNYA": {"Chikungunya"}, "CHOLERA": {"Cholera"},
	"COVID": {"COVID-19"}, "DENGUE": {"Dengue"}, "DTP": {"Diphtheria", "Pertussis", "Tetanus"}, "EBOLA": {"Ebola"},
	"FLU": {"Influenza"}, "HEPA": {"HepA"}, "HEPB": {"HepB"}, "HIB": {"Hib"}, "JE": {"Japanese Encephalitis"},
	"LYME": {"Lyme"}, "MENACWY": {"Meningococcal"}, "MENB": {"Meningococcal B"}, "MMR": {"Measles", "Mumps", "Rubella"},
	"ORTHOPOX": {"Orthopoxvirus"}, "PCV": {"Pneumococcal"}, "PLAGUE": {"Plague"}, "POLIO": {"Polio"},
	"PPV": {"Pneumococcal"}, "RABIES": {"Rabies"}, "ROTAVIRUS": {"Rotavirus"}, "TYPHOID": {"Typhoid"},
	"VARICELLA": {"Varicella"}, "YF": {"Yellow Fever"}, "ZOSTER": {"Zoster"},
}

// narrower lists the products that lack an antigen of their group.
const narrower = `Diphtheria Tetanus: 9 28 113 138 139 195 196
Tetanus: 35 112 142
Pertussis: 11
Measles Rubella: 4
Measles: 5
Rubella: 6
Mumps: 7
Mumps Rubella: 38`

// antigensOf has the antigens of every CVX code that has a group, in their order.
var antigensOf = readAntigens()

func readAntigens() map[int16][]string {
	m := map[int16][]string{}
	less := map[int16]bool{}
	for line := range strings.Lines(narrower) {
		names, codes, _ := strings.Cut(line, ":")
		for cvx := range readCodes(codes) {
			m[cvx], less[cvx] = strings.Fields(names), true
		}
	}
	for cvx, groups := range groupsOf {
		for _, g := range groups {
			names, known := antigenOfGroup[g]
			switch {
			case !known:
				m[cvx] = append(m[cvx], g)
			case len(names) == 1 || !less[cvx]:
				m[cvx] = append(m[cvx], names...)
			}
		}
		slices.Sort(m[cvx])
		m[cvx] = slices.Compact(m[cvx])
	}
	return m
}

// Antigens are what a CVX code protects against, by the names of CDC's schedule; none for a code without a vaccine group.
func Antigens(cvx int16) []string { return antigensOf[cvx] }

// EachAntigen calls f with every antigen of every code.
func EachAntigen(f func(cvx int16, antigen string)) {
	for cvx, names := range antigensOf {
		for _, a := range names {
			f(cvx, a)
		}
	}
}

// parts has a bit for each antigen of a code. Conjugate and polysaccharide pneumococcal vaccines have one antigen and
// are two doses when both are given, so each has a bit of its own beside it; a code that leaves open which has neither.
var partsOf, partNames = readParts()

func readParts() (bits map[int16]uint64, names []string) {
	bits, at := map[int16]uint64{}, map[string]int{}
	bit := func(name string) uint64 {
		if _, ok := at[name]; !ok {
			at[name] = len(names)
			names = append(names, name)
		}
		if at[name] >= 64 {
			panic("dedupe: more than 64 antigens, of which " + strconv.Quote(name) + " has no bit")
		}
		return 1 << at[name]
	}
	var codes []int16
	for cvx := range antigensOf {
		codes = append(codes, cvx)
	}
	slices.Sort(codes)
	for _, cvx := range codes {
		for _, a := range antigensOf[cvx] {
			bits[cvx] |= bit(a)
		}
		conjugate, polysaccharide := slices.Contains(groupsOf[cvx], "PCV"), slices.Contains(groupsOf[cvx], "PPV")
		if conjugate && !polysaccharide {
			bits[cvx] |= bit(" conjugate")
		}
		if polysaccharide && !conjugate {
			bits[cvx] |= bit(" polysaccharide")
		}
	}
	return bits, names
}

// covers reports whether a report represents a dose of which the reports name those antigens: its code has them all. One
// that does not say which product it was does so only among its like, or it would hide what others know better.
func (d *deduper) covers(e int, named uint64, events []int) bool {
	if named&^partsOf[d.doses[e].CVX] != 0 {
		return false
	}
	return !unspecified[d.doses[e].CVX] || !slices.ContainsFunc(events, func(x int) bool {
		return !unspecified[d.doses[x].CVX]
	})
}

// named has the antigens of some reports.
func (d *deduper) named(events []int) (parts uint64) {
	for _, e := range events {
		parts |= partsOf[d.doses[e].CVX]
	}
	return parts
}

// claimed names the antigens that only claims report of a dose: a bill is no record of what was given.
func (d *deduper) claimed(set []int) string {
	var claims, others uint64
	for _, e := range set {
		if r := &d.doses[e]; r.Claimed {
			claims |= partsOf[r.CVX]
		} else {
			others |= partsOf[r.CVX]
		}
	}
	var names []string
	for i, name := range partNames {
		if (claims&^others)>>i&1 != 0 && name[0] != ' ' {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}
