package outcome

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"miic/internal/pipeline"
	"miic/internal/table"
)

// The intervals agree with figures worked out elsewhere: 81 of 263 (Newcombe 1998), and 56 of 70 beside 48 of 80.
func TestIntervals(t *testing.T) {
	if low, high := wilson(81, 263); math.Abs(low-0.2553) > 5e-5 || math.Abs(high-0.3662) > 5e-5 {
		t.Errorf("81 of 263: %.4f to %.4f", low, high)
	}
	if low, high := wilson(0, 20); low != 0 || math.Abs(high-0.1611) > 5e-5 {
		t.Errorf("0 of 20: %.4f to %.4f", low, high)
	}
	if low, high := newcombe(56, 70, 48, 80); math.Abs(low-0.0524) > 5e-5 || math.Abs(high-0.3339) > 5e-5 {
		t.Errorf("56 of 70 beside 48 of 80: %.4f to %.4f", low, high)
	}
	if low, high := wilson(0, 0); low != 0 || high != 1 {
		t.Errorf("of nothing: %.2f to %.2f", low, high)
	}
}

// A dose after the notice is new; one given by then and reported later is late-entered; others, of other vaccines, too
// late, or known before, count as neither; and nobody who is opted out is counted.
func TestWhatFollowedNotices(t *testing.T) {
	ctx := context.Background()
	b, err := pipeline.NewBench(ctx, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	sent := table.NewDate(2026, 1, 10)
	var notices []table.Notice
	var clients []table.Client
	var doses []table.Immunization
	var sources []table.ImmunizationSource
	var events []table.VaccinationEvent
	person := func(id int64, cvx int16, given table.Date, reported int64) {
		notices = append(notices, table.Notice{NoticeID: fmt.Sprint("n", id), ClientID: id, Campaign: "nightly", Kind: "recall", Round: 1,
			Channel: "mail", VaccineGroups: "MMR|DTaP/Tdap/Td", IssuedOn: sent, Snapshot: 1})
		clients = append(clients, table.Client{ClientID: id})
		key := fmt.Sprint("d", id)
		doses = append(doses, table.Immunization{ImmunizationID: key, ClientID: id, AdministeredOn: given, CVX: cvx})
		sources = append(sources, table.ImmunizationSource{EventID: key, ImmunizationID: key, ClientID: id})
		events = append(events, table.VaccinationEvent{EventID: key, Snapshot: reported})
	}
	person(1, 3, sent+20, 2)  // new, within 30 days
	person(2, 3, sent+45, 3)  // new, within 60
	person(3, 3, sent-300, 2) // entered late
	person(4, 3, sent-300, 1) // known before
	person(5, 8, sent+20, 2)  // another vaccine
	person(6, 20, sent+1, 2)  // new, the second group
	person(7, 3, sent+20, 2)  // opted out
	person(8, 3, sent, 2)     // of the day itself: the notice was not read yet
	notices = append(notices, table.Notice{NoticeID: "young", ClientID: 1, Campaign: "nightly", Kind: "recall", Round: 2, Channel: "mail",
		VaccineGroups: "MMR", IssuedOn: sent + 60, Snapshot: 3})
	batches := []table.Batch{{BatchID: "a", Snapshot: 1, ReceivedOn: sent}, {BatchID: "b", Snapshot: 2, ReceivedOn: sent + 25},
		{BatchID: "c", Snapshot: 3, ReceivedOn: sent + 50}}
	restricted := []table.Restriction{{ClientID: 7, Kind: "opt_out"}, {ClientID: 1, Kind: "no_mail"}}
	results := []table.NoticeResult{{ResultID: "n4/returned", NoticeID: "n4", Code: "returned"}}
	stage := pipeline.Stage{Name: "all", Writes: []string{"notice", "notice_result", "client", "restriction", "immunization",
		"immunization_source", "vaccination_event", "batch"}, Run: func(ctx context.Context, r *pipeline.Run) error {
		for _, err := range []error{pipeline.Write(r, table.Notices, notices), pipeline.Write(r, table.NoticeResults, results),
			pipeline.Write(r, table.Clients, clients), pipeline.Write(r, table.Restrictions, restricted),
			pipeline.Write(r, table.Immunizations, doses), pipeline.Write(r, table.ImmunizationSources, sources),
			pipeline.Write(r, table.VaccinationEvents, events), pipeline.Write(r, table.Batches, batches)} {
			if err != nil {
				return err
			}
		}
		return r.View(ctx, Tables...)
	}}
	if _, err := b.Night(ctx, sent, nil, stage); err != nil {
		t.Fatal(err)
	}
	groups := []Group{{3, "MMR"}, {20, "DTaP/Tdap/Td"}, {8, "HepB"}}
	rows, err := Measure(ctx, b.Engine, "nightly", groups, sent+70)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range rows {
		got = append(got, fmt.Sprintf("round %d, %d days: %d, new %d (%d), late %d (%d), returned %d", r.Round, r.Days, r.Notices, r.WithNew,
			r.NewDoses, r.WithLate, r.LateDoses, r.Returned))
	}
	want := "round 1, 30 days: 7, new 2 (2), late 2 (2), returned 1; round 1, 60 days: 7, new 3 (3), late 2 (2), returned 1"
	if strings.Join(got, "; ") != want {
		t.Errorf("%s\nwant %s", strings.Join(got, "; "), want)
	}
	dir := filepath.Join(t.TempDir(), "out")
	if err := Write(dir, "nightly", "2026-03-21", rows); err != nil {
		t.Fatal(err)
	}
	read, err := table.ReadAll[Row]([]string{filepath.Join(dir, "outcomes.parquet")})
	if err != nil || len(read) != len(rows) || read[1] != rows[1] {
		t.Errorf("the Parquet file has %v: %v", read, err)
	}
	csv, err := os.ReadFile(filepath.Join(dir, "outcomes.csv"))
	if err != nil || strings.Count(string(csv), "\r\n") != 1+len(rows) ||
		!strings.Contains(string(csv), "nightly,sent,recall,1,mail,60,7,3,3,2,2,1,0,0.428571,") {
		t.Errorf("the CSV file is\n%s%v", csv, err)
	}
	page, err := os.ReadFile(filepath.Join(dir, "outcomes.html"))
	if err != nil || !strings.Contains(string(page), "42.9 %") {
		t.Errorf("the page lacks the share: %v", err)
	}
}

// What was sent is compared with the control group of the same kind, round and days, over all channels.
func TestBesideTheControlGroup(t *testing.T) {
	row := func(arm, channel string, days int32, notices, with int64) Counted {
		return Counted{Arm: arm, Kind: "recall", Round: 1, Channel: channel, Days: days, Notices: notices, WithNew: with}
	}
	rows := compare("c", []Counted{row(Sent, "mail", 30, 70, 56), row(Control, "mail", 30, 40, 24), row(Control, "text", 30, 40, 24),
		row(Sent, "mail", 60, 70, 56)})
	if r := rows[0]; !r.Compared || math.Abs(r.Difference-0.2) > 1e-9 || math.Abs(r.Low-0.0524) > 5e-5 {
		t.Errorf("30 days: %+v", r)
	}
	if last := rows[len(rows)-1]; last.Days != 60 || last.Compared {
		t.Errorf("60 days have no control group: %+v", last)
	}
}
