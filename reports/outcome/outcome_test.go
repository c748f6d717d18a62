package outcome

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"miic/internal/pipeline"
	"miic/internal/table"
)

// The interval of a difference agrees with a figure worked out elsewhere (Newcombe 1998): 56 of 70 beside 48 of 80.
func TestIntervals(t *testing.T) {
	if low, high := newcombe(56, 70, 48, 80); math.Abs(low-0.0524) > 5e-5 || math.Abs(high-0.3339) > 5e-5 {
		t.Errorf("56 of 70 beside 48 of 80: %.4f to %.4f", low, high)
	}
}

// world is what the tables hold.
type world struct {
	notices      []table.Notice
	controls     []table.ControlNotice
	open         []table.OpenNotice
	results      []table.NoticeResult
	clients      []table.Client
	restrictions []table.Restriction
	deaths       []table.DeathMatch
	changes      []table.ClientChange
	doses        []table.Immunization
	sources      []table.ImmunizationSource
	events       []table.VaccinationEvent
	batches      []table.Batch
}

// firstDay is the day of the notices; the second night is 25 days after it and the third 50.
var firstDay = table.NewDate(2026, 1, 10)

func newWorld() *world {
	return &world{batches: []table.Batch{{BatchID: "a", Snapshot: 1, ReceivedOn: firstDay},
		{BatchID: "b", Snapshot: 2, ReceivedOn: firstDay + 25}, {BatchID: "c", Snapshot: 3, ReceivedOn: firstDay + 50}}}
}

// person has a dose that was given on a day and reported by a night; 0: none.
func (w *world) person(id int64, cvx int16, given table.Date, reported int64) {
	w.clients = append(w.clients, table.Client{ClientID: id})
	if given == 0 {
		return
	}
	key := fmt.Sprint("d", id)
	w.doses = append(w.doses, table.Immunization{ImmunizationID: key, ClientID: id, AdministeredOn: given, CVX: cvx})
	w.sources = append(w.sources, table.ImmunizationSource{EventID: key, ImmunizationID: key, ClientID: id})
	w.events = append(w.events, table.VaccinationEvent{EventID: key, Snapshot: reported})
}

// noticed is a person with a notice of the first night.
func (w *world) noticed(id int64, cvx int16, given table.Date, reported int64) {
	w.person(id, cvx, given, reported)
	w.notices = append(w.notices, table.Notice{NoticeID: fmt.Sprint("n", id), ClientID: id, Campaign: "nightly", Kind: "recall", Round: 1,
		Channel: "mail", Region: "metro", VaccineGroups: "MMR|DTaP/Tdap/Td", IssuedOn: firstDay, Snapshot: 1})
}

// control is a person of the control group.
func (w *world) control(id int64, given table.Date) {
	w.person(id, 3, given, 3)
	w.controls = append(w.controls, table.ControlNotice{NoticeID: fmt.Sprint("n", id), ClientID: id, Campaign: "nightly", Kind: "recall",
		Round: 1, Channel: "mail", Region: "metro", VaccineGroups: "MMR", IssuedOn: firstDay, Snapshot: 1})
}

// measured is what came of the campaign nightly by a day.
func (w *world) measured(t *testing.T, asOf table.Date) []Row {
	return w.measuredOf(t, "nightly", asOf)
}

// measuredOf is what came of a campaign, or with an empty name of all, by a day.
func (w *world) measuredOf(t *testing.T, campaign string, asOf table.Date) []Row {
	t.Helper()
	ctx := t.Context()
	b, err := pipeline.NewBench(ctx, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	stage := pipeline.Stage{Name: "all", Run: func(ctx context.Context, r *pipeline.Run) error {
		for _, err := range []error{pipeline.Write(r, table.Notices, w.notices), pipeline.Write(r, table.ControlNotices, w.controls),
			pipeline.Write(r, table.OpenNotices, w.open),
			pipeline.Write(r, table.NoticeResults, w.results), pipeline.Write(r, table.Clients, w.clients),
			pipeline.Write(r, table.Restrictions, w.restrictions), pipeline.Write(r, table.Immunizations, w.doses),
			pipeline.Write(r, table.ImmunizationSources, w.sources), pipeline.Write(r, table.VaccinationEvents, w.events),
			pipeline.Write(r, table.Batches, w.batches), pipeline.Write(r, table.DeathMatches, w.deaths),
			pipeline.Write(r, table.ClientChanges, w.changes)} {
			if err != nil {
				return err
			}
		}
		return r.View(ctx, Tables...)
	}}
	for _, t := range []*table.Table{table.Notices, table.ControlNotices, table.OpenNotices, table.NoticeResults, table.Clients,
		table.Restrictions, table.DeathMatches, table.ClientChanges, table.Immunizations, table.ImmunizationSources, table.VaccinationEvents, table.Batches} {
		stage.Writes = append(stage.Writes, t.Name)
	}
	if _, err := b.Night(ctx, firstDay, nil, stage); err != nil {
		t.Fatal(err)
	}
	rows, err := Measure(ctx, b.Engine, campaign, []Group{{3, "MMR"}, {20, "DTaP/Tdap/Td"}, {8, "HepB"}}, asOf)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// summary is rows in words.
func summary(rows []Row) string {
	var list []string
	for _, r := range rows {
		list = append(list, fmt.Sprintf("%s round %d, %d days: %d, new %d (%d), late %d (%d), returned %d", r.Arm, r.Round, r.Days,
			r.Notices, r.WithNew, r.NewDoses, r.WithLate, r.LateDoses, r.Returned))
	}
	return strings.Join(list, "; ")
}

// A dose after the notice is new; one given by then and reported later is late-entered; others, of other vaccines, too
// late, or known before, count as neither; and nobody who is opted out or dead, or may be, is counted.
func TestWhatFollowedNotices(t *testing.T) {
	w := newWorld()
	w.noticed(1, 3, firstDay+20, 2)  // new, within 30 days
	w.noticed(2, 3, firstDay+45, 3)  // new, within 60
	w.noticed(3, 3, firstDay-300, 2) // entered late
	w.noticed(4, 3, firstDay-300, 1) // known before
	w.noticed(5, 8, firstDay+20, 2)  // another vaccine
	w.noticed(6, 20, firstDay+1, 2)  // new, the second group
	w.noticed(7, 3, firstDay+20, 2)  // opted out
	w.noticed(8, 3, firstDay, 2)     // of the day itself: the notice was not read yet
	w.noticed(9, 3, firstDay+9, 2)   // has died since
	w.noticed(10, 3, firstDay+9, 2)  // may have
	w.noticed(11, 3, firstDay+9, 2)  // may be meant by a lock
	w.clients[8].Status = "deceased"
	w.deaths = []table.DeathMatch{{ClientID: 10, DeathID: "d", Basis: "possible"}}
	w.notices = append(w.notices, table.Notice{NoticeID: "young", ClientID: 1, Campaign: "nightly", Kind: "recall", Round: 2, Channel: "mail",
		VaccineGroups: "MMR", IssuedOn: firstDay + 60, Snapshot: 3})
	w.restrictions = []table.Restriction{{ClientID: 7, Kind: "opt_out"}, {ClientID: 1, Kind: "no_mail"},
		{ClientID: 11, Kind: "lock", Basis: "possible"}}
	w.results = []table.NoticeResult{{ResultID: "n4/returned", NoticeID: "n4", Code: "returned"}}
	rows := w.measured(t, firstDay+70)
	want := "sent round 1, 30 days: 7, new 2 (2), late 2 (2), returned 1; sent round 1, 60 days: 7, new 3 (3), late 2 (2), returned 1"
	if got := summary(rows); got != want {
		t.Fatalf("%s\nwant %s", got, want)
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

// The notice of somebody whose records have come to another person is followed to that person, in both groups; of whom it
// cannot be known whose they are is not counted.
func TestANoticeFollowsThePerson(t *testing.T) {
	w := newWorld()
	w.noticed(1, 3, 0, 0)
	w.noticed(2, 3, 0, 0)
	w.noticed(3, 3, 0, 0)
	w.control(4, 0)
	w.clients = nil
	w.person(20, 3, firstDay+20, 2)
	w.person(21, 3, 0, 0)
	change := func(from, to int64) {
		w.changes = append(w.changes, table.ClientChange{ClientID: from, OtherID: to, Snapshot: 2, Change: "merged", Reason: "r", Model: "m"})
	}
	change(1, 10) // and on to 20
	change(10, 20)
	change(2, 21)
	change(3, 20) // and to 21
	change(3, 21)
	change(4, 20)
	change(21, 20) // has been parted from 20 again
	want := "sent round 1, 30 days: 2, new 1 (1), late 0 (0), returned 0; control round 1, 30 days: 1, new 1 (1), late 0 (0), " +
		"returned 0; chosen round 1, 30 days: 2, new 1 (1), late 0 (0), returned 0"
	if got := summary(w.measured(t, firstDay+30)); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

// The notices that people of a control group would have got are counted beside what was sent.
func TestTheControlGroupIsCounted(t *testing.T) {
	w := newWorld()
	w.noticed(1, 3, firstDay+20, 2)
	w.noticed(2, 3, firstDay+20, 2)
	w.control(3, firstDay+20)
	w.control(4, 0)
	w.control(5, firstDay+40) // too late for 30 days
	w.control(6, firstDay+20) // opted out
	w.controls = append(w.controls, table.ControlNotice{NoticeID: "other", ClientID: 4, Campaign: "other", Kind: "recall", Round: 1,
		Channel: "mail", VaccineGroups: "MMR", IssuedOn: firstDay, Snapshot: 1})
	w.restrictions = []table.Restriction{{ClientID: 6, Kind: "opt_out"}}
	rows := w.measured(t, firstDay+30)
	want := "sent round 1, 30 days: 2, new 2 (2), late 0 (0), returned 0; control round 1, 30 days: 3, new 1 (1), late 0 (0), " +
		"returned 0; chosen round 1, 30 days: 2, new 2 (2), late 0 (0), returned 0"
	if got := summary(rows); got != want {
		t.Fatalf("%s\nwant %s", got, want)
	}
	if r := rows[2]; rows[0].Compared || !r.Compared || math.Abs(r.Difference-2.0/3) > 1e-9 {
		t.Errorf("beside the control group: %+v", r)
	}
	dir := filepath.Join(t.TempDir(), "out")
	if err := Write(dir, "nightly", "2026-02-09", rows); err != nil {
		t.Fatal(err)
	}
	for file, words := range map[string][]string{
		"outcomes.csv": {"nightly,chosen,recall,1,mail,30,2,2,2,0,0,0,0,1.000000,0.342380,1.000000,true,0.666667,",
			"nightly,control,recall,1,mail,30,3,1,1,0,0,0,0,0.333333,0.061492,0.792340,false,"},
		"outcomes.html": {"recall, round 1, mail", "control group", "6.1 % to 79.2 %", "66.7 points"}} {
		text, err := os.ReadFile(filepath.Join(dir, file))
		for _, w := range words {
			if err != nil || !strings.Contains(string(text), w) {
				t.Errorf("%s lacks %q: %v\n%s", file, w, err, text)
			}
		}
	}
	read, err := table.ReadAll[Row]([]string{filepath.Join(dir, "outcomes.parquet")})
	if err != nil || len(read) != 3 || read[1].Arm != Control || read[1].Notices != 3 {
		t.Errorf("the Parquet file has %+v: %v", read, err)
	}
}

// All campaigns at once have the rows that each has alone: neither the notices nor the control group of one count in another.
func TestAllCampaignsAtOnce(t *testing.T) {
	w := newWorld()
	w.noticed(1, 3, firstDay+20, 2)
	w.noticed(2, 3, 0, 0)
	w.control(3, firstDay+20)
	w.control(4, 0)
	other := w.notices[0]
	other.NoticeID, other.Campaign = "m1", "other"
	w.notices = append(w.notices, other)
	other.NoticeID, other.ClientID = "m3", 3
	w.notices = append(w.notices, other)
	all := w.measuredOf(t, "", firstDay+30)
	each := append(w.measuredOf(t, "nightly", firstDay+30), w.measuredOf(t, "other", firstDay+30)...)
	if !slices.Equal(all, each) || len(all) != 4 || all[3].Campaign != "other" || all[3].Compared {
		t.Errorf("all at once: %+v\neach: %+v", all, each)
	}
}

// A notice that was not collected, or dropped out before, was sent to nobody; one that was collected counts from that day.
func TestOnlyWhatWasSentIsCounted(t *testing.T) {
	w := newWorld()
	w.noticed(1, 3, firstDay+20, 2)  // lies in open/
	w.noticed(2, 3, firstDay+20, 2)  // dropped out
	w.noticed(3, 3, firstDay+35, 3)  // collected ten days later: new, within 30 days of that
	w.noticed(4, 3, firstDay+5, 2)   // given before it was collected
	w.noticed(5, 3, firstDay+20, 2)  // not noted as collected, but mailed as the printer reports
	w.noticed(6, 3, firstDay-100, 2) // known by the day on which it was collected
	w.noticed(7, 3, firstDay+20, 2)  // lay in another region before
	lies := func(id int64, region string, until int64, on table.Date) {
		w.open = append(w.open, table.OpenNotice{NoticeID: fmt.Sprint("n", id), ClientID: id, Region: region, IssuedOn: firstDay, Since: 1,
			Until: until, CollectedOn: on})
	}
	lies(1, "metro", 0, 0)
	lies(2, "metro", 2, 0)
	lies(3, "metro", 0, firstDay+10)
	lies(4, "metro", 0, firstDay+10)
	lies(5, "metro", 0, 0)
	lies(6, "metro", 0, firstDay+25)
	lies(7, "southeast", 2, 0)
	w.results = []table.NoticeResult{{ResultID: "n5/mailed", NoticeID: "n5", Code: "mailed"}}
	want := "sent round 1, 30 days: 2, new 2 (2), late 0 (0), returned 0"
	if got := summary(w.measured(t, firstDay+39)); got != want {
		t.Errorf("before 30 days after the collection: %s\nwant %s", got, want)
	}
	want = "sent round 1, 30 days: 5, new 3 (3), late 1 (1), returned 0"
	if got := summary(w.measured(t, firstDay+55)); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

// The chosen and the control group are counted from the same day: a notice that was collected late counts from the night
// that chose the person, as the control group's does, and one that dropped out before anybody collected it, since the dose
// was given, is no reason to leave the person out.
func TestTheComparisonBeginsOnOneDay(t *testing.T) {
	w := newWorld()
	w.noticed(1, 3, firstDay+35, 3) // collected after ten days: new for what was sent, not within 30 days of the draw
	w.noticed(2, 3, firstDay+20, 2) // vaccinated, and dropped out of open/
	w.noticed(3, 3, 0, 0)
	for id, on := range map[int64]table.Date{1: firstDay + 10, 2: 0, 3: firstDay + 10} {
		w.open = append(w.open, table.OpenNotice{NoticeID: fmt.Sprint("n", id), ClientID: id, Region: "metro", IssuedOn: firstDay,
			Since: 1, Until: 2, CollectedOn: on})
	}
	w.control(4, firstDay+20)
	w.control(5, 0)
	again := w.notices[2]                              // chosen again with other contents, since nobody had collected the first
	again.NoticeID, again.Snapshot = "changed", 2      // of the same night's day, so that it is within the nights of the draw
	w.notices = append(w.notices, again, w.notices[1]) // and one of a campaign's night without a control group
	last := &w.notices[len(w.notices)-1]
	last.NoticeID, last.ClientID, last.IssuedOn = "later", 6, firstDay+5
	w.person(6, 3, firstDay+20, 2)
	rows := w.measured(t, firstDay+50)
	got := ""
	for _, r := range rows {
		if r.Arm != Sent {
			got += fmt.Sprintf("%s %d of %d %v; ", r.Arm, r.WithNew, r.Notices, r.Compared)
		}
	}
	if want := "control 1 of 2 false; chosen 1 of 3 true; "; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// A campaign all of whose people are of the control group so far has its shares, and nothing to compare them with.
func TestNothingButAControlGroup(t *testing.T) {
	w := newWorld()
	w.control(1, firstDay+20)
	w.control(2, 0)
	rows := w.measured(t, firstDay+30)
	if got, want := summary(rows), "control round 1, 30 days: 2, new 1 (1), late 0 (0), returned 0"; got != want || rows[0].Compared {
		t.Errorf("%s, %+v, want %s", got, rows, want)
	}
}

// The chosen are compared with the control group of the same kind, round, channel and days, and what was sent with nothing.
func TestBesideTheControlGroup(t *testing.T) {
	row := func(arm, channel string, days int32, notices, with int64) Counted {
		return Counted{Arm: arm, Kind: "recall", Round: 1, Channel: channel, Days: days, Notices: notices, WithNew: with}
	}
	rows := compare([]Counted{row(Chosen, "mail", 30, 70, 56), row(Control, "mail", 30, 80, 48), row(Control, "text", 30, 40, 1),
		row(Sent, "mail", 30, 70, 56), row(Chosen, "mail", 60, 70, 56)})
	for _, r := range rows {
		compared := r.Arm == Chosen && r.Days == 30
		if r.Compared != compared || compared && (math.Abs(r.Difference-0.2) > 1e-9 || math.Abs(r.Low-0.0524) > 5e-5) {
			t.Errorf("%+v", r)
		}
	}
}
