package followup

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"miic/internal/interval"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/campaign"
	"miic/reports/outcome"
)

var firstDay = table.NewDate(2026, 1, 10)

// TestCampaignsPage: hand-worked figures of two campaigns, of which one shares a piece with the other, and of one that only holds
// people back. A letter to somebody who has opted out since, in the piece of another, is in no figure, nor is one to somebody who
// has died: what was sent and what came of it count the same people. Then the same tables with a file of requests that nobody could
// read.
func TestCampaignsPage(t *testing.T) {
	notice := func(id, campaign string, client, household int64, envelope int32, language string, price int64) table.Notice {
		return table.Notice{NoticeID: id, ClientID: client, Campaign: campaign, Kind: "recall", Round: 1, Channel: "mail", Region: "metro",
			VaccineGroups: "MMR", IssuedOn: firstDay, Snapshot: 1, HouseholdID: household, Envelope: envelope, Language: language, PriceMicros: price}
	}
	notices := []table.Notice{
		notice("a", "nightly", 1, 10, 1, "en", 900_000), // in one piece with b and t
		notice("b", "nightly", 2, 10, 1, "en", 900_000),
		notice("c", "nightly", 3, 11, 1, "es", 900_000),
		notice("opted", "nightly", 7, 11, 1, "hmn", 900_000), // in one piece with c
		notice("died", "nightly", 8, 14, 1, "en", 900_000),
		notice("hidden", "gone", 7, 11, 1, "hmn", 900_000), // all that a third campaign has sent
		notice("lies", "nightly", 4, 12, 1, "en", 900_000),
		notice("t", "toddlers", 5, 10, 1, "en", 900_000),
		notice("u", "toddlers", 6, 13, 1, "en", 0), // without a price
	}
	batches := []table.Batch{{BatchID: "a", Snapshot: 1, Sender: "elm", SenderKind: "clinic", Status: "loaded", ReceivedOn: firstDay},
		{BatchID: "b", Snapshot: 2, Sender: "elm", SenderKind: "clinic", Status: "loaded", ReceivedOn: firstDay + 20}}
	given := func(unread bool) pipeline.Stage {
		return pipeline.Stage{Name: "given", Writes: Reads, Run: func(_ context.Context, r *pipeline.Run) error {
			var clients []table.Client
			for id := int64(1); id <= 6; id++ {
				clients = append(clients, table.Client{ClientID: id, FirstName: "Xanthippe"})
			}
			clients = append(clients, table.Client{ClientID: 7, OptedOut: true}, table.Client{ClientID: 8, Status: "deceased"})
			all := batches
			if unread {
				all = append(slices.Clone(all), table.Batch{BatchID: "c", Snapshot: 2, Sender: "families", SenderKind: "families",
					Layout: "family-requests", Status: "refused", FileName: "r.csv", ReceivedOn: firstDay + 30})
			}
			for _, err := range []error{pipeline.Write(r, table.Notices, notices), pipeline.Write(r, table.Batches, all),
				pipeline.Write(r, table.Clients, clients),
				pipeline.Write(r, table.OpenNotices, []table.OpenNotice{{NoticeID: "lies", ClientID: 4, Region: "metro", IssuedOn: firstDay, Since: 1}}),
				pipeline.Write(r, table.NoticeResults, []table.NoticeResult{{ResultID: "c/returned", NoticeID: "c", Code: "returned"}}),
				pipeline.Write(r, table.Withhelds, []table.Withheld{{ClientID: 5, Campaign: "nightly", Kind: "recall", Reason: "refused"},
					{ClientID: 6, Campaign: "nightly", Kind: "recall", Reason: "address"}, {ClientID: 1, Campaign: "nightly", Kind: "recall", Reason: "refused"},
					{ClientID: 2, Campaign: "waiting", Kind: "recall", Reason: "recent notice"}}),
				pipeline.Write(r, table.Immunizations, []table.Immunization{{ImmunizationID: "d", ClientID: 1, AdministeredOn: firstDay + 9, CVX: 3}}),
				pipeline.Write(r, table.ImmunizationSources, []table.ImmunizationSource{{EventID: "d", ImmunizationID: "d", ClientID: 1}}),
				pipeline.Write(r, table.VaccinationEvents, []table.VaccinationEvent{{EventID: "d", Snapshot: 2}}),
			} {
				if err != nil {
					return err
				}
			}
			return nil
		}}
	}
	b, err := pipeline.NewBench(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	config := Config{Campaigns: []campaign.Campaign{{Name: "nightly", Title: "due & overdue"}}, Groups: []outcome.Group{{CVX: 3, Group: "MMR"}}}
	run := pipeline.Stage{Name: "page", Dated: true, Reads: Reads,
		Run: func(ctx context.Context, r *pipeline.Run) error { return Run(ctx, r, config) }}
	night, err := b.Night(t.Context(), firstDay+30, nil, given(false), run)
	if err != nil {
		t.Fatal(err)
	}
	lines := read(t, night, "campaigns.csv")
	for _, want := range []string{
		"nightly,recall,1,mail,3,3,2,2026-01-10,2026-01-10,3,1.50\r\n", // two thirds of one piece: a and b, and the whole of another
		"toddlers,recall,1,mail,2,2,2,2026-01-10,2026-01-10,1,0.30\r\n",
	} {
		if !strings.Contains(lines, want) {
			t.Errorf("campaigns.csv lacks %q:\n%s", want, lines)
		}
	}
	if text := read(t, night, "campaign_outcomes.csv"); !strings.Contains(text, "nightly,sent,recall,1,mail,30,3,1,1,0,0,1,0,0.333333,") {
		t.Errorf("campaign_outcomes.csv has\n%s", text)
	}
	text := read(t, night, "campaigns.html")
	if strings.Count(lines, "\n") != 3 {
		t.Errorf("campaigns.csv has more than two campaigns:\n%s", lines)
	}
	for _, want := range []string{"5 notices since 2026-01-10, of 2 campaigns.", "nightly: due &amp; overdue", "3 notices went to 2 households: English 2, Spanish 1.",
		"1 notice has not been collected, the oldest of 2026-01-10; they count as not sent.",
		"Of 3 recalls by mail of round 1, 33.3 % had a new dose of what it named within 30 days. There is no control group",
		">$1.50<", `aria-current="page">Campaigns<`, "so it is for nobody but the registry",
		`<section aria-label="waiting">`, "<p>It has sent nothing yet.</p>", `<th scope="row">had a notice a short while ago</th>`, "33.3 % of 3", "<td data-of=\"people\" class=\"n\"><span>2</span>"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	for _, secret := range []string{"$0.30", "Xanthippe", "Hmong", "hmn", "gone"} { // a cost that is not whole, a name, what the hidden were sent
		if strings.Contains(text, secret) {
			t.Errorf("the page says %q", secret)
		}
	}

	night, err = b.Night(t.Context(), firstDay+30, nil, given(true), run)
	if err != nil {
		t.Fatal(err)
	}
	if files, err := os.ReadDir(night.OutDir); err != nil || len(files) != 1 {
		t.Errorf("while requests are unread there are %d files: %v", len(files), err)
	}
	if text := read(t, night, "campaigns.html"); !strings.Contains(text, "Nothing is counted tonight.") || strings.Contains(text, "nightly") {
		t.Error("while requests are unread, campaigns are counted")
	}
}

func read(t *testing.T, night *pipeline.Outcome, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(night.OutDir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestThePictureShowsEnough: the most days after which half of the notices are still counted, and the difference from the
// control group, of which chance may make all.
func TestThePictureShowsEnough(t *testing.T) {
	row := func(arm string, days int32, notices, with int64) outcome.Row {
		r := outcome.Row{Counted: outcome.Counted{Campaign: "c", Arm: arm, Kind: "recall", Round: 1, Channel: "mail", Days: days, Notices: notices,
			WithNew: with}, NewShare: float64(with) / float64(notices)}
		r.NewLow, r.NewHigh = interval.Wilson(with, notices)
		return r
	}
	if d := window([]outcome.Row{row(outcome.Sent, 30, 100, 1), row(outcome.Sent, 60, 50, 1), row(outcome.Sent, 90, 49, 1)}); d != 60 {
		t.Errorf("half after 60 days: %d days are shown", d)
	}
	if d := window([]outcome.Row{row(outcome.Sent, 30, 100, 1), row(outcome.Control, 60, 100, 1)}); d != 30 {
		t.Errorf("nothing sent is so old: %d days are shown", d)
	}
	chosen := row(outcome.Chosen, 30, 70, 56)
	chosen.Compared, chosen.Difference, chosen.Low, chosen.High = true, .2, .0524, .3339
	says, drawing := picture("c", []outcome.Row{row(outcome.Sent, 30, 60, 50), row(outcome.Control, 30, 80, 48), chosen})
	if says != "Of 70 recalls by mail of round 1, 80.0 % had a new dose of what it named within 30 days, in the control group 60.0 %: "+
		"+20.0 points (95 % interval +5.2 to +33.4)." {
		t.Error(says)
	}
	if !strings.Contains(string(drawing), "recall, round 1, mail: control group") || !strings.Contains(string(drawing), "60.0 % of 80") {
		t.Errorf("drawn: %s", drawing)
	}
	chosen.Low = -.01
	if says, _ = picture("c", []outcome.Row{chosen}); !strings.HasSuffix(says, "Chance alone may have made that difference.") {
		t.Error(says)
	}
}
