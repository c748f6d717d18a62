package linkage

import (
	"testing"

	"miic/internal/table"
)

// TestAnEventThatMovedIsOneDose: a sender gives an event's id to another person's dose, and a later
// night touches only the person it came from.
func TestAnEventThatMovedIsOneDose(t *testing.T) {
	person := func(id, first, phone string, month int) table.ClientRecord {
		return table.ClientRecord{RecordID: "c/" + id + "/1", Sender: "c", SourceClientID: id, Generation: 1,
			FirstName: first, LastName: "STORDAHL" + first,
			BirthDate: table.NewDate(2020, month, 3), Sex: "F", Phone: phone,
			SenderTime: table.NewDate(2026, 3, 1).Midnight(), Share: "unknown", Contact: "allowed"}
	}
	dose := func(record string, cvx int16, version int) table.VaccinationEvent {
		return table.VaccinationEvent{EventID: "c/e1", RecordID: record, Sender: "c", Action: "A", CVX: cvx,
			Completion:     "CP",
			AdministeredOn: table.NewDate(2021, 5, 4), SenderTime: table.NewDate(2026, 3, version).Midnight()}
	}
	b := newBench(t)
	anna, berit := person("1", "ANNA", "6125550101", 1), person("2", "BERIT", "6125550102", 8)
	night(t, b, delivered{records: []table.ClientRecord{anna, berit},
		events: []table.VaccinationEvent{dose(anna.RecordID, 20, 1)}})
	night(t, b, delivered{events: []table.VaccinationEvent{dose(berit.RecordID, 10, 2)}})
	anna.Phone, anna.SenderTime = "6125550199", table.NewDate(2026, 3, 3).Midnight()
	night(t, b, delivered{records: []table.ClientRecord{anna}})

	of := links(t, b)
	var doses []table.Immunization
	if err := table.Scan(b.Files("immunization"),
		func(i *table.Immunization) error { doses = append(doses, *i); return nil }); err != nil {
		t.Fatal(err)
	}
	if len(doses) != 1 || doses[0].ClientID != of[berit.RecordID] || doses[0].CVX != 10 {
		t.Errorf("one event became the doses %v; it belongs to client %d", doses, of[berit.RecordID])
	}
}
