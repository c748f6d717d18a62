package codes

import (
	"strings"
	"testing"

	"miic/internal/area"
)

func TestCounties(t *testing.T) {
	for in, want := range map[string]string{
		"MN/053": "27053", "MN/27053": "27053", "/27053": "27053", "MN/MN053": "27053", "/MN053": "27053",
		"MN/Hennepin": "27053", "mn/HENNEPIN COUNTY": "27053",
		"MN/Lac qui Parle": "27073", "MN/LACQUIPARLE": "27073", "MN/Lake of the Woods": "27077", "MN/Lake": "27075",
		"MN/McLeod": "27085", "MN/MC LEOD CO.": "27085",
		"MN/St. Louis": "27137", "MN/ST LOUIS": "27137", "MN/Saint Louis": "27137", "MN/SAINT LOUIS COUNTY": "27137",
		"MN/Le Sueur": "27079", "MN/Lesueur": "27079",
		"MN/Big Stone Co": "27011", "MN/Crow Wing": "27035", "ND/017": "38017", "/38017": "38017",
		"MN/": "", "MN/MN": "", "MN/999": "", "MN/000": "", "/99999": "",
		"MN/002": "?", "MN/27002": "?", "/98001": "?", "MN/Dane": "?", "ND/Cass": "?", "/Hennepin": "?", "/053": "?",
		"MN/5": "?", "MN/COUNTY": "?", "MN/Saint": "?",
	} {
		state, s, _ := strings.Cut(in, "/")
		got, ok := County(state, s)
		if !ok {
			got = "?"
		}
		if got != want {
			t.Errorf("county %q of state %q is %q, want %q", s, state, got, want)
		}
	}
	for _, c := range area.Default().Counties() {
		for _, s := range []string{c.FIPS, c.FIPS[2:], c.Name, strings.ToUpper(c.Name), strings.ToLower(c.Name) +
			" county", strings.ReplaceAll(c.Name, " ", "")} {
			if got, ok := County("MN", s); !ok || got != c.FIPS {
				t.Errorf("%q is read as %q, want %s", s, got, c.FIPS)
			}
		}
	}
}

// TestEveryWordOfTheCodeBase: what AIRA lists for a person's attributes is read, in any case.
func TestEveryWordOfTheCodeBase(t *testing.T) {
	known, _ := aira(t)
	rows := 0
	for set, table := range map[string]string{"PATIENT_RACE": "race", "PATIENT_ETHNICITY": "ethnicity",
		"PERSON_LANGUAGE": "language", "PERSON_RELATIONSHIP": "relation",
		"BODY_ROUTE": "route", "PATIENT_SEX": "sex", "REGISTRY_STATUS": "status", "PATIENT_PUBLICITY": "contact"} {
		for v := range known[set] {
			rows++
			word, ok := Word(table, v)
			if lower, _ := Word(table, strings.ToLower(v)); !ok || lower != word {
				t.Errorf("%s %s is read as %q, %v; in small letters as %q", table, v, word, ok, lower)
			}
		}
	}
	if rows < 140 {
		t.Errorf("only %d rows were looked at", rows)
	}
}
