package reports

import (
	"encoding/json"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"miic/internal/pdf/proof"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/letter"
	"miic/reports/mailing"
)

// printing is the configuration of a site that has said who sends its letters.
func printing(t testing.TB) Config {
	t.Helper()
	c := testConfig()
	offices, err := letter.ReadOffices(strings.NewReader("region,name,address_1,address_2,city,state,zip,phone\n" +
		"state,State Registry,PO Box 1,,Saint Paul,MN,55101,6515550199\n"))
	if err != nil {
		t.Fatal(err)
	}
	c.Mail.Offices = offices
	return c
}

// A night prints each region's letters and the state's, the same bytes every time, for their owner only; the manifest has
// their pages, and who is in which file is disclosed.
func TestLettersArePrinted(t *testing.T) {
	w := &world{}
	for id := int64(1); id <= 4; id++ {
		c := clientOf(id, asOf.AddMonths(-40+int(id)))
		if id > 2 { // two children of one home
			c.Address1, c.LastName = "77 "+marker+" St", marker
		}
		if id == 4 {
			c.Language = "so"
		}
		w.clients = append(w.clients, c)
		w.forecasts = append(w.forecasts, due(id, "DTaP/Tdap/Td", asOf-200, asOf-100))
	}
	var first map[string]string
	for range 2 {
		b := newBench(t)
		o, err := b.Night(t.Context(), asOf, nil, nightStages(w, printing(t))...)
		if err != nil {
			t.Fatal(err)
		}
		files := map[string]string{}
		for _, folder := range []string{"regions/metro", "state"} {
			for _, name := range []string{"letters.pdf", "labels.pdf", "mailing.csv", mailing.ManifestName} {
				files[folder+"/"+name] = read(t, o, folder+"/"+name)
			}
			info, err := os.Stat(filepath.Join(o.OutDir, folder, "letters.pdf"))
			if err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%s/letters.pdf: %v %v", folder, info.Mode(), err)
			}
		}
		if first == nil {
			first = files
			checkPrinted(t, b, o.OutDir)
			continue
		}
		for name, text := range files {
			if first[name] != text {
				t.Errorf("%s differs between two runs of one night", name)
			}
		}
	}
}

func checkPrinted(t *testing.T, b *pipeline.Bench, out string) {
	text, err := os.ReadFile(filepath.Join(out, "regions/metro", mailing.ManifestName))
	if err != nil {
		t.Fatal(err)
	}
	var m mailing.Manifest
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	pages := map[string]int{}
	for _, f := range m.Files {
		if f.Pages != nil {
			pages[f.Name] = *f.Pages
		}
	}
	if pages["letters.pdf"] != 3 || pages["labels.pdf"] != 1 || len(pages) != 2 {
		t.Errorf("pages are %v, want three letters of a page, and a sheet of labels", pages)
	}
	if m.ByLanguage["en"] != 3 || m.BySpoken["en"]+m.BySpoken["so"] != 3 || m.ByTemplate["notice"] != 3 {
		t.Errorf("the manifest counts %v, %v, %v", m.ByLanguage, m.BySpoken, m.ByTemplate)
	}
	shown, err := table.ReadAll[table.Disclosure](b.Files("disclosure"))
	if err != nil {
		t.Fatal(err)
	}
	disclosed := map[string]int{}
	for _, d := range shown {
		disclosed[d.Output]++
	}
	for _, output := range []string{"regions/metro/letters.pdf", "regions/metro/labels.pdf", "state/letters.pdf"} {
		if disclosed[output] != 4 {
			t.Errorf("%d people are disclosed in %s, want 4", disclosed[output], output)
		}
	}
}

// A campaign that says so sends each person's doses with the letter, and one in two languages fills both sides of its sheets.
// Nothing of a sibling who has opted out is in the household's letter.
func TestHistoriesGoWithTheLetters(t *testing.T) {
	w := &world{}
	for id := int64(1); id <= 3; id++ {
		c := clientOf(id, asOf.AddMonths(-60+int(id)))
		c.Address1, c.Language = "77 "+marker+" St", "es"
		w.clients = append(w.clients, c)
		dose := fmt.Sprint("dose", id)
		w.immunizations = append(w.immunizations, table.Immunization{ImmunizationID: dose, ClientID: id, CVX: 21,
			AdministeredOn: table.NewDate(2023, 4, 10+int(id)), EventID: dose, SourceCount: 1, Reason: "only one"})
		if id == 3 { // has opted out: nothing after linkage knows of the child
			continue
		}
		w.forecasts = append(w.forecasts, due(id, "MMR", asOf-200, asOf-100))
		w.evaluations = append(w.evaluations, table.DoseEvaluation{ClientID: id, ImmunizationID: dose, Antigen: "Varicella", CVX: 21,
			AdministeredOn: table.NewDate(2023, 4, 10+int(id)), Status: "Not Valid", Schedule: "x"})
	}
	w.clients[0].FirstName = "中" + marker
	w.restrictions = []table.Restriction{{ClientID: 3, Kind: "opt_out"}}
	conf := printing(t)
	catalog, err := letter.Load("", []letter.Approval{{Language: "es", ApprovedBy: "x", Texts: conf.Mail.Catalog.Fingerprint("es")}})
	if err != nil {
		t.Fatal(err)
	}
	conf.Mail = &letter.Mail{Catalog: catalog, Offices: conf.Mail.Offices}
	standing := conf.Standing()
	standing.HistoryPage, standing.Language, standing.PageMicros = true, "both", 70_000
	standing.PriceMicros = map[string]int64{"mail": 890_000}
	conf.Campaigns = append(conf.Campaigns, standing)
	b := newBench(t)
	var broken []string
	o, err := b.Night(t.Context(), asOf, nil, nightStages(w, conf, audit(&broken))...)
	if err != nil || len(broken) > 0 {
		t.Fatalf("%v, broken %q", err, broken)
	}
	file := filepath.Join(o.OutDir, "regions/metro/letters-two-sided.pdf")
	var pages []string
	for _, words := range proof.Words(t, file) {
		var text []string
		for _, w := range words {
			text = append(text, w.Text)
		}
		pages = append(pages, strings.Join(text, " "))
	}
	if len(pages) != 4 {
		t.Fatalf("%d pages, want the letter in Spanish, in English, and a history of each of two children", len(pages))
	}
	all := strings.Join(pages, " ")
	for _, want := range []string{"11 de abril de 2023", "12 de abril de 2023"} {
		if strings.Count(all, want) != 1 {
			t.Errorf("%q is not once in the letter", want)
		}
	}
	for _, gone := range []string{"13 de abril", marker + "3"} {
		if strings.Contains(all, gone) {
			t.Errorf("%q of a child who has opted out is in the letter", gone)
		}
	}
	if !strings.Contains(pages[0], "Vacunas atrasadas") || !strings.Contains(pages[1], "Vaccines are overdue") ||
		!strings.Contains(pages[2], "Cuenta") {
		t.Errorf("pages %.80q", pages)
	}
	if page := html.UnescapeString(read(t, o, "run.html")); strings.Count(page, "has no sign for U+4E2D") != 1 {
		t.Errorf("the page names the sign that the font lacks %d times", strings.Count(page, "has no sign for U+4E2D"))
	}
	rows := byColumn(t, filepath.Join(o.OutDir, "regions/metro/mailing.csv"))
	var m mailing.Manifest
	if err := json.Unmarshal([]byte(read(t, o, "regions/metro/"+mailing.ManifestName)), &m); err != nil {
		t.Fatal(err)
	}
	if len(rows) != 1 || rows[0]["language"] != "es+en" || m.ByLanguage["es+en"] != 1 || m.BySpoken["es"] != 1 {
		t.Errorf("rows %v, manifest %+v", rows, m)
	}
	for _, f := range m.Files {
		if f.Name == "letters-two-sided.pdf" && (*f.Pages != 4 || f.Missing["U+4E2D"] == 0 || len(f.Missing) != 1) {
			t.Errorf("the manifest has %d pages, and boxes for %v", *f.Pages, f.Missing)
		}
	}
	notices, err := table.ReadAll[table.Notice](b.Files("notice"))
	if err != nil || len(notices) != 2 || notices[0].PriceMicros != 890_000+2*70_000 {
		t.Errorf("notices %+v, %v", notices, err)
	}
}
