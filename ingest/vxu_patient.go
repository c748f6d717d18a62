package ingest

import (
	"bytes"

	"miic/ingest/codes"
	"miic/ingest/hl7"
)

// The segments about the person: PID, PD1 and NK1.

// patient reads PID (chapter 3; national guide, PID segment).
func (x *vxu) patient() {
	var best int
	for rep, rest := x.m.Next(x.field(3)); rep != nil; rep, rest = x.m.Next(rest) {
		id := x.part(rep, 1, 1)
		rank := 0
		switch string(x.part(rep, 5, 1)) {
		case "SS":
			x.raw[ssn], rank = id, -1
		case "MA":
			x.raw[medicaidID], rank = id, -1
		case "BR", "BCT":
			x.raw[certificate], rank = id, -1
		case "MR":
			x.raw[chartNumber], rank = id, 4
		case "PI":
			rank = 3
		case "SR", "PT":
			rank = 2
		}
		if rank >= 0 && (best == 0 || rank+1 > best) && len(id) > 0 {
			x.raw[sourceID], best = id, rank+1
		}
		if rest == nil {
			break
		}
	}
	x.names()
	if len(x.raw[ssn]) == 0 {
		x.raw[ssn] = x.first(19, 1) // where it stood before PID-3 took it
	}
	mother := x.ofType(x.field(6), 7, "M")
	x.raw[motherMaiden] = x.part(mother, 1, 1)
	if given := x.part(mother, 2, 1); len(given) > 0 {
		x.raw[motherFirst] = given
	}
	x.raw[birthDate] = x.first(7, 1)
	x.raw[sex] = x.first(8, 1)
	var races []byte
	for rep, rest := x.m.Next(x.field(10)); rep != nil; rep, rest = x.m.Next(rest) {
		if len(races) > 0 {
			races = append(races, '|')
		}
		code, _ := x.code(rep, "CDCREC", "HL70005")
		races = append(races, code...)
		if rest == nil {
			break
		}
	}
	x.raw[race] = races
	x.addresses(x.field(11))
	x.phones(x.field(13))
	x.raw[language] = x.coded(15, "ISO6392", "HL70296")
	x.raw[ethnicity] = x.coded(22, "CDCREC", "HL70189")
	x.raw[birthFacility] = x.first(23, 1)
	x.raw[multipleBirth] = x.first(24, 1)
	x.raw[birthOrder] = x.first(25, 1)
	x.raw[deathDate] = x.first(29, 1)
	if dead := x.first(30, 1); len(dead) == 1 && dead[0] == 'Y' {
		x.raw[living] = []byte("N")
	} else if len(dead) == 1 && dead[0] == 'N' { // said to be alive after all
		x.deleted |= 1 << deathDate
	}
}

// nullable are the places where HL7's explicit null takes back what the sender told before. Share and
// contact are not among them: a restriction is lifted by another value only.
var nullable = []struct {
	segment          string
	field, component int
	target           target
}{
	{"PID", 5, 3, middleName}, {"PID", 5, 4, nameSuffix}, {"PID", 6, 1, motherMaiden}, {"PID", 8, 1, sex}, {"PID", 10, 1, race},
	{"PID", 11, 1, address1}, {"PID", 13, 1, phone}, {"PID", 13, 1, email}, {"PID", 15, 1, language}, {"PID", 22, 1, ethnicity},
	{"PID", 23, 1, birthFacility}, {"PID", 24, 1, multipleBirth}, {"PID", 25, 1, birthOrder}, {"PID", 29, 1, deathDate},
	{"PD1", 16, 1, clientStatus},
}

// nulls notes what the segment takes back.
func (x *vxu) nulls(s hl7.Segment) {
	if !bytes.Contains(s.Raw, hl7Null) {
		return
	}
	name := s.Name()
	for _, n := range nullable {
		if n.segment == name && n.field < len(x.fields) {
			rep, _ := x.m.Next(x.fields[n.field])
			if isNull(x.m.Part(rep, n.component, 1)) {
				x.deleted |= 1 << n.target
			}
		}
	}
	if name == "NK1" && len(x.fields) > 2 && isNull(x.fields[2]) {
		if string(x.first(3, 1)) == "MTH" {
			x.deleted |= 1<<motherFirst | 1<<motherLast
		} else {
			x.deleted |= 1 << guardianLast
		}
	}
}

// ofType returns the first repetition whose given component is the first of the types that any repetition has,
// else the first repetition.
func (x *vxu) ofType(field []byte, component int, types ...string) []byte {
	for _, t := range types {
		for rep, rest := x.m.Next(field); rep != nil; rep, rest = x.m.Next(rest) {
			if string(x.part(rep, component, 1)) == t {
				return rep
			}
			if rest == nil {
				break
			}
		}
	}
	rep, _ := x.m.Next(field)
	return rep
}

// names takes the legal name, else the one that stands for it, and keeps the others as aliases (table 0200).
func (x *vxu) names() {
	legal := x.ofType(x.field(5), 7, "L", "", "C", "B", "D")
	x.raw[lastName], x.raw[firstName] = x.part(legal, 1, 1), x.part(legal, 2, 1)
	x.raw[middleName], x.raw[nameSuffix] = x.part(legal, 3, 1), x.part(legal, 4, 1)
	var others []byte
	for rep, rest := x.m.Next(x.field(5)); rep != nil; rep, rest = x.m.Next(rest) {
		family, given := x.part(rep, 1, 1), x.part(rep, 2, 1)
		same := bytes.Equal(family, x.raw[lastName]) && bytes.Equal(given, x.raw[firstName])
		if kind := string(x.part(rep, 7, 1)); !same && kind != "S" && len(family)+len(given) > 0 { // S: a pseudonym
			if len(others) > 0 {
				others = append(others, '|')
			}
			others = append(append(append(others, given...), '^'), family...)
		}
		if rest == nil {
			break
		}
	}
	x.raw[alias] = others
}

// addresses takes the address where mail is most likely to arrive (table 0190): home before others, one that
// is known to be bad only if there is no other, and that of the birth never.
func (x *vxu) addresses(field []byte) {
	var chosen []byte
	best := 0
	for rep, rest := x.m.Next(field); rep != nil; rep, rest = x.m.Next(rest) {
		rank := 3
		switch string(x.part(rep, 7, 1)) {
		case "H":
			rank = 4
		case "B", "O":
			rank = 2
		case "BA":
			rank = 1
		case "BDL", "BR", "N":
			rank = 0
			if country := x.part(rep, 6, 1); len(country) == 3 {
				x.raw[birthCountry] = country
			}
		}
		if rank > best {
			chosen, best = rep, rank
		}
		if rest == nil {
			break
		}
	}
	if chosen == nil {
		return
	}
	x.raw[address1], x.raw[address2] = x.part(chosen, 1, 1), x.part(chosen, 2, 1)
	x.raw[city], x.raw[state], x.raw[zip] = x.part(chosen, 3, 1), x.part(chosen, 4, 1), x.part(chosen, 5, 1)
	x.raw[county] = x.part(chosen, 9, 1)
	if best == 1 {
		x.raw[addressFlag] = []byte("bad")
	}
}

// phones takes up to two phone numbers and an e-mail address.
func (x *vxu) phones(field []byte) {
	for rep, rest := x.m.Next(field); rep != nil; rep, rest = x.m.Next(rest) {
		use, equipment := string(x.part(rep, 2, 1)), string(x.part(rep, 3, 1))
		if use == "NET" || equipment == "X.400" || equipment == "Internet" {
			if len(x.raw[email]) == 0 {
				x.raw[email] = x.part(rep, 4, 1)
			}
		} else if equipment == "FX" || equipment == "BP" || equipment == "MD" { // nobody answers
		} else if number := x.number10(rep); len(number) > 0 {
			if len(x.raw[phone]) == 0 {
				x.raw[phone] = number
			} else if len(x.raw[phone2]) == 0 {
				x.raw[phone2] = number
			}
		}
		if rest == nil {
			break
		}
	}
}

// number10 reads XTN-6 and -7 (area code, number), or the older whole number in XTN-1 or -12.
func (x *vxu) number10(rep []byte) []byte {
	if local := x.part(rep, 7, 1); len(local) > 0 {
		return append(append(make([]byte, 0, 16), x.part(rep, 6, 1)...), local...)
	}
	if whole := x.part(rep, 1, 1); len(whole) > 0 {
		return whole
	}
	return x.part(rep, 12, 1)
}

// additional reads PD1: publicity, protection and registry status, each with its day.
func (x *vxu) additional() {
	x.raw[contact], x.raw[contactOn] = x.coded(11, "HL70215"), x.first(18, 1)
	x.raw[protection], x.raw[shareOn] = x.first(12, 1), x.first(13, 1)
	x.raw[clientStatus], x.raw[statusOn] = x.coded(16, "HL70441"), x.first(17, 1)
}

// kin reads NK1: the mother by her role, and who is responsible: a parent or guardian before anybody else.
func (x *vxu) kin() {
	name := x.ofType(x.field(2), 7, "L")
	family, given, role := x.part(name, 1, 1), x.part(name, 2, 1), x.coded(3, "HL70063")
	kind, _ := codes.Word("relation", unsafeString(role))
	if kind == "MTH" {
		x.raw[motherLast] = family
		if len(given) > 0 {
			x.raw[motherFirst] = given
		}
	}
	known, _ := codes.Word("relation", unsafeString(x.raw[guardianRole]))
	if kind != "SEL" && len(family) > 0 && (len(x.raw[guardianLast]) == 0 || answers[kind] && !answers[known]) {
		x.raw[guardianLast], x.raw[guardianFirst], x.raw[guardianRole] = family, given, role
	}
	if len(x.raw[address1]) == 0 && len(x.raw[zip]) == 0 && len(x.raw[city]) == 0 {
		x.addresses(x.field(4))
	}
	if len(x.raw[phone]) == 0 {
		x.phones(x.field(5))
	}
}

// answers are the relations that answer for a child.
var answers = map[string]bool{"MTH": true, "FTH": true, "PAR": true, "GRD": true, "GRP": true, "CGV": true, "FCH": true}
