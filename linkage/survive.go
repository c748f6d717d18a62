package linkage

import (
	"cmp"
	"slices"
	"strings"

	"miic/internal/area"
	"miic/internal/table"
)

// clientRow is a record of a person, as it was sent, with the person's id.
type clientRow struct {
	ClientID      int64      `col:"client_id"`
	RecordID      string     `col:"record_id"`
	Sender        string     `col:"sender"`
	SenderKind    string     `col:"sender_kind,null"`
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

const (
	vitalRecords = "vital_records"
	clinicSender = "clinic"
)

// survive makes one person of its records, field by field. The birth record has the say on name and
// birth, clinics before plans after it. Address, phone and guardian are the newest known. The most
// restrictive word on contact governs, and a death that any record tells.
func survive(rows []clientRow, counties *area.Table) table.Client {
	slices.SortFunc(rows, func(a, b clientRow) int {
		return cmp.Or(cmp.Compare(b.SenderTime, a.SenderTime), cmp.Compare(a.RecordID, b.RecordID))
	})
	byBirth := slices.Clone(rows)
	slices.SortStableFunc(byBirth, func(a, b clientRow) int { return cmp.Compare(birthRank(a), birthRank(b)) })

	c := table.Client{ClientID: rows[0].ClientID, Records: int32(len(rows)), Contact: "allowed", Status: "active"}
	if r := first(byBirth, func(r clientRow) bool { return named(r) && r.LastName != "" }); r != nil {
		c.FirstName, c.MiddleName, c.LastName, c.Suffix, c.NameSource = r.FirstName, r.MiddleName, r.LastName, r.Suffix, r.RecordID
	} else if r := first(byBirth, func(r clientRow) bool { return r.LastName != "" || named(r) }); r != nil {
		c.LastName, c.NameSource = r.LastName, r.RecordID
		if named(*r) {
			c.FirstName = r.FirstName
		}
	}
	if r := first(byBirth, func(r clientRow) bool { return r.BirthDate != 0 }); r != nil {
		c.BirthDate, c.BirthSource = r.BirthDate, r.RecordID
	}
	c.BirthOrder = pick(byBirth, func(r clientRow) int32 { return r.BirthOrder })
	c.MultipleBirth = pick(byBirth, func(r clientRow) string { return r.MultipleBirth })
	c.BirthCountry = pick(byBirth, func(r clientRow) string { return r.BirthCountry })
	c.Sex = pick(byBirth, func(r clientRow) string { return r.Sex })
	if c.MiddleName == "" {
		if r := first(byBirth, func(r clientRow) bool { return r.MiddleName != "" && r.FirstName == c.FirstName }); r != nil {
			c.MiddleName = r.MiddleName
		}
	}
	c.Race = pick(rows, func(r clientRow) string { return r.Race })
	c.Ethnicity = pick(rows, func(r clientRow) string { return r.Ethnicity })
	c.Language = pick(rows, func(r clientRow) string { return r.Language })
	if r := first(rows, func(r clientRow) bool { return r.GuardianLast != "" }); r != nil {
		c.GuardianFirst, c.GuardianLast, c.GuardianRole = r.GuardianFirst, r.GuardianLast, r.GuardianRole
	} else if r := first(rows, func(r clientRow) bool { return r.MotherFirst != "" && r.MotherLast != "" }); r != nil {
		c.GuardianFirst, c.GuardianLast, c.GuardianRole = r.MotherFirst, r.MotherLast, "MTH"
	}
	// A whole address is better than the newest scrap of one, and one that mail comes back from is last.
	for _, good := range []func(clientRow) bool{
		func(r clientRow) bool { return r.Address1 != "" && r.ZIP != "" && r.AddressFlag == "" },
		func(r clientRow) bool { return r.ZIP != "" && r.AddressFlag == "" },
		func(r clientRow) bool { return r.Address1 != "" || r.City != "" || r.ZIP != "" || r.CountyFIPS != "" },
	} {
		if r := first(rows, good); r != nil {
			c.Address1, c.Address2, c.City, c.State, c.ZIP, c.AddressFlag, c.AddressSource = r.Address1, r.Address2, r.City, r.State, r.ZIP, r.AddressFlag, r.RecordID
			c.CountyFIPS, c.Region = counties.LookUp(r.CountyFIPS, r.ZIP)
			break
		}
	}
	if c.Region == "" {
		c.Region = area.Unassigned
	}
	if r := first(rows, func(r clientRow) bool { return r.Phone != "" }); r != nil {
		c.Phone, c.PhoneSource = r.Phone, r.RecordID
	}
	if r := first(rows, func(r clientRow) bool { return r.SenderKind == clinicSender }); r != nil {
		c.Provider = r.Sender
	}
	for _, r := range rows {
		c.BirthRecord = c.BirthRecord || r.SenderKind == vitalRecords
		c.Contact = stricter(c.Contact, r.Contact)
		if c.DeceasedOn == 0 {
			c.DeceasedOn = r.DeceasedOn
		}
	}
	if w := pick(rows, func(r clientRow) string { return statusWords[r.Status] }); w != "" {
		c.Status = w
	}
	if c.DeceasedOn != 0 || slices.ContainsFunc(rows, func(r clientRow) bool { return r.Status == "P" }) {
		c.Status = "deceased"
	}
	return c
}

// statusWords are the registry's words for what senders say; a sender that does not know says nothing.
var statusWords = map[string]string{"A": "active", "M": "moved", "L": "inactive", "N": "inactive", "P": "deceased"}

// birthRank puts the birth record first and, of the others, those of clinics before plans.
func birthRank(r clientRow) int {
	switch r.SenderKind {
	case vitalRecords:
		return 0
	case clinicSender:
		return 1
	}
	return 2
}

// named tells whether a record gives a real given name.
func named(r clientRow) bool {
	w := words(r.FirstName)
	placeholder, _ := isPlaceholder(w)
	return len(w) > 0 && !placeholder
}

func first(rows []clientRow, ok func(clientRow) bool) *clientRow {
	for i := range rows {
		if ok(rows[i]) {
			return &rows[i]
		}
	}
	return nil
}

// pick returns the first value that is known.
func pick[T comparable](rows []clientRow, value func(clientRow) T) T {
	var none T
	for _, r := range rows {
		if v := value(r); v != none {
			return v
		}
	}
	return none
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
