package letter

import (
	"strings"
	"testing"

	"miic/forecast/schedule"
	"miic/internal/table"
)

// givenKeys are the keys of vaccines that only a dose on record has: what is due is named by its group.
var givenKeys = []string{"DTaP", "Tdap", "DTP", "DT", "Td", "Diphtheria", "Tetanus", "Pertussis", "Measles", "Mumps", "Rubella"}

// Every group of the schedule has a name in every language at every age, and none is called by the group's own name where
// that is a list of products.
func TestEveryVaccineHasPlainWords(t *testing.T) {
	s, _, err := schedule.Load("")
	if err != nil {
		t.Fatal(err)
	}
	c, known := catalog(t), map[string]bool{}
	antigens := givenKeys
	for _, g := range s.Groups {
		antigens = append(antigens, g.Antigens...)
	}
	for _, language := range c.Languages() {
		for _, g := range s.Groups {
			known[g.Name] = true
			for years := range 100 {
				text := c.VaccineText(language, g.Name, born(years), asOf)
				if len(text) != 1 || text[0].Language != language || strings.Contains(text[0].Text, "/") {
					t.Errorf("%s at %d years is called %v in %s", g.Name, years, text, language)
				}
			}
		}
		for _, key := range givenKeys {
			known[key] = true
		}
		for _, key := range antigens {
			if text := c.VaccineText(language, key, born(6), asOf); text[0].Language != language {
				t.Errorf("%s on record is called %v in %s", key, text, language)
			}
		}
		for _, g := range c.vaccines[language].groups() {
			if !known[g] {
				t.Errorf("the schedule has no group %s, which %s names", g, language)
			}
		}
	}
}

// A name goes by the age on the day of the dose: the booster of somebody who turns seven before it is due is a Tdap.
func TestVaccineNamesGoByAge(t *testing.T) {
	c := catalog(t)
	for _, x := range []struct {
		born, due table.Date
		want      string
	}{
		{table.NewDate(2024, 9, 2), asOf, "DTaP (diphtheria"},
		{table.NewDate(2019, 3, 3), asOf, "DTaP (diphtheria"},
		{table.NewDate(2019, 3, 3), asOf + 1, "Tdap (tetanus"},
		{table.NewDate(2014, 9, 2), asOf, "Tdap (tetanus"},
		{table.NewDate(1990, 9, 2), asOf, "Td or Tdap ("},
	} {
		if got := c.VaccineText("en", "DTaP/Tdap/Td", x.born, x.due).String(); !strings.HasPrefix(got, x.want) {
			t.Errorf("somebody born on %s and due on %s is due %q, want %q", x.born, x.due, got, x.want)
		}
	}
	if got := c.VaccineText("en", "Novel", asOf, asOf).String(); got != "Novel" {
		t.Errorf("a group that no file names is called %q", got)
	}
}
