package linkage

import "miic/internal/table"

// requestPrefix marks the pseudo-record of a request in the index.
const requestPrefix = "request:"

// pseudoRecord is a request in the form of a client record, so that the same model matches it.
func pseudoRecord(r *table.Request) table.ClientRecord {
	return table.ClientRecord{RecordID: requestPrefix + r.RequestID, Sender: r.Sender, FirstName: r.FirstName, LastName: r.LastName, BirthDate: r.BirthDate,
		Address1: r.Address1, City: r.City, State: r.State, ZIP: r.ZIP}
}

// deathPrefix marks the pseudo-record of a death in the index.
const deathPrefix = "death:"

// deceased is a death in the form of a client record.
func deceased(d *table.Death) table.ClientRecord {
	r := table.ClientRecord{RecordID: deathPrefix + d.DeathID, Sender: d.Sender, FirstName: d.FirstName, MiddleName: d.MiddleName, LastName: d.LastName,
		Suffix: d.Suffix, MotherFirst: d.MotherFirst, MotherMaiden: d.MotherMaiden, BirthDate: d.BirthDate, Sex: d.Sex, SSN: d.SSN,
		Address1: d.Address1, City: d.City, State: d.State, ZIP: d.ZIP, BirthCertNumber: d.BirthCertNumber}
	if d.MaidenName != "" && d.MaidenName != d.LastName {
		r.Aliases = d.FirstName + "^" + d.MaidenName
	}
	return r
}
