package linkage

import (
	"context"
	"testing"

	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/linkage/match"
	"miic/linkage/review"
)

// nightOf runs a night of a state of so many people.
func nightOf(t *testing.T, b *pipeline.Bench, population int, d delivered) map[string]int64 {
	t.Helper()
	o, err := b.Night(context.Background(), someNight, nil, d.ingest(nil), Stage(Config{Population: population}))
	if err != nil {
		t.Fatal(err)
	}
	return o.Counts
}

// TestLinksAreWeighedAgain is item 4: what tied two records in a small state is weighed again, and comes apart, when the
// state has grown; a strong link stays, and a night without growth weighs nothing again.
func TestLinksAreWeighedAgain(t *testing.T) {
	record := func(id, sender, last, street, phone string) table.ClientRecord {
		return table.ClientRecord{RecordID: sender + "/" + id + "/1", Sender: sender, FirstName: "Emma", LastName: last,
			BirthDate: table.NewDate(2015, 3, 4), Sex: "F", Address1: street, ZIP: "55802", City: "Duluth", Phone: phone,
			Share: "allowed", Contact: "allowed", SenderTime: 1}
	}
	d := delivered{records: []table.ClientRecord{
		record("1", "a", "Halvorsen", "10 Oak St", "2185550141"), record("2", "b", "Halvorsen", "840 Superior Ave", ""),
		record("3", "a", "Xiong", "77 Pine Rd", "2185550162"), record("4", "b", "Xiong", "77 Pine Rd", "2185550162"),
	}}
	b := newBench(t)
	nightOf(t, b, 64, d)
	before := links(t, b)
	if before["a/1/1"] != before["b/2/1"] || before["a/3/1"] != before["b/4/1"] {
		t.Fatalf("in a state of 64 people the pairs are not linked: %v", before)
	}
	if c := nightOf(t, b, 64, delivered{}); c["link.links_weighed_again"] != 0 {
		t.Errorf("a night without growth weighs %d links again", c["link.links_weighed_again"])
	}
	c := nightOf(t, b, 4_000_000, delivered{})
	after := links(t, b)
	if after["a/1/1"] == after["b/2/1"] || c["link.links_in_doubt"] == 0 || c["link.dirty"] != 0 {
		t.Errorf("names and a birth date still tie two in a state of four million: %v, %v", after, c)
	}
	if after["a/3/1"] != after["b/4/1"] || after["a/1/1"] != before["a/1/1"] {
		t.Errorf("a strong link, or an id, has gone: %v, then %v", before, after)
	}
	if c["link.review_raised"] == 0 {
		t.Error("nobody is asked about the two that came apart")
	}
	x := review.NewExplainer(b.Engine, b.Files, match.Default())
	p, err := x.Pair("a/1/1", "b/2/1")
	if err != nil {
		t.Fatal(err)
	}
	if p.Decision == string(match.Link) || p.Snapshot != 3 {
		t.Errorf("the pair is explained as %s, by snapshot %d", p.Decision, p.Snapshot)
	}
	// A pair is linked or held, never both.
	if p, err = x.Pair("a/3/1", "b/4/1"); err != nil || p.Decision != string(match.Link) || len(p.Holds) > 0 {
		t.Errorf("a linked pair: %+v, %v", p, err)
	}
}

// TestPopulationIsChecked: a population that is none is refused, with what to write instead.
func TestPopulationIsChecked(t *testing.T) {
	if (&Config{Population: -5}).Validate() == nil || (&Config{}).Validate() != nil {
		t.Error("a negative population must be refused, and none given must not")
	}
}
