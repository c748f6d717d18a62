package population

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"miic/internal/area"
)

var counties = []area.County{{FIPS: "27001", Name: "Aitkin", Region: "north"}, {FIPS: "27031", Name: "Cook", Region: "north"},
	{FIPS: "27109", Name: "Olmsted", Region: "south"}}

func load(t *testing.T, lines string) ([]Row, []string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "populations.csv")
	if err := os.WriteFile(path, []byte("county_fips,birth_cohort,ages,population,source\n"+lines), 0o600); err != nil {
		t.Fatal(err)
	}
	return Load(path, counties)
}

// TestPopulationsOfAreas: an area has a population where each of its counties has one.
func TestPopulationsOfAreas(t *testing.T) {
	rows, faults := load(t, "27001,,2,100,c\n27031,,2,40,c\n27109,,2,900,c\n27001,,3,101,c\n27031,,3,41,c\n27001,,13-17,500,c\n"+
		"27031,,65+,7,c\n27001,2023,,99,b\n27031,2023,,0,b\n27109,2023,,1000,b\n")
	want := []string{
		"populations.csv has no population of ages 3 for Olmsted (27109): they, their regions and the state have no ratio",
		"populations.csv has no population of ages 13-17 for Cook (27031), Olmsted (27109): they, their regions and the state have no ratio",
		"populations.csv has no population of ages 65+ for Aitkin (27001), Olmsted (27109): they, their regions and the state have no ratio",
	}
	if !slices.Equal(faults, want) {
		t.Errorf("faults %q", faults)
	}
	x := NewIndex(rows, counties)
	for _, c := range []struct {
		areaType, code string
		ages           Span
		want           int64
	}{
		{"county", "27001", Span{2, 2}, 100}, {"region", "north", Span{2, 2}, 140}, {"state", "MN", Span{2, 2}, 1040},
		{"county", "27001", Span{2, 3}, 201}, {"region", "north", Span{2, 3}, 282}, {"state", "MN", Span{2, 3}, 0},
		{"county", "27001", Span{13, 17}, 500}, {"county", "27001", Span{13, 16}, 0}, {"county", "27031", Span{65, Oldest}, 7},
		{"region", "unassigned", Span{2, 2}, 0},
	} {
		if got := x.OfAges(c.areaType, c.code, c.ages); got != c.want {
			t.Errorf("%s %s, ages %s: %d, want %d", c.areaType, c.code, c.ages, got, c.want)
		}
	}
	if a, b := x.OfCohort("state", "MN", 2023), x.OfCohort("state", "MN", 2022); a != 1099 || b != 0 {
		t.Errorf("cohorts: %d and %d", a, b)
	}
}

// TestMistakesHaveALine: a wrong line is named, and the other counties go on.
func TestMistakesHaveALine(t *testing.T) {
	const all = "27031,,2,40,c\n27109,,2,900,c\n"
	for _, c := range []struct {
		lines, want string
		rows        int
	}{
		{"27002,,2,100,c\n" + all, `populations.csv:2: there is no county "27002" in the table of counties: write its five-digit FIPS code`, 2},
		{"27001,,2,-5,c\n" + all, `populations.csv:2: population is "-5": it must be a whole number, 0 or more`, 2},
		{"27001,,2,1.5,c\n" + all, `populations.csv:2: population is "1.5": it must be a whole number, 0 or more`, 2},
		{"27001,,2,5,c\n" + all + "27001,,2,6,c\n", `populations.csv:5: Aitkin has a population of ages 2 in line 2 already: neither is used`, 2},
		{"27001,,two,5,c\n" + all, `populations.csv:2: ages is "two": it must be completed years, such as 2, 13-17 or 65+`, 2},
		{"27001,,5-2,5,c\n" + all, `populations.csv:2: ages is "5-2": it must begin with the youngest`, 2},
		{"27001,2023,2,5,c\n" + all, `populations.csv:2: must have either birth_cohort or ages`, 2},
		{"27001,23,,5,c\n" + all, `populations.csv:2: birth_cohort is "23": it must be the year in whose July the cohort begins`, 2},
		{"27001,,2,5,\n" + all, `populations.csv:2: source is empty: readers of the ratio need to know whose count it is`, 2},
		{"27001,,2\n" + all, `populations.csv:2: has 3 columns: it must have 5`, 2},
		{"27001,,\"2,5,c\n" + all, `populations.csv:2: is no CSV line: mind the quotation marks; nothing of the file is used`, 0},
	} {
		rows, faults := load(t, c.lines)
		if len(faults) == 0 || faults[0] != c.want || len(rows) != c.rows {
			t.Errorf("%q: %d rows, %q, want %q", c.lines, len(rows), faults, c.want)
		}
	}
	_, faults := Load("/nowhere/populations.csv", counties)
	if len(faults) != 1 || faults[0] != "populations.csv cannot be read: put the file there, or take populations out of the settings" {
		t.Errorf("%q", faults)
	}
	if rows, faults := Load("", counties); rows != nil || faults != nil {
		t.Error("no file has a fault")
	}
}
