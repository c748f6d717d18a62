package table

import (
	"strings"
	"testing"
)

// How a delivery was left is what the nights did with it, one after the other; bytes that come again change nothing.
func TestStanding(t *testing.T) {
	for _, c := range []struct {
		name, want string
		rows       []Batch // of one delivery
	}{
		{"held and passed over in one night", "held", []Batch{{Snapshot: 1, Status: "held"}, {Snapshot: 1, Status: "duplicate"}}},
		{"held, then refused", "refused", []Batch{{Snapshot: 1, Status: "held"}, {Snapshot: 2, Status: "refused"}}},
		{"loaded and, under another name, refused", "loaded", []Batch{{Snapshot: 1, Status: "loaded"}, {Snapshot: 2, Status: "refused"}}},
		{"released after it was held", "loaded", []Batch{{Snapshot: 1, Status: "held"}, {Snapshot: 2, Status: "loaded"}, {Snapshot: 3, Status: "duplicate"}}},
		{"taken out", "backed_out", []Batch{{Snapshot: 1, Status: "loaded"}, {Snapshot: 2, Status: "backed_out"}}},
		{"taken out, and held when it comes again", "held", []Batch{{Snapshot: 1, Status: "loaded"}, {Snapshot: 2, Status: "backed_out"}, {Snapshot: 3, Status: "held"}}},
		{"taken out and loaded again", "loaded", []Batch{{Snapshot: 1, Status: "loaded"}, {Snapshot: 2, Status: "backed_out"}, {Snapshot: 3, Status: "loaded"}}},
	} {
		forth := Standing{}
		for i := range c.rows {
			c.rows[i].BatchID = "b"
			forth.Add(&c.rows[i])
		}
		if forth["b"].Status != c.want {
			t.Errorf("%s: it stands as %s, want %s", c.name, forth["b"].Status, c.want)
		}
	}
}

func TestReadChanges(t *testing.T) {
	list, err := ReadChanges(strings.NewReader("old,new,since\n 1 ,2,2026-03-01\n"), "old", "new", "numbers")
	if err != nil || len(list) != 1 || list[0] != (Change{"1", "2", "2026-03-01"}) {
		t.Errorf("%v, %v", list, err)
	}
	for text, want := range map[string]string{
		"":                     "its first line is not old,new,since",
		"new,old,since\n":      "its first line is not old,new,since",
		"old,new,since\n1,2\n": "line 2 has not three cells",
		"old,new,since\n1,2,2026-03-01\n1,1,2026-03-01\n": "line 3: it needs two different numbers",
		"old,new,since\n,2,2026-03-01\n":                  "line 2: it needs",
		"old,new,since\n77,2,2026-02-30\n":                "line 2: it needs",
	} {
		if _, err := ReadChanges(strings.NewReader(text), "old", "new", "numbers"); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "77") {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}
