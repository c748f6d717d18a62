package delivery

import (
	"testing"

	"miic/internal/table"
)

// How a delivery was left is what the nights did with it, one after the other; bytes that come again change nothing.
func TestNewest(t *testing.T) {
	for _, c := range []struct {
		name, want string
		rows       []table.Batch // of one delivery
	}{
		{"held and passed over in one night", "held", []table.Batch{{Snapshot: 1, Status: "held"}, {Snapshot: 1, Status: "duplicate"}}},
		{"held, then refused", "refused", []table.Batch{{Snapshot: 1, Status: "held"}, {Snapshot: 2, Status: "refused"}}},
		{"loaded and, under another name, refused", "loaded", []table.Batch{{Snapshot: 1, Status: "loaded"}, {Snapshot: 2, Status: "refused"}}},
		{"released after it was held", "loaded", []table.Batch{{Snapshot: 1, Status: "held"}, {Snapshot: 2, Status: "loaded"}, {Snapshot: 3, Status: "duplicate"}}},
		{"taken out", "backed_out", []table.Batch{{Snapshot: 1, Status: "loaded"}, {Snapshot: 2, Status: "backed_out"}}},
		{"taken out, and held when it comes again", "held", []table.Batch{{Snapshot: 1, Status: "loaded"}, {Snapshot: 2, Status: "backed_out"}, {Snapshot: 3, Status: "held"}}},
		{"taken out and loaded again", "loaded", []table.Batch{{Snapshot: 1, Status: "loaded"}, {Snapshot: 2, Status: "backed_out"}, {Snapshot: 3, Status: "loaded"}}},
	} {
		newest := Newest{}
		for i := range c.rows {
			c.rows[i].BatchID = "b"
			newest.Add(&c.rows[i])
		}
		if newest["b"].Status != c.want {
			t.Errorf("%s: it is %s, want %s", c.name, newest["b"].Status, c.want)
		}
	}
}
