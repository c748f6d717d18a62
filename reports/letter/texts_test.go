package letter

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// A built-in translation is not mailed before somebody has approved the very texts; English is until then, and an
// approval of other texts counts for nothing.
func TestTranslationsAreMailedOnceApproved(t *testing.T) {
	c := catalog(t)
	spanish := person(1, 6, "Ana")
	spanish.Notice.Language = "SPA"
	for _, x := range []struct {
		approvals []Approval
		want      string
	}{
		{nil, "en"},
		{[]Approval{{"es", "R. Ruiz", "00000000"}}, "en"},
		{[]Approval{{"so", "H. Ali", c.Fingerprint("so")}}, "en"},
		{[]Approval{{"es", "R. Ruiz", c.Fingerprint("es")}}, "es"},
	} {
		m := mail(catalog(t, x.approvals...))
		l := oneLetter(t, m, spanish)
		if l.Language != x.want || l.Subject[0].Language != x.want {
			t.Errorf("with approvals %v the letter is in %s", x.approvals, l.Language)
		}
		p := m.Catalog.Piece(asOf, []Person{spanish})
		if p.Wanted != "es" {
			t.Errorf("the household's language is %s, want es", p.Wanted)
		}
	}
	for _, bad := range []Approval{{"xx", "R. Ruiz", "1"}, {"es", "", "1"}, {"es", "R. Ruiz", ""}} {
		if _, err := Load("", []Approval{bad}); err == nil {
			t.Errorf("approval %v is taken", bad)
		}
	}
}

// Codes of languages come in two and three letters and in any case.
func TestLanguageCodes(t *testing.T) {
	for code, want := range map[string]string{"en": "en", "En": "en", "ENG": "en", "spa": "es", "Es": "es", "som": "so",
		"hmn": "hmn", "HMN": "hmn", "mww": "hmn", "hnj": "hmn", "es-MX": "es", "": "", "unknown": "", "zz": ""} {
		if got := Language(code); got != want {
			t.Errorf("%q is %q, want %q", code, got, want)
		}
	}
}

// A site's text takes the place of a built-in one, and a new language needs no build.
func TestASitesTexts(t *testing.T) {
	folder := t.TempDir()
	put := func(name, text string) {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"notice.%.txt", "words.%.txt", "vaccines.%.csv"} {
		text, err := builtIn.ReadFile("texts/" + strings.Replace(name, "%", "es", 1))
		if err != nil {
			t.Fatal(err)
		}
		put(strings.Replace(name, "%", "pt", 1),
			strings.Replace(string(text), "language: es", "language: pt\n# approved_by: x\napproved_by: R. Ruiz", 1))
	}
	csv, _ := os.ReadFile(filepath.Join(folder, "vaccines.pt.csv"))
	put("vaccines.pt.csv", strings.Replace(string(csv), "\napproved_by: R. Ruiz", "", 1))
	c, err := Load(folder, nil)
	if err != nil {
		t.Fatal(err)
	}
	ana := person(1, 6, "Ana")
	ana.Notice.Language = "por"
	if p := c.Piece(asOf, []Person{ana}); p.Language != "pt" {
		t.Errorf("the letter is in %s, want pt, which the site's files approve", p.Language)
	}
}

// What is wrong with a site's file is refused with the file and the line.
func TestBadTexts(t *testing.T) {
	good, err := builtIn.ReadFile("texts/notice.en.txt")
	if err != nil {
		t.Fatal(err)
	}
	card, _ := builtIn.ReadFile("texts/postcard.en.txt")
	words, _ := builtIn.ReadFile("texts/words.en.txt")
	vaccines, _ := builtIn.ReadFile("texts/vaccines.en.csv")
	for _, x := range []struct{ file, text, old, new, want string }{
		{"notice.en.txt", string(good), "{{.Names}}", "{{.Name}}", "notice.en.txt:10:"},
		{"notice.en.txt", string(good), "{{.Office}}", "Us", "notice.en.txt:1: the field {{.Office}} is missing"},
		{"notice.en.txt", string(good), "{{.OptOutPhone}}", "us", "{{.OptOutPhone}} is missing"}, // asked for, and not written
		{"notice.en.txt", string(good), "{{.Office}}", "{{.Office", "notice.en.txt:4"},
		{"notice.en.txt", string(good), "{{.Office}}", "{{range .Names}}x{{end}}", "a template is text"},
		{"notice.en.txt", string(good), "{{.Office}}", "{{printf .Office}}", "no function"},
		{"notice.en.txt", string(good), "{{.Office}}", "{{$x := .Office}}{{$x}}", "no variables"},
		{"notice.en.txt", string(good), "{{.Office}}", `{{define "x"}}{{end}}{{.Office}}`, "defines"},
		{"notice.en.txt", string(good), "[closing]", "[ending]", "no section [ending]"},
		{"notice.en.txt", string(good), "[closing]", "[opening]", "there twice"},
		{"notice.en.txt", string(good), "language: en", "language: es", "its name ends in en"},
		{"notice.en.txt", string(good), "piece: letter", "piece: parcel", "notice.en.txt:3:"},
		{"notice.en.txt", string(good), "piece: letter", "", "piece is missing"},
		{"notice.en.txt", string(good), "piece: letter", "piece: letter\nfont: big", "notice.en.txt:4:"},
		{"notice.en.txt", string(good), "---", "", "three hyphens"},
		{"notice.en.txt", string(good), "Vaccines", "Va\xffccines", "UTF-8"},
		{"postcard.en.txt", string(card), "your family", "{{.Names}}", "on a postcard"},
		{"postcard.en.txt", string(card), "piece: postcard", "piece: letter", "no section [body]"},
		{"words.en.txt", string(words), "page: Page {page} of {pages}", "page: Page", "words.en.txt:"},
		{"words.en.txt", string(words), "January|", "", "it must have 12"},
		{"words.en.txt", string(words), "signed: ", "sined: ", "words.en.txt:"},
		{"vaccines.en.csv", string(vaccines), "Td,7,Tdap", "Td,seven,Tdap", "vaccines.en.csv:10: from_age"},
		{"vaccines.en.csv", string(vaccines), "Td,7,Tdap", "Td,20,Tdap", "must rise"},
		{"vaccines.en.csv", string(vaccines), "# language: en\n", "", "# language: es"},
		{"other.es.txt", strings.Replace(string(good), "language: en", "language: es", 1), "", "", "write other.en.txt"},
		{"notice.vi.txt", strings.Replace(string(good), "language: en", "language: vi", 1), "", "", "words.vi.txt is missing"},
		{"notice.docx", "x", "", "", "is no text of a letter"},
		{"Notice.en.txt", string(good), "", "", "name it as"},
		{"notice.eng.txt", string(good), "", "", "name it as"},
	} {
		folder := t.TempDir()
		text := x.text
		if x.old != "" {
			if text = strings.Replace(x.text, x.old, x.new, -1); text == x.text {
				t.Fatalf("%s does not have %q", x.file, x.old)
			}
		}
		if err := os.WriteFile(filepath.Join(folder, x.file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Load(folder, nil); err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s with %q for %q: %v, want an error with %q", x.file, x.new, x.old, err, x.want)
		}
	}
}

// The files of a site are found beside its configuration. One that has its usual name may be missing, no other may; and
// whatever is in them is in the key of the stage that mails.
func TestSettings(t *testing.T) {
	base := t.TempDir()
	put := func(name, text string) {
		if err := os.WriteFile(filepath.Join(base, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	key := func() string {
		s := DefaultSettings()
		m, err := s.Load(base)
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	seen := map[string]bool{key(): true}
	put("offices.csv", "region,name,address_1,address_2,city,state,zip,phone\nstate,Registry,PO Box 1,,Saint Paul,MN,55101,\n")
	seen[key()] = true
	put("clinics.csv", "name,address,city,zip,county_fips,phone,note\nX,,,55104,,,\n")
	seen[key()] = true
	if err := os.Mkdir(filepath.Join(base, "templates"), 0o700); err != nil {
		t.Fatal(err)
	}
	text, _ := builtIn.ReadFile("texts/notice.so.txt")
	put("templates/notice.so.txt", string(text)+"\n")
	if seen[key()] = true; len(seen) != 4 {
		t.Errorf("%d keys for four settings", len(seen))
	}
	put("clinics.csv", "name\nX\n")
	for _, s := range []Settings{{Templates: "texts"}, {Offices: "our.csv"}, {Clinics: "clinics.csv"}} {
		if _, err := s.Load(base); err == nil {
			t.Errorf("settings %+v are taken", s)
		}
	}
}

// The fields that docs/letters.md lists are those that a template may write, in the same words.
func TestFieldsAreDocumented(t *testing.T) {
	text, err := os.ReadFile("../../docs/letters.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for f := range reflect.TypeFor[Fields]().Fields() {
		rows++
		if row := "| `{{." + f.Name + "}}` | " + f.Tag.Get("doc") + " |"; !strings.Contains(string(text), row) {
			t.Errorf("docs/letters.md has no row %s", row)
		}
	}
	if n := strings.Count(string(text), "\n| `{{."); n != rows {
		t.Errorf("docs/letters.md has %d fields, templates %d", n, rows)
	}
}

// The list of texts has every file once, and prints what it holds.
func TestTextsAreListed(t *testing.T) {
	c := catalog(t)
	texts := c.Texts()
	for _, x := range texts.Templates {
		if want := strings.HasSuffix(x.File, ".en.txt"); x.Mailed != want {
			t.Errorf("%s is mailed: %v, want %v", x.File, x.Mailed, want)
		}
	}
	for _, l := range texts.Languages {
		if len(l.Files) != 6 || l.Fingerprint != c.Fingerprint(l.Language) {
			t.Errorf("texts in %s are %v", l.Language, l.Files)
		}
		for _, f := range l.Files {
			want, _ := builtIn.ReadFile("texts/" + f)
			if got, ok := c.Text(f); !ok || got != string(want) {
				t.Errorf("%s is shown otherwise than it is", f)
			}
		}
	}
	if _, ok := c.Text("notice.xx.txt"); ok {
		t.Error("a text that is not there is shown")
	}
}
