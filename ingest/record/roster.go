package record

import (
	"miic/ingest/field"
	"miic/ingest/read"
	"miic/ingest/rule"
	"miic/internal/table"
)

// rosterEntry fills r from the unit's values: a person on a list that its sender wants answered. It takes what may
// be answered: the sender's own number, a surname and a birth date. The list makes nobody known to the registry.
func (u *unit) rosterEntry(r *stagedRosterEntry) {
	*r = stagedRosterEntry{unitColumns: u.columns()}
	r.EntryID = u.arena.Join(u.from.BatchID, ":", u.arena.Number(u.line))
	r.Sender, r.Snapshot, r.BatchID, r.Line, r.SenderTime = u.from.Sender, u.from.Snapshot, u.from.BatchID, u.line,
		u.fileTime
	r.ListID1, r.ListID2, r.ListID3 = u.identifier(field.ListID1), u.text(field.ListID2), u.text(field.ListID3)
	r.ListID4, r.ListID5, r.ListID6 = u.text(field.ListID4), u.text(field.ListID5), u.text(field.ListID6)
	r.FirstName, r.MiddleName, r.LastName = u.text(field.FirstName), u.text(field.MiddleName), u.text(field.LastName)
	r.BirthDate = u.requiredDate(field.BirthDate, rule.BirthMissing, rule.BirthBad, rule.BirthFuture)
	r.Sex = u.word(field.Sex, "sex")
	r.Address1, r.Address2, r.City = u.text(field.Address1), u.text(field.Address2), u.text(field.City)
	r.State = u.state(field.State)
	r.ZIP, r.CountyFIPS = u.zip(field.ZIP), u.county(field.County, r.State)
	r.MedicaidID = u.identifier(field.MedicaidID)
	r.CoveredFrom, r.CoveredUntil = u.optionalDate(field.CoveredFrom, true), u.optionalDate(field.CoveredUntil, true)
	r.Grade, r.EnrolledOn = u.word(field.Grade, "grade"), u.optionalDate(field.EnrolledOn, true)
	r.ExemptionKind, r.ExemptionVaccine = u.word(field.ExemptionKind, "exemption"), u.text(field.ExemptionVaccine)
	r.ExemptionOn = u.optionalDate(field.ExemptionOn, false)
	h := read.Seed.Text(r.ListID1)
	for _, s := range [...]string{r.ListID2, r.ListID3, r.ListID4, r.ListID5, r.ListID6} {
		h = h.Text(s) // a number of two schools, or groups, is two people's
	}
	r.UnitKey = h.Sum()
	for _, s := range [...]string{r.FirstName, r.MiddleName, r.LastName, r.Sex, r.Address1, r.Address2, r.City, r.State,
		r.ZIP, r.CountyFIPS, r.MedicaidID, r.Grade, r.ExemptionKind, r.ExemptionVaccine} {
		h = h.Text(s)
	}
	for _, d := range [...]table.Date{r.BirthDate, r.CoveredFrom, r.CoveredUntil, r.EnrolledOn, r.ExemptionOn} {
		h = h.Number(int64(d))
	}
	r.ContentHash = h.Sum()
	r.UnitHash = r.ContentHash
}
