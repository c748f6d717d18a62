package match

import (
	"strconv"
	"strings"

	"miic/internal/name"
	"miic/internal/table"
)

// A symbol is the code of a text: its place in symbols. Two texts are equal when their symbols are; 0 is a
// text that is not known.
type symbol = int32

// symbols holds each text once.
type symbols struct {
	text []string
	at   map[string]symbol
}

// The symbols that tests know by name.
const (
	symYes symbol = 1 + iota
	symNo
)

func newSymbols() *symbols {
	s := &symbols{text: []string{""}, at: map[string]symbol{"": 0}}
	s.of("Y")
	s.of("N")
	return s
}

func (s *symbols) of(text string) symbol {
	if at, ok := s.at[text]; ok {
		return at
	}
	text = strings.Clone(text) // not a piece of a larger buffer
	at := symbol(len(s.text))
	s.text = append(s.text, text)
	s.at[text] = at
	return at
}

// A field is a place in a form. The names are the columns of standard_record.
type field int

const (
	fFirst field = iota
	fMiddle
	fLast
	fLast1
	fLast2
	fAliasFirst
	fAliasLast
	fSuffix
	fMotherFirst
	fMotherMaiden
	fGuardianFirst
	fGuardianLast
	fBirth
	fBirthOrder
	fMultiple
	fSex
	fStreet
	fCity
	fZIP
	fPhone
	fPhone2
	fEmail
	fSSN
	fMedicaid
	fChart
	fBirthCert
	fSender
	fDoses
	fields
)

var fieldNames = [fields]string{"first", "middle", "last", "last_1", "last_2", "alias_first", "alias_last", "suffix",
	"mother_first", "mother_maiden", "guardian_first", "guardian_last", "birth_iso", "birth_order", "multiple", "sex",
	"street", "city", "zip", "phone", "phone_2", "email", "ssn", "medicaid_id", "chart", "birth_cert", "sender",
	"doses"}

func fieldOf(name string) (field, bool) {
	for f, n := range fieldNames {
		if n == name {
			return field(f), true
		}
	}
	return 0, false
}

// A form is a standard record as comparing reads it: some 120 bytes of numbers, so that a state of millions
// lies in memory and two equal values cost one comparison of whole numbers.
type form struct {
	v      [fields]symbol // v[fDoses] is 1 where doses are known
	doses  dayRange
	given  dayRange // in forms.given
	number symbol   // the sender's number; records of one number have it in common
}

// dayRange is a range of days in forms.days.
type dayRange struct{ from, to int32 }

// forms holds the records of an index in coded form, by rid; 0 is no record.
type forms struct {
	*symbols
	list      []form
	loaded    []bool
	days      []int32
	given     []symbol           // days with products of the doses that a sender gave itself
	nicknames map[[2]symbol]bool // both ways round
	crowded   map[symbol]bool    // birth dates that are stand-ins by their number
	oneSender bool               // a set of one sender's records alone: its own prior knows that already
}

func newForms(records int) *forms {
	f := &forms{symbols: newSymbols(), list: make([]form, records+1), loaded: make([]bool, records+1),
		nicknames: map[[2]symbol]bool{}}
	for _, p := range name.NicknamePairs() {
		a, b := f.of(p[0]), f.of(p[1])
		f.nicknames[[2]symbol{a, b}], f.nicknames[[2]symbol{b, a}] = true, true
	}
	return f
}

// add codes a record.
func (f *forms) add(rid int32, r *table.StandardRecord) {
	order := ""
	if r.BirthOrder != 0 {
		order = strconv.Itoa(int(r.BirthOrder))
	}
	x := &f.list[rid]
	for i, text := range [fields - 1]string{r.First, r.Middle, r.Last, r.Last1, r.Last2, r.AliasFirst, r.AliasLast,
		r.Suffix, r.MotherFirst, r.MotherMaiden, r.GuardianFirst, r.GuardianLast, r.BirthISO, order, r.Multiple, r.Sex,
		r.Street, r.City, r.ZIP, r.Phone, r.Phone2, r.Email, r.SSN, r.MedicaidID, r.Chart, r.BirthCert, r.Sender} {
		x.v[i] = f.of(text)
	}
	x.doses.from = int32(len(f.days))
	for day := range strings.SplitSeq(r.Doses, "|") {
		if d, err := table.ParseDate(day); err == nil {
			f.days = append(f.days, int32(d))
		}
	}
	x.doses.to = int32(len(f.days))
	x.v[fDoses] = 0
	if x.doses.to > x.doses.from {
		x.v[fDoses] = 1
	}
	x.given.from = int32(len(f.given))
	if r.Given != "" {
		for dose := range strings.SplitSeq(r.Given, "|") {
			f.given = append(f.given, f.of(dose))
		}
	}
	x.given.to = int32(len(f.given))
	number, _, _ := cutLast(r.RecordID, "/")
	x.number = f.of(number)
	f.loaded[rid] = true
}

// cutLast cuts a text at the last separator. Without one it is whole.
func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// drop takes default values out of a record: they count as not known. A second phone is treated like the first.
func (f *forms) drop(rid int32, stop *stopSets) {
	v := &f.list[rid].v
	for i, of := range stopFields {
		if len(stop[i]) == 0 {
			continue
		}
		for _, x := range [...]field{of, fPhone2} {
			if (x == of || of == fPhone) && stop[i][stopHash(of, f.text[v[x]], f.text[v[fZIP]])] {
				v[x] = 0
			}
		}
	}
}

// addBlockText codes the fields that a block may be refined by, of a record that is not yet coded.
func (f *forms) addBlockText(rid int32, r *blockText) {
	v := &f.list[rid].v
	v[fFirst], v[fLast], v[fBirth] = f.of(r.First), f.of(r.Last), f.of(r.BirthISO)
	v[fCity], v[fZIP] = f.of(r.City), f.of(r.ZIP)
}

// blockText fills in the fields of a record that a block may be refined by.
func (f *forms) blockText(rid int32, r *table.StandardRecord) {
	v := &f.list[rid].v
	r.First, r.Last, r.BirthISO = f.text[v[fFirst]], f.text[v[fLast]], f.text[v[fBirth]]
	r.City, r.ZIP = f.text[v[fCity]], f.text[v[fZIP]]
}

// sharedDays counts the days that two ordered lists have in common.
func (f *forms) sharedDays(a, b dayRange) int {
	n := 0
	x, y := f.days[a.from:a.to], f.days[b.from:b.to]
	for len(x) > 0 && len(y) > 0 {
		switch {
		case x[0] < y[0]:
			x = x[1:]
		case x[0] > y[0]:
			y = y[1:]
		default:
			n++
			x, y = x[1:], y[1:]
		}
	}
	return n
}
