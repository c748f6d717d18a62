package campaign

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"miic/internal/area"
	"miic/internal/table"
)

func known() Known {
	return Known{Groups: []string{"DTaP/Tdap/Td", "HPV", "HepA", "HepB", "Hib", "Influenza", "MMR", "Meningococcal", "Pneumococcal", "Polio", "Rotavirus", "Varicella"},
		Regions: area.Default().Regions(), Counties: area.Default().Counties(), Clinics: []string{"lakes-health"}, Templates: map[string][]string{"notice": {"en", "es", "so"}, "postcard": {"en"}},
		Standing: Campaign{Name: "nightly", Kind: Both, UntilMonths: 228, Groups: []string{"MMR"}, ReminderDays: 30, RecallDays: 30, MaxRounds: 2,
			MinInterval: 28, RefusalDays: 365, Priority: 100, Channels: []string{Mail}, Template: "notice", Language: "family"}}
}

// folder is a folder with the files, each a name and its text.
func folder(t *testing.T, files ...string) string {
	dir := t.TempDir()
	for i := 0; i < len(files); i += 2 {
		if err := os.WriteFile(filepath.Join(dir, files[i]), []byte(files[i+1]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const plain = "name: outbreak\ngroups: [MMR]\n"

// TestWrongCampaignsAreRefused is item 2: what is unknown or cannot be is named with file and line.
func TestWrongCampaignsAreRefused(t *testing.T) {
	for _, tc := range []struct{ text, want string }{
		{plain + "colour: red\n", `a.yaml:3: unknown field "colour"`},
		{"name: x\ngroups:\n  - MMR\n  - Measles\n", `a.yaml:4: groups: there is no vaccine group "Measles"`},
		{plain + "beside: [MMR]\n", "a.yaml:3: vaccine group MMR is in both"},
		{"name: x\n", "a.yaml:1: groups names no vaccine group"},
		{"name: x\nseries: 9:9\n", `a.yaml:2: there is no series "9:9"`},
		{"name: x\ngroups: [Polio doses 3-1]\n", `a.yaml:2: groups: "Polio doses 3-1" has no such doses`},
		{plain + "counties:\n  - Hennepin\n  - Cook County\n", `a.yaml:5: counties: there is no county "Cook County"`},
		{plain + "regions: [atlantis]\n", `a.yaml:3: regions: there is no region "atlantis"`},
		{plain + "zips: [5510]\n", `a.yaml:3: zips: "5510" is no ZIP code`},
		{plain + "clinics: [nobody]\n", `a.yaml:3: clinics: there is no sender "nobody"`},
		{plain + "template: glossy\n", `a.yaml:3: there is no template "glossy"`},
		{plain + "language: fr\n", `a.yaml:3: language is "fr": it must be family, both, or a language that template notice is in: en, es, so`},
		{plain + "template: postcard\nlanguage: es\n", `a.yaml:4: language is "es"`},
		{plain + "price:\n  history_page: 0.10\n", "a.yaml:4: price: no history page goes with the letters"},
		{plain + "channels: [mail, pigeon]\n", `a.yaml:3: channels: there is no channel "pigeon"`},
		{plain + "ages:\n  from: 2 weeks\n", `a.yaml:4: ages: from is "2 weeks"`},
		{plain + "ages: {from: 2 years, until: 24 months}\n", "a.yaml:3: ages: until must be more than from"},
		{plain + "rounds: 0\n", "a.yaml:3: rounds is 0"},
		{plain + "cut_off: 13-01\n", `a.yaml:3: cut_off: "13-01" is no day`},
		{plain + "price: {mail: free}\n", `a.yaml:3: price: "free" is no price`},
		{plain + "like: nothing\n", "a.yaml:3: there is no built-in campaign nothing"},
		{plain + "control: {share: 0.1, ends: 2026-12-31}\n", "a.yaml:3: control: approval is missing"},
		{plain + "control: {share: 0.1, approval: IRB 7}\n", "a.yaml:3: control: ends is missing"},
		{plain + "control: {share: 0.9, approval: IRB 7, ends: 2026-12-31}\n", "a.yaml:3: control: share is 0.9"},
		{plain + "outbreak: true\ncontrol: {share: 0.1, approval: IRB 7, ends: 2026-12-31}\n", "a.yaml:4: control: the campaign is about an outbreak"},
		{"name: Mumps!\ngroups: [MMR]\n", "a.yaml:1: name \"Mumps!\""},
		{"name: [\n", "a.yaml:1: "},
		{plain + "---\nlike: nightly\n", "a.yaml:3: a second document begins here"},
		{plain + "title: Ni\xf1os\n", "a.yaml:3: is not UTF-8 text"},
	} {
		t.Run(strings.ReplaceAll(tc.want, " ", "-"), func(t *testing.T) {
			list, faults, err := Load(folder(t, "a.yaml", tc.text, "b.yaml", "like: toddlers\n"), known())
			if err != nil || len(list) != 1 || list[0].Name != "toddlers" || !strings.Contains(strings.Join(faults, "\n"), tc.want) {
				t.Errorf("got %v, %q and %v, want %s", list, faults, err, tc.want)
			}
		})
	}
	_, faults, err := Load(folder(t, "a.yaml", plain, "b.yaml", "# again\n"+plain, "c.yml", "like: toddlers\n"), known())
	if want := []string{"b.yaml:2: campaign outbreak is in a.yaml already: give one of them another name",
		"c.yml:1: would be read by nobody: its name must end in .yaml"}; err != nil || !slices.Equal(faults, want) {
		t.Errorf("two of one name, and one of another ending: %q, %v", faults, err)
	}
}

// TestCampaignsOfASite: a file like a built-in one changes only what it names; one may be off; one may take the place of the
// standing one; a folder that is not there has none.
func TestCampaignsOfASite(t *testing.T) {
	list, faults, err := Load(folder(t, "toddlers.yaml", "\ufefflike: toddlers\nrounds: 1\nprice: {mail: 0.89, text: 0.0079, history_page: 0.07}\nchannels: [text, mail]\nhistory_page: true\nlanguage: both\n",
		"flu.yaml", "like: second-flu-dose\non: false\n", "standing.yaml", "like: nightly\nregions: [metro]\n"), known())
	if err != nil || len(list) != 3 || len(faults) > 0 {
		t.Fatalf("%v, %q, %v", list, faults, err)
	}
	order := Order(known().Standing, list)
	if got := []string{order[0].Name, order[1].Name, order[2].Name}; !slices.Equal(got, []string{"second-flu-dose", "toddlers", "nightly"}) || len(order) != 3 {
		t.Errorf("in the order %v", got)
	}
	flu, toddlers, standing := order[0], order[1], order[2]
	if flu.Runs(asOf) || !toddlers.Runs(asOf) || !standing.Runs(asOf) {
		t.Error("what is off runs, or what is on does not")
	}
	if toddlers.MaxRounds != 1 || toddlers.FromMonths != 19 || toddlers.UntilMonths != 24 || toddlers.Doses["Polio"][1] != 3 ||
		toddlers.PriceMicros[Text] != 7900 || toddlers.Channels[0] != Text || toddlers.PageMicros != 70_000 || !toddlers.HistoryPage ||
		toddlers.Language != BothLanguages || len(toddlers.PriceMicros) != 2 {
		t.Errorf("toddlers is %+v", toddlers)
	}
	if standing.Regions[0] != "metro" || standing.UntilMonths != 228 || standing.Source != "standing.yaml" {
		t.Errorf("the standing one is %+v", standing)
	}
	if none, _, err := Load(filepath.Join(t.TempDir(), "none"), known()); err != nil || none != nil {
		t.Errorf("%v, %v", none, err)
	}
}

// TestBuiltInCampaigns: all can be read, and are about whom their title says.
func TestBuiltInCampaigns(t *testing.T) {
	list, err := Builtin(known())
	if err != nil || len(list) != 7 {
		t.Fatalf("%d, %v", len(list), err)
	}
	of := map[string]*Campaign{}
	for i := range list {
		of[list[i].Name] = &list[i]
	}
	born := table.NewDate
	for _, tc := range []struct {
		name  string
		birth table.Date // as of 2 March 2026
		want  bool
	}{
		{"toddlers", born(2024, 8, 2), true}, {"toddlers", born(2024, 8, 3), false}, {"toddlers", born(2024, 3, 3), true}, {"toddlers", born(2024, 3, 2), false},
		{"two-year-series", born(2024, 3, 2), true}, {"two-year-series", born(2023, 3, 2), false},
		{"adolescents-11", born(2013, 3, 3), true}, {"adolescents-11", born(2013, 3, 2), false}, {"adolescents-16", born(2010, 3, 2), true},
		{"kindergarten", born(2021, 9, 1), true}, {"kindergarten", born(2021, 9, 2), false}, {"kindergarten", born(2020, 9, 1), false},
		{"second-flu-dose", born(2017, 3, 3), true}, {"second-flu-dose", born(2017, 3, 2), false},
	} {
		if got := of[tc.name].OfAge(tc.birth, asOf); got != tc.want {
			t.Errorf("%s is about somebody born on %s: %t", tc.name, tc.birth, got)
		}
	}
}
