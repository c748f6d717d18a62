package reports

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/campaign"
)

// nextNight runs the world and the reports as the next night of the bench.
func nextNight(t *testing.T, b *pipeline.Bench, day table.Date, night int, w *world, c Config) *pipeline.Outcome {
	t.Helper()
	for i := range w.batches {
		w.batches[i].Snapshot = int64(night)
	}
	var broken []string
	o, err := b.Night(context.Background(), day, nil, nightStages(w, c, auditOf(c, &broken))...)
	if err != nil || len(broken) > 0 {
		t.Fatalf("night %d: %v, broken %q", night, err, broken)
	}
	return o
}

func openOf(t *testing.T, o *pipeline.Outcome) []string {
	t.Helper()
	return names(byColumn(t, filepath.Join(o.OutDir, "regions/metro/open/recall.csv")))
}

// TestTheFirstNoteMayBeBelowHead: what was written after the snapshot of a region's first note was not collected. It comes
// into the folder, not into the night's own files again; and a later note may take it in as it lay in those.
func TestTheFirstNoteMayBeBelowHead(t *testing.T) {
	child := func(id int) string { return marker + string(rune('0'+id)) }
	for name, tc := range map[string]struct {
		through []int64
		open    []string
	}{
		"up to the first night":            {[]int64{1}, []string{child(6)}},
		"up to the first, then the second": {[]int64{1, 2}, nil},
	} {
		b, w, c := newBench(t), openWorld(), testConfig()
		nextNight(t, b, asOf, 1, w, c)
		w.clients = append(w.clients, clientOf(6, asOf.AddMonths(-50)-3))
		w.forecasts = append(w.forecasts, due(6, "Polio", asOf-100, asOf-40))
		nextNight(t, b, asOf+1, 2, w, c)
		for _, through := range tc.through {
			c.Collected = append(c.Collected, campaign.Collection{Region: "metro", Through: through, On: asOf + 1})
		}
		o := nextNight(t, b, asOf+2, 3, w, c)
		if got := openOf(t, o); !slices.Equal(got, tc.open) {
			t.Errorf("%s: open are %q, want %q", name, got, tc.open)
		}
		if again := lettersOf(t, o, "metro", "recall"); len(again) > 0 {
			t.Errorf("%s: %d letters again in the night's own files", name, len(again))
		}
	}
}

// TestANoticeIsCollectedAsItLay: a new recipient of the region is told of with everybody in the folder; and a note about an
// older snapshot takes in a notice with the address of that night, so that it is known which address mail comes back from.
func TestANoticeIsCollectedAsItLay(t *testing.T) {
	b, w, c := newBench(t), openWorld(), testConfig()
	w.clients[1].InReview = true // due whoever the person is
	w.doubts = []table.Doubt{{ClientID: 2, OtherID: 3, Ordinary: true}}
	w.joined = []table.JoinedForecast{{ClientID: 2, OtherID: 3, Group: "Polio", Kind: "standard", Status: "Not Complete",
		Recommended: asOf - 100, PastDue: asOf - 40}}
	c.Collected = []campaign.Collection{{Region: "metro", Through: 0, On: asOf - 9}}
	inDoubt := func(o *pipeline.Outcome) string {
		for row := range strings.Lines(read(t, o, "regions/metro/summary.csv")) {
			if strings.HasPrefix(row, "metro,recall,mailed,") && !strings.HasPrefix(row, "metro,recall,mailed,,") {
				return strings.TrimSpace(row)
			}
		}
		return ""
	}
	told := func(snapshot int64, by string) int {
		rows, err := table.ReadAll[table.Disclosure](b.Files("disclosure"))
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, d := range rows {
			if d.Snapshot == snapshot && d.Output == "regions/metro/open" && d.Recipient == by {
				n++
			}
		}
		return n
	}
	first := nextNight(t, b, asOf, 1, w, c)
	was := c.Recipients.Recipients[0].Name
	if told(1, was) != 5 {
		t.Errorf("%d are disclosed on the first night", told(1, was))
	}
	second := nextNight(t, b, asOf+1, 2, w, c)
	if got := openOf(t, second); len(got) != 5 || told(2, was) != 0 {
		t.Errorf("%q lie open, %d are disclosed again", got, told(2, was))
	}
	if a, b := inDoubt(first), inDoubt(second); a == b || !strings.HasSuffix(b, ",0,") {
		t.Errorf("in doubt of the mailed, first %q, then %q", a, b)
	}

	c.Recipients.Recipients = slices.Clone(c.Recipients.Recipients)
	for i := range c.Recipients.Recipients {
		c.Recipients.Recipients[i].Name = "New board"
	}
	nextNight(t, b, asOf+2, 3, w, c)
	if told(3, "New board") != 5 || told(3, was) != 0 {
		t.Errorf("%d are disclosed to the new recipient, %d to the former", told(3, "New board"), told(3, was))
	}
	w.clients[0].Address1 = "77 New St"
	nextNight(t, b, asOf+3, 4, w, c)

	open, err := table.ReadAll[table.OpenNotice](b.Files("open_notice"))
	if err != nil {
		t.Fatal(err)
	}
	var lay []string
	for _, o := range open {
		if o.ClientID == 1 {
			lay = append(lay, fmt.Sprintf("%d-%d %s", o.Since, o.Until, o.Address1))
			w.results = []table.NoticeResult{{ResultID: "r", NoticeID: o.NoticeID, ClientID: 1, Snapshot: 4, Code: "returned"}}
		}
	}
	street := "1 " + marker + " St"
	if want := []string{"1-3 " + street, "3-4 " + street, "4-0 77 New St"}; !slices.Equal(lay, want) {
		t.Errorf("the first child's notice lay %q, want %q", lay, want)
	}
	c.Collected = append(c.Collected, campaign.Collection{Region: "metro", Through: 3, On: asOf + 3})
	w.restrictions = []table.Restriction{{ClientID: 3, Kind: "opt_out", SourceID: "r", Basis: "matched", Since: 5}}
	w.forecasts = slices.DeleteFunc(w.forecasts, func(f table.Forecast) bool { return f.ClientID == 3 })
	o := nextNight(t, b, asOf+4, 5, w, c)
	rows := byColumn(t, filepath.Join(o.OutDir, "regions/metro/open/recall.csv"))
	if len(rows) != 1 || rows[0]["address_1"] != "77 New St" || rows[0]["round"] != "1" {
		t.Errorf("after mail came back from the former address there lie %q", rows)
	}
	gone, err := table.ReadAll[table.Withdrawal](b.Files("withdrawal"))
	if err != nil {
		t.Fatal(err)
	}
	var withdrawn []string
	for _, g := range gone {
		withdrawn = append(withdrawn, fmt.Sprintf("%s %d %s", g.Folder, g.Of, g.Why))
	}
	slices.Sort(withdrawn)
	if want := []string{"regions/metro 1 opt_out", "regions/metro 2 opt_out", "regions/metro 3 opt_out", "regions/metro 4 opt_out",
		"state 1 opt_out", "state 2 opt_out", "state 3 opt_out", "state 4 opt_out"}; !slices.Equal(withdrawn, want) {
		t.Errorf("withdrawn are %q", withdrawn)
	}
	page := read(t, o, "run.html")
	for _, s := range []string{"What was withdrawn", "<span>1–4</span>", "<span>has opted out, or may</span>",
		"What nobody has collected", (asOf + 3).String(), "What recipients get", "plain folder, not sealed"} {
		if !strings.Contains(page, s) {
			t.Errorf("the page does not say %q", s)
		}
	}
	if *show != "" {
		if err := os.WriteFile(filepath.Join(*show, "collected.html"), []byte(page), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
