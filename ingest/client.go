package ingest

import (
	"slices"
	"strings"

	"miic/ingest/codes"
	"miic/internal/table"
)

// noFirstName is what WIR senders write for a given name that they do not know.
const noFirstName = "NO FIRST NAME"

// placeholders are given names that mean that there was none yet, compared in upper case.
var placeholders = map[string]bool{
	"BABY": true, "BABY BOY": true, "BABY GIRL": true, "BABYBOY": true, "BABYGIRL": true, "NEWBORN": true, "INFANT": true,
	"BB": true, "BG": true, "BOY": true, "GIRL": true, "BOY A": true, "BOY B": true, "GIRL A": true, "GIRL B": true,
	"TWIN A": true, "TWIN B": true, "MALE": true, "FEMALE": true, "UNK": true, "UNKNOWN": true, "NONE": true,
	"NO NAME": true, "NOFIRSTNAME": true, "NO FIRST NAME": true, "FNU": true, "LNU": true, "X": true, "U": true,
}

// placeholder reports given names that name nobody.
func placeholder(name string) bool {
	name = strings.ToUpper(name)
	return placeholders[name] || strings.HasPrefix(name, "BABY BOY ") || strings.HasPrefix(name, "BABY GIRL ")
}

// client fills c from the unit's values. It does not say whether the unit is refused: see u.refused.
func (u *unit) client(c *stagedClient) {
	*c = stagedClient{unitColumns: u.columns()}
	c.Sender, c.Snapshot, c.BatchID, c.Line, c.Generation = u.from.Sender, u.from.Snapshot, u.from.BatchID, u.line, 1
	c.SourceClientID = u.identifier(sourceID)
	c.RecordID = u.arena.join(u.from.Sender, "/", c.SourceClientID, "/1")
	c.SenderTime = u.senderTime(updatedOn)

	c.FirstName = u.text(firstName)
	if c.FirstName == noFirstName {
		c.FirstName = ""
	} else if c.FirstName != "" && len(c.FirstName) < 20 && placeholder(c.FirstName) {
		u.fail(rulePlaceholder, firstName)
	}
	c.MiddleName, c.LastName, c.Suffix, c.Aliases = u.text(middleName), u.text(lastName), u.text(nameSuffix), u.text(alias)
	c.MotherFirst, c.MotherLast, c.MotherMaiden = u.text(motherFirst), u.text(motherLast), u.text(motherMaiden)
	c.GuardianFirst, c.GuardianLast = u.text(guardianFirst), u.text(guardianLast)
	if c.GuardianFirst != "" || c.GuardianLast != "" {
		c.GuardianRole = u.word(guardianRole, "relation")
	}

	c.BirthDate = u.requiredDate(birthDate, ruleBirthMissing, ruleBirthBad, ruleBirthFuture)
	if c.BirthDate != 0 && c.BirthDate < u.from.AsOf.AddMonths(-120*12) {
		u.fail(ruleBirthOld, birthDate)
	}
	c.MultipleBirth = u.yesNo(multipleBirth)
	if n := u.number(plurality, 99); n > 1 && n < 99 {
		c.MultipleBirth = "Y"
	} else if n == 1 {
		c.MultipleBirth = "N"
	}
	if n := u.number(birthOrder, 99); n < 20 && (c.MultipleBirth != "N" || n > 1) {
		c.BirthOrder = int32(n)
	}
	c.BirthFacility, c.BirthCountry = u.text(birthFacility), u.text(birthCountry)
	c.Sex = u.word(sex, "sex")
	c.Race = u.races()
	c.Ethnicity, c.Language = u.word(ethnicity, "ethnicity"), u.word(language, "language")
	u.address(c)

	c.ChartNumber, c.MedicaidID, c.BirthCertNumber = u.identifier(chartNumber), u.identifier(medicaidID), u.identifier(certificate)
	c.SSN = u.socialSecurity(ssn)
	c.Share = u.sharing()
	c.Contact = u.word(contact, "contact")
	c.Status = u.word(clientStatus, "status")
	c.ShareOn, c.ContactOn, c.StatusOn = u.optionalDate(shareOn, true), u.optionalDate(contactOn, true), u.optionalDate(statusOn, true)
	if c.DeceasedOn = u.optionalDate(deathDate, false); c.DeceasedOn == 0 && u.deleted&(1<<deathDate) != 0 {
		u.deleted |= 1 << clientStatus // a death taken back takes its status back
	}
	if u.yesNo(living) == "N" || c.DeceasedOn != 0 {
		c.Status = "P"
	}
	c.Provider = u.identifier(provider)
	c.Told = u.told(c)
	if c.Contact == "" {
		c.Contact = "allowed"
	}
	if c.Provider == "" && u.from.Kind == "clinic" {
		c.Provider = u.from.Sender
	}
	// An amended certificate, and after it a void, follow the original even in the same file.
	if b := u.raw[replaces]; len(b) == 1 && b[0] != '0' {
		c.SenderTime++
	}
	if b := u.raw[void]; len(b) == 1 && b[0] != '0' {
		c.Withdrawn = true
		c.SenderTime += 2
	}
	c.ContentHash = clientHash(&c.ClientRecord)
	c.UnitKey = fingerprintSeed.text(c.SourceClientID).number(int64(c.SenderTime)).sum()
	c.UnitHash = c.ContentHash
}

func (u *unit) address(c *stagedClient) {
	c.Address1, c.Address2, c.City = u.text(address1), u.text(address2), u.text(city)
	if c.Address1 == "" {
		c.Address1, c.Address2 = c.Address2, ""
	}
	c.State = u.state(state)
	c.ZIP = u.zip(zip)
	c.CountyFIPS = u.county(county, c.State)
	c.AddressFlag = u.text(addressFlag)
	c.Phone, c.Phone2 = u.phone(phone), u.phone(phone2)
	if c.Phone == "" {
		c.Phone, c.Phone2 = c.Phone2, ""
	}
	c.Email = u.text(email)
}

// state reads a two-letter state; ZZ and XX stand for one that is not known.
func (u *unit) state(t target) string {
	s := u.arena.upper(u.text(t))
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
	b := u.raw[race]
	if len(b) == 0 {
		return ""
	}
	var found [8]string
	n := 0
	for _, one := range strings.Split(u.text(race), "|") {
		v, ok := codes.Word("race", one)
		if !ok {
			u.warnCode(race, "race", one)
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
	consent, protected := u.yesNo(share), u.yesNo(protection)
	switch {
	case consent == "N" || protected == "Y":
		return "refused"
	case consent == "Y" || protected == "N":
		return "allowed"
	}
	return "unknown"
}

func (u *unit) yesNo(t target) string {
	b := u.raw[t]
	if len(b) == 0 {
		return ""
	}
	if len(b) == 1 {
		switch b[0] {
		case 'Y', 'y':
			return "Y"
		case 'N', 'n':
			return "N"
		case 'U', 'u':
			return ""
		}
	}
	u.warnCode(t, "yes-no", u.text(t))
	return ""
}

// clientHash is the fingerprint of all that a client record says.
func clientHash(c *table.ClientRecord) int64 {
	h := fingerprintSeed
	for _, s := range [...]string{c.FirstName, c.MiddleName, c.LastName, c.Suffix, c.Aliases, c.MotherFirst, c.MotherLast, c.MotherMaiden,
		c.GuardianFirst, c.GuardianLast, c.GuardianRole, c.MultipleBirth, c.BirthCountry, c.BirthFacility, c.Sex, c.Race, c.Ethnicity,
		c.Language, c.Address1, c.Address2, c.City, c.State, c.ZIP, c.CountyFIPS, c.AddressFlag, c.Phone, c.Phone2, c.Email,
		c.ChartNumber, c.SSN, c.MedicaidID, c.BirthCertNumber, c.Share, c.Contact, c.Status, c.Provider} {
		h = h.text(s)
	}
	if c.Withdrawn {
		h = h.number(1)
	}
	for _, d := range [...]table.Date{c.BirthDate, c.DeceasedOn, c.ShareOn, c.ContactOn, c.StatusOn} {
		h = h.number(int64(d))
	}
	return h.number(int64(c.BirthOrder)).sum()
}
