package survive

import (
	"testing"

	"miic/internal/area"
	"miic/internal/table"
	"miic/linkage/standard"
)

// The birth record decides the name, the newest on where a child lives, and the strictest word
// on contact, whoever sends it.
func TestSurvivorshipFieldByField(t *testing.T) {
	born := table.NewDate(2022, 4, 19)
	row := func(id, kind string, at table.Time) Row {
		r := Row{ClientID: 7, SenderKind: kind}
		r.RecordID, r.SenderTime, r.Contact = id, at, "allowed"
		return r
	}
	birth := row("b/1", standard.VitalRecords, 1)
	birth.FirstName, birth.LastName, birth.BirthDate = "Astrid", "Lindqvist", born
	birth.Address1, birth.ZIP = "14 Birch Street", "55812"
	clinic := row("c/1", standard.Clinic, 2)
	clinic.FirstName, clinic.LastName, clinic.BirthDate, clinic.Sex = "Asta", "Lindqvist", born+1, "F"
	clinic.Contact, clinic.Phone = "reminder_only", "2185550144"
	plan := row("p/1", "health_plan", 3)
	plan.FirstName, plan.LastName, plan.Contact, plan.Sex = "A", "L", "recall_only", "M"
	plan.Address1, plan.ZIP, plan.AddressFlag = "PO Box 3", "55901", "bad"
	got := map[string]string{}
	c := Choose([]Row{plan, birth, clinic}, area.Default(),
		func(field string, from *Row, reason string) { got[field] = from.RecordID + ": " + reason })
	for field, want := range map[string]string{
		"name":       "b/1: the birth record decides it",
		"birth_date": "b/1: the birth record decides it",
		"sex":        "c/1: no birth record has it: the one of a clinic that was true last",
		"address":    "b/1: the whole address that was true last",
		"phone":      "c/1: true last",
	} {
		if got[field] != want {
			t.Errorf("%s: %q; want %q", field, got[field], want)
		}
	}
	if c.Contact != "none" || c.Sex != "F" || c.FirstName != "Astrid" || c.ZIP != "55812" {
		t.Errorf("contact %s, sex %s, first name %s, ZIP %s", c.Contact, c.Sex, c.FirstName, c.ZIP)
	}
}

// A newer dose that a clinic gave itself moves the responsible clinic. A claim, a roster and a historical dose do not:
// only what a clinic gave counts as given.
func TestTheNewestGivenDoseMovesTheClinic(t *testing.T) {
	row := func(sender, kind string, given, reported table.Date) Row {
		r := Row{ClientID: 7, SenderKind: kind, Given: given}
		r.RecordID, r.Sender, r.Contact, r.ReceivedOn = sender+"/1/1", sender, "allowed", reported
		r.SenderTime = reported.Midnight()
		return r
	}
	const day = table.Date(20000)
	elm := row("elm", standard.Clinic, day, day+1)
	for _, c := range []struct {
		name string
		with Row
		want string
	}{
		{"a dose a day later", row("oak", standard.Clinic, day+1, day+2), "oak"},
		{"a dose a day earlier, reported later", row("oak", standard.Clinic, day-1, day+9), "elm"},
		{"a historical dose, reported later", row("oak", standard.Clinic, 0, day+9), "elm"},
		{"a claim for a later day", row("plan", "health_plan", day+5, day+9), "elm"},
		{"a school's roster", row("school", "school", 0, day+9), "elm"},
	} {
		for _, rows := range [][]Row{{elm, c.with}, {c.with, elm}} {
			if got := Choose(rows, area.Default(), nil).Provider; got != c.want {
				t.Errorf("%s: the clinic is %s, want %s", c.name, got, c.want)
			}
		}
	}
}
