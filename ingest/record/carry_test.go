package record

import (
	"testing"

	"miic/internal/table"
)

// TestEveryColumnIsCarriedOver: a version that reports nothing but its birth date holds all that the one before it did.
func TestEveryColumnIsCarriedOver(t *testing.T) {
	full := table.ClientRecord{RecordID: "s/1/1", SenderTime: 1, BirthDate: 1, Reported: ReportedAll}
	for _, p := range parts {
		for _, text := range p.texts {
			*text(&full) = "x"
		}
	}
	full.BirthOrder, full.DeceasedOn, full.Share, full.Status = 2, 0, "refused", "M"
	bare := table.ClientRecord{RecordID: full.RecordID, SenderTime: 2, BirthDate: full.BirthDate, Share: "unknown",
		Contact: "allowed"}
	Carry(&bare, &full)
	if bare.ContentHash != ClientHash(&full) {
		t.Errorf("got %+v, want %+v", bare, full)
	}
	if len(parts) >= 40 {
		t.Error("the parts' bits run into those of the constants")
	}
}
