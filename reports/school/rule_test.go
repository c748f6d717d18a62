package school

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"miic/internal/yamlfile"
)

const good = `state: ND
for: school
title: A law
source: Its text
checked: 2026-11-29
in_progress: 30 days
grace_days: 4
vaccines:
  - {id: MMR, name: measles, group: MMR, products: [3], not_before: 12 months, apart: 4 weeks}
rows:
  - who: everybody
    needs:
      MMR: [{doses: 1}]
`

// Another state's rules are a file of the site, and stand beside the built-in ones.
func TestAnotherState(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "nd.yaml"), []byte(good), 0o600); err != nil {
		t.Fatal(err)
	}
	laws, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	nd := laws.For("ND", ForSchool)
	if nd == nil || laws.For("MN", ForSchool) == nil || laws.For("MN", ForChildCare) == nil {
		t.Fatalf("laws: %+v", laws)
	}
	s := Student{Grade: "5", Born: day(t, "2018-01-10"), EnrolledOn: day(t, "2025-09-02")}
	if got := nd.Judge(&s, true, dosesOf(t, "2019-01-10:3"), nil, day(t, "2026-03-02")); len(got) != 1 || got[0].Status != Complete {
		t.Errorf("%+v", got)
	}
	// A site's own file for Minnesota takes the place of the built-in one.
	if err := os.WriteFile(filepath.Join(dir, "mn.yaml"), []byte(strings.Replace(good, "ND", "MN", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if laws, err = Load(dir); err != nil || laws.For("MN", ForSchool).Name != "mn.yaml" || len(laws) != 3 {
		t.Errorf("%d laws, %v", len(laws), err)
	}
}

func TestMistakesInRulesAreNamedByLine(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"state: ND", "state: Nd", `x.yaml:1: state "Nd"`},
		{"for: school", "for: camp", `x.yaml:2: for "camp"`},
		{"checked: 2026-11-29", "checked: 2026-11-31", "x.yaml:5: checked"},
		{"in_progress: 30 days", "in_progress: a month", "x.yaml:6:"},
		{"MMR: [{doses: 1}]", "MMR: [{doses: 1, last_from: four}]", `x.yaml:13: "four" is no time`},
		{"grace_days: 4", "grace: 4", "x.yaml:7:"},
		{"products: [3]", "products: []", "x.yaml:9: a vaccine has"},
		{"MMR: [{doses: 1}]", "MRM: [{doses: 1}]", "x.yaml:13: MRM is not among the vaccines"},
		{"MMR: [{doses: 1}]", "MMR: [{doses: 0}]", "x.yaml:13: doses is 0"},
		{"who: everybody", "who: everybody\n    grades: [13]", `x.yaml:12: grade "13"`},
		{"rows:", "rows:\n  - who: others\n    from: 7 years", "x.yaml:13: some child is in this row"},
	} {
		_, err := parse(yamlfile.File{Name: "x.yaml", Text: []byte(strings.Replace(good, c.old, c.new, 1))})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.new, err, c.want)
		}
	}
	if _, err := Load(filepath.Join(t.TempDir(), "missing")); err == nil {
		t.Error("a folder that is not there is no error")
	}
}
