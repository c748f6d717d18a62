package name

import (
	"bytes"
	"strings"
)

// What a nursery writes for a child without a name: a noun, at times several, with the child's place in a multiple
// birth, whose child it is, or its own surname.
var (
	nouns = Set(
		"BABY BOY GIRL NEWBORN NEWBRN INFANT INFT MALE FEMALE TWIN TRIPLET CHILD BBOY BGIRL BABYB BABYG BB BG NB",
	)
	orders = map[string]int32{"A": 1, "B": 2, "C": 3, "D": 4, "1": 1, "2": 2, "3": 3, "4": 4, "I": 1, "II": 2, "III": 3,
		"IV": 4, "ONE": 1, "TWO": 2, "THREE": 3, "FIRST": 1, "SECOND": 2, "THIRD": 3, "1ST": 1, "2ND": 2, "3RD": 3}
	links = Set("OF THE TO BE NAMED AND NO NAME YET UNNAMED UNKNOWN UNK")

	// runTogether are the nouns that others are written on to, the longest first.
	runTogether = strings.Fields("NEWBORN TRIPLET INFANT FEMALE CHILD BABY BBOY BGIRL GIRL TWIN MALE BOY BB BG")

	// endings are the letters that would be read as a place in "BOY D".
	endings = Set("BOYD MALEA MALEC BOYA TWINA")
)

// unknown are whole given names, without their blanks, that mean that there is none or that it is not known.
var unknown = Set(`UNKNOWN UNKN UNK UNKOWN UNKNWN ANONYMOUS ANON NFN NLN NMN FNU LNU NONE NONAME NOFIRSTNAME NOGIVENNAME
	NOTKNOWN NOTGIVEN NOTNAMED NONAMEYET UNNAMED UNNAMEDCHILD NAMEUNKNOWN FIRSTNAMEUNKNOWN TBD TOBENAMED TOBEDETERMINED
	NOTAVAILABLE NOTPROVIDED MISSING BLANK NULL X XX XXX U DOE JOHNDOE JANEDOE BABYDOE NA`)

// noSurname are whole surnames that mean that there is none or that it is not known.
var noSurname = Set(`UNKNOWN UNKN UNK UNKOWN UNKNWN ANONYMOUS ANON NFN NLN NMN FNU LNU NONE NONAME NOLASTNAME NOSURNAME
	NOTKNOWN NOTGIVEN UNNAMED NAMEUNKNOWN LASTNAMEUNKNOWN TBD TOBEDETERMINED NOTAVAILABLE NOTPROVIDED MISSING BLANK NULL
	X XX XXX U DOE NA BABY BABYBOY BABYGIRL NEWBORN INFANT`)

// A Person is a name with what helps to read it. Only First and Last are needed.
type Person struct {
	First, Middle, Last, Suffix string

	MotherFirst string
}

// Given reports whether a given name only means "none yet" or "not known", or belongs to nobody, and the place in a
// multiple birth that it has, such as 2 in "Twin B"; 0 for none.
func (p Person) Given() (placeholder bool, order int32) {
	if !suspect(p.First) && !suspect(p.Last) {
		return false, 0
	}
	if isTest(p.First, p.Last) {
		return true, 0
	}
	raw := ASCII(p.First)
	if strings.Contains(raw, "/") {
		raw = strings.NewReplacer("N/A", "NA", "B/B", "BABY BOY", "B/G", "BABY GIRL").Replace(raw)
	}
	w := Words(raw)
	if len(w) == 0 {
		return false, 0
	}
	if whole := strings.Join(w, ""); unknown[whole] {
		return true, 0
	}
	last := strings.Join(Words(p.Last), "")
	if last == "DOE" && len(w) == 1 && (w[0] == "JOHN" || w[0] == "JANE") {
		return true, 0
	}
	if len(w[0]) == 3 && strings.HasPrefix(w[0], "MC") && orders[w[0][2:]] > 0 && len(w) == 1 {
		return true, orders[w[0][2:]] // multiple child 1
	}
	return p.child(w, last)
}

// child reads the words of a given name as a nursery's words for a child.
func (p Person) child(w []string, last string) (bool, int32) {
	mother := strings.Join(Words(p.MotherFirst), "")
	noun, order := false, int32(0)
	for i := 0; i < len(w); i++ {
		word := w[i]
		switch {
		case nouns[word]:
			noun = true
		case orders[word] > 0:
			order = orders[word]
		case links[word]:
		case surname(w[i:], last) > 0:
			i += surname(w[i:], last) - 1
		case mother != "" && word == mother:
		case p.possessive(word, w[i+1:], mother):
		default:
			ok, n := p.split(word, last, mother)
			if !ok {
				return false, 0
			}
			noun, order = true, max(order, n)
		}
	}
	return noun, order
}

// surname is how many words at the beginning are the surname: 0 where they are not.
func surname(w []string, last string) int {
	for i := range w {
		if joined := strings.Join(w[:i+1], ""); len(joined) >= len(last) {
			if joined == last {
				return i + 1
			}
			break
		}
	}
	return 0
}

// possessive reports whose child it is, as LINDAS in "Linda's girl": the mother's name, or any name before a noun.
func (p Person) possessive(word string, rest []string, mother string) bool {
	owner, ok := strings.CutSuffix(word, "S")
	if !ok || len(owner) < 2 || len(rest) == 0 {
		return false
	}
	return owner == mother || rest[0] == "BABY" || rest[0] == "BOY" || rest[0] == "GIRL"
}

// split reads a word that is several written together, as BABYBOYA, LINDASBOY, GIRL2 or HANSENBOY.
func (p Person) split(word, last, mother string) (bool, int32) {
	rest := word
	if i := max(strings.Index(rest, "SBOY"), strings.Index(rest, "SGIRL"), strings.Index(rest, "SBABY")); i >= 2 {
		rest = rest[i+1:]
	} else if after, ok := strings.CutPrefix(rest, mother); ok && mother != "" {
		rest = after
	} else if after, ok := strings.CutPrefix(rest, last); ok && last != "" {
		rest = after
	}
	count := 0
	for found := true; found; {
		found = false
		for _, n := range runTogether {
			if after, ok := strings.CutPrefix(rest, n); ok {
				rest, count, found = after, count+1, true
				break
			}
		}
	}
	switch n := orders[rest]; {
	case count == 0 || endings[word] && !p.capitalEnd():
		return false, 0
	case rest == "" && (count > 1 || rest != word) || rest == last:
		return true, 0
	case n > 0:
		return true, n
	}
	return false, 0
}

// capitalEnd reports a name that ends in one capital, as BoyA does.
func (p Person) capitalEnd() bool {
	n := len(p.First)
	return n > 1 && p.First[n-1] >= 'A' && p.First[n-1] <= 'Z' && p.First[n-2] >= 'a'
}

// signs are in every name of one word that may be none, other than the whole words.
var signs = strings.Fields(
	"BOY GIRL BABY TWIN MALE INFANT NEWBORN CHILD TRIPLET DOE TEST ZZ XX PATIENT MOUSE DUCK BB BG MC",
)

// suspect reports a name that is worth reading: most are one word of letters without a sign. It makes no garbage.
func suspect(s string) bool {
	var buf [24]byte
	letter, other := false, len(s) > len(buf)
	for i := 0; i < min(len(s), len(buf)); i++ {
		c := s[i] &^ 0x20
		if c >= 'A' && c <= 'Z' {
			letter = true
		} else {
			other = true
		}
		buf[i] = c
	}
	if other || !letter {
		return letter
	}
	up := buf[:len(s)]
	if unknown[string(up)] || noSurname[string(up)] || nouns[string(up)] {
		return true
	}
	for _, sign := range signs {
		if bytes.Contains(up, []byte(sign)) {
			return true
		}
	}
	return false
}

// Surname reports whether a surname only means that none is known, or belongs to nobody.
func (p Person) Surname() bool {
	if !suspect(p.First) && !suspect(p.Last) {
		return false
	}
	return noSurname[strings.Join(Words(p.Last), "")] || isTest(p.First, p.Last)
}

// isTest reports a name that is made up to test a system.
func isTest(first, last string) bool {
	f, l := strings.Join(Words(first), ""), strings.Join(Words(last), "")
	marked := strings.HasPrefix(l, "XX") && l != "XX" && l != "XXX" // XX alone is a surname that is not known
	if strings.HasPrefix(f, "ZZ") || strings.HasPrefix(l, "ZZ") || marked || tests[l] || tests[f] {
		return true
	}
	return l == "PATIENT" && dummies[f] || l == "MOUSE" && mice[f] || l == "DUCK" && ducks[f]
}

var (
	tests   = Set("TEST TESTS TESTER TESTING TESTPATIENT PATIENTTEST TESTCHILD TESTBABY TESTONE TESTTWO DONOTUSE")
	dummies = Set("TEST FAKE DEMO SAMPLE DUMMY NEW ONE")
	mice    = Set("MICKEY MICKY MINNIE")
	ducks   = Set("DONALD DAISY")
)

// Test reports a person who is made up to test a system.
func (p Person) Test() bool { return (suspect(p.First) || suspect(p.Last)) && isTest(p.First, p.Last) }
