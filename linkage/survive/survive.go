// Package survive chooses which value of a person counts, of all that the records report.
//
// It promises: every field comes from a record that can be named, with the reason; the birth record decides name and
// birth; the strictest word on contact governs; and what was known before, or beside, is kept once however it is
// spelled.
package survive

import (
	"cmp"
	"slices"
	"strings"

	"miic/internal/area"
	"miic/internal/name"
	"miic/internal/table"
	"miic/linkage/standard"
)

// Row is a version of a record of a person, as it was sent, with the person's id.
type Row struct {
	ClientID   int64      `col:"client_id"`
	SenderKind string     `col:"sender_kind,null"`
	ReceivedOn table.Date `col:"received_on"` // the delivery that brought it
	Given      table.Date `col:"given_on"`    // the newest dose that the sender gave under this number
	Served     table.Date `col:"served_on"`   // the newest service whose claim the sender updated on the record's own day
	Affirmed   bool       `col:"affirmed"`    // the version before it was repeated: nothing else is filled in
	Sent

	since    [groupCount]day
	failed   *failure // of a result of a notice
	replaced []string // keys of addresses that mail reached and that the sender has replaced
}

// Sent is what survivorship reads of a client record.
type Sent struct {
	RecordID      string     `col:"record_id"`
	Sender        string     `col:"sender"`
	BatchID       string     `col:"batch_id"`
	SenderTime    table.Time `col:"sender_time"`
	DatedOn       table.Date `col:"dated_on"`
	FirstName     string     `col:"first_name,null"`
	MiddleName    string     `col:"middle_name,null"`
	LastName      string     `col:"last_name,null"`
	Suffix        string     `col:"suffix,null"`
	GuardianFirst string     `col:"guardian_first,null"`
	GuardianLast  string     `col:"guardian_last,null"`
	GuardianRole  string     `col:"guardian_role,null"`
	MotherFirst   string     `col:"mother_first,null"`
	MotherLast    string     `col:"mother_last,null"`
	BirthDate     table.Date `col:"birth_date"`
	BirthOrder    int32      `col:"birth_order,null"`
	MultipleBirth string     `col:"multiple_birth,null"`
	BirthCountry  string     `col:"birth_country,null"`
	Sex           string     `col:"sex,null"`
	Race          string     `col:"race,null"`
	Ethnicity     string     `col:"ethnicity,null"`
	Language      string     `col:"language,null"`
	Address1      string     `col:"address_1,null"`
	Address2      string     `col:"address_2,null"`
	City          string     `col:"city,null"`
	State         string     `col:"state,null"`
	ZIP           string     `col:"zip,null"`
	CountyFIPS    string     `col:"county_fips,null"`
	AddressFlag   string     `col:"address_flag,null"`
	Phone         string     `col:"phone,null"`
	Share         string     `col:"share"`
	Contact       string     `col:"contact"`
	Status        string     `col:"status,null"`
	StatusOn      table.Date `col:"status_on"`
	DeceasedOn    table.Date `col:"deceased_on"`
	Provider      string     `col:"provider,null"`
	Reported      int64      `col:"reported"`
}

// A Chosen is called with each field of a person, the record that it came from, and why that one.
type Chosen func(field string, from *Row, reason string)

// Choose makes one person of its records, field by field, given all that was reported on them as Current wants it. The
// birth record decides name and birth, clinics before plans after it. Address, phone, guardian, clinic and status are
// those that were true last. The strictest word on contact governs, and a death that any record reports. chosen may be
// nil.
func Choose(entries []Row, counties *area.Table, chosen Chosen) table.Client {
	rows := Current(entries)
	slices.SortFunc(rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(b.SenderTime, a.SenderTime), cmp.Compare(a.RecordID, b.RecordID))
	})
	x := chooser{rows: rows, chosen: chosen, c: table.Client{ClientID: rows[0].ClientID,
		Records: records(rows), Contact: "allowed", Status: "active"}}
	x.name()
	x.birth()
	x.background()
	x.guardian()
	x.address(counties)
	x.phone()
	x.provider()
	x.contactAndDeath()
	x.status()
	return x.c
}

// records is how many of the rows are records: the others are results of notices.
func records(rows []Row) (n int32) {
	for i := range rows {
		if !rows[i].ofNotice() {
			n++
		}
	}
	return n
}

// chooser chooses the fields of one person.
type chooser struct {
	rows   []Row // reported last first
	chosen Chosen
	c      table.Client
}

func (x *chooser) report(field string, from *Row, reason string) {
	if x.chosen != nil && from != nil {
		x.chosen(field, from, reason)
	}
}

// best is the record whose value of a group was true last, of those that have one; with ranked, in the order in which
// records decide name and birth first.
func (x *chooser) best(g group, ranked bool, has func(Row) bool) *Row {
	var best *Row
	for i := range x.rows {
		r := &x.rows[i]
		if !has(*r) {
			continue
		}
		rank := 0
		if ranked && best != nil {
			rank = cmp.Compare(birthRank(*r), birthRank(*best))
		}
		if best == nil || rank < 0 || rank == 0 && newer(r, best, g) {
			best = r
		}
	}
	return best
}

// atBirth is the first record that has a field, in the order in which records decide name and birth.
func (x *chooser) atBirth(field string, has func(Row) bool) *Row {
	r := x.best(groupOf[field], true, has)
	if r != nil {
		x.report(field, r, birthReasons[birthRank(*r)])
	}
	return r
}

// last is the record whose field was true last.
func (x *chooser) last(field string, has func(Row) bool) *Row {
	r := x.best(groupOf[field], false, has)
	x.report(field, r, "true last")
	return r
}

func (x *chooser) name() {
	c := &x.c
	if r := x.atBirth("name", func(r Row) bool { return named(r) && surnamed(r) }); r != nil {
		c.FirstName, c.MiddleName, c.LastName, c.Suffix = r.FirstName, r.MiddleName, r.LastName, r.Suffix
		c.NameSource = r.RecordID
	} else if r := x.best(ofName, true, func(r Row) bool { return surnamed(r) || named(r) }); r != nil {
		c.NameSource = r.RecordID
		if surnamed(*r) {
			c.LastName = r.LastName
		}
		if named(*r) {
			c.FirstName = r.FirstName
		}
		x.report("name", r, "no record has the whole name")
	}
	if c.MiddleName == "" {
		r := x.best(ofName, true, func(r Row) bool { return r.MiddleName != "" && r.FirstName == c.FirstName })
		if r != nil {
			c.MiddleName = r.MiddleName
			x.report("middle_name", r, "the record of the name has none, and this one has the same given name")
		}
	}
}

func (x *chooser) birth() {
	c := &x.c
	if r := x.atBirth("birth_date", func(r Row) bool { return r.BirthDate != 0 }); r != nil {
		c.BirthDate, c.BirthSource = r.BirthDate, r.RecordID
	}
	if r := x.atBirth("birth_order", func(r Row) bool { return r.BirthOrder != 0 }); r != nil {
		c.BirthOrder = r.BirthOrder
	}
	if r := x.atBirth("multiple_birth", func(r Row) bool { return r.MultipleBirth != "" }); r != nil {
		c.MultipleBirth = r.MultipleBirth
	}
	if r := x.atBirth("birth_country", func(r Row) bool { return r.BirthCountry != "" }); r != nil {
		c.BirthCountry = r.BirthCountry
	}
	if r := x.atBirth("sex", func(r Row) bool { return r.Sex != "" }); r != nil {
		c.Sex = r.Sex
	}
}

func (x *chooser) background() {
	if r := x.last("race", func(r Row) bool { return r.Race != "" }); r != nil {
		x.c.Race = r.Race
	}
	if r := x.last("ethnicity", func(r Row) bool { return r.Ethnicity != "" }); r != nil {
		x.c.Ethnicity = r.Ethnicity
	}
	if r := x.last("language", func(r Row) bool { return r.Language != "" }); r != nil {
		x.c.Language = r.Language
	}
}

func (x *chooser) guardian() {
	c := &x.c
	if r := x.last("guardian", func(r Row) bool { return parent(r.GuardianFirst, r.GuardianLast) }); r != nil {
		c.GuardianFirst, c.GuardianLast, c.GuardianRole = r.GuardianFirst, r.GuardianLast, r.GuardianRole
		return
	}
	if r := x.best(ofGuardian, false,
		func(r Row) bool { return r.MotherFirst != "" && parent(r.MotherFirst, r.MotherLast) }); r != nil {
		c.GuardianFirst, c.GuardianLast, c.GuardianRole = r.MotherFirst, r.MotherLast, "MTH"
		x.report("guardian", r, "the mother: no record names a guardian")
	}
}

// failure is that nobody was reached by telephone.
type failure struct {
	on     table.Date
	number string // empty where it is not known which was called: the one that counted then
}

// phone is the number that was true last. One by which nobody was reached gives way to any other, until it is
// reported again.
func (x *chooser) phone() {
	var failures []*failure
	for i := range x.rows {
		if f := x.rows[i].failed; f != nil {
			failures = append(failures, f)
		}
	}
	slices.SortFunc(failures, func(a, b *failure) int {
		return cmp.Or(cmp.Compare(a.on, b.on), cmp.Compare(a.number, b.number))
	})
	dead := map[string]table.Date{}
	alive := func(r Row) bool { return r.Phone != "" && r.since[ofPhone].on >= dead[r.Phone] }
	for _, f := range failures {
		number := f.number
		if number == "" {
			tried := x.best(ofPhone, false, func(r Row) bool { return alive(r) && r.since[ofPhone].on <= f.on })
			if tried == nil {
				continue
			}
			number = tried.Phone
		}
		dead[number] = f.on + 1
	}
	if r := x.last("phone", alive); r != nil {
		x.c.Phone, x.c.PhoneSource = r.Phone, r.RecordID
	}
}

// provider is the clinic that last gave a dose, else the one whose word on its clinic was true last.
func (x *chooser) provider() {
	for i := range x.rows {
		if r := &x.rows[i]; r.Given != 0 {
			r.since[ofProvider] = day{r.Given, byDose}
		}
	}
	for _, kind := range []struct {
		is     func(Row) bool
		reason string
	}{
		{func(r Row) bool { return r.SenderKind == standard.Clinic && r.Given != 0 }, "the clinic that last gave a dose"},
		{func(r Row) bool { return r.SenderKind == standard.Clinic }, "true last; no clinic reports that it gave a dose"},
	} {
		if r := x.best(ofProvider, false, kind.is); r != nil {
			x.c.Provider = r.Sender
			x.report("provider", r, kind.reason)
			return
		}
	}
}

// contactAndDeath takes what one record is enough for.
func (x *chooser) contactAndDeath() {
	c := &x.c
	for i := range x.rows {
		r := &x.rows[i]
		c.BirthRecord = c.BirthRecord || r.SenderKind == standard.VitalRecords
		if word := stricter(c.Contact, r.Contact); word != c.Contact {
			c.Contact = word
			x.report("contact", r, "the most restrictive word of any record")
		}
		if c.DeceasedOn == 0 && r.DeceasedOn != 0 {
			c.DeceasedOn = r.DeceasedOn
			x.report("deceased_on", r, "a death that any record reports governs")
		}
	}
}

func (x *chooser) status() {
	c := &x.c
	if r := x.last("status", func(r Row) bool { return statusWords[r.Status] != "" }); r != nil {
		c.Status = statusWords[r.Status]
	}
	if c.DeceasedOn != 0 || slices.ContainsFunc(x.rows, func(r Row) bool { return r.Status == "P" }) {
		c.Status = "deceased"
	}
}

// birthReasons are why a record decides name and birth, by birthRank.
var birthReasons = [...]string{
	"the birth record decides it",
	"no birth record has it: the one of a clinic that was true last",
	"neither a birth record nor a clinic has it: the one of the others that was true last",
}

// statusWords are the registry's words for a sender's status codes; the code for unknown has none.
var statusWords = map[string]string{"A": "active", "M": "moved", "L": "inactive", "N": "inactive", "P": "deceased"}

// birthRank puts the birth record first and, of the others, those of clinics before plans.
func birthRank(r Row) int {
	switch r.SenderKind {
	case standard.VitalRecords:
		return 0
	case standard.Clinic:
		return 1
	}
	return 2
}

// named reports whether a record gives a real given name.
func named(r Row) bool {
	placeholder, _ := nameOf(r).Given()
	return len(name.Words(r.FirstName)) > 0 && !placeholder
}

// surnamed reports whether a record gives a real surname.
func surnamed(r Row) bool { return r.LastName != "" && !nameOf(r).Surname() }

func nameOf(r Row) name.Person {
	return name.Person{First: r.FirstName, Last: r.LastName, MotherFirst: r.MotherFirst}
}

// parent reports whether a parent has a surname, and neither name is a placeholder.
func parent(first, last string) bool {
	p := name.Person{First: first, Last: last}
	placeholder, _ := p.Given()
	return last != "" && !placeholder && !p.Surname()
}

// stricter joins two words on contact into the one that allows only what both allow.
func stricter(a, b string) string {
	noCalls := strings.HasSuffix(a, "_no_calls") || strings.HasSuffix(b, "_no_calls")
	a, b = strings.TrimSuffix(a, "_no_calls"), strings.TrimSuffix(b, "_no_calls")
	word := a
	switch {
	case a == b || b == "" || b == "allowed":
	case a == "" || a == "allowed":
		word = b
	default:
		word = "none" // none with anything, or reminders only with recalls only
	}
	if noCalls && word != "none" {
		word += "_no_calls"
	}
	return word
}
