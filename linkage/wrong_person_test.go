package linkage

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/linkage/review"
	"miic/linkage/standard"
)

// What came of a notice acts on its person the same night, also where that person's records join another's, and a
// letter to the wrong person holds the next until somebody has judged it.
func TestResultsActOnWhoeverHasTheRecord(t *testing.T) {
	one, other := child("clinic-a", "1", "Astrid", born), child("clinic-b", "2", "Ingrid", born-900)
	one.SenderTime, one.Reported = someNight.Midnight(), 1<<48-1
	other.SenderTime, other.Reported = someNight.Midnight(), 1<<48-1
	other.Address1 = "44 Far Street"
	result := func(id, code string, of *table.ClientRecord) table.NoticeResult {
		return table.NoticeResult{ResultID: id + "/" + code, NoticeID: id, RecordID: of.RecordID, Sender: "printer", Code: code,
			HappenedOn: someNight, SentTo: of.Address1, SentToZIP: of.ZIP}
	}
	b, verdicts := newBench(t), filepath.Join(t.TempDir(), "verdicts.csv")
	d := crowd(t)
	d.records = append(d.records, one, other)
	judgedNight(t, b, d, verdicts)
	person := func(r *table.ClientRecord) table.Client { return clientsOf(t, b)[links(t, b)[r.RecordID]] }
	if c := person(&one); c.AddressFlag != "" || c.InReview {
		t.Fatalf("before any result: %+v", c)
	}
	moved := result("n1", "returned", &one)
	moved.Address1, moved.City, moved.State, moved.ZIP = "5 New Road", "Ely", "MN", "55731"
	judgedNight(t, b, delivered{results: []table.NoticeResult{moved, result("n1", "no_mail", &one), result("n2", "wrong_person", &other)}}, verdicts)
	if c := person(&one); c.Address1 != "5 New Road" || c.AddressFlag != "" {
		t.Errorf("the family moved, but lives at %q %q", c.Address1, c.AddressFlag)
	}
	if !slices.ContainsFunc(restrictionsOf(t, b), func(r table.Restriction) bool {
		return r.ClientID == person(&one).ClientID && r.Kind == "no_mail" && r.SourceID == "result:n1/no_mail"
	}) {
		t.Errorf("the family wants no letters: %v", restrictionsOf(t, b))
	}
	if c := person(&other); !c.InReview || c.AddressFlag != "" {
		t.Errorf("a letter reached the wrong person, and nobody is asked: %+v", c)
	}
	e, err := explainer(t, b).Client(person(&one).ClientID)
	if err != nil || !slices.ContainsFunc(e.Known, func(k review.Known) bool {
		return k.Field == "address" && strings.HasPrefix(k.RecordID, standard.ResultPrefix)
	}) {
		t.Errorf("the address is explained by %v: %v", e, err)
	}
	q, err := explainer(t, b).Queue(context.Background())
	at := slices.IndexFunc(q.Questions, review.Question.WrongPerson)
	if err != nil || at < 0 || q.Questions[at].Left.RecordID != other.RecordID {
		t.Fatalf("%d questions, none about the letter: %v", len(q.Questions), err)
	}
	asked := q.Questions[at]
	judge := review.Judged{ItemID: asked.ItemID, RecordL: asked.Left.RecordID, RecordR: asked.Right.RecordID, Decision: "different",
		By: "kim", On: someNight, Evidence: asked.Evidence}
	keep(t, verdicts, []review.Judged{judge})
	judgedNight(t, b, delivered{}, verdicts)
	if c := person(&other); c.InReview || c.AddressFlag != "bad" {
		t.Errorf("judged to have gone astray, the address still counts: %+v", c)
	}
	if it := items(t, b)[asked.ItemID]; it.Decision != "different" {
		t.Errorf("the item is %s", it.Decision)
	}
	// the wish stays with whoever has the record, by a verdict that joins the two
	same := review.Judged{ItemID: review.ItemID(one.RecordID, other.RecordID), RecordL: one.RecordID, RecordR: other.RecordID,
		Decision: "same", By: "kim", On: someNight, Evidence: hashOf(t, b, one.RecordID) + hashOf(t, b, other.RecordID)}
	keep(t, verdicts, []review.Judged{judge, same})
	judgedNight(t, b, delivered{}, verdicts)
	if l := links(t, b); l[one.RecordID] != l[other.RecordID] {
		t.Fatal("the verdict does not join the two")
	}
	if !slices.ContainsFunc(restrictionsOf(t, b), func(r table.Restriction) bool {
		return r.ClientID == person(&other).ClientID && r.Kind == "no_mail"
	}) {
		t.Error("the wish is lost with the join")
	}
}

func hashOf(t *testing.T, b *pipeline.Bench, record string) (hash string) {
	t.Helper()
	if err := table.Scan(b.Files("standard_record"), func(s *table.StandardRecord) error {
		if s.RecordID == record {
			hash = s.ContentHash
		}
		return nil
	}); err != nil || hash == "" {
		t.Fatalf("no standard record of %s: %v", record, err)
	}
	return hash
}
