package ingest

import (
	"strings"
	"testing"

	"miic/ingest/field"
	"miic/ingest/rule"
	"miic/internal/table"
)

// What a layout may say is checked when it is read, and the error says where.
func TestLayoutsAreChecked(t *testing.T) {
	const good = "id: x\nmakes: client\nform: csv\ndates: YYYY-MM-DD\nfields:\n  - {to: source_client_id, column: ID, required: true}\n"
	if _, err := parseLayout([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string][2]string{
		"makes \"person\"":       {"makes: client", "makes: person"},
		"form \"xml\"":           {"form: csv", "form: xml"},
		"dates \"ISO\"":          {"YYYY-MM-DD", "ISO"},
		"between \"bar\"":        {"form: csv", "form: csv\nbetween: bar"},
		"to \"person_id\"":       {"to: source_client_id", "to: person_id"},
		"needs at or value":      {"column: ID", "at: [[1, 2]]"},
		"lies outside":           {"form: csv\ndates: YYYY-MM-DD\nfields:\n  - {to: source_client_id, column: ID", "form: fixed\nwidth: 10\ndates: YYYY-MM-DD\nfields:\n  - {to: source_client_id, at: [[5, 7]]"},
		"kind of observation":    {"form: csv", "form: csv\ncomments: {\"33\": refusal}"},
		"unknown field":          {"form: csv", "form: csv\ncolour: red"},
		"such as \"immunity SCT": {"form: csv", "form: csv\ncomments: {\"33\": \"wish NIP002:00\"}"},
	} {
		if _, err := parseLayout([]byte(strings.Replace(good, change[0], change[1], 1))); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error with %s, have %v", want, err)
		}
	}
}

// A layout may have other delimiters, columns that may be missing, values where a line tells none, and values that
// stand once before the header.
func TestDelimitedLayouts(t *testing.T) {
	l, err := parseLayout([]byte(`id: x
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
	u := &unit{from: &File{Sender: "s", AsOf: table.NewDate(2026, 3, 2)}}
	u.arena.utf8 = true
	p := newFlat(&loading{from: &File{Layout: l}}, l, u, nil)
	u.arena.utf8 = true
	for _, line := range []string{"LOT|A1||", `"dob"|CHART|last|Other`} {
		if err := p.header([]byte(line)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ line, want string }{
		{"01312020|7|Ek, Bo|x", "7/Ek, Bo/01312020/00//A1"},
		{`01312020|7|"E|k"|x`, "7/E|k/01312020/00//A1"},
	} {
		u.begin(1, 0)
		if !p.cut([]byte(c.line)) {
			t.Fatalf("%s is refused", c.line)
		}
		var got []string
		for _, at := range []field.Field{field.SourceID, field.LastName, field.BirthDate, field.Source, field.MiddleName, field.Lot} {
			got = append(got, string(u.raw[at]))
		}
		if strings.Join(got, "/") != c.want {
			t.Errorf("%s: %s, want %s", c.line, strings.Join(got, "/"), c.want)
		}
	}
	u.begin(1, 0)
	if p.cut([]byte("01312020|7")) || u.faults[0].rule != rule.Columns {
		t.Error("a line with too few fields is read")
	}
}

// The site says what its comment codes mean; what it does not know is kept under its number.
func TestCommentsMeanWhatTheLayoutSays(t *testing.T) {
	u := &unit{from: &File{Sender: "s", AsOf: table.NewDate(2026, 3, 2)}, dates: "MMDDYYYY",
		comments: map[string]string{"21": "immunity SCT:38907003", "33": "refusal NIP002:00"}}
	for raw, want := range map[string]string{"21": "immunity SCT:38907003 024", "33": "refusal NIP002:00 ", "34": "comment WIR:34 "} {
		u.begin(1, 0)
		u.raw[field.SourceID], u.raw[field.CommentCode], u.raw[field.CommentOn] = []byte("7"), []byte(raw), []byte("01022025")
		var o stagedObservation
		u.comment(&o)
		if got := o.Kind + " " + o.Code + " " + o.CDSiCode; got != want || o.ObservedOn != table.NewDate(2025, 1, 2) || o.RecordID != "s/7/1" {
			t.Errorf("comment %s: %s, want %s", raw, got, want)
		}
		if warned := len(u.faults) == 1; warned != (raw == "34") {
			t.Errorf("comment %s: faults %v", raw, u.faults)
		}
	}
}
