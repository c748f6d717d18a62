package record

import (
	"slices"
	"strings"

	"miic/ingest/codes"
	"miic/ingest/field"
	"miic/ingest/read"
	"miic/ingest/rule"
	"miic/internal/name"
	"miic/internal/table"
)

// noFirstName is what WIR senders write for a given name that they do not know.
const noFirstName = "NO FIRST NAME"

// client fills c from the unit's values. It does not report whether the unit is refused: see u.refused.
func (u *unit) client(c *stagedClient) {
	*c = stagedClient{unitColumns: u.columns()}
	c.Sender, c.Snapshot, c.BatchID, c.Line, c.Generation = u.from.Sender, u.from.Snapshot, u.from.BatchID, u.line, 1
	c.SourceClientID = u.identifier(field.SourceID)
	c.Namespace = u.namespace(field.Namespace)
	c.RecordID = u.arena.Join(u.from.Sender, "/", c.SourceClientID, "/1")
	c.SenderTime = u.senderTime(field.UpdatedOn)

	c.FirstName = u.text(field.FirstName)
	if c.FirstName == noFirstName {
		c.FirstName = ""
	}
	c.MiddleName, c.LastName, c.Suffix, c.Aliases = u.text(field.MiddleName), u.text(field.LastName),
		u.text(field.NameSuffix), u.text(field.Alias)
	c.MotherFirst, c.MotherLast, c.MotherMaiden = u.text(field.MotherFirst), u.text(field.MotherLast),
		u.text(field.MotherMaiden)
	u.checkName(c)
	c.GuardianFirst, c.GuardianLast = u.text(field.GuardianFirst), u.text(field.GuardianLast)
	if c.GuardianFirst != "" || c.GuardianLast != "" {
		c.GuardianRole = u.word(field.GuardianRole, "relation")
	}

	c.BirthDate = u.requiredDate(field.BirthDate, rule.BirthMissing, rule.BirthBad, rule.BirthFuture)
	if c.BirthDate != 0 && c.BirthDate < u.from.AsOf.AddMonths(-120*12) {
		u.fail(rule.BirthOld, field.BirthDate)
	}
	c.MultipleBirth = u.yesNo(field.MultipleBirth)
	if n := u.number(field.Plurality, 99); n > 1 && n < 99 {
		c.MultipleBirth = "Y"
	} else if n == 1 {
		c.MultipleBirth = "N"
	}
	if n := u.number(field.BirthOrder, 99); n < 20 && (c.MultipleBirth != "N" || n > 1) {
		c.BirthOrder = int32(n)
	}
	c.BirthFacility, c.BirthCountry = u.text(field.BirthFacility), u.text(field.BirthCountry)
	c.Sex = u.word(field.Sex, "sex")
	c.Race = u.races()
	c.Ethnicity, c.Language = u.word(field.Ethnicity, "ethnicity"), u.word(field.Language, "language")
	u.address(c)

	c.ChartNumber, c.MedicaidID, c.BirthCertNumber = u.identifier(field.ChartNumber), u.identifier(field.MedicaidID),
		u.identifier(field.Certificate)
	c.SSN = u.socialSecurity(field.SSN)
	c.Share = u.sharing()
	c.Contact = u.word(field.Contact, "contact")
	c.Status = u.word(field.ClientStatus, "status")
	c.ShareOn, c.ContactOn, c.StatusOn = u.optionalDate(field.ShareOn, true), u.optionalDate(field.ContactOn, true),
		u.optionalDate(field.StatusOn, true)
	if c.DeceasedOn = u.optionalDate(field.DeathDate, false); c.DeceasedOn == 0 && u.deleted&(1<<field.DeathDate) != 0 {
		u.deleted |= 1 << field.ClientStatus // a death taken back takes its status back
	}
	if u.yesNo(field.Living) == "N" || c.DeceasedOn != 0 {
		c.Status = "P"
	}
	c.Provider = u.identifier(field.Provider)
	c.Reported = u.reported(c)
	if c.Contact == "" {
		c.Contact = "allowed"
	}
	if c.Provider == "" && u.from.Kind == "clinic" {
		c.Provider = u.from.Sender
	}
	// An amended certificate, and after it a void, follow the original even in the same file.
	b := u.raw[field.Replaces]
	amended := len(b) == 1 && b[0] != '0'
	if amended {
		c.SenderTime++
	}
	if b := u.raw[field.Void]; len(b) == 1 && b[0] != '0' {
		c.Withdrawn = true
		c.SenderTime += 2
	}
	if c.DatedOn = 0; len(u.raw[field.UpdatedOn]) > 0 {
		u.days.Updated = c.SenderTime.Date()
	}
	u.days.Birth, u.days.Sent, u.days.Received, u.days.Amended = c.BirthDate, u.fileTime.Date(), u.from.AsOf, amended
	c.DatedOn = u.dated.On(u.days)
	c.ContentHash = ClientHash(&c.ClientRecord)
	c.UnitKey = within(read.Seed.Text(c.SourceClientID), c.Namespace).Number(int64(c.SenderTime)).Sum()
	c.UnitHash = c.ContentHash
}

// checkName reports names that name nobody. They are kept as sent, and no stage takes them for a name (internal/name).
func (u *unit) checkName(c *stagedClient) {
	p := name.Person{First: c.FirstName, Last: c.LastName, MotherFirst: c.MotherFirst}
	if p.Test() {
		u.fail(rule.TestPerson, field.LastName)
		return
	}
	if is, _ := p.Given(); is {
		u.fail(rule.Placeholder, field.FirstName)
	}
	if p.Surname() {
		u.fail(rule.NoSurname, field.LastName)
	}
}

func (u *unit) address(c *stagedClient) {
	c.Address1, c.Address2, c.City = u.text(field.Address1), u.text(field.Address2), u.text(field.City)
	if c.Address1 == "" {
		c.Address1, c.Address2 = c.Address2, ""
	}
	c.State = u.state(field.State)
	c.ZIP = u.zip(field.ZIP)
	c.CountyFIPS = u.county(field.County, c.State)
	c.AddressFlag = u.text(field.AddressFlag)
	c.Phone, c.Phone2 = u.phone(field.Phone), u.phone(field.Phone2)
	if c.Phone == "" {
		c.Phone, c.Phone2 = c.Phone2, ""
	}
	c.Email = u.text(field.Email)
}

// state reads a two-letter state; ZZ and XX mean one that is not known.
func (u *unit) state(t field.Field) string {
	s := u.arena.Upper(u.text(t))
	if s == "" || s == "ZZ" || s == "XX" {
		return ""
	}
	if _, ok := codes.Word("fips", s); !ok {
		u.warnCode(t, "state", s)
		return ""
	}
	return s
}

func (u *unit) races() string {
	b := u.raw[field.Race]
	if len(b) == 0 {
		return ""
	}
	var found [8]string
	n := 0
	for _, one := range strings.Split(u.text(field.Race), "|") {
		v, ok := codes.Word("race", one)
		if !ok {
			u.warnCode(field.Race, "race", one)
		}
		if v != "" && n < len(found) && !slices.Contains(found[:n], v) {
			found[n] = v
			n++
		}
	}
	if n == 1 {
		return found[0]
	}
	return strings.Join(found[:n], "|")
}

// sharing joins the two opposite ways of saying whether others may see the record. Where both are
// given and differ, the restriction holds.
func (u *unit) sharing() string {
	consent, protected := u.yesNo(field.Share), u.yesNo(field.Protection)
	switch {
	case consent == "N" || protected == "Y":
		return "refused"
	case consent == "Y" || protected == "N":
		return "allowed"
	}
	return "unknown"
}

func (u *unit) yesNo(t field.Field) string {
	switch string(u.raw[t]) {
	case "Y", "y":
		return "Y"
	case "N", "n":
		return "N"
	case "", "U", "u":
		return ""
	}
	u.warnCode(t, "yes-no", u.text(t))
	return ""
}

// ClientHash is the fingerprint of all that a client record holds.
func ClientHash(c *table.ClientRecord) int64 {
	h := read.Seed
	for _, s := range [...]string{c.FirstName, c.MiddleName, c.LastName, c.Suffix, c.Aliases, c.MotherFirst,
		c.MotherLast, c.MotherMaiden,
		c.GuardianFirst, c.GuardianLast, c.GuardianRole, c.MultipleBirth, c.BirthCountry, c.BirthFacility, c.Sex,
		c.Race, c.Ethnicity,
		c.Language, c.Address1, c.Address2, c.City, c.State, c.ZIP, c.CountyFIPS, c.AddressFlag, c.Phone, c.Phone2,
		c.Email,
		c.ChartNumber, c.SSN, c.MedicaidID, c.BirthCertNumber, c.Share, c.Contact, c.Status, c.Provider} {
		h = h.Text(s)
	}
	if c.Namespace != "" { // a record of before, without one, keeps its fingerprint
		h = h.Text("namespace").Text(c.Namespace)
	}
	if c.Withdrawn {
		h = h.Number(1)
	}
	for _, d := range [...]table.Date{c.BirthDate, c.DeceasedOn, c.ShareOn, c.ContactOn, c.StatusOn} {
		h = h.Number(int64(d))
	}
	return h.Number(int64(c.BirthOrder)).Sum()
}
