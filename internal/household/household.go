// Package household says who lives together: the one definition for the review queue, which asks about a family in one
// go, and for letters, of which a family gets one envelope.
//
// Two people are of one household when they have the same standardised address and also the same guardian or the same
// telephone number. The address alone is a block of flats; a guardian or a number alone has moved.
package household

import (
	"slices"
	"strings"

	"miic/internal/name"
	"miic/internal/phone"
)

// Member is what decides whose household somebody is of. Values are as reported or in linkage form: both give the same.
type Member struct {
	Street, ZIP                 string
	GuardianFirst, GuardianLast string
	Phones                      []string
}

// Address is an address in the one form by which two are compared; empty for one that is not whole.
func Address(street, zip string) string {
	street = Street(street)
	if zip = strings.TrimSpace(zip); street == "" || len(zip) < 5 {
		return ""
	}
	return street + " " + strings.ToUpper(zip[:5])
}

// ties are what one of two people who share an address must share too.
func (m *Member) ties() []string {
	var out []string
	first, last := strings.Join(name.Words(m.GuardianFirst), ""), strings.Join(name.Words(m.GuardianLast), "")
	if first != "" && last != "" {
		out = append(out, "guardian "+first+" "+last)
	}
	for _, p := range m.Phones {
		if n := phone.Number(digits(p)); n != "" {
			out = append(out, "phone "+n)
		}
	}
	return out
}

// Together reports whether two people are of one household, by what both report themselves.
func Together(a, b *Member) bool {
	at := Address(a.Street, a.ZIP)
	if at == "" || at != Address(b.Street, b.ZIP) {
		return false
	}
	ties := b.ties()
	return slices.ContainsFunc(a.ties(), func(t string) bool { return slices.Contains(ties, t) })
}

// Group puts people into households and returns the household of each, by the place of its first member. Whoever is of
// one household with somebody is of one with all of theirs: a child may share the mother's name with one, her number with
// another. Who has no household of others is one alone.
func Group(members []Member) []int {
	of := make([]int, len(members))
	for i := range of {
		of[i] = i
	}
	find := func(i int) int {
		for of[i] != i {
			of[i] = of[of[i]]
			i = of[i]
		}
		return i
	}
	type key struct{ address, tie string }
	first := map[key]int{}
	for i := range members {
		at := Address(members[i].Street, members[i].ZIP)
		if at == "" {
			continue
		}
		for _, tie := range members[i].ties() {
			k := key{at, tie}
			if j, ok := first[k]; ok {
				a, b := find(i), find(j)
				of[max(a, b)] = min(a, b)
			} else {
				first[k] = i
			}
		}
	}
	for i := range of {
		of[i] = find(i)
	}
	return of
}

// SameName reports whether two given names are the same however they are written.
func SameName(a, b string) bool {
	x := strings.Join(name.Words(a), "")
	return x != "" && x == strings.Join(name.Words(b), "")
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}
