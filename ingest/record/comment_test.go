package record

import (
	"testing"

	"miic/ingest/field"
	"miic/internal/table"
)

// The site says what its comment codes mean; what it does not know is kept under its number.
func TestCommentsMeanWhatTheLayoutSays(t *testing.T) {
	u := &unit{from: &File{Sender: "s", AsOf: table.NewDate(2026, 3, 2)}, dates: "MMDDYYYY",
		comments: map[string]string{"21": "immunity SCT:38907003", "33": "refusal NIP002:00"}}
	for raw, want := range map[string]string{"21": "immunity SCT:38907003 024", "33": "refusal NIP002:00 ",
		"34": "comment WIR:34 "} {
		u.begin(1, 0)
		u.raw[field.SourceID], u.raw[field.CommentCode], u.raw[field.CommentOn] = []byte("7"), []byte(raw),
			[]byte("01022025")
		var o stagedObservation
		u.comment(&o)
		if got := o.Kind + " " + o.Code + " " + o.CDSiCode; got != want || o.ObservedOn != table.NewDate(2025, 1, 2) ||
			o.RecordID != "s/7/1" {
			t.Errorf("comment %s: %s, want %s", raw, got, want)
		}
		if warned := len(u.faults) == 1; warned != (raw == "34") {
			t.Errorf("comment %s: faults %v", raw, u.faults)
		}
	}
}
