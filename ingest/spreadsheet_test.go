package ingest_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"miic/ingest"
	"miic/ingest/profile"
	"miic/internal/inbox"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// spreadsheets are what clinics save from their own: columns and dates of their own, a line for each dose with its
// client on it.
var spreadsheets = []struct{ name, text, want string }{
	{"whole names, yes and no", "\ufeffMRN,Pt Name,DOB,Gender,City/State/Zip,Shot Dt,Vaccine,CVX,Lot#,Given Here?\r\n" +
		`0071,"Åberg, Mary Ann",1/7/2022,Female,"Sleepy Eye, MN 56085",12/8/2024,Priorix,03,A1,yes` + "\r\n" +
		`0071,"Åberg, Mary Ann",1/7/2022,Female,"Sleepy Eye, MN 56085",12/8/2024,Varivax,21,B7,No` + "\r\n" +
		`0072,"O'Hara, Liam",11/30/2023,male,"St. Paul, MN 55104-1234",1/2/2025,Havrix,83,C2,Y` + "\r\n",
		"0071 Mary/Ann/Åberg 2022-01-07 F Sleepy Eye MN 56085: 2024-12-08 3 A1, 2024-12-08 21 B7 old\n" +
			"0072 Liam//O'Hara 2023-11-30 M St. Paul MN 551041234: 2025-01-02 83 C2\n"},
	{"semicolons, padded dates, historical", "Patient ID;Last Name;First Name;MI;Birth Date;Sex;Date Given;CVX Code;Historical\n" +
		"a-1;Vang;Mai;K;03/04/2021;F;05/06/2021;08;N\na-1;Vang;Mai;K;03/04/2021;F;07/08/2021;10;Y\n",
		"a-1 Mai/K/Vang 2021-03-04 F   : 2021-05-06 8 , 2021-07-08 10  old\n"},
	{"tabs, midnights, a nameless column, the given name first", "Chart No\tPatient Name\tD.O.B.\tCity, State\tDate Administered\tCVX\t\n" +
		"77\tMaya Abdi Nur\t2/28/2020 0:00\tDuluth, MN\t3/1/2021 0:00\t94\t\n" +
		"78\t\"Ole \"\"Ole\"\" Moe\"\t12/1/2019 0:00\tWinona, MN\t10/10/2021 0:00\t141\t\n",
		"77 Maya//Abdi Nur 2020-02-28  Duluth MN : 2021-03-01 94  old\n78 Ole//\"Ole\" Moe 2019-12-01  Winona MN : 2021-10-10 141  old\n"},
	// without a column that says so no dose is taken for given there
	{"bars", "Acct|Lname|Fname|Birthday|Dt Given|Vax|NDC\n5|Lee|Pa|4/5/2018|6/7/2019|Vaqta|00006-4831-41\n",
		"5 Pa//Lee 2018-04-05    : 2019-06-07 83  old\n"},
}

// loadAs loads a text by the layout with that text, and returns the bench with what came of it.
func loadAs(t *testing.T, layout, text string) (*pipeline.Bench, []pipeline.Note) {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "shots.csv")
	for name, content := range map[string]string{"new-sender.yaml": layout, "shots.csv": text} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cfg := ingest.Config{Layouts: dir, Senders: []ingest.Sender{{ID: "clinic", Kind: "clinic",
		Files: []ingest.FilePattern{{Pattern: "*.csv", Layout: "new-sender"}}}}}
	b := newBench(t)
	d := pipeline.Delivery{File: inbox.File{Sender: "clinic", Name: "shots.csv", Path: path, Bytes: int64(len(text)), SHA256: strings.Repeat("a", 64)}}
	outcome, err := b.Night(context.Background(), day(t, "2026-03-02"), []pipeline.Delivery{d}, ingest.Stage(cfg))
	if err != nil {
		t.Fatal(err)
	}
	return b, outcome.Notes
}

// A clinic's spreadsheet loads with the layout that is drafted for it: every line's person, and every dose.
func TestSpreadsheetsLoadAsDrafted(t *testing.T) {
	for _, c := range spreadsheets {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "shots.csv")
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			p, err := profile.Of(path, day(t, "2026-03-02"), nil)
			if err != nil {
				t.Fatal(err)
			}
			lines := int64(strings.Count(c.text, "\n") - 1)
			if p.Drafted == nil || p.Drafted.Accepted != lines {
				t.Fatalf("the draft reads %+v of %d lines:\n%s", p.Drafted, lines, p.Draft)
			}
			b, _ := loadAs(t, p.Draft, c.text)
			var got strings.Builder
			doses := readAll[table.VaccinationEvent](t, b, "vaccination_event")
			records := readAll[table.ClientRecord](t, b, "client_record")
			slices.SortFunc(records, func(a, b table.ClientRecord) int { return strings.Compare(a.RecordID, b.RecordID) })
			for _, r := range records {
				var own []string
				for _, e := range doses {
					if e.RecordID == r.RecordID {
						old := ""
						if e.Historical {
							old = " old"
						}
						own = append(own, fmt.Sprintf("%s %d %s%s", e.AdministeredOn, e.CVX, e.Lot, old))
					}
				}
				slices.Sort(own)
				slices.Reverse(own)
				slices.SortStableFunc(own, func(a, b string) int { return strings.Compare(a[:10], b[:10]) })
				fmt.Fprintf(&got, "%s %s/%s/%s %s %s %s %s %s: %s\n", r.SourceClientID, r.FirstName, r.MiddleName, r.LastName, r.BirthDate, r.Sex,
					r.City, r.State, r.ZIP, strings.Join(own, ", "))
			}
			if got.String() != c.want {
				t.Errorf("loaded as\n%swant\n%s\nby\n%s", got.String(), c.want, p.Draft)
			}
		})
	}
}

const wholeNames = "id: new-sender\nmakes: visit\nform: csv\nencoding: utf-8\ndates: M/D/YYYY\nfields:\n" +
	"  - {to: source_client_id, column: mrn, required: true}\n  - {column: name, split: \"last_name; first_name\", required: true}\n" +
	"  - {to: birth_date, column: dob, required: true}\n  - {to: administered_on, column: given, required: true}\n" +
	"  - {to: cvx, column: cvx}\n  - {to: source, column: here, map: {yes: \"00\", no: \"01\"}}\n"

// A split that matches nothing, and a map that knows no value, refuse the file and name the column and what to do; one
// value that a map does not have is dropped with its line.
func TestSplitsAndMapsThatDoNotFit(t *testing.T) {
	const text = "MRN,Name,DOB,Given,CVX,Here\n1,\"Lee, Pa\",1/2/2020,3/4/2021,08,yes\n2,\"Moe, Ole\",1/3/2020,3/4/2021,08,maybe\n"
	refused := func(notes []pipeline.Note) string {
		for _, n := range notes {
			if n.Kind == "refused" {
				return n.Text
			}
		}
		return ""
	}
	if _, notes := loadAs(t, wholeNames, text); !strings.Contains(refused(notes), `2 of its 2 lines have in column "name" a value without the form`) {
		t.Errorf("a split that matches nothing: %+v", notes)
	}
	commas := strings.Replace(wholeNames, "last_name; first", "last_name, first", 1)
	b, notes := loadAs(t, commas, text)
	rejected := readAll[table.Rejected](t, b, "rejected")
	if refused(notes) != "" || len(rejected) != 1 || rejected[0].Rule != "value_not_mapped" || rejected[0].Line != 3 || rejected[0].Field != "source" {
		t.Errorf("a value that is not in the map: %+v, %+v", rejected, notes)
	}
	if len(readAll[table.VaccinationEvent](t, b, "vaccination_event")) != 2 {
		t.Error("a dose was lost with the value")
	}
	if _, notes := loadAs(t, commas, strings.NewReplacer("yes", "ja", "maybe", "nei").Replace(text)); !strings.Contains(refused(notes), `column "here"`) {
		t.Errorf("a map that knows no value: %+v", notes)
	}
}
