package record

import (
	"miic/ingest/field"
	"miic/internal/table"
)

// An absent segment or an empty field means nothing (HL7 v2.5.1 chapter 2, section 2.5.3; national guide,
// chapter 2), and neither does a blank in a flat file: what a version leaves out stays as its sender
// reported it before. HL7's explicit null, two quotes, takes a value back; share and contact change only by
// another value. A birth certificate is a whole document: an amended one takes back what it leaves blank.

// A part of a client record is reported or left out as a whole: an old street is never beside a
// new city. Its place in the list is its bit in table.ClientRecord.Reported, so the list only grows.
type part struct {
	about field.Field // HL7's null at it takes the part back
	texts []func(c *table.ClientRecord) *string
}

func of(about field.Field, texts ...func(c *table.ClientRecord) *string) part {
	return part{about, texts}
}

type record = table.ClientRecord

var parts = []part{
	of(field.FirstName, func(c *record) *string { return &c.FirstName }),
	of(field.MiddleName, func(c *record) *string { return &c.MiddleName }),
	of(field.LastName, func(c *record) *string { return &c.LastName }),
	of(field.NameSuffix, func(c *record) *string { return &c.Suffix }),
	of(field.Alias, func(c *record) *string { return &c.Aliases }),
	of(field.MotherFirst, func(c *record) *string { return &c.MotherFirst }),
	of(field.MotherLast, func(c *record) *string { return &c.MotherLast }),
	of(field.MotherMaiden, func(c *record) *string { return &c.MotherMaiden }),
	of(field.GuardianLast, func(c *record) *string { return &c.GuardianFirst },
		func(c *record) *string { return &c.GuardianLast },
		func(c *record) *string { return &c.GuardianRole }),
	of(field.MultipleBirth, func(c *record) *string { return &c.MultipleBirth }),
	of(field.BirthCountry, func(c *record) *string { return &c.BirthCountry }),
	of(field.BirthFacility, func(c *record) *string { return &c.BirthFacility }),
	of(field.Sex, func(c *record) *string { return &c.Sex }),
	of(field.Race, func(c *record) *string { return &c.Race }),
	of(field.Ethnicity, func(c *record) *string { return &c.Ethnicity }),
	of(field.Language, func(c *record) *string { return &c.Language }),
	of(field.Address1, func(c *record) *string { return &c.Address1 }, func(c *record) *string { return &c.Address2 },
		func(c *record) *string { return &c.City }, func(c *record) *string { return &c.State },
		func(c *record) *string { return &c.ZIP },
		func(c *record) *string { return &c.CountyFIPS }, func(c *record) *string { return &c.AddressFlag }),
	of(field.Phone, func(c *record) *string { return &c.Phone }, func(c *record) *string { return &c.Phone2 }),
	of(field.Email, func(c *record) *string { return &c.Email }),
	of(field.ChartNumber, func(c *record) *string { return &c.ChartNumber }),
	of(field.SSN, func(c *record) *string { return &c.SSN }),
	of(field.MedicaidID, func(c *record) *string { return &c.MedicaidID }),
	of(field.Certificate, func(c *record) *string { return &c.BirthCertNumber }),
	of(field.ClientStatus, func(c *record) *string { return &c.Status }),
	of(field.Provider, func(c *record) *string { return &c.Provider }),
	of(field.Contact, func(c *record) *string { return &c.Contact }),
}

// reportedStatus and reportedContact are the bits of these parts: their days go with them.
var reportedStatus, reportedContact = bitOf(field.ClientStatus), bitOf(field.Contact)

func bitOf(about field.Field) int64 {
	for i := range parts {
		if parts[i].about == about {
			return 1 << i
		}
	}
	panic("ingest: no part is about " + about.String())
}

// What is reported besides texts, and what has a value of its own where nothing is reported.
const (
	reportedBirthOrder = 1 << (40 + iota)
	reportedDeath
	reportedShare

	ReportedAll = 1<<48 - 1
)

// reported is what a record reports itself, by its bits, before values are filled in for what it leaves out.
func (u *unit) reported(c *stagedClient) int64 {
	if u.whole {
		return ReportedAll
	}
	var bits int64
	for i := range parts {
		has := u.deleted&(1<<parts[i].about) != 0
		for _, text := range parts[i].texts {
			has = has || *text(&c.ClientRecord) != ""
		}
		if has {
			bits |= 1 << i
		}
	}
	if c.BirthOrder != 0 || u.deleted&(1<<field.BirthOrder) != 0 {
		bits |= reportedBirthOrder
	}
	if c.DeceasedOn != 0 || u.deleted&(1<<field.DeathDate) != 0 {
		bits |= reportedDeath
	}
	if c.Share != "unknown" {
		bits |= reportedShare
	}
	return bits
}

// Carry gives c what it leaves out from the version before it.
func Carry(c, before *table.ClientRecord) {
	for i := range parts {
		if c.Reported&(1<<i) == 0 {
			for _, text := range parts[i].texts {
				*text(c) = *text(before)
			}
		}
	}
	if c.Namespace == "" { // it goes with the number, not with what is reported of the person
		c.Namespace = before.Namespace
	}
	if c.Reported&reportedBirthOrder == 0 {
		c.BirthOrder = before.BirthOrder
	}
	if c.Reported&reportedDeath == 0 {
		c.DeceasedOn = before.DeceasedOn
	}
	if c.Reported&reportedShare == 0 {
		c.Share, c.ShareOn = before.Share, before.ShareOn
	}
	if c.Reported&reportedContact == 0 {
		c.ContactOn = before.ContactOn
	}
	if c.Reported&reportedStatus == 0 {
		c.StatusOn = before.StatusOn
	}
	c.ContentHash = ClientHash(c)
}
