package linkage

import (
	"testing"

	"miic/internal/table"
)

// Values are dated by when they were true, night after night as if all had come at once: a later word of a sender that
// has nothing else to report confirms what it has, and the explanation says so.
func TestALaterWordConfirmsAnAddress(t *testing.T) {
	day := table.NewDate
	one, other := child("clinic-a", "1", "Astrid", born), child("clinic-b", "2", "Astrid", born)
	one.SenderTime, one.DatedOn, one.Reported = day(2026, 3, 1).Midnight(), day(2025, 6, 1), 1<<48-1
	other.SenderTime, other.Address1, other.Reported = day(2026, 2, 20).Midnight(), "3 Oak Court", 1<<48-1
	dose := table.VaccinationEvent{EventID: "clinic-b/d", RecordID: other.RecordID, Sender: "clinic-b", Action: "A", CVX: 20,
		AdministeredOn: day(2026, 2, 1), Completion: "CP"}
	again := table.Affirmation{Log: "client_record", VersionKey: one.RecordID, Sender: one.Sender, Line: 1,
		SenderTime: day(2026, 3, 2).Midnight(), DatedOn: day(2026, 2, 27), Reported: 1<<48 - 1}
	look := func(d ...delivered) (address, source, trueOn string) {
		t.Helper()
		b := newBench(t)
		for _, one := range d {
			night(t, b, one)
		}
		l := links(t, b)
		if l[one.RecordID] != l[other.RecordID] {
			t.Fatal("the two records are not one person")
		}
		c := clientsOf(t, b)[l[one.RecordID]]
		e, err := explainer(t, b).Client(c.ClientID)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range e.Known {
			if k.Field == "address" {
				if k.RecordID != c.AddressSource {
					t.Errorf("explained by %s, chosen was %s", k.RecordID, c.AddressSource)
				}
				return c.Address1, k.RecordID, k.TrueOn
			}
		}
		t.Fatal("the address is not explained")
		return
	}
	d := crowd(t)
	d.records, d.events = append(d.records, one, other), append(d.events, dose)
	if address, _, on := look(d); address != other.Address1 || on != "2026-02-01" {
		t.Errorf("the first night has %s of %s", address, on)
	}
	address, source, on := look(d, delivered{affirmations: []table.Affirmation{again}})
	if address != one.Address1 || source != one.RecordID || on != "2026-02-27" {
		t.Errorf("after the second night %s of %s by %s", address, on, source)
	}
	d.affirmations = []table.Affirmation{again}
	if a, s, o := look(d); a != address || s != source || o != on {
		t.Errorf("at once: %s of %s by %s", a, o, s)
	}
}
