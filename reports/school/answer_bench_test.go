package school

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"miic/internal/engine"
	"miic/internal/table"
	"miic/reports/recipient"
)

// BenchmarkRoster answers a roster of 100,000 students, each of whom has nine doses: go test -bench Roster ./reports/school.
// One in twenty gets a letter at most, as in the synthetic state: the others have a statement about all vaccines.
func BenchmarkRoster(b *testing.B) {
	const students, each = 100_000, 9
	ctx := context.Background()
	e, err := engine.Open(ctx, engine.Options{MemoryMiB: 2048, Temp: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	defer e.Close()
	day := table.NewDate(2026, 3, 2)
	clients, links := make([]table.Client, students), make([]table.ClientLink, students)
	records, roster := make([]table.StandardRecord, students), make([]table.RosterEntry, students)
	var doses []table.Immunization
	var events []table.VaccinationEvent
	var forecasts []table.Forecast
	products := []int16{8, 8, 110, 110, 110, 3, 94, 21, 115}
	for i := range students {
		id, born := int64(i+1), day-table.Date(2000+i%4000)
		first, last, record := fmt.Sprint("N", i/4000), fmt.Sprint("S", i%977), fmt.Sprint("c/", id)
		clients[i] = table.Client{ClientID: id, FirstName: first, LastName: last, BirthDate: born, Sex: "F", Status: "active"}
		links[i] = table.ClientLink{RecordID: record, ClientID: id}
		records[i] = table.StandardRecord{RecordID: record, First: first, Last: last, BirthDate: born, Sex: "F", ZIP: "55104"}
		roster[i] = table.RosterEntry{EntryID: record, Line: id, ListID1: fmt.Sprint(id), FirstName: first, LastName: last, BirthDate: born,
			Sex: "F", ZIP: "55104", Grade: Grades[1+i%13], EnrolledOn: day - 300, Address1: "1 Oak St", City: "Duluth", State: "MN"}
		if i%20 != 0 {
			roster[i].ExemptionKind, roster[i].ExemptionVaccine = NonMedical, "all"
		}
		for n := range each {
			dose := fmt.Sprintf("%d/%d", id, n)
			doses = append(doses, table.Immunization{ImmunizationID: dose, EventID: dose, ClientID: id,
				AdministeredOn: born + table.Date(60+n*90), CVX: products[n]})
			events = append(events, table.VaccinationEvent{EventID: dose, RecordID: record})
		}
		for _, g := range []string{"MMR", "Polio", "Varicella"} {
			forecasts = append(forecasts, table.Forecast{ClientID: id, Group: g, Status: "Not Complete", Recommended: day})
		}
	}
	for _, err := range []error{engine.Load(ctx, e, "client", clients), engine.Load(ctx, e, "client_link", links),
		engine.Load(ctx, e, "standard_record", records), engine.Load(ctx, e, "immunization", doses),
		engine.Load(ctx, e, "vaccination_event", events), engine.Load(ctx, e, "forecast", forecasts),
		e.Materialize(ctx, "shown", "SELECT client_id FROM client")} {
		if err != nil {
			b.Fatal(err)
		}
	}
	laws, err := Load("")
	if err != nil {
		b.Fatal(err)
	}
	c := Config{State: "MN", Laws: laws, Products: map[int16][]string{3: {"MMR"}, 94: {"MMR", "Varicella"}, 8: {"HepB"}}, Mail: mail(b)}
	to := &recipient.Recipient{Name: "Schools", Contact: recipient.Contact{Name: "Nurse"}}
	for b.Loop() {
		list, err := Find(ctx, e, c, Roster{ForSchool, roster}, nil, day)
		if err != nil {
			b.Fatal(err)
		}
		if n := len(People(list)); n < students*9/10 {
			b.Fatalf("%d students matched", n)
		}
		dir := b.TempDir()
		if err := Write(list, c, Issue{To: to, Roster: "r", Day: day, Path: func(name string) (string, error) {
			return filepath.Join(dir, name), nil
		}}); err != nil {
			b.Fatal(err)
		}
	}
}
