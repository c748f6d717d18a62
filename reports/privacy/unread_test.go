package privacy

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// file is a row of batch in few words.
func file(sender, kind, layout, status string, snapshot int64, time table.Time) table.Batch {
	return table.Batch{BatchID: sender + layout + status, Snapshot: snapshot, FileName: layout + status,
		Sender: sender, SenderKind: kind, Layout: layout, Status: status, SenderTime: time}
}

// leftOut is a file of requests that a rollback left out, of which so many units are in force.
func leftOut(read, accepted int64) table.Batch {
	b := file("families", "families", "family-requests", "left_out", 5, table.NewDate(2026, 3, 2).Midnight())
	b.UnitsRead, b.Accepted, b.Held = read, accepted, read-accepted
	return b
}

func TestWhichRequestsAreUnread(t *testing.T) {
	day := table.NewDate(2026, 3, 2)
	const families, layout = "families", "family-requests"
	monday, tuesday := day.Midnight(), (day + 1).Midnight()
	b, err := pipeline.NewBench(context.Background(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	for name, c := range map[string]struct {
		files  []table.Batch
		unread int
	}{
		"none came":  {nil, 0},
		"a good one": {[]table.Batch{file(families, families, layout, "loaded", 1, monday)}, 0},
		"refused": {[]table.Batch{file(families, families, layout, "loaded", 1, monday),
			file(families, families, layout, "refused", 2, tuesday)}, 1},
		"held":                           {[]table.Batch{file(families, families, layout, "held", 2, tuesday)}, 1},
		"a name that fits no layout":     {[]table.Batch{file(families, families, "", "refused", 2, tuesday)}, 1},
		"the layout from another sender": {[]table.Batch{file("county", "clinic", layout, "refused", 2, tuesday)}, 1},
		"a good one came later": {[]table.Batch{file(families, families, layout, "refused", 1, tuesday),
			file(families, families, layout, "loaded", 2, monday)}, 0},
		"a later one the same night": {[]table.Batch{file(families, families, layout, "refused", 1, monday),
			file(families, families, layout, "loaded", 1, tuesday)}, 0},
		"an earlier one the same night": {[]table.Batch{file(families, families, layout, "refused", 1, tuesday),
			file(families, families, layout, "loaded", 1, monday)}, 1},
		"only an empty one later": {[]table.Batch{file(families, families, layout, "refused", 1, monday),
			file(families, families, layout, "empty", 2, tuesday)}, 1},
		"only a copy of an older one": {[]table.Batch{file(families, families, layout, "refused", 1, monday),
			file(families, families, layout, "duplicate", 2, tuesday)}, 1},
		"another sender's good one": {[]table.Batch{file(families, families, layout, "refused", 1, monday),
			file("families-north", families, layout, "loaded", 2, tuesday)}, 1},
		"in the wrong place":          {[]table.Batch{file("", "", "", "stray", 1, monday)}, 1},
		"in the wrong place for days": {[]table.Batch{file("", "", "", "stray", 1, monday), file("", "", "", "stray", 2, tuesday)}, 1},
		"in the wrong place, whatever comes": {[]table.Batch{file("", "", "", "stray", 1, monday),
			file(families, families, layout, "loaded", 2, tuesday)}, 1},
		"in the wrong place, and settled": {[]table.Batch{file("", "", "", "stray", 1, monday),
			settledFile(file("", "", "", "stray", 2, tuesday))}, 0},
		"refused by an operator": {[]table.Batch{file(families, families, layout, "held", 1, monday),
			file(families, families, layout, "declined", 2, monday)}, 2},
		"left out, and it had been read whole": {[]table.Batch{leftOut(3, 3)}, 0},
		"left out, and some of it was unread":  {[]table.Batch{leftOut(3, 2)}, 1},
		"left out, and nobody knows":           {[]table.Batch{leftOut(0, 0)}, 1},
		"left out, and returned": {[]table.Batch{leftOut(3, 0),
			file(families, families, layout, "loaded", 6, monday)}, 0},
		"a clinic's file": {[]table.Batch{file("metro-health", "clinic", "hl7-vxu", "refused", 1,
			monday)}, 0},
	} {
		if err := engine.Load(context.Background(), b.Engine, "latest_batch", c.files); err != nil {
			t.Fatal(err)
		}
		rows, err := engine.Rows[UnreadRequest](context.Background(), b.Engine, queries.Get("unread_request"))
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) != c.unread {
			t.Errorf("%s: %d unread, want %d", name, len(rows), c.unread)
		}
	}
}

// settledFile is a stray file that was moved or refused.
func settledFile(b table.Batch) table.Batch {
	b.Status = "settled"
	return b
}

func TestOnlyWhatIsAboutSendersIsPublishedUnread(t *testing.T) {
	for name, c := range map[string]struct{ outputs, want string }{
		"nothing":              {"", ""},
		"senders alone":        {"campaigns.html linkage.html linkage_weights.csv report_cards responses run.html senders.csv senders.html", ""},
		"what was published":   {"coverage.html coverage coverage.csv coverage.parquet footnotes.csv run.html", ""},
		"a school's answer":    {"run.html schools", "schools"},
		"figures of clinics":   {"clinics coverage.csv run.html", "clinics"},
		"figures of campaigns": {"campaigns.csv campaigns.html run.html", "campaigns.csv"},
		"of a later stage":     {"measles responses", "measles"},
	} {
		out := filepath.Join(t.TempDir(), "000007")
		for output := range strings.FieldsSeq(c.outputs) {
			if err := os.MkdirAll(filepath.Join(out, output), 0o700); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := aboutPersons(out); got != c.want || err != nil {
			t.Errorf("%s: %q is about persons (%v), want %q", name, got, err, c.want)
		}
	}
}
