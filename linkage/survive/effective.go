package survive

import (
	"cmp"
	"strings"

	"miic/internal/table"
	"miic/linkage/standard"
)

// A value counts from the day on which it was true, not from that on which a file was written: a first load of today
// holds addresses of many years. That day is, for each value of a record, in the order of what its sender reported:
//
//   - the sender's own word (dated_on), the newest with which it reports the value; where a plan's word is the day on
//     which a claim came in, the day of that service: the claim is what was updated, not the address;
//   - of a value that the sender changed in a later delivery, and of which it has no word, the day of that delivery;
//   - of a value of the record's first delivery the birth.
//
// Where the sender has no word, the newest dose that it gave under this number confirms what it has. No day is before
// the birth, or later than that on which the delivery was received.

// A basis is what gives a value its day.
type basis uint8

const (
	byBirth basis = iota
	byDose
	byDelivery
	bySender
	byService
)

// bases say it in words.
var bases = [...]string{"the birth: no day is known", "the newest dose that this sender gave",
	"the delivery that changed it", "the sender's own day", "the service whose claim the sender updated that day"}

// A day is when a value was true, as far as is known.
type day struct {
	on    table.Date
	basis basis
}

// A group is values that are reported, changed and dated together.
type group int

const (
	ofName group = iota
	ofBirth
	ofSex
	ofRace
	ofEthnicity
	ofLanguage
	ofGuardian
	ofAddress
	ofPhone
	ofContact
	ofDeath
	ofStatus
	ofProvider
	groupCount
)

// groups are what two versions have in common where one has the value of the other, and the bits of
// table.ClientRecord.Reported that say that a version reports it itself; none where it always does.
var groups = [groupCount]struct {
	bits int64
	key  func(r *Row) string
}{
	ofName: {table.ReportedName, func(r *Row) string { return nameKey(r.FirstName, r.LastName, r.Suffix) }},
	ofBirth: {0, func(r *Row) string {
		return r.BirthDate.String() + r.MultipleBirth + r.BirthCountry + string('0'+rune(r.BirthOrder))
	}},
	ofSex:       {table.ReportedSex, func(r *Row) string { return r.Sex }},
	ofRace:      {table.ReportedRace, func(r *Row) string { return r.Race }},
	ofEthnicity: {table.ReportedEthnicity, func(r *Row) string { return r.Ethnicity }},
	ofLanguage:  {table.ReportedLanguage, func(r *Row) string { return r.Language }},
	ofGuardian: {table.ReportedGuardian, func(r *Row) string {
		return nameKey(r.GuardianFirst, r.GuardianLast, r.GuardianRole) + nameKey(r.MotherFirst, r.MotherLast, "")
	}},
	ofAddress:  {table.ReportedAddress, func(r *Row) string { return r.addressKey() + "^" + r.AddressFlag }},
	ofPhone:    {table.ReportedPhone, func(r *Row) string { return r.Phone }},
	ofContact:  {table.ReportedContact, func(r *Row) string { return r.Contact }},
	ofDeath:    {table.ReportedDeath, func(r *Row) string { return r.DeceasedOn.String() }},
	ofStatus:   {table.ReportedStatus, func(r *Row) string { return r.Status }},
	ofProvider: {table.ReportedProvider, func(r *Row) string { return r.Provider }},
}

// groupOf is the group of a field of the best-known demographics.
var groupOf = map[string]group{"name": ofName, "middle_name": ofName, "birth_date": ofBirth, "birth_order": ofBirth,
	"multiple_birth": ofBirth, "birth_country": ofBirth, "sex": ofSex, "race": ofRace, "ethnicity": ofEthnicity,
	"language": ofLanguage, "guardian": ofGuardian, "address": ofAddress, "phone": ofPhone, "contact": ofContact,
	"deceased_on": ofDeath, "status": ofStatus, "provider": ofProvider}

// addressKey is what two spellings of one address have in common; empty for none.
func (r *Row) addressKey() string {
	switch {
	case r.ZIP != "":
		return addressKey(r.Address1, r.ZIP)
	case r.Address1 == "" && r.City == "" && r.State == "" && r.CountyFIPS == "":
		return ""
	}
	return addressKey(r.Address1, "") + strings.ToUpper(r.City+"^"+r.State+"^"+r.CountyFIPS)
}

// Since returns when a field's value was true, and what that day is.
func (r *Row) Since(field string) (on table.Date, basis string) {
	d := r.since[groupOf[field]]
	return d.on, bases[d.basis]
}

// Current makes one row of each record: its newest version, with the day of each value. Entries are what was reported
// on the records, by record and in the order of the sender's time.
func Current(entries []Row) []Row {
	rows := make([]Row, 0, 4)
	for i, j := 0, 0; i < len(entries); i = j {
		for j = i; j < len(entries) && entries[j].RecordID == entries[i].RecordID; j++ {
		}
		if row, ok := current(entries[i:j]); ok {
			rows = append(rows, row)
		}
	}
	return rows
}

// current follows one record.
func current(entries []Row) (now Row, known bool) {
	var keys [groupCount]string
	first := ""
	for i := range entries {
		e := &entries[i]
		if e.Affirmed { // what held is repeated
			if !known {
				continue
			}
			sent := now.Sent
			sent.SenderTime, sent.BatchID, sent.DatedOn, sent.Reported = e.SenderTime, e.BatchID, e.DatedOn, e.Reported
			e.Sent = sent
		}
		next := *e
		next.since, next.replaced = now.since, now.replaced
		if !known {
			first = e.BatchID
		}
		for g := range groupCount {
			if len(entries) > 1 {
				key := groups[g].key(e)
				next.date(&now, g, !known || key != keys[g], known && e.BatchID != first)
				if g == ofAddress && known && now.AddressFlag == "" && now.addressKey() != e.addressKey() {
					next.replaced = append(next.replaced, now.addressKey())
				}
				keys[g] = key
			} else {
				next.date(&now, g, true, false)
			}
		}
		now, known = next, true
	}
	for g := range groupCount {
		now.confirm(g)
	}
	return now, known
}

// date gives a value of an entry its day: changed, if it is not that of the entry before; later, if it came after the
// record's first delivery.
func (r *Row) date(before *Row, g group, changed, later bool) {
	own, word := r.own()
	switch {
	case changed && later && (own == 0 || own < before.sent()):
		r.since[g] = day{r.sent(), byDelivery}
	case changed && own == 0:
		r.since[g] = day{}
	case changed, own > r.since[g].on && (groups[g].bits == 0 || r.Reported&groups[g].bits != 0):
		r.since[g] = day{own, word}
	}
}

// confirm dates what the sender has no word about.
func (r *Row) confirm(g group) {
	d := &r.since[g]
	if g == ofStatus && r.known(r.StatusOn) > d.on {
		*d = day{r.known(r.StatusOn), bySender}
	}
	if born := r.known(r.BirthDate); born > d.on {
		*d = day{born, byBirth}
	}
	if d.basis < bySender && r.Given > d.on { // a dose is never after its receipt
		*d = day{r.Given, byDose}
	}
}

// own is the sender's word on when this version was true.
func (r *Row) own() (table.Date, basis) {
	if r.Served != 0 && r.Served < r.DatedOn {
		return r.known(r.Served), byService
	}
	return r.known(r.DatedOn), bySender
}

// known is a day, or that of receipt if it is later.
func (r *Row) known(on table.Date) table.Date {
	if r.ReceivedOn != 0 {
		return min(on, r.ReceivedOn)
	}
	return on
}

// sent is the day of the delivery by its sender's own time.
func (r *Row) sent() table.Date { return r.known(r.SenderTime.Date()) }

// newer is the order in which values of a group win: by their day; of one day a certificate gives way, since it is of
// the birth; then by the sender's time.
func newer(a, b *Row, g group) bool {
	return cmp.Or(cmp.Compare(a.since[g].on, b.since[g].on),
		cmp.Compare(certificate(b), certificate(a)),
		cmp.Compare(a.SenderTime, b.SenderTime),
		cmp.Compare(b.RecordID, a.RecordID)) > 0
}

func certificate(r *Row) int {
	if r.SenderKind == standard.VitalRecords {
		return 1
	}
	return 0
}
