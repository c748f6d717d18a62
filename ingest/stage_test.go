package ingest

import (
	"strings"
	"testing"

	"miic/ingest/record"
	"miic/internal/inbox"
	"miic/internal/pipeline"
)

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
