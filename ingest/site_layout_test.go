package ingest_test

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"miic/ingest"
	"miic/internal/inbox"
	"miic/internal/pipeline"
	"miic/internal/table"
)

const countyDoses = `id: county-doses
doc: what the county's own system writes
makes: visit
form: csv
between: semicolon
encoding: windows-1252
dates: MMDDYYYY
fields:
  - {to: source_client_id, column: Chart, required: true}
  - {to: last_name, column: Name, required: true}
  - {to: birth_date, column: Born, required: true, canary: date}
  - {to: administered_on, column: Given, required: true}
  - {to: cvx, column: Vaccine, required: true}
`

// A new sender whose lines hold what others' do needs a file in the site's folder and no code.
func TestSiteLayout(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write("county-doses.yaml", countyDoses)
	cfg := ingest.Config{Layouts: dir, Senders: []ingest.Sender{{ID: "county", Kind: "clinic",
		Files: []ingest.FilePattern{{Pattern: "*.txt", Layout: "county-doses"}}}}}
	if err := cfg.Validate(); err != nil {
		t.Fatal(err)
	}
	text := "Given;Vaccine;Chart;Name;Born\r\n04012020;20;7;\xc5s, Kari;01312020\r\n"
	path := write("day.txt", text)
	b := newBench(t)
	d := pipeline.Delivery{File: inbox.File{Sender: "county", Name: "day.txt", Path: path, Bytes: int64(len(text)),
		SHA256: strings.Repeat("a", 64)}}
	if _, err := b.Night(context.Background(), day(t, "2026-03-02"), []pipeline.Delivery{d},
		ingest.Stage(cfg)); err != nil {
		t.Fatal(err)
	}
	c, e := readAll[table.ClientRecord](t, b, "client_record"),
		readAll[table.VaccinationEvent](t, b, "vaccination_event")
	if len(c) != 1 || len(e) != 1 || c[0].LastName != "Ås, Kari" || c[0].BirthDate.String() != "2020-01-31" ||
		e[0].CVX != 20 || e[0].RecordID != c[0].RecordID {
		t.Errorf("read as %+v and %+v", c, e)
	}
	for want, file := range map[string][2]string{
		"its id is":     {"other.yaml", countyDoses},
		"built-in":      {"wir-client.yaml", strings.Replace(countyDoses, "county-doses", "wir-client", 1)},
		"county-x.yaml": {"county-x.yaml", "id: county-x\nmakes: nothing\n"},
		"clients' layout": {"county-y.yaml", strings.Replace(countyDoses, "id: county-doses",
			"id: county-y\nclients: county-z", 1)},
	} {
		bad := write(file[0], file[1])
		if err := cfg.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error with %q, have %v", want, err)
		}
		if err := os.Remove(bad); err != nil {
			t.Fatal(err)
		}
	}
	if err := (ingest.Config{Layouts: t.TempDir()}).Validate(); err == nil ||
		!strings.Contains(err.Error(), "no file *.yaml") {
		t.Errorf("a folder without layouts: %v", err)
	}
	one := ingest.Stage(cfg).Config
	write("county-doses.yaml", countyDoses+"  - {to: lot, column: Lot, optional: true}\n")
	if two := ingest.Stage(cfg).Config; reflect.DeepEqual(one, two) {
		t.Error("a changed layout does not change the stage's key")
	}
}
