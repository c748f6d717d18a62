package read

import (
	"strings"
	"testing"

	"miic/ingest/field"
)

// What a layout may say is checked when it is read, and the error says where.
func TestLayoutsAreChecked(t *testing.T) {
	const good = "id: x\nmakes: client\nform: csv\ndates: YYYY-MM-DD\nfields:\n  - {to: source_client_id, column: " +
		"ID, required: true}\n"
	if _, err := ParseLayout([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string][2]string{
		"makes \"person\"":  {"makes: client", "makes: person"},
		"form \"xml\"":      {"form: csv", "form: xml"},
		"dates \"ISO\"":     {"YYYY-MM-DD", "ISO"},
		"between \"bar\"":   {"form: csv", "form: csv\nbetween: bar"},
		"to \"person_id\"":  {"to: source_client_id", "to: person_id"},
		"needs at or value": {"column: ID", "at: [[1, 2]]"},
		"lies outside": {"form: csv\ndates: YYYY-MM-DD\nfields:\n  - {to: source_client_id, column: ID",
			"form: fixed\nwidth: 10\ndates: YYYY-MM-DD\nfields:\n  - {to: source_client_id, at: [[5, 7]]"},
		"kind of observation":    {"form: csv", "form: csv\ncomments: {\"33\": refusal}"},
		"unknown field":          {"form: csv", "form: csv\ncolour: red"},
		"such as \"immunity SCT": {"form: csv", "form: csv\ncomments: {\"33\": \"wish NIP002:00\"}"},
	} {
		if _, err := ParseLayout([]byte(strings.Replace(good, change[0], change[1], 1))); err == nil ||
			!strings.Contains(err.Error(), want) {
			t.Errorf("want an error with %s, have %v", want, err)
		}
	}
}

// A layout may have other delimiters, columns that may be missing, values where a line tells none, and values that
// stand once before the header.
func TestDelimitedLayouts(t *testing.T) {
	l, err := ParseLayout([]byte(`id: x
makes: visit
form: csv
between: pipe
dates: MMDDYYYY
fields:
  - {to: source_client_id, column: Chart, required: true}
  - {to: last_name, column: Last}
  - {to: birth_date, column: DOB}
  - {to: source, column: src, value: "00"}
  - {to: middle_name, column: Middle, optional: true}
  - {to: lot, column: Lot, shared: true}
`))
	if err != nil {
		t.Fatal(err)
	}
	c := Cutter{Heading: NewHeading(l)}
	for _, line := range []string{"LOT|A1||", `"dob"|CHART|last|Other`} {
		if missing, err := c.Take([]byte(line)); err != nil || len(missing) > 0 {
			t.Fatal(missing, err)
		}
	}
	for _, tc := range []struct{ Line, want string }{
		{"01312020|7|Ek, Bo|x", "7/Ek, Bo/01312020/00//A1"},
		{`01312020|7|"E|k"|x`, "7/E|k/01312020/00//A1"},
	} {
		var raw field.Values
		if c.Cut([]byte(tc.Line), &raw) != cutGood {
			t.Fatalf("%s is refused", tc.Line)
		}
		var got []string
		for _, at := range []field.Field{field.SourceID, field.LastName, field.BirthDate, field.Source,
			field.MiddleName, field.Lot} {
			got = append(got, string(raw[at]))
		}
		if strings.Join(got, "/") != tc.want {
			t.Errorf("%s: %s, want %s", tc.Line, strings.Join(got, "/"), tc.want)
		}
	}
	if c.Cut([]byte("01312020|7"), &field.Values{}) != CutColumns {
		t.Error("a line with too few fields is read")
	}
}
