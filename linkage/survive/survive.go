// Package survive chooses which value of a person counts, of all that the records report.
//
// It promises: every field comes from a record that can be named, with the reason; the birth record decides name and
// birth; the strictest word on contact governs; and what was known before, or beside, is kept once however it is spelled.
package survive

import (
	"cmp"
	"slices"
	"strings"

	"miic/internal/area"
	"miic/internal/table"
	"miic/linkage/standard"
)

// Row is a record of a person, as it was sent, with the person's id.
type Row struct {
	ClientID   int64  `col:"client_id"`
	SenderKind string `col:"sender_kind,null"`
	Sent
}

// Sent is what survivorship reads of a client record.
type Sent struct {
	RecordID      string     `col:"record_id"`
	Sender        string     `col:"sender"`
	SenderTime    table.Time `col:"sender_time"`
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
	DeceasedOn    table.Date `col:"deceased_on"`
	Provider      string     `col:"provider,null"`
}

// Choose makes one person of its records, field by field. The birth record has the say on name and
// birth, clinics before plans after it. Address, phone and guardian are the newest known. The most
// restrictive word on contact governs, and a death that any record tells. It tells of each field which
// record it came from and why; tell may be nil.
func Choose(rows []Row, counties *area.Table, tell func(field string, from *Row, reason string)) table.Client {
	slices.SortFunc(rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(b.SenderTime, a.SenderTime), cmp.Compare(a.RecordID, b.RecordID))
	})
	byBirth := slices.Clone(rows)
	slices.SortStableFunc(byBirth, func(a, b Row) int { return cmp.Compare(birthRank(a), birthRank(b)) })
	say := func(field string, from *Row, reason string) {
		if tell != nil && from != nil {
			tell(field, from, reason)
		}
	}
	// atBirth takes a field from the record that has the say on it, newest from the one told last.
	atBirth := func(field string, told func(Row) bool) *Row {
		r := first(byBirth, told)
		if r != nil {
			say(field, r, birthReasons[birthRank(*r)])
		}
		return r
	}
	newest := func(field string, told func(Row) bool) *Row {
		r := first(rows, told)
		say(field, r, "told last")
		return r
	}

	c := table.Client{ClientID: rows[0].ClientID, Records: int32(len(rows)), Contact: "allowed", Status: "active"}
	if r := atBirth("name", func(r Row) bool { return named(r) && r.LastName != "" }); r != nil {
		c.FirstName, c.MiddleName, c.LastName, c.Suffix, c.NameSource = r.FirstName, r.MiddleName, r.LastName, r.Suffix, r.RecordID
	} else if r := first(byBirth, func(r Row) bool { return r.LastName != "" || named(r) }); r != nil {
		c.LastName, c.NameSource = r.LastName, r.RecordID
		if named(*r) {
			c.FirstName = r.FirstName
		}
		say("name", r, "no record tells the whole name")
	}
	if c.MiddleName == "" {
		if r := first(byBirth, func(r Row) bool { return r.MiddleName != "" && r.FirstName == c.FirstName }); r != nil {
			c.MiddleName = r.MiddleName
			say("middle_name", r, "the record of the name has none, and this one has the same given name")
		}
	}
	if r := atBirth("birth_date", func(r Row) bool { return r.BirthDate != 0 }); r != nil {
		c.BirthDate, c.BirthSource = r.BirthDate, r.RecordID
	}
	if r := atBirth("birth_order", func(r Row) bool { return r.BirthOrder != 0 }); r != nil {
		c.BirthOrder = r.BirthOrder
	}
	if r := atBirth("multiple_birth", func(r Row) bool { return r.MultipleBirth != "" }); r != nil {
		c.MultipleBirth = r.MultipleBirth
	}
	if r := atBirth("birth_country", func(r Row) bool { return r.BirthCountry != "" }); r != nil {
		c.BirthCountry = r.BirthCountry
	}
	if r := atBirth("sex", func(r Row) bool { return r.Sex != "" }); r != nil {
		c.Sex = r.Sex
	}
	if r := newest("race", func(r Row) bool { return r.Race != "" }); r != nil {
		c.Race = r.Race
	}
	if r := newest("ethnicity", func(r Row) bool { return r.Ethnicity != "" }); r != nil {
		c.Ethnicity = r.Ethnicity
	}
	if r := newest("language", func(r Row) bool { return r.Language != "" }); r != nil {
		c.Language = r.Language
	}
	if r := newest("guardian", func(r Row) bool { return r.GuardianLast != "" }); r != nil {
		c.GuardianFirst, c.GuardianLast, c.GuardianRole = r.GuardianFirst, r.GuardianLast, r.GuardianRole
	} else if r := first(rows, func(r Row) bool { return r.MotherFirst != "" && r.MotherLast != "" }); r != nil {
		c.GuardianFirst, c.GuardianLast, c.GuardianRole = r.MotherFirst, r.MotherLast, "MTH"
		say("guardian", r, "the mother: no record names a guardian")
	}
	// A whole address is better than the newest scrap of one, and one that mail comes back from is last.
	for _, good := range []struct {
		is     func(Row) bool
		reason string
	}{
		{func(r Row) bool { return r.Address1 != "" && r.ZIP != "" && r.AddressFlag == "" }, "the whole address told last"},
		{func(r Row) bool { return r.ZIP != "" && r.AddressFlag == "" }, "told last; no record has a whole address that mail reaches"},
		{func(r Row) bool { return r.Address1 != "" || r.City != "" || r.ZIP != "" || r.CountyFIPS != "" }, "told last; none is known that mail reaches"},
	} {
		if r := first(rows, good.is); r != nil {
			c.Address1, c.Address2, c.City, c.State, c.ZIP, c.AddressFlag, c.AddressSource = r.Address1, r.Address2, r.City, r.State, r.ZIP, r.AddressFlag, r.RecordID
			c.CountyFIPS, c.Region = counties.LookUp(r.CountyFIPS, r.ZIP)
			say("address", r, good.reason)
			break
		}
	}
	if c.Region == "" {
		c.Region = area.Unassigned
	}
	if r := newest("phone", func(r Row) bool { return r.Phone != "" }); r != nil {
		c.Phone, c.PhoneSource = r.Phone, r.RecordID
	}
	if r := first(rows, func(r Row) bool { return r.SenderKind == standard.Clinic }); r != nil {
		c.Provider = r.Sender
	}
	for i := range rows {
		r := &rows[i]
		c.BirthRecord = c.BirthRecord || r.SenderKind == standard.VitalRecords
		if word := stricter(c.Contact, r.Contact); word != c.Contact {
			c.Contact = word
			say("contact", r, "the most restrictive word of any record")
		}
		if c.DeceasedOn == 0 && r.DeceasedOn != 0 {
			c.DeceasedOn = r.DeceasedOn
			say("deceased_on", r, "a death that any record tells governs")
		}
	}
	if r := newest("status", func(r Row) bool { return statusWords[r.Status] != "" }); r != nil {
		c.Status = statusWords[r.Status]
	}
	if c.DeceasedOn != 0 || slices.ContainsFunc(rows, func(r Row) bool { return r.Status == "P" }) {
		c.Status = "deceased"
	}
	return c
}

// birthReasons say why a record has the say on name and birth, by birthRank.
var birthReasons = [...]string{"the birth record has the say", "no birth record tells it: the newest of the clinics'", "neither a birth record nor a clinic tells it: the newest of the others"}

// statusWords are the registry's words for what senders say; a sender that does not know says nothing.
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

// named tells whether a record gives a real given name.
func named(r Row) bool {
	return len(standard.Words(r.FirstName)) > 0 && !standard.IsPlaceholder(r.FirstName)
}

func first(rows []Row, ok func(Row) bool) *Row {
	for i := range rows {
		if ok(rows[i]) {
			return &rows[i]
		}
	}
	return nil
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
