package reports

import (
	"bytes"
	"context"
	"encoding/csv"
	"flag"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/campaign"
	"miic/reports/csvfile"
)

var update = flag.Bool("update", false, "write the golden files")

// tree reads every file under a folder, by its path there.
func tree(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, _ := filepath.Rel(dir, path)
		text, err := os.ReadFile(path)
		files[filepath.ToSlash(rel)] = text
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// golden is a small night with one person for each thing that can happen.
func golden() *world {
	w := &world{}
	person := func(id int64, years int, change func(*table.Client), forecasts ...table.Forecast) {
		c := clientOf(id, asOf.AddMonths(-12*years)-3)
		if change != nil {
			change(&c)
		}
		w.clients = append(w.clients, c)
		for _, f := range forecasts {
			f.ClientID = id
			w.forecasts = append(w.forecasts, f)
		}
	}
	soon, late, recent := asOf+10, asOf-40, asOf-10
	remind := due(0, "MMR", soon, soon+60)
	missed := due(0, "Polio", late-60, late)
	person(1, 4, nil, remind)
	person(2, 4, nil, missed)
	person(3, 4, nil, missed, remind, due(0, "Influenza", recent, 0))
	person(4, 4, nil, due(0, "Polio", recent-60, recent))
	person(5, 4, func(c *table.Client) { c.Contact = "none" }, missed)
	person(6, 4, func(c *table.Client) { c.Contact = "reminder_only_no_calls" }, remind)
	person(7, 4, func(c *table.Client) { c.Address1 = "" }, missed)
	person(8, 4, func(c *table.Client) { c.State, c.ZIP = "IA", "" }, missed)
	person(9, 4, func(c *table.Client) { c.OptedOut = true }, missed)
	person(10, 18, func(c *table.Client) { c.Language = "" }, remind)
	person(11, 19, nil, remind)
	person(12, 4, func(c *table.Client) { c.GuardianFirst, c.GuardianLast, c.FirstName = "", "", "" }, remind)
	person(13, 4, func(c *table.Client) {
		c.FirstName, c.Address1, c.Address2, c.ZIP, c.Provider = "=1+2", "12 \"Elm\", St\r\nApt 3", "-4", "01234", "lakes-health"
	}, remind)
	person(14, 4, func(c *table.Client) { c.CountyFIPS, c.Region = "", "unassigned" }, missed)
	refusedDose := missed
	refusedDose.RefusedOn = asOf - 20
	person(15, 4, nil, refusedDose)
	person(16, 4, nil, refusedDose, remind)
	person(17, 4, func(c *table.Client) { c.InReview = true }, missed)
	person(18, 4, func(c *table.Client) { c.State = "WI" }, missed)
	person(19, 4, func(c *table.Client) { c.Region, c.CountyFIPS, c.ZIP = "northwest", "27007", "56601" },
		due(0, "COVID-19", late-60, late), due(0, "Influenza", late-60, late))
	person(20, 4, func(c *table.Client) { c.InReview = true }, missed) // is due also if 21 is the same person
	person(21, 4, func(c *table.Client) { c.InReview = true }, remind) // is not due if 20 is
	w.doubts = []table.Doubt{{ClientID: 20, OtherID: 21, Ordinary: true}, {ClientID: 21, OtherID: 20, Ordinary: true}}
	w.joined = []table.JoinedForecast{{ClientID: 20, OtherID: 21, Group: "Polio", Kind: "standard", Status: "Not Complete",
		Recommended: missed.Recommended, PastDue: missed.PastDue}, {ClientID: 21, OtherID: 20, Group: "MMR", Kind: "standard",
		Status: "Complete"}}
	w.restrictions = []table.Restriction{{ClientID: 9, Kind: "opt_out", SourceID: "families/1", Basis: "matched",
		Since: 1}}
	w.batches = population(1, 0).batches
	return w
}

func TestGoldenNight(t *testing.T) {
	o := nightOf(t, newBench(t), asOf, golden())
	files := tree(t, o.OutDir)
	if c := o.Counts; c["campaign.reminders"] != 7 || c["campaign.recalls"] != 4 || c["campaign.notices"] != 11 || c["campaign.due"] != 8 || c["campaign.overdue"] != 10 {
		t.Errorf("figures: %v", c)
	}
	dir := filepath.Join("testdata", "night")
	for _, name := range []string{"regions/metro/reminder.csv", "regions/metro/recall.csv",
		"regions/metro/summary.csv", "regions/unassigned/recall.csv",
		"regions/northwest/recall.csv", "state/summary.csv", "coverage.csv",
		"regions/metro/mailing.csv", "regions/metro/manifest.json", "registry/withheld.csv"} {
		path := filepath.Join(dir, strings.ReplaceAll(name, "/", "-"))
		if *update {
			if err := os.MkdirAll(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, files[name], 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(want, files[name]) {
			t.Errorf("%s differs from %s:\n%s", name, path, files[name])
		}
	}
	for name, text := range files {
		if filepath.Ext(name) != ".csv" {
			continue
		}
		rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
		if err != nil || len(rows) == 0 || !utf8.Valid(text) {
			t.Errorf("%s: %v, %d rows", name, err, len(rows))
		}
		if strings.HasSuffix(name, "mailing.csv") && text[0] != '"' {
			t.Errorf("%s: cells are not quoted", name)
		}
		if lines := bytes.Count(text, []byte("\n")); lines != len(rows) || lines != bytes.Count(text, []byte("\r\n")) {
			t.Errorf("%s: %d lines for %d rows, or an end of line that is not CRLF", name, lines, len(rows))
		}
	}
	// regions, state, registry, coverage, its page with its data, the night's page, the senders', the campaigns', linkage, and a response for each delivery
	if len(files) != 8*15+7+3+3+6+1+2+3+4+3 {
		t.Errorf("%d files were written", len(files))
	}
}

func TestInputOrderDoesNotMatter(t *testing.T) {
	w := population(3, 1500)
	want := tree(t, nightOf(t, newBench(t), asOf, w).OutDir)
	w.shuffle(9)
	got := tree(t, nightOf(t, newBench(t), asOf, w).OutDir)
	if len(want) != len(got) {
		t.Fatalf("%d files, then %d", len(want), len(got))
	}
	for name := range want {
		if name != "coverage.parquet" && !bytes.Equal(want[name], got[name]) {
			t.Errorf("%s depends on the order of the input", name)
		}
	}
	if bytes.Count(want["regions/metro/recall.csv"], []byte("\n")) < 50 {
		t.Error("too few recalls for the test to mean anything")
	}
}

func TestTheSameDayAgainIsTheSameMailing(t *testing.T) {
	b, w := newBench(t), population(4, 800)
	first := tree(t, nightOf(t, b, asOf, w).OutDir)
	again := tree(t, nightOf(t, b, asOf, w).OutDir)
	for name := range first {
		if strings.HasPrefix(name, "regions/") && !bytes.Equal(first[name], again[name]) {
			t.Errorf("%s changed when the day was run again", name)
		}
	}
}

func TestNobodyIsToldTwiceWithinTheInterval(t *testing.T) {
	b, w := newBench(t), population(5, 400)
	told := map[string]table.Date{}
	rounds := map[string]bool{}
	for night := range table.Date(60) {
		if night > 3 && night%7 != 0 {
			continue
		}
		day := asOf + night
		o := nightOf(t, b, day, w)
		for _, region := range []string{"metro", "northeast", "unassigned"} {
			for _, kind := range campaign.Kinds {
				for _, row := range lettersOf(t, o, region, kind) {
					key := kind + row["address_1"]
					if last, ok := told[key]; ok && day-last < 28 {
						t.Fatalf("night %d: a %s came %d days after the last", night, kind, day-last)
					}
					told[key] = day
					rounds[row["round"]] = true
				}
			}
		}
	}
	if !rounds["1"] || !rounds["2"] || rounds["3"] {
		t.Errorf("rounds seen: %v, want 1 and 2", rounds)
	}
}

func TestWithheldNight(t *testing.T) {
	w := population(6, 400)
	w.batches[1].Status, w.batches[1].Reason = "refused", "the header is not the layout's: have it sent again"
	w.batches[1].Accepted = 0
	b := newBench(t)
	o := nightOf(t, b, asOf, w)
	files := tree(t, o.OutDir)
	maps.DeleteFunc(files, func(name string, _ []byte) bool {
		// they are about no person, or say that nothing is counted
		return strings.HasPrefix(name, "responses/") || strings.HasPrefix(name, "senders.") || name == "campaigns.html" ||
			strings.HasPrefix(name, "linkage") || name == "coverage.html" // what was published on earlier days
	})
	if len(files) != 1 || files["run.html"] == nil {
		t.Errorf("files were published: %d", len(files))
	}
	if page := read(t, o, "coverage.html"); !strings.Contains(page, "Nothing new is published tonight") || strings.Contains(page, "<svg") {
		t.Error("the page of coverage shows figures")
	}
	if !bytes.Contains(files["run.html"], []byte("Nothing about persons was published tonight")) {
		t.Error("the page does not say that nothing was published")
	}
	notes := slices.DeleteFunc(slices.Clone(o.Notes), func(n pipeline.Note) bool { return !n.Exit3 })
	if len(notes) != 1 || notes[0].Kind != "held" || notes[0].Sender != "families" {
		t.Errorf("not one note says so: %v", o.Notes)
	}
	for _, name := range []string{"notice", "disclosure"} {
		if len(b.Files(name)) != 0 {
			t.Errorf("%s gained rows", name)
		}
	}
	// The next night brings a good file, and publishes.
	w.batches = append(w.batches, table.Batch{BatchID: "b000000000000002", Snapshot: 2, FileName: "requests.csv",
		Sender: "families", SenderKind: "families", Layout: "family-requests", Status: "loaded"})
	o = nightOf(t, b, asOf+1, w)
	if len(lettersOf(t, o, "metro", campaign.Recall)) == 0 {
		t.Error("a good file of requests did not end it")
	}
}

func TestStaleClinicsAreHeld(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*world)
	}{
		{"refused", func(w *world) { w.batches[0].Status = "refused" }},
		{"absent", func(w *world) {
			w.notes = []pipeline.Note{{Kind: "missing", Sender: "metro-health", Text: "expected every day"}}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := population(7, 400)
			c.change(w)
			o := nightOf(t, newBench(t), asOf, w)
			n := 0
			for _, region := range testRegions() {
				for _, kind := range campaign.Kinds {
					for _, row := range lettersOf(t, o, region, kind) {
						if n++; row["clinic_phone"] == "6515550100" {
							t.Fatal("a patient of the stale clinic got a notice")
						}
					}
				}
			}
			if n == 0 {
				t.Error("nobody got a notice")
			}
			summary := read(t, o, "state/summary.csv")
			if !strings.Contains(summary, "stale clinic") || strings.Contains(summary, "state,recall,excluded,stale clinic,0,0") {
				t.Error("the summary does not count them")
			}
		})
	}
}

func testRegions() []string {
	c := DefaultConfig()
	return c.RegionNames()
}

func TestOptOutWorksTheSameNight(t *testing.T) {
	b, w := newBench(t), population(8, 600)
	o := nightOf(t, b, asOf, w)
	rows := lettersOf(t, o, "metro", campaign.Recall)
	if len(rows) < 10 {
		t.Fatal("too few recalls")
	}
	var gone int64
	for _, c := range w.clients {
		if csvfile.Cell(c.Address1) == rows[0]["address_1"] {
			gone = c.ClientID
		}
	}
	w.restrictions = append(w.restrictions, table.Restriction{ClientID: gone, Kind: "opt_out", SourceID: "families/9",
		Basis: "possible", Since: 2})
	o = nightOf(t, b, asOf+40, w)
	for name, content := range tree(t, o.OutDir) {
		if strings.HasSuffix(name, ".csv") && bytes.Contains(content, []byte(rows[0]["address_1"])) {
			t.Errorf("%s names a person who opted out", name)
		}
	}
	status, err := table.ReadAll[table.PatientStatus](b.Files("patient_status"))
	if err != nil {
		t.Fatal(err)
	}
	if slices.ContainsFunc(status, func(s table.PatientStatus) bool { return s.ClientID == gone }) {
		t.Error("patient_status has a person who opted out")
	}
}

func TestPatientStatus(t *testing.T) {
	b := newBench(t)
	w := &world{clients: []table.Client{clientOf(1, asOf-900), clientOf(2, asOf-900)},
		batches: population(1, 0).batches}
	w.clients[1].Status, w.clients[1].DeceasedOn = "deceased", asOf-30
	w.immunizations = []table.Immunization{
		{ImmunizationID: "a", ClientID: 1, AdministeredOn: asOf - 800, CVX: 20, Provider: "lakes-health", EventID: "a"},
		{ImmunizationID: "b", ClientID: 1, AdministeredOn: asOf - 500, CVX: 20, Provider: "metro-health", EventID: "b"},
		{ImmunizationID: "c", ClientID: 1, AdministeredOn: asOf - 400, CVX: 20, Provider: "metro-health", EventID: "c"}}
	nightOf(t, b, asOf, w)
	w.clients[1].Status, w.clients[1].DeceasedOn = "active", 0 // a false death, undone
	nightOf(t, b, asOf+1, w)
	rows, err := table.ReadAll[table.PatientStatus](b.Files("patient_status"))
	if err != nil {
		t.Fatal(err)
	}
	want := []table.PatientStatus{
		{ClientID: 1, Level: "jurisdiction", Status: "active", Reason: "lives-here", Region: "metro"},
		{ClientID: 1, Level: "provider", Provider: "lakes-health", Status: "moved", Since: asOf - 500,
			Reason: "newer-dose-elsewhere"},
		{ClientID: 1, Level: "provider", Provider: "metro-health", Status: "active", Since: asOf - 500,
			Reason: "gave-newest-dose"},
		{ClientID: 2, Level: "jurisdiction", Status: "active", Since: asOf + 1, Reason: "lives-here", Region: "metro"},
		{ClientID: 2, Level: "provider", Provider: "metro-health", Status: "active", Since: asOf + 1,
			Reason: "reported-last"},
	}
	if !slices.Equal(rows, want) {
		t.Errorf("got %+v", rows)
	}
}

func TestErrorsCarryNoPersonalData(t *testing.T) {
	w := population(2, 50)
	b := newBench(t)
	cfg := testConfig()
	cfg.Counties = nil
	_, err := b.Night(context.Background(), asOf, nil, nightStages(w, cfg)...)
	if err == nil || strings.Contains(err.Error(), marker) {
		t.Errorf("error: %v", err)
	}
}

func TestOutputsAreForTheirOwnerOnly(t *testing.T) {
	o := nightOf(t, newBench(t), asOf, population(9, 200))
	err := filepath.WalkDir(o.OutDir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		want := fs.FileMode(0o600)
		if d.IsDir() {
			want = 0o700
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s has mode %v", path, info.Mode().Perm())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
