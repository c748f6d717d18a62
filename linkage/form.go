package linkage

import (
	"strconv"
	"strings"

	"miic/internal/table"
)

// A symbol stands for a text: its place in symbols. Two texts are equal when their symbols are; 0 is a
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

var fieldNames = [fields]string{"first", "middle", "last", "last_1", "last_2", "alias_first", "alias_last", "suffix", "mother_first", "mother_maiden",
	"guardian_first", "guardian_last", "birth_iso", "birth_order", "multiple", "sex", "street", "city", "zip", "phone", "phone_2", "email", "ssn", "medicaid_id",
	"chart", "birth_cert", "sender", "doses"}

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
	v     [fields]symbol // v[fDoses] is 1 where doses are known
	doses dayRange
}

// dayRange is a range of days in forms.days.
type dayRange struct{ from, to int32 }

// forms holds the records of an index in coded form, by rid; 0 is no record.
type forms struct {
	*symbols
	list      []form
	loaded    []bool
	days      []int32
	nicknames map[[2]symbol]bool // both ways round
}

// formRow is what coding reads of a record of the index.
type formRow struct {
	RID           int32  `col:"rid"`
	First         string `col:"first,null"`
	Middle        string `col:"middle,null"`
	Last          string `col:"last,null"`
	Last1         string `col:"last_1,null"`
	Last2         string `col:"last_2,null"`
	AliasFirst    string `col:"alias_first,null"`
	AliasLast     string `col:"alias_last,null"`
	Suffix        string `col:"suffix,null"`
	MotherFirst   string `col:"mother_first,null"`
	MotherMaiden  string `col:"mother_maiden,null"`
	GuardianFirst string `col:"guardian_first,null"`
	GuardianLast  string `col:"guardian_last,null"`
	BirthISO      string `col:"birth_iso,null"`
	BirthOrder    int32  `col:"birth_order,null"`
	Multiple      string `col:"multiple,null"`
	Sex           string `col:"sex,null"`
	Street        string `col:"street,null"`
	City          string `col:"city,null"`
	ZIP           string `col:"zip,null"`
	Phone         string `col:"phone,null"`
	Phone2        string `col:"phone_2,null"`
	Email         string `col:"email,null"`
	SSN           string `col:"ssn,null"`
	MedicaidID    string `col:"medicaid_id,null"`
	Chart         string `col:"chart,null"`
	BirthCert     string `col:"birth_cert,null"`
	Sender        string `col:"sender"`
	Doses         string `col:"doses,null"`
}

func newForms(records int) *forms {
	f := &forms{symbols: newSymbols(), list: make([]form, records+1), loaded: make([]bool, records+1), nicknames: map[[2]symbol]bool{}}
	for _, p := range nicknamePairs() {
		a, b := f.of(p[0]), f.of(p[1])
		f.nicknames[[2]symbol{a, b}], f.nicknames[[2]symbol{b, a}] = true, true
	}
	return f
}

// add codes a record.
func (f *forms) add(r *formRow) {
	order := ""
	if r.BirthOrder != 0 {
		order = strconv.Itoa(int(r.BirthOrder))
	}
	x := &f.list[r.RID]
	for i, text := range [fields - 1]string{r.First, r.Middle, r.Last, r.Last1, r.Last2, r.AliasFirst, r.AliasLast, r.Suffix, r.MotherFirst, r.MotherMaiden,
		r.GuardianFirst, r.GuardianLast, r.BirthISO, order, r.Multiple, r.Sex, r.Street, r.City, r.ZIP,
		r.Phone, r.Phone2, r.Email, r.SSN, r.MedicaidID,
		r.Chart, r.BirthCert, r.Sender} {
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
	f.loaded[r.RID] = true
}

// A stopValue is a default value: a phone of a clinic, the number 999999999.
type stopValue struct {
	Field string `col:"field"`
	Value string `col:"value"`
}

// drop takes default values for not known, in all records that are coded.
func (f *forms) drop(values []stopValue) {
	stop := map[field]map[symbol]bool{}
	for _, v := range values {
		s, ok := f.at[v.Value]
		if !ok {
			continue
		}
		at, _ := fieldOf(v.Field)
		for _, x := range []field{at, fPhone2} {
			if x == at || at == fPhone {
				if stop[x] == nil {
					stop[x] = map[symbol]bool{}
				}
				stop[x][s] = true
			}
		}
	}
	for i := range f.list {
		for x, values := range stop {
			if values[f.list[i].v[x]] {
				f.list[i].v[x] = 0
			}
		}
	}
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
