package school

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/recipient"
)

// A roster of a school is answered once, with a disclosure for each person; one of a school without an agreement is named,
// and waits. Two schools that have sent the same bytes each get an answer of their own.
func TestRostersOfANight(t *testing.T) {
	b, err := pipeline.NewBench(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	laws, err := builtinLaws()
	if err != nil {
		t.Fatal(err)
	}
	day := day(t, "2026-03-02")
	child := table.Client{ClientID: 1, FirstName: "MIRA", LastName: "SOLBERG", BirthDate: day - 3000, Sex: "F", Status: "active"}
	batch := func(id, sender, kind string) table.Batch {
		return table.Batch{BatchID: id, Snapshot: 1, Sender: sender, SenderKind: kind, Status: "loaded", ReceivedOn: day}
	}
	entry := func(id, sender string) table.RosterEntry {
		return table.RosterEntry{EntryID: id + ":2", BatchID: id, Sender: sender, Snapshot: 1, Line: 2, ListID1: "1", FirstName: "Mira",
			LastName: "Solberg", BirthDate: day - 3000, Grade: "3", EnrolledOn: day - 100}
	}
	writes := []string{"client", "client_link", "standard_record", "immunization", "forecast", "vaccination_event", "batch",
		"roster_entry"}
	arrives := pipeline.Stage{Name: "arrives", Writes: writes, Run: func(ctx context.Context, r *pipeline.Run) error {
		for _, err := range []error{
			pipeline.Write(r, table.Clients, []table.Client{child}),
			pipeline.Write(r, table.ClientLinks, []table.ClientLink{{RecordID: "c/1", ClientID: 1}}),
			pipeline.Write(r, table.StandardRecords, []table.StandardRecord{{RecordID: "c/1", First: "MIRA", Last: "SOLBERG", Sex: "F",
				BirthDate: day - 3000}}),
			pipeline.Write(r, table.Immunizations, []table.Immunization{{ImmunizationID: "d", EventID: "d", ClientID: 1,
				AdministeredOn: day - 2000, CVX: 3}}),
			pipeline.Write(r, table.Forecasts, []table.Forecast{{ClientID: 1, Group: "MMR", Status: "Not Complete"}}),
			pipeline.Write(r, table.VaccinationEvents, []table.VaccinationEvent{{EventID: "d", RecordID: "c/1"}}),
			pipeline.Write(r, table.Batches, []table.Batch{batch("a", "north", "school"), batch("a", "south", "school"),
				batch("c", "plan", "health_plan")}),
			pipeline.Write(r, table.RosterEntries, []table.RosterEntry{entry("a", "north"), entry("a", "south"), entry("c", "plan")}),
		} {
			if err != nil {
				return err
			}
		}
		return nil
	}}
	entryOf := func(school string) recipient.Recipient {
		return recipient.Recipient{ID: school, Name: school, Kind: "school", Receives: []string{"schools/" + school}, Plain: true,
			Agreement: recipient.Agreement{ID: "DUA", Ends: day + 400}, Contact: recipient.Contact{Name: "Nurse"}}
	}
	for i, c := range []struct {
		schools      []string
		files, notes string
	}{
		{[]string{"north"}, "schools/north/students-a.csv", "roster a of south is not answered: no recipient's entry names schools/south"},
		{[]string{"north"}, "", "roster a of south is not answered: no recipient's entry names schools/south"},
		{[]string{"north", "south"}, "schools/south/students-a.csv", ""},
		{[]string{"north", "south"}, "", ""},
	} {
		config := NightConfig{Config: Config{State: "MN", Laws: laws, Mail: mail(t)}}
		for _, s := range c.schools {
			config.Recipients.Recipients = append(config.Recipients.Recipients, entryOf(s))
		}
		stages := []pipeline.Stage{arrives, {Name: "school", Dated: true, Config: config, Reads: Reads, Prior: Prior, Writes: Writes,
			Run: func(ctx context.Context, r *pipeline.Run) error { return Run(ctx, r, config) }}}
		if i > 0 {
			stages = stages[1:]
		}
		o, err := b.Night(t.Context(), day+table.Date(i), nil, stages...)
		if err != nil {
			t.Fatal(err)
		}
		var notes []string
		for _, n := range o.Notes {
			notes = append(notes, n.Text)
		}
		if got := strings.Join(notes, ";"); got != c.notes {
			t.Errorf("night %d: notes %q, want %q", i, got, c.notes)
		}
		found, _ := filepath.Glob(filepath.Join(o.OutDir, "schools", "*", "students-*.csv"))
		got := ""
		for _, path := range found {
			rel, _ := filepath.Rel(o.OutDir, path)
			got += filepath.ToSlash(rel)
			if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%s: %v, %v", rel, info.Mode(), err)
			}
		}
		if got != c.files {
			t.Errorf("night %d: %q, want %q", i, got, c.files)
		}
	}
	rows, err := table.ReadAll[table.Disclosure](b.Files("disclosure"))
	if err != nil || len(rows) != 2 || rows[0].Output != "schools/north/students-a.csv" || rows[1].Output != "schools/south/students-a.csv" ||
		rows[0].ClientID != 1 || rows[0].Recipient != "north" {
		t.Errorf("disclosed: %+v, %v", rows, err)
	}
}
