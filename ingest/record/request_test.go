package record

import (
	"testing"

	"miic/ingest/read"
	"miic/internal/table"
)

// TestARequestKeepsItsFingerprint: one from before requests had a requester is not stored again when it is sent again; who
// asks, and what he knows, is part of a newer one.
func TestARequestKeepsItsFingerprint(t *testing.T) {
	q := table.Request{Kind: "access", FirstName: "Ida", LastName: "Foss", Address1: "1 Main St", City: "Ely", State: "MN", ZIP: "55731",
		BirthDate: table.NewDate(2018, 8, 8), ReceivedOn: table.NewDate(2026, 4, 1)}
	h := read.Seed
	for _, s := range []string{"access", "Ida", "Foss", "1 Main St", "Ely", "MN", "55731"} {
		h = h.Text(s)
	}
	seen := map[int64]string{h.Number(int64(q.BirthDate)).Number(int64(q.ReceivedOn)).Sum(): "before"}
	if seen[requestHash(&q)] != "before" {
		t.Error("the fingerprint of a request without a requester has changed")
	}
	for name, change := range map[string]func(*table.Request){
		"requester": func(q *table.Request) { q.Requester = "Eva" }, "relation": func(q *table.Request) { q.Relation = "Eva" },
		"maiden": func(q *table.Request) { q.MotherMaiden = "Eva" },
	} {
		other := q
		change(&other)
		if was := seen[requestHash(&other)]; was != "" {
			t.Errorf("%s has the fingerprint of %s", name, was)
		}
		seen[requestHash(&other)] = name
	}
}
