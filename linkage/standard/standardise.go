// Package standard writes records in linkage form.
//
// It promises: the same record gets the same form, in ASCII capitals, whoever sends it; a placeholder for an unknown
// value is left out; and a record's content hash changes when, and only when, something that linkage reads of it does.
package standard

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"strings"

	"miic/internal/household"
	"miic/internal/name"
	"miic/internal/table"
)

// standardVersion changes when the same record must get another standard form.
const standardVersion = "3"

// Kinds of sender, as the table batch has them.
const (
	VitalRecords = "vital_records"
	Clinic       = "clinic"
)

// Pseudo is the kind of sender of a pseudo-record: see OfRequest and OfDeath.
const Pseudo = "request"

// A Standardiser writes client records in linkage form. It remembers the sounds of names and is not
// for use by several goroutines.
type Standardiser struct {
	sounds phonetics
	keys   [][]string // the parts of each blocking key
}

// New makes a standardiser that computes blocking keys. Each is named by its parts (see KeyPart).
func New(keys [][]string) *Standardiser {
	return &Standardiser{sounds: phonetics{}, keys: keys}
}

// Standardise writes a record in linkage form. Doses are the days of the doses reported with it, in
// ISO form, joined by a bar, in order.
func (s *Standardiser) Standardise(r *table.ClientRecord, senderKind, doses string) table.StandardRecord {
	return s.standardise(r, senderKind, doses, "")
}

// standardise also takes the doses that the sender gave itself, each as day:CVX. Those of a clinic count: a health plan
// may pay for one dose under two member numbers.
func (s *Standardiser) standardise(r *table.ClientRecord, senderKind, doses, given string) table.StandardRecord {
	out := table.StandardRecord{RecordID: r.RecordID, Sender: r.Sender, SenderKind: senderKind,
		Withdrawn: r.Withdrawn, Doses: doses}
	if senderKind == Clinic {
		out.Given = given
	}
	setBirth(&out, r)
	s.setName(&out, r)
	setAliases(&out, r)
	setParents(&out, r)
	setContact(&out, r)
	setNumbers(&out, r)
	s.SetKeys(&out)
	out.ContentHash = contentHash(&out)
	return out
}

func setBirth(out *table.StandardRecord, r *table.ClientRecord) {
	out.BirthOrder = r.BirthOrder
	if r.MultipleBirth == "Y" || r.MultipleBirth == "N" {
		out.Multiple = r.MultipleBirth
	}
	if y, m, d := r.BirthDate.YMD(); y >= 1000 && y < 9999 && !fillerDate(y, m, d) {
		out.BirthDate, out.BirthISO = r.BirthDate, r.BirthDate.String()
	}
	if r.Sex == "F" || r.Sex == "M" {
		out.Sex = r.Sex
	}
}

// setName sets the names. A placeholder such as "Twin B" is no name, but may give the birth order: so the birth must be
// set before.
func (s *Standardiser) setName(out *table.StandardRecord, r *table.ClientRecord) {
	f := name.Person{First: r.FirstName, Middle: r.MiddleName, Last: r.LastName, Suffix: r.Suffix,
		MotherFirst: r.MotherFirst}.Form()
	if out.Placeholder = f.Placeholder; out.BirthOrder == 0 && f.Order > 0 {
		out.BirthOrder, out.Multiple = f.Order, "Y"
	}
	out.First, out.FirstCode, out.Middle = f.First, s.sounds.code(f.First), f.Middle
	out.Last, out.LastCode, out.Last1, out.Last2, out.Suffix = f.Last, s.sounds.code(f.Last), f.Last1, f.Last2, f.Suffix
}

func setAliases(out *table.StandardRecord, r *table.ClientRecord) {
	for alias := range strings.SplitSeq(r.Aliases, "|") {
		given, surname, _ := strings.Cut(alias, "^")
		if w := name.Words(given); out.AliasFirst == "" && len(w) > 0 && name.Suffix(w[0]) == "" {
			if is, _ := (name.Person{First: given, Last: surname}).Given(); !is {
				out.AliasFirst = w[0]
			}
		}
		if joined := strings.Join(name.Words(surname), ""); out.AliasLast == "" && !(name.Person{Last: surname}).Surname() {
			out.AliasLast = joined
		}
	}
	if out.AliasFirst == "" && out.First != "" && len(out.Middle) > 1 {
		// A given name of two words, as Hmong and Karen names are, is cut in two by one sender and written
		// as one word by another.
		out.AliasFirst = out.First + out.Middle
	}
}

func setParents(out *table.StandardRecord, r *table.ClientRecord) {
	out.MotherFirst, out.MotherMaiden = parent(r.MotherFirst, r.MotherMaiden)
	out.GuardianFirst, out.GuardianLast = parent(r.GuardianFirst, r.GuardianLast)
	if out.MotherFirst == "" && r.GuardianRole == "MTH" {
		out.MotherFirst = out.GuardianFirst
	}
}

func setContact(out *table.StandardRecord, r *table.ClientRecord) {
	out.Street = household.Street(r.Address1)
	out.City = city(r.City)
	out.ZIP = postalCode(r.ZIP)
	out.Phone, out.Phone2 = phoneNumber(r.Phone), phoneNumber(r.Phone2)
	if out.Phone == "" {
		out.Phone, out.Phone2 = out.Phone2, ""
	}
	if e := strings.ToLower(name.ASCII(strings.TrimSpace(r.Email))); strings.Contains(e, "@") {
		out.Email = e
	}
}

func setNumbers(out *table.StandardRecord, r *table.ClientRecord) {
	if d := digits(r.SSN); len(d) >= 7 && len(d) <= 9 && !isDefault(d) {
		out.SSN = d
	}
	if d := strings.Join(name.Words(r.MedicaidID), ""); len(d) >= 5 && !isDefault(d) {
		out.MedicaidID = d
	}
	if d := strings.Join(name.Words(r.ChartNumber), ""); d != "" && !isDefault(d) {
		of := r.Sender
		if organisation, _, _ := strings.Cut(r.Namespace, "&"); strings.TrimSpace(organisation) != "" {
			of += "^" + strings.ToUpper(strings.TrimSpace(organisation))
		}
		out.Chart = of + ":" + d
		// Where the sender's number is several people's, its chart number is as little evidence for one person.
		if g := r.RecordID[strings.LastIndexByte(r.RecordID, '/')+1:]; g != "1" && g != r.RecordID {
			out.Chart += "~" + g
		}
	}
	out.BirthCert = strings.Join(name.Words(r.BirthCertNumber), "-")
}

// parent gives the first word of a parent's given name, and the surname, without placeholders.
func parent(first, last string) (string, string) {
	p := name.Person{First: first, Last: last}
	w := name.Words(first)
	if is, _ := p.Given(); is || len(w) == 0 {
		w = []string{""}
	}
	if p.Surname() {
		return w[0], ""
	}
	return w[0], strings.Join(name.Words(last), "")
}

// contentHash is a hash over everything that linkage reads, the keys included.
func contentHash(r *table.StandardRecord) string {
	b := make([]byte, 0, 1024)
	b = append(b, standardVersion...)
	b = strconv.AppendBool(append(b, '|'), r.Withdrawn)
	b = strconv.AppendBool(append(b, '|'), r.Placeholder)
	b = strconv.AppendInt(append(b, '|'), int64(r.BirthOrder), 10)
	for _, f := range []string{r.Sender, r.SenderKind, r.First, r.Middle, r.Last, r.Last1, r.Last2, r.AliasFirst,
		r.AliasLast, r.Suffix, r.MotherFirst, r.MotherMaiden, r.GuardianFirst, r.GuardianLast, r.BirthISO, r.Multiple,
		r.Sex, r.Street, r.City, r.ZIP, r.Phone, r.Phone2, r.Email, r.SSN, r.MedicaidID, r.Chart, r.BirthCert,
		r.Doses, r.Given} {
		b = append(append(b, 0), f...)
	}
	for i := range table.Rules {
		b = binary.LittleEndian.AppendUint64(b, uint64(*r.At(i)))
	}
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:8])
}

// fillerDate reports whether a day is written where none is known: the beginning of a century, and the days from which
// databases and sheets count.
func fillerDate(y, m, d int) bool {
	return y <= 1901 && (y%100 <= 1 || y == 1753) && m == 1 && d == 1 || y == 1899 && m == 12 && d >= 30
}
