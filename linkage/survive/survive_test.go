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
