package standard

import "miic/internal/table"

// RequestPrefix marks the pseudo-record of a request in the index.
const RequestPrefix = "request:"

// OfRequest is a request in the form of a client record, so that the same model matches it.
func OfRequest(r *table.Request) table.ClientRecord {
	return table.ClientRecord{RecordID: RequestPrefix + r.RequestID, Sender: r.Sender, FirstName: r.FirstName,
		LastName: r.LastName, BirthDate: r.BirthDate, Address1: r.Address1, City: r.City, State: r.State, ZIP: r.ZIP}
}

// ResultPrefix marks what a result of a notice reports, beside the records of a person.
const ResultPrefix = "result:"

// NotePrefix begins the evidence of a question about a letter that reached the wrong person: no hash of two records begins
// so.
const NotePrefix = "note:"

// DeathPrefix marks the pseudo-record of a death in the index.
const DeathPrefix = "death:"

// OfDeath is a death in the form of a client record.
func OfDeath(d *table.Death) table.ClientRecord {
	r := table.ClientRecord{RecordID: DeathPrefix + d.DeathID, Sender: d.Sender, FirstName: d.FirstName,
		MiddleName: d.MiddleName, LastName: d.LastName, Suffix: d.Suffix, MotherFirst: d.MotherFirst,
		MotherMaiden: d.MotherMaiden, BirthDate: d.BirthDate, Sex: d.Sex, SSN: d.SSN,
		Address1: d.Address1, City: d.City, State: d.State, ZIP: d.ZIP, BirthCertNumber: d.BirthCertNumber}
	if d.MaidenName != "" && d.MaidenName != d.LastName {
		r.Aliases = d.FirstName + "^" + d.MaidenName
	}
	return r
}
