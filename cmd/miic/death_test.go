package main

import (
	"strings"
	"testing"

	"miic/internal/table"
)

// TestNobodyWritesToTheDead follows the truth of deaths: no living person is made deceased by a certificate, nobody
// whose certificate came gets a letter, and every certificate of somebody in the registry finds them, surely or
// possibly.
func TestNobodyWritesToTheDead(t *testing.T) {
	t.Parallel()
	dir := stateAfterANight(t, "9000", "1")
	died, person := map[string]bool{}, map[string]string{}
	for _, p := range truth(t, dir, "persons.csv") {
		died[p["person_id"]] = p["died_on"] != ""
	}
	for _, r := range truth(t, dir, "records.csv") {
		person[r["sender"]+"/"+r["source_client_id"]] = r["person_id"]
	}
	holds := map[int64]map[string]bool{}
	for _, l := range rows[table.ClientLink](t, dir, "client_link") {
		if holds[l.ClientID] == nil {
			holds[l.ClientID] = map[string]bool{}
		}
		holds[l.ClientID][person[l.RecordID[:strings.LastIndex(l.RecordID, "/")]]] = true
	}
	deceased := map[int64]bool{}
	for _, c := range rows[table.Client](t, dir, "client") {
		deceased[c.ClientID] = c.Status == "deceased"
	}
	found, sure, doubtful := map[string]bool{}, 0, 0
	touched := map[int64]bool{}
	for _, m := range rows[table.DeathMatch](t, dir, "death_match") {
		touched[m.ClientID], found[m.DeathID] = true, true
		if m.Basis == "possible" {
			doubtful++
			continue
		}
		sure++
		dead := false
		for p := range holds[m.ClientID] {
			dead = dead || died[p]
		}
		if !dead || !deceased[m.ClientID] {
			t.Errorf("client %d: by the truth dead: %v; made deceased: %v", m.ClientID, dead, deceased[m.ClientID])
		}
	}
	certificates := rows[table.Death](t, dir, "death")
	if len(certificates) < 10 || sure < 8 || doubtful < 1 {
		t.Fatalf("%d certificates, %d sure, %d doubtful: the test has too little to look at", len(certificates), sure,
			doubtful)
	}
	missed := 0
	for _, d := range certificates {
		if !found[d.DeathID] {
			missed++
		}
	}
	if missed*10 > len(certificates) {
		t.Errorf("%d of %d certificates find nobody", missed, len(certificates))
	}
	for _, n := range rows[table.Notice](t, dir, "notice") {
		if touched[n.ClientID] || deceased[n.ClientID] {
			t.Errorf("client %d has died or may have, and got a %s", n.ClientID, n.Kind)
		}
	}
}
