package linkage

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"miic/internal/overlay"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/linkage/review"
	"miic/linkage/standard"
)

func overlaid() table.ClientRecord {
	return table.ClientRecord{RecordID: "clinic/7/1", Sender: "clinic", SourceClientID: "7", Generation: 1, Line: 2,
		SenderTime: 1, FirstName: "Kim", LastName: "Lund", MotherFirst: "Ada", MotherMaiden: "Berg",
		BirthDate: table.NewDate(2019, 2, 3), Sex: "F", Address1: "1 Oak St",
		City: "Duluth", State: "MN", ZIP: "55802",
		Phone: "2185550101", Share: "allowed", Contact: "allowed"}
}

// openTurns are the questions that wait about one record.
func openTurns(t *testing.T, b *pipeline.Bench) []table.ReviewItem {
	t.Helper()
	var list []table.ReviewItem
	for _, it := range items(t, b) {
		if it.Decision == "open" && overlay.IsTurn(it.Evidence) {
			list = append(list, it)
		}
	}
	return list
}

// judge gives a verdict on the one question that waits, and returns the site's file of verdicts.
func judge(t *testing.T, b *pipeline.Bench, decision string) string {
	t.Helper()
	q, err := explainer(t, b).Queue(context.Background())
	if err != nil || len(q.Questions) != 1 {
		t.Fatalf("%d questions: %v", len(q.Questions), err)
	}
	x := q.Questions[0]
	verdicts, err := explainer(t, b).Judge(context.Background(),
		[]review.Judged{{ItemID: x.ItemID, Decision: decision, By: "kim", Evidence: x.Evidence, Line: 2}}, nil,
		someNight)
	if err != nil || len(verdicts) != 1 {
		t.Fatalf("%d verdicts: %v", len(verdicts), err)
	}
	path := filepath.Join(t.TempDir(), "verdicts.csv")
	keep(t, path, verdicts)
	return path
}

// A sex or a birth date that contradicts an earlier version is asked about, with both versions; the record stays one
// and as it was reported last. The answer "same" holds for whatever is reported of these two again.
func TestARecordThatContradictsItselfIsAskedAbout(t *testing.T) {
	b := newBench(t)
	r := overlaid()
	report := func(verdicts string, change func(*table.ClientRecord)) map[string]int64 {
		t.Helper()
		change(&r)
		r.SenderTime += 86400e6
		one := r
		dose := table.VaccinationEvent{EventID: "clinic/" + one.Sex + one.BirthDate.String(), RecordID: one.RecordID,
			Sender: "clinic", Action: "A", CVX: 20, AdministeredOn: table.NewDate(2019, 6, 3), Completion: "CP",
			SenderTime: one.SenderTime}
		return judgedNight(t, b, delivered{records: []table.ClientRecord{one},
			events: []table.VaccinationEvent{dose}}, verdicts)
	}
	report("", func(*table.ClientRecord) {})
	report("", func(r *table.ClientRecord) { r.BirthDate = table.NewDate(2019, 3, 2) }) // a slip
	if got := openTurns(t, b); len(got) != 0 {
		t.Fatalf("a slip put right raises %v", got)
	}
	report("", func(r *table.ClientRecord) { r.Sex = "M" })
	got := openTurns(t, b)
	if len(got) != 1 || got[0].RecordL != "clinic/7/1" || got[0].RecordR != "clinic/7/2" ||
		!strings.Contains(got[0].Reason, "another sex before") {
		t.Fatalf("another sex raises %v", got)
	}
	for _, text := range []string{"Kim", "Lund", "2019", " F", " M"} {
		if strings.Contains(got[0].Reason, text) {
			t.Errorf("the reason holds %q: %s", text, got[0].Reason)
		}
	}
	if l := links(t, b); len(l) != 1 {
		t.Errorf("one record has the links %v", l)
	}
	var c []table.Client
	if err := table.Scan(b.Files("client"), func(x *table.Client) error { c = append(c, *x); return nil }); err != nil {
		t.Fatal(err)
	}
	if len(c) != 1 || c[0].Sex != "M" || !c[0].InReview {
		t.Errorf("while it waits the registry holds %+v; want one person, male, in review", c)
	}
	q, err := explainer(t, b).Queue(context.Background())
	if err != nil || len(q.Questions) != 1 {
		t.Fatalf("%d questions: %v", len(q.Questions), err)
	}
	shown := map[string][2]string{}
	for _, s := range q.Questions[0].Beside {
		shown[s.Part] = [2]string{s.Left, s.Right}
	}
	if shown["sex"] != [2]string{"F", "M"} || shown["batch"] != [2]string{"clinic-2", "clinic-3"} ||
		shown["delivery"] != [2]string{"clinic", "clinic"} || shown["line"] != [2]string{"2", "2"} {
		t.Errorf("the question shows %v", shown)
	}
	if d := q.Questions[0].Doses; len(d) != 1 || len(d[0].Left) != 2 || len(d[0].Right) != 1 {
		t.Errorf("its doses are %v; want two that were reported before and one since", d)
	}

	report("", func(r *table.ClientRecord) { r.Phone = "2185550109" })
	if again := openTurns(t, b); len(again) != 1 || again[0].Snapshot != got[0].Snapshot {
		t.Errorf("while it waits, another telephone makes it %v", again)
	}
	verdicts := judge(t, b, "same")
	judgedNight(t, b, delivered{}, verdicts)
	for _, sex := range []string{"F", "M"} {
		if counts := report(verdicts, func(r *table.ClientRecord) { r.Sex = sex }); counts["link.in_review"] != 0 {
			t.Errorf("after the answer, %s reported again: %d wait", sex, counts["link.in_review"])
		}
	}
	report(verdicts, func(r *table.ClientRecord) { r.BirthDate = table.NewDate(2021, 9, 17) })
	if got := openTurns(t, b); len(got) != 1 || !strings.Contains(got[0].Reason, "another birth date before") {
		t.Errorf("another birth date after that raises %v", got)
	}
}

// The numbers of birth certificates are nobody else's.
func TestAnAmendedCertificateIsNotAskedAbout(t *testing.T) {
	b := newBench(t)
	r := overlaid()
	for _, sex := range []string{"F", "M"} {
		r.Sex = sex
		r.SenderTime++
		if _, err := b.Night(context.Background(), someNight, nil,
			delivered{records: []table.ClientRecord{r}}.ingest(map[string]string{"clinic": standard.VitalRecords}),
			Stage(Config{})); err != nil {
			t.Fatal(err)
		}
	}
	if got := openTurns(t, b); len(got) != 0 {
		t.Errorf("an amended certificate raises %v", got)
	}
}

// Judged different, the two records that ingest makes of it stay apart though all else agrees, whatever changes later.
func TestPartedRecordsStayApart(t *testing.T) {
	b := newBench(t)
	r := overlaid()
	judgedNight(t, b, delivered{records: []table.ClientRecord{r}}, "")
	r.Sex, r.SenderTime = "M", 2
	judgedNight(t, b, delivered{records: []table.ClientRecord{r}}, "")
	verdicts := judge(t, b, "different")
	stays, begins := overlaid(), r
	stays.SenderTime = 2
	begins.RecordID, begins.Generation = "clinic/7/2", 2
	judgedNight(t, b, delivered{records: []table.ClientRecord{stays, begins}}, verdicts)
	begins.Phone, begins.SenderTime = "2185550109", 3
	counts := judgedNight(t, b, delivered{records: []table.ClientRecord{begins}}, verdicts)
	if l := links(t, b); len(l) != 2 || l["clinic/7/1"] == l["clinic/7/2"] {
		t.Errorf("the two records belong to %v", l)
	}
	if counts["link.in_review"] != 0 {
		t.Errorf("%d wait; want none: it has been judged", counts["link.in_review"])
	}
}

// A verdict that ingest has not acted on, as after a rollback, leaves the question open.
func TestARecordThatIsNotPartedYetIsAskedAboutAgain(t *testing.T) {
	b := newBench(t)
	r := overlaid()
	judgedNight(t, b, delivered{records: []table.ClientRecord{r}}, "")
	r.Sex, r.SenderTime = "M", 2
	judgedNight(t, b, delivered{records: []table.ClientRecord{r}}, "")
	verdicts := judge(t, b, "different")
	judgedNight(t, b, delivered{}, verdicts)
	judgedNight(t, b, delivered{}, "")
	if got := openTurns(t, b); len(got) != 1 {
		t.Errorf("the record is still one, and the question is %v", got)
	}
	// The site's file is there again, and ingest acts on it.
	stays, begins := overlaid(), r
	stays.SenderTime = 2
	begins.RecordID, begins.Generation = "clinic/7/2", 2
	counts := judgedNight(t, b, delivered{records: []table.ClientRecord{stays, begins}}, verdicts)
	if l := links(t, b); l["clinic/7/1"] == l["clinic/7/2"] || counts["link.in_review"] != 0 {
		t.Errorf("parted at last, the records belong to %v, and %d wait", l, counts["link.in_review"])
	}
}

// Of people who may appear in no output the question is counted, not shown.
func TestAContradictionOfARestrictedPersonIsNotShown(t *testing.T) {
	b := newBench(t)
	r := overlaid()
	r.Share = "refused"
	judgedNight(t, b, delivered{records: []table.ClientRecord{r}}, "")
	r.Sex, r.SenderTime = "M", 2
	judgedNight(t, b, delivered{records: []table.ClientRecord{r}}, "")
	q, err := explainer(t, b).Queue(context.Background())
	if err != nil || len(q.Questions) != 0 || q.Restricted != 1 {
		t.Errorf("%d questions and %d not shown: %v", len(q.Questions), q.Restricted, err)
	}
}

// When the number is given to another person while the question waits, the record that would begin is the one after
// that person's.
func TestAQuestionAboutANumberThatIsGivenAgain(t *testing.T) {
	b := newBench(t)
	r := overlaid()
	judgedNight(t, b, delivered{records: []table.ClientRecord{r}}, "")
	r.Sex, r.SenderTime = "M", 2
	judgedNight(t, b, delivered{records: []table.ClientRecord{r}}, "")
	other := table.ClientRecord{RecordID: "clinic/7/2", Sender: "clinic", SourceClientID: "7", Generation: 2, Line: 2,
		SenderTime: 3, FirstName: "Ola", LastName: "Vang",
		BirthDate: table.NewDate(2011, 11, 11), Sex: "M", Share: "allowed", Contact: "allowed"}
	judgedNight(t, b, delivered{records: []table.ClientRecord{other}}, "")
	got := openTurns(t, b)
	if len(got) != 1 || got[0].RecordL != "clinic/7/1" || got[0].RecordR != "clinic/7/3" {
		t.Errorf("the question about the record is %v", got)
	}
	if it := items(t, b)[review.ItemID("clinic/7/1", "clinic/7/2")]; it.Decision != "open" ||
		overlay.IsTurn(it.Evidence) {
		t.Errorf("the question about the number is %+v", it)
	}
}
