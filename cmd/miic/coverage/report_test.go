package coverage

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"miic/internal/table"
)

// shown are a row that is published and one that is withheld.
func shown() []table.Publication {
	nan := math.NaN()
	return []table.Publication{
		{Snapshot: 1, Measure: "mmr-1", MeasureVersion: 1, Doses: "valid", AreaType: "county", AreaCode: "27001", AreaName: "Aitkin",
			Stratum: "all", StratumName: "all", Denominator: 80, Numerator: 60, NumeratorAny: 64, Percent: 75, PercentLow: 64.5,
			PercentHigh: 83.2, Population: 100, PeoplePercent: 80},
		{Snapshot: 1, Measure: "mmr-1", MeasureVersion: 1, Doses: "valid", AreaType: "county", AreaCode: "27003", AreaName: "Anoka",
			Stratum: "all", StratumName: "all", Percent: nan, PercentLow: nan, PercentHigh: nan, PeoplePercent: nan, Suppressed: true,
			Suppression: "few"}}
}

func TestNumbersAreNumbersInJSON(t *testing.T) {
	text, err := json.Marshal(documents(shown()))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"denominator":80,`, `"percent_low":64.5,`, `"population":100,`, `"suppressed":false`, `"suppression":null`,
		`"area_code":"27001"`, `"denominator":null,`, `"percent":null,`, `"population":null,`, `"suppressed":true`, `"suppression":"few"`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%s is not in %s", want, text)
		}
	}
}

func TestPopulationIsShownWhereThereIsOne(t *testing.T) {
	got := lines(shown())
	want := [][]string{{"area", "of whom", "people", "by valid doses", "by any", "percent", "95 %", "live there", "people of 100", "footnotes"},
		{"Aitkin", "all", "80", "60", "64", "75", "64.5 to 83.2", "100", "80", ""},
		{"Anoka", "all", "withheld", "", "", "", "", "", "", ""}}
	for i := range want {
		if !slices.Equal(got[i], want[i]) {
			t.Errorf("%q, want %q", got[i], want[i])
		}
	}
	if got := lines(shown()[1:])[0]; len(got) != 8 {
		t.Errorf("without a population: %q", got)
	}
}

func TestAreasThatNoRowIsAboutAreRefused(t *testing.T) {
	for _, c := range []struct{ by, kind, want string }{
		{"county", "", ""}, {"race", "", ""}, {"county", "county", ""}, {"county", "region", ""}, {"region", "region", ""},
		{"race", "region", "by race only the whole state is published; --internal counts areas"},
		{"sex", "county", "by sex only the whole state is published"},
		{"state", "county", "is a county: ask --by county"}, {"region", "county", "is a county: ask --by county"},
		{"state", "region", "is a region: ask --by region or --by county"},
	} {
		q := asked{by: []string{c.by}, area: "x"}
		err := q.checkArea(c.kind)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("--by %s with a %s: %v, want %q", c.by, c.kind, err, c.want)
		}
	}
}
