package ingest_test

import (
	"fmt"
	"strings"
	"testing"

	"miic/internal/engine"
	"miic/internal/table"
)

// TestWishesInBothDirections: what a message says of sharing and of contact is read as it is meant, a later word in the
// other direction is the newer version, and a message without one changes nothing. That a restriction stays, whatever the
// newest word is, is for linkage (TestRequestsRestrictFromTheFirstNight).
func TestWishesInBothDirections(t *testing.T) {
	type wish struct{ publicity, protection, contact, share string }
	wishes := []wish{
		{"01", "N", "none", "allowed"}, {"02", "Y", "allowed", "refused"}, {"03", "N", "allowed_no_calls", "allowed"},
		{"04", "Y", "reminder_only", "refused"}, {"05", "N", "reminder_only_no_calls", "allowed"},
		{"06", "Y", "recall_only", "refused"}, {"07", "N", "recall_only_no_calls", "allowed"},
		{"08", "", "allowed", "unknown"}, {"10", "", "reminder_only", "unknown"}, {"12", "", "recall_only", "unknown"},
	}
	f := newFeed(t)
	night := func(day int, of func(i int) (publicity, protection string)) map[string]table.ClientRecord {
		var file strings.Builder
		for i := range wishes {
			publicity, protection := of(i)
			message := vxu(day, barePID, fmt.Sprintf("PD1|||||||||||%s|%s", publicity, protection))
			file.WriteString(strings.NewReplacer("K1^", fmt.Sprintf("K%d^", i), "Eva", fmt.Sprintf("Eva%c", 'a'+i),
				"VXU_V04|", fmt.Sprintf("VXU_V04|%d-", i)).Replace(message))
		}
		f.night("elm", fmt.Sprintf("day%d.hl7", day), file.String())
		newest := map[string]table.ClientRecord{}
		e := f.bench.Engine
		if err := e.View(t.Context(), "told", table.ClientRecords, f.bench.Files("client_record")); err != nil {
			t.Fatal(err)
		}
		rows, err := engine.Rows[table.ClientRecord](t.Context(), e, engine.LatestSQL(table.ClientRecords, "told"))
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			newest[r.SourceClientID] = r
		}
		return newest
	}
	first := night(1, func(i int) (string, string) { return wishes[i].publicity, wishes[i].protection })
	for i, w := range wishes {
		if c := first[fmt.Sprint("K", i)]; c.Contact != w.contact || c.Share != w.share {
			t.Errorf("publicity %s, protection %q: contact %s, share %s; want %s, %s", w.publicity, w.protection, c.Contact,
				c.Share, w.contact, w.share)
		}
	}
	other := func(i int) wish { return wishes[(i+1)%7] } // another word of contact, and the other of sharing
	second := night(2, func(i int) (string, string) { return other(i).publicity, other(i).protection })
	third := night(3, func(int) (string, string) { return "", "" })
	for i, w := range wishes {
		for day, c := range []table.ClientRecord{second[fmt.Sprint("K", i)], third[fmt.Sprint("K", i)]} {
			if c.Contact != other(i).contact || c.Share != other(i).share {
				t.Errorf("after %s/%s, day %d: contact %s, share %s; want %s, %s", w.publicity, w.protection, day+2, c.Contact,
					c.Share, other(i).contact, other(i).share)
			}
		}
	}
}
