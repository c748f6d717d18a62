package school

import (
	"path/filepath"
	"strings"
	"testing"

	"miic/internal/pdf/proof"
	"miic/internal/table"
	"miic/reports/letter"
	"miic/reports/recipient"
)

// TestLetters: in the household's language where the site has approved it, with the same in English behind; each says by which
// day the data are, what is missing and from when on the student may not attend, and follows PDF/UA-1.
func TestLetters(t *testing.T) {
	laws, err := builtinLaws()
	if err != nil {
		t.Fatal(err)
	}
	plain, err := letter.Load("", nil)
	if err != nil {
		t.Fatal(err)
	}
	on, out := day(t, "2026-03-02"), day(t, "2026-04-15")
	to := &recipient.Recipient{Name: "North School", Contact: recipient.Contact{Name: "Nurse Office", Phone: "651-555-0100"}}
	entry := table.RosterEntry{EntryID: "b:2", BatchID: "b", Line: 2, ListID1: "S-17", FirstName: "Mira", LastName: "Solberg", ZIP: "55104",
		BirthDate: day(t, "2020-06-15"), Sex: "F", Grade: "K", EnrolledOn: day(t, "2025-09-02"), Address1: "12 Elm St Apt 4", City: "Duluth", State: "MN"}
	var files []string
	for i, c := range []struct {
		household, language string
		catalog             *letter.Catalog
	}{{"eng", "en", mail(t).Catalog}, {"spa", "es", mail(t).Catalog}, {"som", "so", mail(t).Catalog}, {"hmn", "hmn", mail(t).Catalog},
		{"spa", "en", plain}, {"vie", "en", mail(t).Catalog}} {
		a := Answer{Entry: &entry, Class: Sure, ClientID: 1, Person: person{ClientID: 1, Language: c.household}, Law: laws.For("MN", ForSchool)}
		a.judge([]Evidence{{Group: "MMR", NextOn: on + 30}}, on)
		dir := t.TempDir()
		if err := Write([]Answer{a}, Config{Mail: &letter.Mail{Catalog: c.catalog}}, Issue{To: to, Roster: "r", Day: on, ExcludeOn: out,
			Path: func(name string) (string, error) { return filepath.Join(dir, name), nil }}); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, "letters-r.pdf")
		if i < 4 { // each language once: the rules cost a second a file
			files = append(files, file)
		}
		pages := proof.Words(t, file)
		var text strings.Builder
		for _, p := range pages {
			for _, word := range p {
				text.WriteString(word.Text + " ")
			}
		}
		sides := []string{c.language}
		if c.language != "en" {
			sides = append(sides, "en")
		}
		_, front, dates := c.catalog.School(c.language)
		if want := front.Text("as_of", "{date}", dates.Date(on)).String(); !strings.Contains(text.String(), want) {
			t.Errorf("%s: the letter lacks %q", c.household, want)
		}
		for _, language := range sides {
			code, w, common := c.catalog.School(language)
			if code != language {
				t.Fatalf("%s is %s", language, code)
			}
			missing := c.catalog.VaccineText(language, "Varicella", entry.BirthDate, on).String()
			for _, want := range []string{w.Text("dear").String(), w.Text("heading").String(),
				w.Text("exclude", "{date}", common.Date(out)).String(), w.Text("history").String(), w.Text("cutoff", "{date}", common.Date(on)).String(),
				common.Date(on + 30), missing, w.Text("student", "{id}", "S-17").String(), "651-555-0100", "Mira Solberg"} {
				if !strings.Contains(text.String(), want) {
					t.Errorf("%s: the letter lacks %q", c.household, want)
				}
			}
		}
		if want := len(sides); len(pages) != want {
			t.Errorf("%s: %d pages, want %d", c.household, len(pages), want)
		}
	}
	if checks := proof.Rules(t, files...); checks < 500 {
		t.Errorf("only %d checks of PDF/UA", checks)
	}
}
