package reports

import (
	"slices"
	"testing"

	"miic/internal/table"
	"miic/reports/status"
)

// What clinics report about their patients reaches the rules: the newest version of each record, under the name that the
// clinic has tonight.
func TestClinicsWordsAboutTheirPatients(t *testing.T) {
	b := newBench(t)
	w := &world{clients: []table.Client{clientOf(1, asOf-900), clientOf(2, asOf-900), clientOf(3, asOf-900)},
		batches: population(1, 0).batches}
	for i := range w.clients {
		w.clients[i].AddressSource = "metro-health/1/1"
	}
	w.clients[2].State, w.clients[2].ZIP, w.clients[2].Region, w.clients[2].CountyFIPS = "WI", "54880", "unassigned", ""
	record := func(client int64, sender, word, state string, on table.Date) {
		id := sender + "/" + string('0'+rune(client)) + "/1"
		w.records = append(w.records, table.ClientRecord{RecordID: id, Sender: sender, SourceClientID: "1", Generation: 1,
			Snapshot: 1, BatchID: "a", Line: int64(len(w.records) + 1), SenderTime: on.Midnight(), Status: word, State: state,
			Share: "allowed", Contact: "allowed"})
		if !slices.ContainsFunc(w.links, func(l table.ClientLink) bool { return l.RecordID == id }) {
			w.links = append(w.links, table.ClientLink{RecordID: id, ClientID: client, Since: 1})
		}
	}
	record(1, "metro-old", "A", "MN", asOf-400)
	record(1, "metro-old", "M", "MN", asOf-100) // the newest version counts, and metro-old is metro-health now
	record(2, "metro-health", "M", "MN", asOf-100)
	record(2, "metro-health", "A", "MN", asOf-50) // taken back
	record(3, "metro-health", "A", "WI", asOf-50)
	w.clients[2].AddressSource = "metro-health/3/1"
	w.immunizations = []table.Immunization{
		{ImmunizationID: "a", ClientID: 1, AdministeredOn: asOf - 800, CVX: 20, Provider: "metro-old", EventID: "a"},
		{ImmunizationID: "b", ClientID: 2, AdministeredOn: asOf - 800, CVX: 20, Provider: "metro-health", EventID: "b"}}
	c := testConfig()
	c.Mergers = []status.Merger{{Provider: "metro-old", Becomes: "metro-health", Since: "2020-01-01"}}
	if _, err := b.Night(t.Context(), asOf, nil, w.stage(), Stages(c)[0]); err != nil {
		t.Fatal(err)
	}
	rows, err := table.ReadAll[table.PatientStatus](b.Files("patient_status"))
	if err != nil {
		t.Fatal(err)
	}
	want := []table.PatientStatus{
		{ClientID: 1, Level: "jurisdiction", Status: "active", Reason: "no-clinic", Region: "metro"},
		{ClientID: 1, Level: "provider", Provider: "metro-health", Status: "moved", Since: asOf - 100, Reason: "gone-elsewhere"},
		{ClientID: 2, Level: "jurisdiction", Status: "active", Reason: "lives-here", Region: "metro"},
		{ClientID: 2, Level: "provider", Provider: "metro-health", Status: "active", Since: asOf - 800, Reason: "gave-newest-dose"},
		{ClientID: 3, Level: "jurisdiction", Status: "outside", Reason: "address-outside", Region: "unassigned"},
		{ClientID: 3, Level: "provider", Provider: "metro-health", Status: "active", Reason: "reported-last"},
	}
	if !slices.Equal(rows, want) {
		t.Errorf("got  %+v\nwant %+v", rows, want)
	}
}
