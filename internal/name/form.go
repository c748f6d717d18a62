package name

import (
	_ "embed"
	"strings"
	"sync"
)

// A Form is a name as it is compared: words in ASCII capitals, of what belongs together one word.
type Form struct {
	First        string // empty for a placeholder
	Middle       string
	Last         string // empty where none is known
	Last1, Last2 string // the parts of a double surname
	Suffix       string // JR, SR, II and so on
	Placeholder  bool
	Order        int32 // place in a multiple birth that a placeholder has
}

// Form returns the name as it is compared.
func (p Person) Form() Form {
	var f Form
	p.given(&f)
	f.Suffix = Suffix(strings.Join(Words(p.Suffix), ""))
	last := Words(p.Last)
	if n := len(last); n > 1 && Suffix(last[n-1]) != "" {
		if f.Suffix == "" {
			f.Suffix = Suffix(last[n-1])
		}
		last = last[:n-1]
	}
	if (Person{First: p.First, Last: p.Last}).Surname() {
		return f
	}
	f.Last = strings.Join(last, "")
	if len(last) > 1 {
		f.Last1, f.Last2 = last[0], strings.Join(last[1:], "")
		if len(f.Last1) <= 3 { // a particle such as DE, VAN or MC is no surname of its own
			f.Last1, f.Last2 = "", last[len(last)-1]
		}
	}
	return f
}

// given sets the given and middle names. A placeholder such as "Twin B" is no name.
func (p Person) given(f *Form) {
	first, middle := Words(p.First), Words(p.Middle)
	if len(first) == 0 { // the given name is in the wrong field
		first, middle = middle, nil
	}
	known := Person{First: p.First, Last: p.Last, MotherFirst: p.MotherFirst}
	if known.First == "" {
		known.First = p.Middle
	}
	if is, order := known.Given(); is {
		f.Placeholder, f.Order = true, order
	} else if len(first) > 0 {
		f.First = first[0]
		if len(first) > 1 {
			if len(middle) == 0 {
				middle = first[1:]
			} else if len(first[0]) <= 2 {
				f.First = strings.Join(first, "")
			}
		}
	}
	f.Middle = strings.Join(middle, "")
}

// Surnames are the words by which somebody's surname may stand in a list: the whole, and the parts of a double one.
func (f *Form) Surnames() []string {
	var list []string
	for _, s := range [...]string{f.Last, f.Last1, f.Last2} {
		if s != "" {
			list = append(list, s)
		}
	}
	return list
}

// MayBe reports whether both may be names of one person: the given names are the same, forms of one name, or the two words
// of a name written as one; the surnames are the same, or one is a part of the other; the suffixes do not differ. A
// placeholder is nobody's name.
func (f *Form) MayBe(g *Form) bool {
	return f.First != "" && g.First != "" && f.Last != "" && g.Last != "" && f.sameGiven(g) &&
		(f.Last == g.Last || f.Last == g.Last1 || f.Last == g.Last2 || g.Last == f.Last1 || g.Last == f.Last2) &&
		(f.Suffix == g.Suffix || f.Suffix == "" || g.Suffix == "")
}

func (f *Form) sameGiven(g *Form) bool {
	return f.First == g.First || nicknames()[[2]string{f.First, g.First}] ||
		len(f.Middle) > 1 && f.First+f.Middle == g.First || len(g.Middle) > 1 && g.First+g.Middle == f.First
}

var suffixes = map[string]string{"JR": "JR", "JUNIOR": "JR", "SR": "SR", "SENIOR": "SR", "II": "II", "2ND": "II",
	"III": "III", "3RD": "III", "IV": "IV", "4TH": "IV"}

// Suffix is what a word behind a surname means, such as JR of JUNIOR; empty where it is none.
func Suffix(word string) string { return suffixes[word] }

//go:embed nicknames.txt
var nicknamesText string

// NicknamePairs lists two names each that one person may go by: a name and its everyday form, or two
// forms of one name.
var NicknamePairs = sync.OnceValue(func() [][2]string {
	var pairs [][2]string
	for line := range strings.Lines(nicknamesText) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		set := strings.Fields(line)
		for i, a := range set {
			for _, b := range set[i+1:] {
				pairs = append(pairs, [2]string{a, b})
			}
		}
	}
	return pairs
})

// nicknames are the pairs, both ways round.
var nicknames = sync.OnceValue(func() map[[2]string]bool {
	set := map[[2]string]bool{}
	for _, p := range NicknamePairs() {
		set[p], set[[2]string{p[1], p[0]}] = true, true
	}
	return set
})
