package reports

import (
	"encoding/xml"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"miic/internal/pipeline"
	"miic/internal/table"
)

var show = flag.String("show", "", "folder to write the tests' pages to, for looking at them")

// troubled is a night on which much went wrong.
func troubled() *world {
	w := population(11, 3000)
	w.batches[0].Rejected, w.batches[0].Accepted, w.batches[0].UnitsRead = 12, 3488, 3500
	w.batches = append(w.batches,
		table.Batch{BatchID: "c0ffee0000000001", Snapshot: 1, FileName: "PF_CLIENT_20260302.txt",
			Sender: "prairie-family", SenderKind: "clinic", Layout: "wir-client", Status: "refused", UnitsRead: 310, Rejected: 310, Reason: "the last line is cut off at byte 177,940: have the file sent again"},
		table.Batch{BatchID: "c0ffee0000000002", Snapshot: 1, FileName: "claims-20260302.csv",
			Sender: "north-star-plan", SenderKind: "health_plan", Layout: "plan-claims", Status: "held", UnitsRead: 41200, Held: 41200, Reason: "ten times as many lines as on the last ten nights"},
		table.Batch{BatchID: "c0ffee0000000003", Snapshot: 1, FileName: "births-20260301.ije",
			Sender: "vital-records", SenderKind: "vital_records", Layout: "ije-natality", Status: "duplicate", Reason: "the same bytes came on 2026-03-01"})
	for i := range 9 {
		w.rejected = append(w.rejected, table.Rejected{BatchID: "a000000000000001", Snapshot: 1,
			Sender: "metro-health", Line: int64(20 + i), Offset: int64(i), Rule: "cvx-unknown", Field: "cvx", Severity: "warn", Code: "999"})
	}
	w.reviews = []table.ReviewItem{
		{ItemID: "i1", RecordL: "a", RecordR: "b", Snapshot: 1, Reason: "twins", Decision: "open"},
		{ItemID: "i2", RecordL: "a", RecordR: "c", Snapshot: 1, Reason: "twins", Decision: "same"}}
	w.notes = []pipeline.Note{
		{Kind: "missing", Sender: "northland-clinics", Text: "expected every night; last came on 2026-03-01"},
		{Kind: "warning", Sender: "metro-health", File: "clients.txt",
			Text: "the trailer counts 3,501 lines, 3,500 were read"}}
	return w
}

func TestPage(t *testing.T) {
	for name, c := range map[string]struct {
		world *world
		has   []string
		lacks []string
	}{
		"well": {population(12, 500), []string{"All is well", "people created", "4:3:1:3:3:1:4"},
			[]string{"miic ingest release"}},
		"troubled": {troubled(), []string{"3 things need a person", "miic ingest release c0ffee0000000002",
			"PF_CLIENT_20260302.txt",
			"northland-clinics", "cvx-unknown", "1 question waits", "clients.txt, line 7", "../review/review.html"}, []string{"All is well"}},
	} {
		t.Run(name, func(t *testing.T) {
			text := read(t, nightOf(t, newBench(t), asOf, c.world), "run.html")
			for _, s := range c.has {
				if !strings.Contains(text, s) {
					t.Errorf("the page does not say %q", s)
				}
			}
			for _, s := range append(c.lacks, marker, "Saint Paul", "<script", "http://", "https://", " src=") {
				if strings.Contains(text, s) {
					t.Errorf("the page says %q", s)
				}
			}
			wellFormed(t, text)
			if *show != "" {
				if err := os.WriteFile(filepath.Join(*show, name+".html"), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func TestPageOfAWithheldNight(t *testing.T) {
	for status, want := range map[string]string{"refused": "Have families send requests.csv again",
		"held": "miic ingest release a000000000000002"} {
		w := population(13, 200)
		w.batches[1].Status, w.batches[1].Accepted, w.batches[1].Reason = status, 0, "the header is not the layout's"
		text := read(t, nightOf(t, newBench(t), asOf, w), "run.html")
		wellFormed(t, text)
		for _, s := range []string{"Nothing about persons was published tonight", want,
			"no list, summary or coverage was written"} {
			if !strings.Contains(text, s) {
				t.Errorf("%s: the page does not say %q", status, s)
			}
		}
		if strings.Contains(text, "by the second birthday") {
			t.Errorf("%s: the page tells coverage", status)
		}
	}
}

// wellFormed checks that every element that is opened is closed, in order.
func wellFormed(t *testing.T, text string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	d.Entity = xml.HTMLEntity
	seen := 0
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := token.(xml.StartElement); ok {
			seen++
		}
	}
	if seen < 50 {
		t.Errorf("the page has %d elements only", seen)
	}
}

func TestPageHasNoClock(t *testing.T) {
	text := read(t, nightOf(t, newBench(t), asOf, troubled()), "run.html")
	if at := regexp.MustCompile(`\b\d{1,2}:\d{2}(:\d{2})?\s*(am|pm|AM|PM|Z|UTC)\b|T\d{2}:\d{2}`).FindString(text); at != "" {
		t.Errorf("the page tells a time: %s", at)
	}
}

// TestPageComparesWithTheUsual: after some nights of the same size, a night of ten times as much is marked, in the
// figures and at the file; the first nights are compared with nothing.
func TestPageComparesWithTheUsual(t *testing.T) {
	w, b := population(14, 200), newBench(t)
	var text string
	for night := int64(1); night <= 7; night++ {
		units := 100 + night
		if night == 7 {
			units = 1000
		}
		w.batches = append(w.batches, table.Batch{BatchID: fmt.Sprintf("d00000000000000%d", night), Snapshot: night,
			FileName: fmt.Sprintf("<doses> %d#.txt", night), Sender: "metro-health", SenderKind: "clinic",
			Layout: "wir-immunization", UnitsRead: units, Accepted: units, Status: "loaded"})
		text = read(t, nightOf(t, b, asOf+table.Date(night), w), "run.html")
		if marked := strings.Contains(text, `class="far"`); marked != (night == 7) {
			t.Errorf("night %d: marked %t", night, marked)
		}
	}
	for _, s := range []string{"loaded, far from the usual", "far above the usual", ">104<", // the usual
		`href="responses/metro-health/%3Cdoses%3E%207%23.txt.response.csv"`, "&lt;doses&gt; 7#.txt"} {
		if !strings.Contains(text, s) {
			t.Errorf("the page does not say %q", s)
		}
	}
}
