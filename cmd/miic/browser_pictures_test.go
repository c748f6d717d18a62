package main

import (
	"context"
	"fmt"
	"testing"

	"miic/internal/browser"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/campaign"
	"miic/reports/followup"
	"miic/reports/linkquality"
	"miic/reports/outcome"
)

// TestPicturesInABrowser looks at what the pages of a first week cannot have: what came of notices that are thirty days old,
// beside a control group, and what five nights of linkage have changed. The pages are written from tables in memory.
func TestPicturesInABrowser(t *testing.T) {
	b := browser.Open(t)
	out := laterPages(t)
	for page, pictures := range map[string]int{"campaigns.html": 1, "linkage.html": 2} {
		see(t, b, out, page)
		b.Show(t, out+"/"+page, browser.Look{Width: 1280})
		drawn := browser.Eval[int](t, b, `[...document.querySelectorAll("main figure svg[role=img]")].filter((s) => s.checkVisibility() &&
			s.getBoundingClientRect().height > 50).length`)
		if drawn != pictures {
			t.Errorf("%s shows %d pictures, want %d", page, drawn, pictures)
		}
		links := browser.Eval[int](t, b, `document.querySelectorAll("a[href]").length`)
		reached := map[string]bool{} // by Tab alone
		for range links {
			b.Press(t, "\t")
			reached[browser.Eval[string](t, b, `document.activeElement.getAttribute("href") ?? ""`)] = true
		}
		for _, href := range browser.Eval[[]string](t, b, `[...document.querySelectorAll("a[href]")].map((a) => a.getAttribute("href"))`) {
			if !reached[href] {
				t.Errorf("%s: Tab does not reach the link %s", page, href)
			}
		}
	}
	for _, f := range b.Faults() {
		t.Errorf("a page %s", f)
	}
}

// laterPages writes the pages of campaigns and of linkage as of a night 40 days after the first notices, and returns their
// folder: a campaign of 60 notices with a control group of 20, one with a long name that only holds people back, and pairs of
// every weight.
func laterPages(t *testing.T) (out string) {
	t.Helper()
	first := table.NewDate(2026, 3, 2)
	given := func(_ context.Context, r *pipeline.Run) error {
		var (
			clients   []table.Client
			notices   []table.Notice
			controls  []table.ControlNotice
			doses     []table.Immunization
			sources   []table.ImmunizationSource
			withhelds []table.Withheld
			batches   []table.Batch
			changes   []table.ClientChange
			items     []table.ReviewItem
			links     []table.ClientLink
			records   []table.StandardRecord
			pairs     []table.ScoredPair
		)
		for id := int64(1); id <= 80; id++ {
			name := fmt.Sprint("n", id)
			clients = append(clients, table.Client{ClientID: id, Records: 2})
			if id <= 60 {
				notices = append(notices, table.Notice{NoticeID: name, ClientID: id, Campaign: "second-birthday", Kind: "recall", Round: 1,
					Channel: "mail", Region: "metro", VaccineGroups: "MMR", IssuedOn: first, Snapshot: 1, HouseholdID: id, Language: "en",
					PriceMicros: 640_000})
			} else {
				controls = append(controls, table.ControlNotice{NoticeID: name, ClientID: id, Campaign: "second-birthday", Kind: "recall",
					Round: 1, Channel: "mail", VaccineGroups: "MMR", IssuedOn: first, Snapshot: 1})
			}
			if id%3 == 0 {
				doses = append(doses, table.Immunization{ImmunizationID: name, ClientID: id, AdministeredOn: first + 12, CVX: 3})
				sources = append(sources, table.ImmunizationSource{EventID: "d", ImmunizationID: name, ClientID: id})
			}
			withhelds = append(withhelds, table.Withheld{ClientID: id, Campaign: "influenza-before-school-in-every-county-of-the-state",
				Kind: "reminder", Reason: "refused"})
			for k := range int64(2) {
				record := fmt.Sprint(id, "/", k)
				links = append(links, table.ClientLink{RecordID: record, ClientID: id})
				records = append(records, table.StandardRecord{RecordID: record, ContentHash: "h"})
			}
			pairs = append(pairs, table.ScoredPair{RecordL: fmt.Sprint(id, "/0"), RecordR: fmt.Sprint(id, "/1"), Snapshot: 1, Rules: 1,
				Weight: float64(id)*.7 - 12, PMatch: float64(id) / 81, HashL: "h", HashR: "h", Decision: "link"})
		}
		for n := int64(1); n <= 5; n++ {
			batches = append(batches, table.Batch{BatchID: fmt.Sprint("b", n), Snapshot: n, Sender: "elm", SenderKind: "clinic", Status: "loaded",
				ReceivedOn: first + table.Date(9*(n-1))})
			for k := range n {
				changes = append(changes, table.ClientChange{ClientID: 100*n + k, OtherID: 1, Snapshot: n, Change: "merged", Reason: "r"})
				items = append(items, table.ReviewItem{ItemID: fmt.Sprint(n, "-", k), RecordL: "1/0", RecordR: "2/0", Snapshot: n, Decision: "open",
					Reason: "match weight between review and link"})
			}
		}
		for _, err := range []error{pipeline.Write(r, table.Clients, clients), pipeline.Write(r, table.Notices, notices),
			pipeline.Write(r, table.ControlNotices, controls), pipeline.Write(r, table.Immunizations, doses),
			pipeline.Write(r, table.ImmunizationSources, sources), pipeline.Write(r, table.Withhelds, withhelds),
			pipeline.Write(r, table.VaccinationEvents, []table.VaccinationEvent{{EventID: "d", Snapshot: 3}}),
			pipeline.Write(r, table.Batches, batches), pipeline.Write(r, table.ClientChanges, changes),
			pipeline.Write(r, table.ReviewItems, items), pipeline.Write(r, table.ClientLinks, links),
			pipeline.Write(r, table.StandardRecords, records), pipeline.Write(r, table.ScoredPairs, pairs)} {
			if err != nil {
				return err
			}
		}
		return nil
	}
	campaigns := followup.Config{Campaigns: []campaign.Campaign{{Name: "second-birthday", Title: "children who turn two"}},
		Groups: []outcome.Group{{CVX: 3, Group: "MMR"}}}
	all := append(append([]string{}, followup.Reads...), linkquality.Reads...)
	bench, err := pipeline.NewBench(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer bench.Close()
	night, err := bench.Night(t.Context(), first+40, nil, pipeline.Stage{Name: "given", Writes: all, Run: given},
		pipeline.Stage{Name: "pages", Dated: true, Reads: all, Run: func(ctx context.Context, r *pipeline.Run) error {
			if err := followup.Run(ctx, r, campaigns); err != nil {
				return err
			}
			return linkquality.Run(ctx, r, linkquality.Config{Model: "1", Link: 12, Review: 4})
		}})
	if err != nil {
		t.Fatal(err)
	}
	return night.OutDir
}
