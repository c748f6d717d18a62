package measure

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"miic/internal/yamlfile"
)

// someGroups are groups as the schedule has them.
var known = Known{Kept: []Kept{{Age{Months: 24}, Age{Months: 36}}}, Groups: []Group{
	{"DTaP/Tdap/Td", []string{"Diphtheria", "Pertussis", "Tetanus"}}, {"HPV", []string{"HPV"}}, {"HepA", []string{"HepA"}},
	{"HepB", []string{"HepB"}}, {"Hib", []string{"Hib"}}, {"Influenza", []string{"Influenza"}},
	{"MMR", []string{"Measles", "Mumps", "Rubella"}}, {"Meningococcal", []string{"Meningococcal"}},
	{"Pneumococcal", []string{"Pneumococcal"}}, {"Polio", []string{"Polio"}}, {"Rotavirus", []string{"Rotavirus"}},
	{"Varicella", []string{"Varicella"}}, {"RSV", []string{"RSV"}}, {"Zoster", []string{"Zoster"}},
}}

func TestBuiltInMeasuresAreRead(t *testing.T) {
	list, faults, err := Load("", known)
	if err != nil || len(faults) > 0 {
		t.Fatal(err, faults)
	}
	if len(list) != 87 {
		t.Errorf("%d measures", len(list))
	}
	published := 0
	for _, m := range list {
		if m.Publish {
			published++
			if m.Population.By != (Age{Months: 24}) || !m.Valid {
				t.Errorf("%s is published, by %v", m.ID, m.Population)
			}
		}
	}
	if published != 12 {
		t.Errorf("%d are published, not the twelve of two-year-olds", published)
	}
}

// TestSiteMeasure: a measure is added without a build, and one file with faults does not take the others with it.
func TestSiteMeasure(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("ours.yaml", `
steward: A county
source: its own plan
doses: valid
population: {ages: {from: 6 years, until: 7 years}}
measures:
  - {id: first-grade-mmr, version: 1, title: MMR in first grade, clauses: [MMR 2]}
`)
	write("wrong.yaml", `
steward: A county
source: its own plan
doses: valid
population: {ages: {from: 6 years, until: 7 years}}
measures:
  - {id: dtap-4, version: 1, title: DTaP, clauses: [DTaP/Tdap/Td 4]}
`)
	list, faults, err := Load(dir, known)
	if want := "wrong.yaml:7: measure dtap-4 is in builtin/two-years.yaml already: give one of them another id"; err != nil ||
		len(faults) != 1 || faults[0] != want {
		t.Errorf("faults are %q, %v", faults, err)
	}
	last := list[len(list)-1]
	if last.ID != "first-grade-mmr" || last.Origin != "ours.yaml" || last.Steward != "A county" || len(last.Clauses[0].Antigens) != 3 {
		t.Errorf("the last measure is %+v", last)
	}
}

func TestFaultsAreNamedWithLine(t *testing.T) {
	head := "steward: s\nsource: s\ndoses: valid\npopulation: {ages: {from: 6 years, until: 7 years}}\nmeasures:\n"
	one := head + "  - id: x\n    version: 1\n    title: t\n"
	for _, c := range []struct{ name, text, want string }{
		{"unknown key", one + "    clauses: [MMR 1]\n    dose: 1\n", `m.yaml:10: unknown field "dose"`},
		{"unknown key in a clause", one + "    clauses:\n      - {group: MMR, does: 1}\n", `m.yaml:10: unknown field "does"`},
		{"unknown group", one + "    clauses:\n      - MMR 1\n      - Measles 1\n", "m.yaml:11: x: there is no vaccine group \"Measles\"; there are DTaP"},
		{"no number", one + "    clauses:\n      - MMR 1\n      - MMR\n", "m.yaml:11: x: clause \"MMR\" must be a group and a number of doses"},
		{"no clauses", one, "m.yaml:6: x has no clauses"},
		{"version", head + "  - {id: x, title: t, clauses: [MMR 1]}\n", "m.yaml:6: x: version is 0"},
		{"id", head + "  - {id: X Y, version: 1, title: t, clauses: [MMR 1]}\n", `m.yaml:6: id is "X Y"`},
		{"twice", head + "  - {id: x, version: 1, title: t, clauses: [MMR 1]}\n  - {id: x, version: 1, title: t, clauses: [MMR 1]}\n", "m.yaml:7: measure x is in the file twice"},
		{"title", head + "  - {id: x, version: 1, clauses: [MMR 1]}\n", "m.yaml:6: x: title is empty"},
		{"dead window", one + "    clauses:\n      - {group: MMR, doses: 1, from: 2 years, until: 1 year}\n", "until is before from"},
		{"no doses", one + "    clauses:\n      - {group: MMR, from: 2 years}\n", "m.yaml:10: x: MMR needs doses"},
		{"complete at another age", strings.Replace(one, "until: 7 years}", "until: 7 years}, by: 18 months", 1) + "    clauses:\n      - {group: Hib, complete: true, doses: 3}\n",
			"m.yaml:10: x: whether Hib is complete is known on the night only, and by 24 months of people before 36 months"},
		{"complete beside another condition", one + "    clauses:\n      - {group: Hib, complete: true, doses: 3, from: 1 year}\n", "it can have no other condition"},
		{"ways and conditions", one + "    clauses:\n      - {group: HPV, from: 9 years, ways: [{doses: 2}, {doses: 3}]}\n", "write these into the ways"},
		{"season", one + "    clauses:\n      - {group: Influenza, doses: 1, season: July}\n", "season is \"July\""},
		{"age", one + "    clauses:\n      - {group: MMR, doses: 1, from: one year}\n", "\"one year\" is no age"},
		{"ages", strings.Replace(one, "until: 7 years", "until: 5 years", 1) + "    clauses: [MMR 1]\n", "m.yaml:4: population: ages: until must be more than from"},
		{"by before from", strings.Replace(one, "until: 7 years}", "until: 7 years}, by: 7 years", 1) + "    clauses: [MMR 1]\n", "by is after the youngest age"},
		{"rule", strings.Replace(one, "until: 7 years}", "until: 7 years}, rule: half", 1) + "    clauses: [MMR 1]\n", "there is no rule \"half\""},
		{"turning and ages", strings.Replace(one, "until: 7 years}", "until: 7 years}, turning: 2 years", 1) + "    clauses: [MMR 1]\n", "turning beside ages"},
		{"population", "measures:\n  - {id: x, version: 1, title: t, steward: s, source: s, doses: any, clauses: [MMR 1]}\n", "x has no population"},
		{"doses", "steward: s\nsource: s\npopulation: {ages: {from: 6 years}}\nmeasures:\n  - {id: x, version: 1, title: t, clauses: [MMR 1]}\n", "doses is \"\""},
		{"none of a way", one + "    clauses:\n      - {group: any, none: true, doses: 1}\n", "has none, and conditions beside it"},
		{"nothing", "steward: s\n", "measures is empty"},
		{"short", one + "    short: -1\n    clauses: [MMR 1]\n", "m.yaml:9: x: short is -1"},
		{"days late", one + "    days_late: -1\n    clauses: [{group: MMR, doses: 1, until: 16 months}]\n", "m.yaml:9: x: days_late must be a number of days"},
		{"days late and short", one + "    short: 1\n    days_late: 0\n    clauses: [{group: MMR, doses: 1, until: 16 months}]\n", "without short beside it"},
		{"late by the night", one + "    days_late: 0\n    clauses: [{group: MMR, doses: 1, until: 13 months}]\n",
			"m.yaml:9: x: days_late needs by or turning"},
		{"late by no day", one + "    days_late: 0\n    clauses:\n      - {group: MMR, doses: 1, until: 16 months}\n      - HepB 3\n",
			"m.yaml:12: x: days_late needs until in each way of HepB"},
		{"ends", head + "  - {id: x, version: 1, title: t, starts: 2026-01-01, ends: 2025-01-01, clauses: [MMR 1]}\n", "ends is before starts"},
	} {
		list, err := Parse(yamlfile.File{Name: "m.yaml", Text: []byte(c.text)}, known, nil)
		if err == nil || !strings.Contains(err.Error(), c.want) || len(list) > 0 {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

// Every fault of a file is named once, and an id that is there twice beside the others.
func TestAllFaultsOfAFileAreNamed(t *testing.T) {
	_, err := Parse(yamlfile.File{Name: "m.yaml", Text: []byte(`steward: s
source: s
doses: valid
population: {ages: {from: 6 years, until: 5 years}}
among: [Measles 1]
measures:
  - {id: x, version: 1, title: t, clauses: [MMR 1]}
  - {id: x, version: 1, title: t, clauses: [MMR]}
  - {id: y, version: 1, clauses: [MMR 1]}
  - {id: mmr-1, version: 1, title: t, clauses: [MMR 1]}
`)}, known, map[string]string{"mmr-1": "builtin/two-years.yaml"})
	if err == nil {
		t.Fatal("nothing is wrong")
	}
	want := []string{"m.yaml:8: measure x is in the file twice",
		"m.yaml:10: measure mmr-1 is in builtin/two-years.yaml already: give one of them another id",
		"m.yaml:4: population: ages: until must be more than from: nobody would be of the age",
		"m.yaml:5: among: there is no vaccine group \"Measles\"; there are ",
		"m.yaml:8: x: clause \"MMR\" must be a group and a number of doses, such as MMR 1",
		"m.yaml:9: y: title is empty: readers of the figure need it"}
	got := strings.Split(err.Error(), "\n")
	if len(got) != len(want) {
		t.Fatalf("faults are %q", got)
	}
	for i := range want {
		if !strings.HasPrefix(got[i], want[i]) {
			t.Errorf("%q, want %q", got[i], want[i])
		}
	}
}

// A file is checked beside what is built in and the site's other files, but not beside the one that it takes the place of.
func TestAFileIsCheckedBesideTheOthers(t *testing.T) {
	dir, drafts := t.TempDir(), t.TempDir()
	text := func(id string) string {
		return "steward: s\nsource: s\ndoses: valid\npopulation: {ages: {from: 6 years, until: 7 years}}\nmeasures:\n" +
			"  - {id: " + id + ", version: 1, title: t, clauses: [MMR 1]}\n"
	}
	for path, id := range map[string]string{filepath.Join(dir, "ours.yaml"): "first-grade", filepath.Join(drafts, "ours.yaml"): "first-grade",
		filepath.Join(drafts, "more.yaml"): "first-grade", filepath.Join(drafts, "taken.yaml"): "mmr-1"} {
		if err := os.WriteFile(path, []byte(text(id)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for path, want := range map[string]string{filepath.Join(dir, "ours.yaml"): "", filepath.Join(drafts, "ours.yaml"): "",
		filepath.Join(drafts, "more.yaml"):  "more.yaml:6: measure first-grade is in ours.yaml already: give one of them another id",
		filepath.Join(drafts, "taken.yaml"): "taken.yaml:6: measure mmr-1 is in builtin/two-years.yaml already: give one of them another id"} {
		found, err := Check(path, dir, known)
		switch {
		case want == "" && (err != nil || len(found) != 1):
			t.Errorf("%s: %v, %v", filepath.Base(path), found, err)
		case want != "" && (err == nil || err.Error() != want):
			t.Errorf("%v, want %q", err, want)
		}
	}
}
