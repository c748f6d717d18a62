package read

import (
	"strings"
	"testing"

	"miic/ingest/field"
)

// One column is taken apart by its split: whole names, and city, state and ZIP in one, as spreadsheets have them.
func TestSplit(t *testing.T) {
	for _, c := range []struct{ split, value, want string }{
		{"last_name, first_name middle_name?", "Olson, Mary Ann", "last_name=Olson first_name=Mary middle_name=Ann"},
		{"last_name, first_name middle_name?", "Garcia-Ruiz,Ingrid", "last_name=Garcia-Ruiz first_name=Ingrid middle_name="},
		{"last_name, first_name middle_name?", "St. John , Zoë", "last_name=St. John first_name=Zoë middle_name="},
		{"last_name, first_name middle_name?", "Van der Berg, A. B. C.", "last_name=Van der Berg first_name=A. middle_name=B. C."},
		{"last_name, first_name middle_name?", "Cher", ""},
		{"last_name, first_name", "Vang,", ""},
		{"first_name last_name", "Maya Abdi Nur", "first_name=Maya last_name=Abdi Nur"},
		{"city, state zip", "St. Cloud, MN 56301", "city=St. Cloud state=MN zip=56301"},
		{"city, state zip", "St. Cloud,Minnesota  56301-1234", "city=St. Cloud state=Minnesota zip=56301-1234"},
		{"city, state zip?", "Duluth, MN", "city=Duluth state=MN zip="},
		{"city state zip", "Sleepy Eye MN 56085", "city=Sleepy Eye state=MN zip=56085"},
		{"city, state zip", "St. Cloud MN", ""},
		{"last_name^first_name^_", "Abdi^Maya^L", "last_name=Abdi first_name=Maya"},
		{"cvx - trade_name", "110 - Pediarix", "cvx=110 trade_name=Pediarix"},
		{"trade_name (cvx)", "MMR II (03)", "trade_name=MMR II cvx=03"},
		{"trade_name | lot", "Infanrix|L2542", "trade_name=Infanrix lot=L2542"},
	} {
		s, err := parseSplit(c.split)
		if err != nil {
			t.Fatal(err)
		}
		var raw field.Values
		var got []string
		if s.apart([]byte(c.value), &raw) {
			for _, f := range s.parts {
				if f != field.None {
					got = append(got, f.String()+"="+string(raw[f]))
				}
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%q of %q: %v, want %s", c.split, c.value, got, c.want)
		}
	}
}

// A layout whose split or map cannot be meant is refused with the field and what to write.
func TestWrongSplitsAndMaps(t *testing.T) {
	for fields, want := range map[string]string{
		`{column: name, split: ", "}`:                                   "write fields and what separates them",
		`{column: name, split: "surname, first_name"}`:                  `"surname" is not a field we know`,
		`{column: name, split: "last_name, last_name"}`:                 "twice",
		`{column: name, split: "last_name?, first_name"}`:               "the first field cannot be missing",
		`{column: name, to: last_name, split: "last_name, first_name"}`: "with split a field has column",
		`{to: sex, column: s, map: {F: F, f: M}}`:                       "two meanings",
		`{to: lot, column: a}, {to: cvx, column: A}`:                    "is there twice",
	} {
		text := "id: x\nmakes: visit\nform: csv\nencoding: utf-8\ndates: M/D/YYYY\nfields: [" + fields + "]\n"
		if _, err := ParseLayout([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", fields, err, want)
		}
	}
	if _, err := ParseLayout([]byte("id: x\nmakes: visit\nform: csv\nencoding: utf-8\ndates: D.M.YYYY\nfields: []\n")); err == nil ||
		!strings.Contains(err.Error(), "M/D/YYYY") {
		t.Errorf("a form of dates that we do not know: %v", err)
	}
}

func TestSlashedDates(t *testing.T) {
	for text, want := range map[string]string{"1/27/2022": "2022-01-27", "01/02/2022": "2022-01-02", "12/31/2024 0:00": "2024-12-31",
		"13/2/2024": "", "2/30/2024": "", "1/2/24": "", "2024-01-02": "", "1/2/2024 9:30": "", "/2/2024": "", "1/1/1900": ""} {
		got := ""
		if d, state := ParseDate("M/D/YYYY", []byte(text)); state == DateGood {
			got = d.String()
		}
		if got != want {
			t.Errorf("%s is read as %q, want %q", text, got, want)
		}
	}
}
