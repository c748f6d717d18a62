package record

import (
	"strings"

	"miic/ingest/field"
	"miic/ingest/read"
	"miic/ingest/rule"
	"miic/internal/table"
)

// death fills d from the unit's values. A certificate of somebody whose name and birth certificate are both
// unknown is refused: nobody could be found by it. What else cannot be read is dropped with a warning, so
// that a death is not lost over it.
func (u *unit) death(d *stagedDeath) {
	*d = stagedDeath{unitColumns: u.columns()}
	d.Sender, d.Snapshot, d.BatchID, d.Line = u.from.Sender, u.from.Snapshot, u.from.BatchID, u.line
	d.DeathID = u.arena.Join(u.from.Sender, "/", u.identifier(field.SourceID))
	d.SenderTime = u.fileTime
	d.FirstName, d.MiddleName, d.LastName, d.Suffix = u.text(field.FirstName), u.text(field.MiddleName),
		u.text(field.LastName), u.text(field.NameSuffix)
	d.MaidenName, d.MotherFirst, d.MotherMaiden = u.text(field.MaidenName), u.text(field.MotherFirst),
		u.text(field.MotherMaiden)
	d.BirthDate, d.DeceasedOn = u.optionalDate(field.BirthDate, false), u.optionalDate(field.DeathDate, false)
	if d.DeceasedOn != 0 && d.DeceasedOn < d.BirthDate {
		u.fail(rule.BornAfter, field.BirthDate)
		d.BirthDate = 0
	}
	d.Sex, d.SSN = u.word(field.Sex, "sex"), u.socialSecurity(field.SSN)
	d.Address1, d.City, d.State, d.ZIP = u.text(field.Address1), u.text(field.City), u.state(field.State),
		u.zip(field.ZIP)
	if number := u.text(field.Certificate); wholeCertificate(number) {
		d.BirthCertNumber = number
	}
	follow := func(t field.Field, later table.Time) bool {
		b := u.raw[t]
		given := len(b) == 1 && b[0] != '0'
		if given {
			d.SenderTime += later
		}
		return given
	}
	// As with births, a replaced certificate, and after it a void, follow the original even in the same file.
	follow(field.Replaces, 1)
	d.Withdrawn = follow(field.Void, 2)
	if d.LastName == "" && d.BirthCertNumber == "" && !d.Withdrawn {
		u.fail(rule.Required, field.LastName)
	}
	d.ContentHash = deathHash(&d.Death)
	d.UnitKey = read.Seed.Text(d.DeathID).Number(int64(d.SenderTime)).Sum()
	d.UnitHash = d.ContentHash
}

// wholeCertificate reports a birth certificate number of which state, year and number are all given.
func wholeCertificate(number string) bool {
	parts := strings.Split(number, "-")
	if len(parts) != 3 || parts[0] == "" || len(parts[1]) != 4 {
		return false
	}
	serial := []byte(parts[2])
	return !read.AllOf(serial, '0') && !read.AllOf(serial, '9')
}

// deathHash is the fingerprint of all that a death certificate holds.
func deathHash(d *table.Death) int64 {
	h := read.Seed
	for _, s := range [...]string{d.FirstName, d.MiddleName, d.LastName, d.MaidenName, d.Suffix, d.MotherFirst,
		d.MotherMaiden, d.Sex, d.SSN,
		d.Address1, d.City, d.State, d.ZIP, d.BirthCertNumber} {
		h = h.Text(s)
	}
	if d.Withdrawn {
		h = h.Number(1)
	}
	return h.Number(int64(d.BirthDate)).Number(int64(d.DeceasedOn)).Sum()
}
