package status

import (
	"strings"

	"miic/internal/area"
	"miic/internal/table"
)

// The words of patient_status. At a clinic a person is active, moved, inactive or deceased; in the jurisdiction active,
// outside, unknown or deceased. The two levels are independent: somebody whom every clinic calls inactive is still
// active in the state, which then owns the recall; somebody who lives in the next state is still a clinic's patient.
const (
	Active   = "active"
	Moved    = "moved"    // another clinic's patient, or no longer a patient
	Inactive = "inactive" // lost to follow-up, or for a reason that is not given
	Deceased = "deceased"
	Outside  = "outside" // lives in another state
	Unknown  = "unknown" // where the person lives is not known
)

// The levels of patient_status.
const (
	Jurisdiction = "jurisdiction"
	AtClinic     = "provider"
)

// A Person is what the rules about a person's standing in the jurisdiction look at.
type Person struct {
	ClientID    int64      `col:"client_id" doc:"the person"`
	Word        string     `col:"status" doc:"the newest word of any record"`
	DeceasedOn  table.Date `col:"deceased_on" doc:"date of death"`
	State       string     `col:"state,null" doc:"state of the address"`
	AddressFlag string     `col:"address_flag,null" doc:"bad, when mail comes back"`
	Region      string     `col:"region" doc:"region of the address"`
	AddressFrom string     `col:"address_from,null" doc:"the sender of the address"`
	Provider    string     `col:"responsible,null" doc:"the clinic that gave the newest dose"`
	LeftState   bool       `col:"left_state" doc:"a record reports a move, and an address in another state"`

	Before       string     `col:"before_status,null" doc:"status in the jurisdiction, in the parent"`
	BeforeSince  table.Date `col:"before_since" doc:"since when"`
	BeforeRegion string     `col:"before_region,null" doc:"region in the parent"`
	RegionSince  table.Date `col:"region_since" doc:"since when"`
	RegionBefore string     `col:"region_before,null" doc:"the region before that"`
}

// A Clinic is what the rules about a person's standing at one clinic look at: one that has given a dose, or is
// responsible.
type Clinic struct {
	Provider string     `col:"provider,null" doc:"the clinic; empty where the person has none"`
	FirstOn  table.Date `col:"first_on" doc:"the first dose that it gave"`
	LastOn   table.Date `col:"last_on" doc:"the last dose that it gave"`
	NextOn   table.Date `col:"next_on" doc:"the first dose that the responsible clinic gave after that"`
	Word     string     `col:"word,null" doc:"the clinic's own word: A, N, L, M and so on"`
	WordOn   table.Date `col:"word_on" doc:"the day of it"`

	Before      string     `col:"clinic_status,null" doc:"status at the clinic, in the parent"`
	BeforeSince table.Date `col:"clinic_since" doc:"since when"`
}

// A Rule sets a status. Of each level the rules are tried in their order, and the first that holds decides.
type Rule struct {
	ID     string // the column reason of patient_status
	Level  string
	Status string
	When   string // in words
	holds  func(*facts) bool
	since  func(*facts) table.Date // the day on which it began to hold; no date where none is known
}

// facts are what a rule looks at.
type facts struct {
	Person
	Clinic
	homeState string
	clinics   []table.PatientStatus // for the jurisdiction: how the person stands at each clinic
}

// Rules are the table of rules.
var Rules = []Rule{
	{"death-reported", AtClinic, Deceased, "any record, or a death certificate, reports the death; it overrides all else",
		(*facts).dead, func(f *facts) table.Date { return f.DeceasedOn }},
	{"newer-dose-elsewhere", AtClinic, Moved,
		"another clinic has given a newer dose itself; a historical dose, a claim or a roster moves nobody",
		func(f *facts) bool { return f.Clinic.Provider != f.Person.Provider }, func(f *facts) table.Date { return f.NextOn }},
	{"gone-elsewhere", AtClinic, Moved, "the clinic reports M, on or after the day of the last dose that it gave",
		func(f *facts) bool { return f.lastWord("M") }, (*facts).wordOn},
	{"lost-reported", AtClinic, Inactive, "the clinic reports L, on or after the day of the last dose that it gave",
		func(f *facts) bool { return f.lastWord("L") }, (*facts).wordOn},
	{"inactive-reported", AtClinic, Inactive,
		"the clinic reports N, on or after the day of the last dose that it gave",
		func(f *facts) bool { return f.lastWord("N") }, (*facts).wordOn},
	{"left-the-state", AtClinic, Moved,
		"the person lives in another state, as another sender than the clinic reports",
		func(f *facts) bool { return f.outside() && f.AddressFrom != f.Clinic.Provider }, noDay},
	{"gave-newest-dose", AtClinic, Active, "the clinic has given the newest dose of all clinics",
		func(f *facts) bool { return f.LastOn != 0 }, func(f *facts) table.Date { return f.FirstOn }},
	{"reported-last", AtClinic, Active, "no clinic has given a dose, and this one was the last to report the person as its patient",
		func(*facts) bool { return true }, noDay},

	{"death-reported", Jurisdiction, Deceased, "any record, or a death certificate, reports the death; it overrides all else",
		(*facts).dead, func(f *facts) table.Date { return f.DeceasedOn }},
	{"address-outside", Jurisdiction, Outside, "the address that was true last is in another state",
		(*facts).outside, noDay},
	{"move-reported", Jurisdiction, Outside,
		"the newest word of any record is M, and a record with that word has an address in another state",
		func(f *facts) bool { return f.Person.Word == Moved && f.LeftState }, noDay},
	{"mail-returned", Jurisdiction, Unknown, "mail comes back, and no other address is known",
		func(f *facts) bool { return f.AddressFlag == "bad" }, noDay},
	{"no-address", Jurisdiction, Unknown, "no state is reported, and no county or ZIP code of this one",
		func(f *facts) bool { return f.State == "" && f.Region == area.Unassigned }, noDay},
	{"no-clinic", Jurisdiction, Active, "lives in the state, and is no clinic's active patient: the state owns the recall",
		func(f *facts) bool { return !f.patient() }, noDay},
	{"lives-here", Jurisdiction, Active, "lives in the state, and is a clinic's active patient",
		func(*facts) bool { return true }, noDay},
}

func noDay(*facts) table.Date { return 0 }

func (f *facts) dead() bool { return f.DeceasedOn != 0 || f.Person.Word == Deceased }

func (f *facts) outside() bool { return f.State != "" && !strings.EqualFold(f.State, f.homeState) }

// lastWord reports that this is the clinic's word, and that it has given no dose since.
func (f *facts) lastWord(word string) bool { return f.Clinic.Word == word && f.WordOn >= f.LastOn }

func (f *facts) wordOn() table.Date { return f.WordOn }

func (f *facts) patient() bool {
	for _, s := range f.clinics {
		if s.Status == Active {
			return true
		}
	}
	return false
}

// rule is the first rule of a level that holds.
func (f *facts) rule(level string) *Rule {
	for i := range Rules {
		if r := &Rules[i]; r.Level == level && r.holds(f) {
			return r
		}
	}
	panic("the last rule of each level always holds")
}

// Judge applies the rules to a person: the standing in the jurisdiction first, then at each clinic. A status that has not
// changed keeps the day it began; one that has begins on the day by which the rule holds, else tonight. The first time
// that we see a person no day is made up.
//
// Region is that of the address: a family that moves is another region's from the night on which the address that was
// true last is there, and the row keeps which region it was before.
func Judge(asOf table.Date, homeState string, p *Person, clinics []Clinic) []table.PatientStatus {
	rows := make([]table.PatientStatus, 1, len(clinics)+1)
	for _, c := range clinics {
		f := facts{Person: *p, Clinic: c, homeState: homeState}
		r := f.rule(AtClinic)
		rows = append(rows, table.PatientStatus{ClientID: p.ClientID, Level: AtClinic, Provider: c.Provider, Status: r.Status,
			Reason: r.ID, Since: began(asOf, r.Status, r.since(&f), c.Before, c.BeforeSince)})
	}
	f := facts{Person: *p, homeState: homeState, clinics: rows[1:]}
	r := f.rule(Jurisdiction)
	rows[0] = table.PatientStatus{ClientID: p.ClientID, Level: Jurisdiction, Status: r.Status, Reason: r.ID,
		Since:  began(asOf, r.Status, r.since(&f), p.Before, p.BeforeSince),
		Region: p.Region, RegionSince: p.RegionSince, RegionBefore: p.RegionBefore}
	if p.BeforeRegion != "" && p.BeforeRegion != p.Region {
		rows[0].RegionSince, rows[0].RegionBefore = asOf, p.BeforeRegion
	}
	return rows
}

// began is since when a status holds, given the day by which its rule holds and how it was in the parent.
func began(asOf table.Date, status string, on table.Date, before string, since table.Date) table.Date {
	switch {
	case before == status && since != 0:
		return since
	case before == "" || before == status || on != 0:
		return on
	}
	return asOf
}
