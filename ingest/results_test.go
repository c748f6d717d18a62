package ingest_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"miic/ingest"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// written is a stage in whose place the night before has written notices: to a person who was merged since, one whose last
// record went to another, and one whose last record was withdrawn; and a letter that was collected before it moved.
func written(t *testing.T) pipeline.Stage {
	on := day(t, "2026-03-02")
	return pipeline.Stage{Name: "written", Version: 1, Writes: []string{"notice", "open_notice", "client", "client_link", "client_change"},
		Run: func(ctx context.Context, r *pipeline.Run) error {
			notice := func(id string, client int64, street string) table.Notice {
				return table.Notice{NoticeID: id, Snapshot: r.Snapshot, ClientID: client, Campaign: "nightly", Kind: "recall", Channel: "mail",
					IssuedOn: on, Address1: street, ZIP: "55802"}
			}
			if err := pipeline.Write(r, table.Notices, []table.Notice{notice("a1", 1, "1 Oak St"), notice("b2", 2, "2 Elm St"),
				notice("c3", 4, "3 Ash St"), notice("d4", 5, "4 Fir St")}); err != nil {
				return err
			}
			lay := func(id, street string, since, until int64, collected table.Date) table.OpenNotice {
				return table.OpenNotice{NoticeID: id, Region: "metro", IssuedOn: on, Since: since, Until: until, CollectedOn: collected,
					Address1: street, ZIP: "55802"}
			}
			if err := pipeline.Write(r, table.OpenNotices, []table.OpenNotice{lay("c3", "3 Ash St", 1, 2, on),
				lay("c3", "33 New St", 2, 3, 0)}); err != nil {
				return err
			}
			if err := pipeline.Write(r, table.Clients, []table.Client{{ClientID: 3, AddressSource: "c/9/1"}, {ClientID: 1}}); err != nil {
				return err
			}
			link := func(record string, client int64) table.ClientLink {
				return table.ClientLink{RecordID: record, ClientID: client}
			}
			if err := pipeline.Write(r, table.ClientLinks, []table.ClientLink{link("c/1/1", 1), link("c/2/1", 3), link("c/9/1", 3),
				link("c/4/1", 6)}); err != nil {
				return err
			}
			change := func(client, other int64, what string) table.ClientChange {
				return table.ClientChange{ClientID: client, OtherID: other, Change: what, Snapshot: r.Snapshot}
			}
			return pipeline.Write(r, table.ClientChanges, []table.ClientChange{change(2, 8, "merged"), change(8, 3, "merged"),
				change(4, 0, "emptied"), change(6, 4, "moved"), // its last record is 6's
				change(5, 0, "emptied")}) // its last record was withdrawn
		}}
}

const resultsHead = "notice_id,date,result_code,new_address_1,new_address_2,new_city,new_state,new_zip\n"

// resultsSender is a site with a mailing house that sends results back.
var resultsSender = ingest.Config{Senders: []ingest.Sender{{ID: "printer", Name: "Printer", Kind: "mailing_house", Expected: "none",
	Files: []ingest.FilePattern{{Pattern: "results_*.csv", Layout: "notice-results"}}}}}

// came is a file of the mailing house in the inbox.
func came(t *testing.T, dir, name, text string) []pipeline.Delivery {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(dir, "printer"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "printer", name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return lying(t, dir)
}

func TestResultsOfNotices(t *testing.T) {
	b, ctx := newBench(t), context.Background()
	night := func(on string, inbox []pipeline.Delivery) *pipeline.Outcome {
		t.Helper()
		o, err := b.Night(ctx, day(t, on), inbox, ingest.Stage(resultsSender))
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	if _, err := b.Night(ctx, day(t, "2026-03-02"), nil, ingest.Stage(resultsSender), written(t)); err != nil {
		t.Fatal(err)
	}
	file := resultsHead +
		"a1,2026-03-09,returned,5 New Rd,,Duluth,MN,55803\n" +
		"#B2,2026-03-09,No-Mail,,,,,\n" +
		"zz,2026-03-09,returned,,,,,\n" +
		"a1,45900,returned,,,,,\n" +
		"a1,1/2/2026,returned,,,,,\n" +
		"a1,2026-03-01,returned,,,,,\n" +
		"a1,2026-03-09,lost,,,,,\n" +
		"a1,2026-03-09,moved,7 Half St,,Duluth,MN,\n" +
		"a1,2026-03-19,returned,,,,,\n" +
		"c3,2026-03-09,no-mail,,,,,\n" +
		"d4,2026-03-09,no-mail,,,,,\n" +
		"d4,2026-03-09,returned,,,,,\n"
	dir := t.TempDir()
	lake := night("2026-03-10", came(t, dir, "results_1.csv", file))
	var broken []string
	for _, r := range readAll[table.Rejected](t, b, "rejected") {
		broken = append(broken, strings.Join([]string{string(rune('0' + r.Line)), r.Field, r.Rule}, " "))
	}
	slices.Sort(broken)
	want := []string{"4 notice_id notice_unknown", "5 happened_on result_date_unreadable", "6 happened_on result_date_unreadable",
		"7 happened_on result_before_notice", "8 result_code result_code", "9 zip result_address_partial",
		": happened_on result_date_future", "< notice_id result_of_nobody"}
	if !slices.Equal(broken, want) {
		t.Errorf("refused: %q\nwant %q", broken, want)
	}
	if !slices.ContainsFunc(lake.Notes, func(n pipeline.Note) bool {
		return n.Kind == "refused" && n.Exit3 && strings.HasPrefix(n.Text, "8 results")
	}) {
		t.Errorf("no note of 8 results that were not taken: %v", lake.Notes)
	}
	check := func(when string) {
		t.Helper()
		var got []string
		for _, r := range readAll[table.NoticeResult](t, b, "notice_result") {
			got = append(got, strings.Join([]string{r.ResultID, r.RecordID, r.SentTo, r.SentToZIP, r.Address1, r.ZIP}, " "))
		}
		slices.Sort(got)
		want := []string{"a1/returned/2026-03-09 c/1/1 1 Oak St 55802 5 New Rd 55803", "b2/no_mail/2026-03-09 c/9/1 2 Elm St 55802  ",
			"c3/no_mail/2026-03-09 c/4/1 3 Ash St 55802  ", "d4/returned/2026-03-09  4 Fir St 55802  "}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q\nwant %q", when, got, want)
		}
	}
	check("the first night")
	again := night("2026-03-11", came(t, t.TempDir(), "results_2.csv", file))
	if again.Counts["ingest.files_duplicate"] != 1 {
		t.Errorf("the same bytes were read again: %v", again.Counts)
	}
	check("the same bytes")
	night("2026-03-12", came(t, t.TempDir(), "results_3.csv", resultsHead+"a1,2026-03-09,returned,5 New Rd,,Duluth,MN,55803\n"))
	check("the same line in another file")
	changed := night("2026-03-13", came(t, t.TempDir(), "results_4.csv", strings.Replace(resultsHead, "new_zip", "zip", 1)+
		"a1,2026-03-10,returned,6 New Rd,,Duluth,MN,55803\n"))
	if changed.Counts["ingest.files_refused"] != 1 {
		t.Errorf("a file with another header was taken: %v", changed.Counts)
	}
	check("another header")
}
