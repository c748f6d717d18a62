package ingest

import (
	"strings"
	"testing"

	"miic/ingest/record"
	"miic/internal/inbox"
	"miic/internal/pipeline"
	"miic/internal/table"
)

func TestNumbersOfTwoPeople(t *testing.T) {
	born := func(y int) table.Date { return table.NewDate(y, 5, 5) }
	for _, c := range []struct {
		name string
		a, b version
		want bool
	}{
		{"same person", version{FirstName: "EVA", LastName: "RUUD", BirthDate: born(2010)},
			version{FirstName: "EVA", LastName: "RUUD", BirthDate: born(2010)}, false},
		{"corrected birth date", version{FirstName: "EVA", LastName: "RUUD", BirthDate: born(2010)},
			version{FirstName: "EVA", LastName: "RUUD", BirthDate: born(2011)}, false},
		{"new name", version{FirstName: "EVA", LastName: "RUUD", BirthDate: born(2010)},
			version{FirstName: "MAJA", LastName: "KROG", BirthDate: born(2010)}, false},
		{"named at last", version{FirstName: "BABY BOY", LastName: "RUUD", BirthDate: born(2010)},
			version{FirstName: "OLE", LastName: "RUUD", BirthDate: born(2010) + 1}, false},
		{"nickname", version{FirstName: "ALEXANDER", LastName: "RUUD", BirthDate: born(2010)},
			version{FirstName: "Alex", LastName: "RUUD", BirthDate: born(2011)}, false},
		{"another person", version{FirstName: "EVA", LastName: "RUUD", BirthDate: born(2010)},
			version{FirstName: "OLE", LastName: "LIE", BirthDate: born(2020)}, true},
		{"a sister", version{FirstName: "EVA", LastName: "RUUD", BirthDate: born(2010)},
			version{FirstName: "MAJA", LastName: "RUUD", BirthDate: born(2013)}, true},
		{"two on one number", version{FirstName: "KIM", LastName: "RUUD", BirthDate: born(2010), Sex: "M"},
			version{FirstName: "KIM", LastName: "RUUD", BirthDate: born(2012), Sex: "F"}, true},
		{"a corrected sex", version{FirstName: "KIM", LastName: "RUUD", BirthDate: born(2010), Sex: "M"},
			version{FirstName: "KIM", LastName: "RUUD", BirthDate: born(2010) + 9, Sex: "F"}, false},
		{"a sex told at last", version{FirstName: "KIM", LastName: "RUUD", BirthDate: born(2010)},
			version{FirstName: "KIM", LastName: "RUUD", BirthDate: born(2012), Sex: "F"}, false},
		{"a namesake", version{FirstName: "EVA", LastName: "RUUD", BirthDate: born(2010)},
			version{FirstName: "EVA", LastName: "KROG", BirthDate: born(2013)}, true},
	} {
		if got := contradicts(&c.a, &c.b); got != c.want {
			t.Errorf("%s: contradicts is %v", c.name, got)
		}
		if contradicts(&c.a, &c.b) != contradicts(&c.b, &c.a) {
			t.Errorf("%s: the order of the two matters", c.name)
		}
	}
}

// TestUnitsMustAddUp: a unit that is nowhere fails the night, and the error says in which batch.
func TestUnitsMustAddUp(t *testing.T) {
	n := &night{run: &pipeline.Run{}, batches: []*batch{{id: "0123456789abcdef", sender: &Sender{ID: "elm"},
		file: pipeline.Delivery{File: inbox.File{Name: "f"}}, status: loaded, Result: record.Result{Read: 3, Accepted: 1, Refused: 1}}}}
	if err := n.account(); err == nil || !strings.Contains(err.Error(), "0123456789abcdef") {
		t.Errorf("three units read, two accounted for: %v", err)
	}
}

func TestConfigIsChecked(t *testing.T) {
	good := Sender{ID: "elm", Kind: "clinic", Expected: "daily", Files: []FilePattern{{"*.hl7", "hl7-vxu"}}}
	if err := (Config{Senders: []Sender{good}}).Validate(); err != nil {
		t.Fatal(err)
	}
	for want, spoil := range map[string]func(*Sender){
		"id must be":  func(s *Sender) { s.ID = "../elm" },
		"kind":        func(s *Sender) { s.Kind = "hospital" },
		"expected":    func(s *Sender) { s.Expected = "often" },
		"encoding":    func(s *Sender) { s.Encoding = "ebcdic" },
		"files is":    func(s *Sender) { s.Files = nil },
		"no pattern":  func(s *Sender) { s.Files = []FilePattern{{"", "hl7-vxu"}} },
		"cannot be":   func(s *Sender) { s.Files = []FilePattern{{"[", "hl7-vxu"}} },
		"is unknown;": func(s *Sender) { s.Files = []FilePattern{{"*", "hl7"}} },
	} {
		s := good
		spoil(&s)
		if err := (Config{Senders: []Sender{s}}).Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error with %q, have %v", want, err)
		}
	}
	if err := (Config{Senders: []Sender{good, good}}).Validate(); err == nil ||
		!strings.Contains(err.Error(), "twice") {
		t.Errorf("the same id twice: %v", err)
	}
}
