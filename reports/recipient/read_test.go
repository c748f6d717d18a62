package recipient

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"miic/internal/area"
	"miic/internal/table"
)

const key = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"

var (
	day   = table.NewDate(2026, 3, 2)
	known = Known{Regions: []string{"metro", "central", "unassigned"}, Clinics: []string{"elm"}, Plans: []string{"north"},
		Counties: []area.County{{FIPS: "27053", Name: "Hennepin", Region: "metro"}, {FIPS: "27145", Name: "Stearns", Region: "central"}}}
)

const good = `name: Metro coordinator
kind: community health board
receives: [regions/metro]
basis: Minn. Stat. 144.3351
purpose: letters
agreement:
  id: DUA-1
  ends: 2027-06-30
contact:
  name: A. Person
  phone: 651-555-0100
keys:
  - ` + key + "\n"

func bookOf(t *testing.T, files map[string]string) *Book {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b, err := Read(dir, known)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestMistakesAreNamedWithFileAndLineAndTakeNobodyWithThem(t *testing.T) {
	for name, c := range map[string]struct{ from, to, want string }{
		"cuts of no region":    {"[regions/metro]", "[susceptible]\ncuts: {clinics: [elm]}", "central.yaml:4: cuts are of regions"},
		"an unknown county":    {"kind:", "cuts:\n  counties: [Cook]\nkind:", "central.yaml:3: unknown county \"Cook\""},
		"another's county":     {"kind:", "cuts:\n  counties: [Hennepin, '27145']\nkind:", "central.yaml:3: county \"27145\" is in the region central"},
		"an unknown clinic":    {"kind:", "cuts:\n  clinics: [oak]\nkind:", "central.yaml:3: unknown clinic \"oak\""},
		"an unknown key":       {"kind:", "colour: red\nkind:", "central.yaml:2: unknown field"},
		"a key below":          {"  id: DUA-1", "  id: DUA-1\n  began: 2020-01-01", "central.yaml:8: unknown field"},
		"no YAML":              {"kind:", "kind", "central.yaml:"},
		"an unknown kind":      {"community health board", "hospital", "central.yaml:2: unknown kind \"hospital\""},
		"an unknown output":    {"regions/metro", "regions/metro, letters", "central.yaml:3: unknown output \"letters\""},
		"an output without of": {"regions/metro", "regions", "central.yaml:3: unknown output"},
		"an unknown region":    {"regions/metro", "regions/moon", "central.yaml:3: unknown region \"moon\""},
		"a forbidden output":   {"regions/metro", "plans/north", "central.yaml:3: a community health board may not receive plans"},
		"a bad date":           {"2027-06-30", "30/06/2027", "central.yaml:8: agreement.ends \"30/06/2027\" is no date"},
		"no date":              {"  ends: 2027-06-30\n", "", "central.yaml:7: agreement.ends \"\" is no date"},
		"no agreement":         {"agreement:\n  id: DUA-1\n  ends: 2027-06-30\n", "", "central.yaml:1: has no agreement.id"},
		"an unreadable key":    {key, key[:60], "central.yaml:13: keys: is no public key"},
		"a secret key":         {key, "AGE-SECRET-KEY-1", "central.yaml:13: keys: is no public key"},
		"no purpose":           {"purpose: letters\n", "", "has no purpose"},
		"no contact":           {"  phone: 651-555-0100\n", "", "central.yaml:10: contact has neither"},
		"a separator":          {"keys:", "csv: {separator: \"|\"}\nkeys:", "central.yaml:12: csv.separator"},
	} {
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
			text := strings.Replace(good, c.from, c.to, 1)
			if text == good {
				t.Fatal("nothing was changed")
			}
			b := bookOf(t, map[string]string{"central.yaml": text, "metro.yaml": good, ".metro.yaml.swp": "x"})
			if len(b.Faults) == 0 || !strings.Contains(b.Faults[0], c.want) {
				t.Errorf("faults %q, want %q", b.Faults, c.want)
			}
			if strings.Contains(strings.Join(b.Faults, ""), "AGE-SECRET") {
				t.Error("a fault holds a key")
			}
			if b.By("central") != nil {
				t.Error("the entry with a mistake counts")
			}
			if r, why := b.For("regions/metro", day); r == nil || r.ID != "metro" {
				t.Errorf("the other entry does not count: %s", why)
			}
		})
	}
}

func TestWithoutAnAgreementNobodyReceives(t *testing.T) {
	b := bookOf(t, map[string]string{"metro.yaml": good,
		"central.yaml": strings.Replace(good, "metro", "central", 1)[:strings.Index(good, "keys:")+2]})
	ends := table.NewDate(2027, 6, 30)
	for _, c := range []struct {
		output string
		asOf   table.Date
		who    string
		why    string
	}{
		{"regions/metro", day, "metro", ""},
		{"regions/metro", ends, "metro", ""},
		{"regions/metro", ends + 1, "", "agreement DUA-1 with Metro coordinator ended on 2027-06-30"},
		{"regions/central", day, "", "has no key, and its entry does not allow the plain folder"},
		{"regions/unassigned", day, "", "no recipient's entry names regions/unassigned"},
	} {
		r, why := b.For(c.output, c.asOf)
		who := ""
		if r != nil {
			who = r.ID
		}
		if who != c.who || !strings.Contains(why, c.why) || (why == "") != (c.why == "") {
			t.Errorf("%s on %s: %q, %q", c.output, c.asOf, who, why)
		}
	}
	for _, c := range []struct {
		asOf      table.Date
		not, soon int
	}{{day, 2, 0}, {ends - 61, 2, 0}, {ends - 60, 2, 1}, {ends, 2, 1}, {ends + 1, 3, 0}} {
		not, soon := b.Notes(c.asOf, []string{"regions/metro", "regions/central", "regions/unassigned"})
		if len(not) != c.not || len(soon) != c.soon {
			t.Errorf("on %s: %q, %q", c.asOf, not, soon)
		}
	}
}

func TestAnOutputOfTwoRecipientsIsNobodys(t *testing.T) {
	b := bookOf(t, map[string]string{"a.yaml": strings.Replace(good, "[regions/metro]", "[regions/metro, susceptible]", 1),
		"b.yaml": strings.Replace(good, "[regions/metro]", "[regions/central, regions/metro, susceptible]", 1)})
	if r, _ := b.For("regions/metro", day); r != nil {
		t.Errorf("%s gets what is not clearly its own", r.ID)
	}
	if r, why := b.For("regions/central", day); r == nil || r.ID != "b" {
		t.Errorf("what is b's alone is not: %s", why)
	}
	want := []string{"a.yaml:3: regions/metro is also received by b: nobody gets it until one entry alone names it",
		"b.yaml:3: regions/metro is also received by a: nobody gets it until one entry alone names it"}
	if !slices.Equal(b.Faults, want) {
		t.Errorf("faults %q", b.Faults)
	}
	for _, id := range []string{"a", "b"} { // on demand, whoever may have it
		if _, err := b.May(id, Susceptible, day); err != nil {
			t.Error(err)
		}
	}
	if _, err := b.May("a", Lot, day); err == nil {
		t.Error("a gets what its entry does not name")
	}
	if _, err := b.May("c", Susceptible, day); err == nil {
		t.Error("somebody without an entry gets a list")
	}
}

func TestWithoutAFolderNobodyReceives(t *testing.T) {
	b, err := Read(filepath.Join(t.TempDir(), "recipients"), known)
	if err != nil || len(b.Recipients)+len(b.Faults) > 0 {
		t.Fatalf("%+v, %v", b, err)
	}
	if not, _ := b.Notes(day, []string{"regions/metro"}); len(not) != 1 {
		t.Errorf("%q", not)
	}
}
