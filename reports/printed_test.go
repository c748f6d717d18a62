package reports

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

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
