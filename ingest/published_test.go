package ingest_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"miic/ingest"
	"miic/internal/inbox"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/internal/testdata"
)

// take runs one night with one published file in the inbox.
func take(t *testing.T, layout, name, path string) *pipeline.Bench {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	cfg := ingest.Config{Senders: []ingest.Sender{{ID: "s", Kind: "clinic",
		Files: []ingest.FilePattern{{Pattern: "*", Layout: layout}}}}}
	b := newBench(t)
	d := pipeline.Delivery{File: inbox.File{Sender: "s", Name: name, Path: path, Bytes: int64(len(data)),
		SHA256: fmt.Sprintf("%x", sha256.Sum256(data))}}
	if _, err := b.Night(context.Background(), day(t, "2026-03-02"), []pipeline.Delivery{d},
		ingest.Stage(cfg)); err != nil {
		t.Fatal(err)
	}
	return b
}

// TestVitalRecordsFiles: a record of any other length than the layout's is refused by length.
func TestVitalRecordsFiles(t *testing.T) {
	dir := testdata.Dir(t, "ingest/ije-birth")
	for name, good := range map[string]bool{"BasicBirthRecord.ije": false, "BasicBirthRecord2.ije": true,
		"UnknownParentBirthDates.ije": false} {
		b := take(t, "ije-natality", name, filepath.Join(dir, name))
		batch := readAll[table.Batch](t, b, "batch")[0]
		if batch.UnitsRead != 1 {
			t.Errorf("%s: %d units", name, batch.UnitsRead)
		}
		var rules []string
		for _, r := range readAll[table.Rejected](t, b, "rejected") {
			if r.Severity == "refuse" {
				rules = append(rules, r.Rule)
			}
		}
		if good {
			if batch.Accepted != 1 || len(rules) != 0 {
				t.Errorf("%s: accepted %d, refused for %v", name, batch.Accepted, rules)
			}
			c := readAll[table.ClientRecord](t, b, "client_record")[0]
			if got := fmt.Sprint(c.BirthCertNumber, " ", c.BirthDate, " ", c.Sex, " ",
				c.Withdrawn); got != "MA-2025-993195 2025-02-20 F false" || c.LastName == "" {
				t.Errorf("%s: read as %s", name, got)
			}
		} else if batch.Accepted != 0 || len(rules) != 1 || rules[0] != "record_length" {
			t.Errorf("%s: accepted %d, refused for %v", name, batch.Accepted, rules)
		}
	}
}

// TestDeathFiles: of the published death records those of the layout's length are taken in, with what they tell;
// the others are refused by their length.
func TestDeathFiles(t *testing.T) {
	dir := testdata.Dir(t, "ingest/ije-death")
	for name, want := range map[string]string{
		"1.MOR":                    "",
		"DOBDatePartAbsent.ije":    "YC-2021-000054 2021-07-12  M ",
		"DOBPartsAllUnknown.ije":   "CT-2022-000005 2022-02-01   ",
		"DeathLocation.ije":        "MA-2021-266148 2021-08-10 1934-05-14 M MA-1934-265126",
		"LeapYear.ije":             "FL-2024-000011 2024-02-29  M ", // born on 29 February of a year without one
		"UnknownBirthRecordId.ije": "YC-2021-000054 2021-07-12 1951-01-01 M ",
	} {
		b := take(t, "ije-mortality", name, filepath.Join(dir, name))
		batch := readAll[table.Batch](t, b, "batch")[0]
		if want == "" {
			rejected := readAll[table.Rejected](t, b, "rejected")
			if batch.UnitsRead != 1 || batch.Accepted != 0 || len(rejected) != 1 ||
				rejected[0].Rule != "record_length" {
				t.Errorf("%s: %d accepted, refused for %v", name, batch.Accepted, rejected)
			}
			continue
		}
		if batch.Accepted != 1 {
			t.Errorf("%s: %d accepted: %s", name, batch.Accepted, batch.Reason)
			continue
		}
		d := readAll[table.Death](t, b, "death")[0]
		got := fmt.Sprint(strings.TrimPrefix(d.DeathID, "s/"), " ", d.DeceasedOn, " ", d.BirthDate, " ", d.Sex, " ",
			d.BirthCertNumber)
		if got != want || d.LastName == "" || d.Withdrawn {
			t.Errorf("%s: read as %s, want %s", name, got, want)
		}
	}
}

// TestGuideMessages takes every example of the national guide in: updates load, other messages are
// refused by name, fragments by their header.
func TestGuideMessages(t *testing.T) {
	updates := 0
	for f, text := range guideFiles(t) {
		b := take(t, "hl7-vxu", "guide.hl7", f)
		refused := map[string]int{}
		if len(b.Files("rejected")) > 0 {
			for _, r := range readAll[table.Rejected](t, b, "rejected") {
				if r.Severity == "refuse" {
					refused[r.Rule]++
				}
			}
		}
		batch := readAll[table.Batch](t, b, "batch")[0]
		n := int64(strings.Count(text, "|VXU^"))
		if batch.Accepted < min(n, 1) {
			t.Errorf("%s: %d updates, %d accepted; refused for %v", filepath.Base(f), n, batch.Accepted, refused)
		}
		updates += int(n)
		for rule := range refused {
			switch rule {
			case "message_type", "message_header", "segment_unreadable":
			default:
				t.Errorf("%s: refused for %s", filepath.Base(f), rule)
			}
		}
	}
	if updates == 0 {
		t.Error("the guide has no update message")
	}
}

// TestGuideExample reads the guide's whole example message field by field.
func TestGuideExample(t *testing.T) {
	path := filepath.Join(testdata.Dir(t, "ingest/hl7-national-guide"), "06_2_Message_Example.hl7")
	b := take(t, "hl7-vxu", "guide.hl7", path)
	c := readAll[table.ClientRecord](t, b, "client_record")
	if len(c) != 1 {
		t.Fatalf("%d client records", len(c))
	}
	got := fmt.Sprint(c[0].SourceClientID, " ", c[0].BirthDate, " ", c[0].Sex, " ", c[0].Race, " ", c[0].Ethnicity, " ",
		c[0].ZIP, " ", c[0].Phone, " ", c[0].GuardianRole)
	// The example's telephone number has an area code that cannot be: it is dropped, with a warning.
	if want := "432155 2011-04-11 M 1002-5 N 54000  MTH"; got != want {
		t.Errorf("client is %s, want %s", got, want)
	}
	var doses []string
	for _, e := range readAll[table.VaccinationEvent](t, b, "vaccination_event") {
		doses = append(doses, fmt.Sprintf("%s %s %d %s %s %s %v", e.EventID, e.AdministeredOn, e.CVX, e.Lot, e.MVX,
			e.Eligibility, e.Historical))
	}
	sort.Strings(doses)
	want := []string{"s/65929 2011-04-15 85    true", "s/65930 2012-01-13 110 XY3939 SKB V02 false",
		"s/65949 2012-01-13 48 32K2A PMC V02 false"}
	if strings.Join(doses, "\n") != strings.Join(want, "\n") {
		t.Errorf("doses are\n%s", strings.Join(doses, "\n"))
	}
}

// TestWIRPair reads the made-up pair of the published layouts.
func TestWIRPair(t *testing.T) {
	dir := testdata.Dir(t, "ingest/wir-flat-file")
	cfg := ingest.Config{Senders: []ingest.Sender{{ID: "s", Kind: "clinic", Files: []ingest.FilePattern{
		{Pattern: "*client*", Layout: "wir-client"}, {Pattern: "*immunization*", Layout: "wir-immunization"}}}}}
	b := newBench(t)
	var files []pipeline.Delivery
	for _, name := range []string{"synthetic_client.txt", "synthetic_immunization.txt"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		files = append(
			files,
			pipeline.Delivery{File: inbox.File{Sender: "s", Name: name, Path: filepath.Join(dir, name),
				Bytes: int64(len(data)), SHA256: fmt.Sprintf("%x", sha256.Sum256(data))}},
		)
	}
	if _, err := b.Night(context.Background(), day(t, "2026-03-02"), files, ingest.Stage(cfg)); err != nil {
		t.Fatal(err)
	}
	clients, doses := readAll[table.ClientRecord](t, b, "client_record"),
		readAll[table.VaccinationEvent](t, b, "vaccination_event")
	for _, row := range readAll[table.Batch](t, b, "batch") {
		t.Logf("%s: %d read, %d accepted, %d rejected, %s", row.Layout, row.UnitsRead, row.Accepted, row.Rejected,
			row.Reason)
		if row.Status != "loaded" {
			t.Errorf("%s was %s", row.FileName, row.Status)
		}
	}
	if len(clients) == 0 || len(doses) == 0 {
		t.Fatalf("%d clients, %d doses", len(clients), len(doses))
	}
	for _, e := range doses {
		if e.CVX == 0 || e.AdministeredOn == 0 {
			t.Errorf("line %d has no vaccine or no date", e.Line)
		}
	}
}
