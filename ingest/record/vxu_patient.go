package record

import (
	"bytes"

	"miic/ingest/codes"
	"miic/ingest/field"
	"miic/ingest/hl7"
	"miic/ingest/read"
)

// The segments about the person: PID, PD1 and NK1.

// patient reads PID (chapter 3; national guide, PID segment).
func (x *vxu) patient() {
	var best, own int
	for rep, rest := x.m.Next(x.field(3)); rep != nil; rep, rest = x.m.Next(rest) {
		id := x.part(rep, 1, 1)
		rank := 0
		switch string(x.part(rep, 5, 1)) {
		case "SS":
			x.raw[field.SSN], rank = id, -1
		case "MA":
			x.raw[field.MedicaidID], rank = x.ofState(rep, id), -1
		case "BR", "BCT":
			x.raw[field.Certificate], rank = x.certificate(rep, id), -1
		case "MR":
			rank = 4
		case "PI":
			rank = 3
		case "SR", "PT":
			rank = 2
		}
		if rank < 0 || len(id) == 0 {
			continue
		}
		// Of several of one type, which may be of several organisations, it is that of whoever writes.
		authority, mine := x.authority(rep, 4, true), 0
		if name, _, _ := bytes.Cut(authority, []byte{'&'}); len(x.facility) > 0 &&
			bytes.EqualFold(read.Trim(name), x.facility) {
			mine = 1
		}
		if rank+1 > best || rank+1 == best && mine > own {
			x.raw[field.SourceID], x.raw[field.Namespace], best, own = id, authority, rank+1, mine
			if rank == 4 {
				x.raw[field.ChartNumber] = id
			}
		}
		if rest == nil {
			break
		}
	}
	x.names()
	if len(x.raw[field.SSN]) == 0 {
		x.raw[field.SSN] = x.first(19, 1) // where it was before PID-3 took it
	}
	mother := x.ofType(x.field(6), 7, "M")
	x.raw[field.MotherMaiden] = x.part(mother, 1, 1)
	if given := x.part(mother, 2, 1); len(given) > 0 {
		x.raw[field.MotherFirst] = given
	}
	x.raw[field.BirthDate] = x.first(7, 1)
	x.raw[field.Sex] = x.first(8, 1)
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
	x.raw[field.Race] = races
	x.addresses(x.field(11))
	x.phones(x.field(13))
	x.raw[field.Language] = x.coded(15, "ISO6392", "HL70296")
	x.raw[field.Ethnicity] = x.coded(22, "CDCREC", "HL70189")
	x.raw[field.BirthFacility] = x.first(23, 1)
	x.raw[field.MultipleBirth] = x.first(24, 1)
	x.raw[field.BirthOrder] = x.first(25, 1)
	x.raw[field.DeathDate] = x.first(29, 1)
	x.updated = x.first(33, 1)
	if dead := x.first(30, 1); len(dead) == 1 && dead[0] == 'Y' {
		x.raw[field.Living] = []byte("N")
	} else if len(dead) == 1 && dead[0] == 'N' { // reported alive after all
		x.deleted |= 1 << field.DeathDate
	}
}

// nullable are the places where HL7's explicit null takes back what the sender reported before. Share and
// contact are not among them: a restriction is lifted by another value only.
var nullable = []struct {
	segment          string
	field, component int
	Field            field.Field
}{
	{"PID", 5, 3, field.MiddleName}, {"PID", 5, 4, field.NameSuffix}, {"PID", 6, 1, field.MotherMaiden},
	{"PID", 8, 1, field.Sex}, {"PID", 10, 1, field.Race},
	{"PID", 11, 1, field.Address1}, {"PID", 13, 1, field.Phone}, {"PID", 13, 1, field.Email},
	{"PID", 15, 1, field.Language}, {"PID", 22, 1, field.Ethnicity},
	{"PID", 23, 1, field.BirthFacility}, {"PID", 24, 1, field.MultipleBirth}, {"PID", 25, 1, field.BirthOrder},
	{"PID", 29, 1, field.DeathDate},
	{"PD1", 16, 1, field.ClientStatus},
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
				x.deleted |= 1 << n.Field
			}
		}
	}
	if name == "NK1" && len(x.fields) > 2 && isNull(x.fields[2]) {
		if string(x.first(3, 1)) == "MTH" {
			x.deleted |= 1<<field.MotherFirst | 1<<field.MotherLast
		} else {
			x.deleted |= 1 << field.GuardianLast
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

// names takes the legal name, else the one that replaces it, and keeps the others as aliases (table 0200).
func (x *vxu) names() {
	legal := x.ofType(x.field(5), 7, "L", "", "C", "B", "D")
	x.raw[field.LastName], x.raw[field.FirstName] = x.part(legal, 1, 1), x.part(legal, 2, 1)
	x.raw[field.MiddleName], x.raw[field.NameSuffix] = x.part(legal, 3, 1), x.part(legal, 4, 1)
	var others []byte
	for rep, rest := x.m.Next(x.field(5)); rep != nil; rep, rest = x.m.Next(rest) {
		family, given := x.part(rep, 1, 1), x.part(rep, 2, 1)
		same := bytes.Equal(family, x.raw[field.LastName]) && bytes.Equal(given, x.raw[field.FirstName])
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
	x.raw[field.Alias] = others
}

// addresses takes the address where mail is most likely to arrive (table 0190): home before others, one that
// is known to be bad only if there is no other, and that of the birth never.
func (x *vxu) addresses(given []byte) {
	var chosen []byte
	best := 0
	for rep, rest := x.m.Next(given); rep != nil; rep, rest = x.m.Next(rest) {
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
				x.raw[field.BirthCountry] = country
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
	x.raw[field.Address1], x.raw[field.Address2] = x.part(chosen, 1, 1), x.part(chosen, 2, 1)
	x.raw[field.City], x.raw[field.State], x.raw[field.ZIP] = x.part(chosen, 3, 1), x.part(chosen, 4, 1),
		x.part(chosen, 5, 1)
	x.raw[field.County] = x.part(chosen, 9, 1)
	if best == 1 {
		x.raw[field.AddressFlag] = []byte("bad")
	}
}

// phones takes up to two phone numbers and an e-mail address.
func (x *vxu) phones(given []byte) {
	for rep, rest := x.m.Next(given); rep != nil; rep, rest = x.m.Next(rest) {
		use, equipment := string(x.part(rep, 2, 1)), string(x.part(rep, 3, 1))
		if use == "NET" || equipment == "X.400" || equipment == "Internet" {
			if len(x.raw[field.Email]) == 0 {
				x.raw[field.Email] = x.part(rep, 4, 1)
			}
		} else if equipment == "FX" || equipment == "BP" || equipment == "MD" { // nobody answers
		} else if number := x.number10(rep); len(number) > 0 {
			if len(x.raw[field.Phone]) == 0 {
				x.raw[field.Phone] = number
			} else if len(x.raw[field.Phone2]) == 0 {
				x.raw[field.Phone2] = number
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
	x.raw[field.Contact], x.raw[field.ContactOn] = x.coded(11, "HL70215"), x.first(18, 1)
	x.raw[field.Protection], x.raw[field.ShareOn] = x.first(12, 1), x.first(13, 1)
	x.raw[field.ClientStatus], x.raw[field.StatusOn] = x.coded(16, "HL70441"), x.first(17, 1)
}

// kin reads NK1: the mother by her role, and who is responsible: a parent or guardian before anybody else.
func (x *vxu) kin() {
	name := x.ofType(x.field(2), 7, "L")
	family, given, role := x.part(name, 1, 1), x.part(name, 2, 1), x.coded(3, "HL70063")
	kind, _ := codes.Word("relation", read.UnsafeString(role))
	if kind == "MTH" {
		x.raw[field.MotherLast] = family
		if len(given) > 0 {
			x.raw[field.MotherFirst] = given
		}
	}
	known, _ := codes.Word("relation", read.UnsafeString(x.raw[field.GuardianRole]))
	if kind != "SEL" && len(family) > 0 && (len(x.raw[field.GuardianLast]) == 0 || answers[kind] && !answers[known]) {
		x.raw[field.GuardianLast], x.raw[field.GuardianFirst], x.raw[field.GuardianRole] = family, given, role
	}
	if len(x.raw[field.Address1]) == 0 && len(x.raw[field.ZIP]) == 0 && len(x.raw[field.City]) == 0 {
		x.addresses(x.field(4))
	}
	if len(x.raw[field.Phone]) == 0 {
		x.phones(x.field(5))
	}
}

// answers are the relations that answer for a child.
var answers = map[string]bool{"MTH": true, "FTH": true, "PAR": true, "GRD": true, "GRP": true, "CGV": true, "FCH": true}
