package footnote

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"miic/internal/area"
)

var known = Known{Counties: area.Default().Counties(), Measures: []string{"mmr-1", "4:3:1", "4:3:1:3:3:1", "4:3:1:3:3:1:4"}}

// TestBuiltInFootnotes: nine counties are next to Iowa and seven next to South Dakota, one of them next to both.
func TestBuiltInFootnotes(t *testing.T) {
	list, faults, err := Load("", known)
	if err != nil || len(faults) > 0 {
		t.Fatal(err, faults)
	}
	beside := func(f Figure) string {
		var ids []string
		for _, n := range Beside(list, f) {
			ids = append(ids, n.ID)
		}
		return strings.Join(ids, " ")
	}
	count := map[string]int{}
	for _, c := range known.Counties {
		for _, id := range strings.Fields(beside(Figure{Measure: "mmr-1", AreaType: "county", Area: c.FIPS, Stratum: "all", Code: "all"})) {
			count[id]++
		}
	}
	if count["border-iowa"] != 9 || count["border-south-dakota"] != 7 || len(count) != 2 {
		t.Errorf("footnotes of counties: %v", count)
	}
	for _, c := range []struct {
		figure Figure
		want   string
	}{
		{Figure{Measure: "mmr-1", AreaType: "county", Area: "27133"}, "border-iowa border-south-dakota"},
		{Figure{Measure: "mmr-1", AreaType: "county", Area: "27109"}, ""},
		{Figure{Measure: "mmr-1", AreaType: "region", Area: "27133"}, ""},
		{Figure{Measure: "mmr-1", AreaType: "state", Stratum: "birth_cohort", Code: "2023"}, "covid-19-series"},
		{Figure{Measure: "mmr-1", AreaType: "state", Stratum: "all", Code: "all"}, "covid-19-series"},
		{Figure{Measure: "mmr-1", AreaType: "region", Area: "Metro", Stratum: "all", Code: "all"}, ""},
		{Figure{Measure: "hepb-3", AreaType: "state", Stratum: "birth_cohort", Code: "2023"}, ""},
	} {
		if got := beside(c.figure); got != c.want {
			t.Errorf("%+v: %q, want %q", c.figure, got, c.want)
		}
	}
}

// TestOwnFootnotes: a site's file stands beside the built-in ones, and a fault is named with its line and takes only its file.
func TestOwnFootnotes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "footnotes.yaml")
	for _, c := range []struct{ text, want string }{
		{"footnotes:\n  - id: ours\n    text: A sender was silent.\n    starts: 2026-01-05\n    ends: 2026-02-01\n", ""},
		{"footnotes:\n  - id: ours\n    text: t\n    counties: [\"27002\"]\n", `footnotes.yaml:4: ours: there is no county "27002"`},
		{"footnotes:\n  - id: ours\n    text: t\n    measures:\n      - mmr-1\n      - mmr-9\n", `footnotes.yaml:6: ours: there is no measure "mmr-9"`},
		{"footnotes:\n  - id: ours\n    text: t\n    cohorts: [two]\n", `footnotes.yaml:4: ours: "two" is no cohort`},
		{"footnotes:\n  - id: ours\n    text: t\n    areas: [city]\n", `footnotes.yaml:4: ours: "city" is no kind of area`},
		{"footnotes:\n  - id: border-iowa\n    text: t\n", "footnotes.yaml:2: there is a footnote border-iowa already"},
		{"footnotes:\n  - id: over-population\n    text: t\n", "there is a footnote over-population already"},
		{"footnotes:\n  - id: Ours\n    text: t\n", `footnotes.yaml:2: id is "Ours"`},
		{"footnotes:\n  - id: ours\n", "footnotes.yaml:2: ours: text is empty"},
		{"footnotes:\n  - id: ours\n    text: a | b\n", "footnotes.yaml:3: ours: text is empty, or has a vertical bar"},
		{"footnotes:\n  - id: ours\n    text: t\n    starts: 2026-02-01\n    ends: 2026-01-05\n", "footnotes.yaml:5: ours: ends is"},
		{"footnotes:\n  - id: ours\n    texts: t\n", `footnotes.yaml:3: unknown field "texts"`},
		{"footnotes: []\n", "footnotes is empty"},
		{"\ufefffootnotes:\n  - id: ours\n    text: A sender was silent.\n", ""}, // as some editors begin a text
		{"footnotes:\n  - id: ours\n    text: caf\xe9\n", "footnotes.yaml:3: is not UTF-8 text"},
	} {
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		list, faults, err := Load(path, known)
		if err != nil {
			t.Fatal(err)
		}
		if c.want != "" && (len(faults) == 0 || !strings.Contains(faults[0], c.want) || len(list) != 3) {
			t.Errorf("%q: %d footnotes, %q, want %q", c.text, len(list), faults, c.want)
		}
		if c.want == "" && (len(faults) > 0 || len(list) != 4 || list[3].Text != "A sender was silent.") {
			t.Errorf("%q: %v, %q", c.text, list, faults)
		}
	}
	if _, faults, err := Load("/nowhere/footnotes.yaml", known); err != nil || len(faults) != 1 {
		t.Errorf("%v %q", err, faults)
	}
}

// TestNightsOfAFootnote: the day before it starts, the days it has, and the day after.
func TestNightsOfAFootnote(t *testing.T) {
	starts, _ := day("2026-01-05")
	ends, _ := day("2026-02-01")
	list := []Footnote{{ID: "ours", Starts: starts, Ends: ends}}
	var got []int
	for _, f := range []Figure{{Night: starts - 1}, {Night: starts}, {Night: ends}, {Night: ends + 1}} {
		got = append(got, len(Beside(list, f)))
	}
	if !slices.Equal(got, []int{0, 1, 1, 0}) {
		t.Errorf("%v", got)
	}
}
