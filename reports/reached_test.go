package reports

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"miic/internal/table"
	"miic/reports/campaign"
)

// Item 8: every active person of the age with an open dose is in exactly one count of the summary. The people, their
// doses, dates and what keeps a letter back are random; who has an open dose is counted here anew.
func TestEverybodyWithAnOpenDoseIsCountedOnce(t *testing.T) {
	for seed := range uint64(3) {
		w := population(40+seed, 500)
		r := rand.New(rand.NewPCG(seed, 8))
		for i := range w.forecasts {
			f := &w.forecasts[i]
			switch r.IntN(6) {
			case 0: // as of an adult: no day on which it is past due
				f.PastDue = 0
			case 1: // later than the window
				f.Recommended += 400
				f.PastDue = f.Recommended + 60
			case 2:
				f.Recommended, f.PastDue = 0, 0
			case 3: // past due before it is recommended: no schedule says so, but nobody may be lost by it
				f.PastDue = f.Recommended - 90
			}
			if r.IntN(20) == 0 {
				f.Status = "Complete"
			}
		}
		b := newBench(t)
		for _, day := range []table.Date{asOf, asOf + 30} {
			o := nightOf(t, b, day, w)
			want := map[string]int{}
			for _, c := range w.clients {
				age := c.BirthDate.AddMonths(12*19) > day && c.BirthDate <= day
				hidden := c.OptedOut || c.Locked
				open := slices.ContainsFunc(w.forecasts, func(f table.Forecast) bool {
					return f.ClientID == c.ClientID && f.Status == "Not Complete"
				})
				if age && !hidden && open {
					want[c.Region]++
					want["state"]++
				}
			}
			got := map[string]int{}
			for _, line := range strings.Split(strings.TrimSpace(read(t, o, "state/summary.csv")), "\r\n")[1:] {
				f := strings.Split(line, ",")
				if f[2] == "mailed" || f[2] == "excluded" && f[3] != "" || f[2] == "not called" {
					n, _ := strconv.Atoi(f[4])
					got[f[0]] += n
				}
			}
			for region, n := range want {
				if got[region] != n {
					t.Errorf("seed %d, day %s, %s: %d people have an open dose, the summary counts %d", seed, day, region, n, got[region])
				}
			}
			if want["state"] < 200 {
				t.Errorf("only %d people: too few to mean anything", want["state"])
			}
		}
	}
}

// Item 8: a letter that came back has reached nobody. A clinic gives another address the same night, and the family is
// written to there; a family whose letter did not come back is left in peace.
func TestReturnedMailHasReachedNobody(t *testing.T) {
	w := &world{batches: population(1, 0).batches}
	for id := int64(1); id <= 4; id++ {
		w.clients = append(w.clients, clientOf(id, asOf.AddMonths(-20)))
		w.forecasts = append(w.forecasts, due(id, "DTaP/Tdap/Td", asOf-40, asOf+90))
		w.links = append(w.links, table.ClientLink{RecordID: fmt.Sprintf("plan/%d", id), ClientID: id, Since: 1})
	}
	b := newBench(t)
	first := nightOf(t, b, asOf, w)
	if n := len(lettersOf(t, first, "metro", campaign.Reminder)); n != 4 {
		t.Fatalf("%d reminders of a dose whose day has passed, want 4", n)
	}
	back := func(id int64, street string) {
		w.records = append(w.records, table.ClientRecord{RecordID: fmt.Sprintf("plan/%d", id), Sender: "plan", Snapshot: 2,
			Address1: street, ZIP: "55104-1234", AddressFlag: "bad", BirthDate: w.clients[id-1].BirthDate})
	}
	back(1, "1 XANTHIPPE STREET") // came back, and the clinic knows another address
	w.clients[0].Address1, w.clients[0].ZIP = "77 Oak Ave", "55105"
	back(2, w.clients[1].Address1) // came back, no other address
	w.clients[1].AddressFlag = "bad"
	back(3, "12 Elm St") // another address than the letter's
	w.batches = append(w.batches, table.Batch{BatchID: "b000000000000009", Snapshot: 2, FileName: "members.csv", Sender: "plan",
		SenderKind: "health_plan", Layout: "plan-members", Status: "loaded"})
	second := nightOf(t, b, asOf+1, w)
	letters := lettersOf(t, second, "metro", campaign.Reminder)
	if len(letters) != 1 || letters[0]["address_1"] != "77 Oak Ave" || letters[0]["round"] != "1" {
		t.Errorf("after mail came back: %v", letters)
	}
	summary := read(t, second, "state/summary.csv")
	for _, line := range []string{"state,reminder,excluded,address,1,1", "state,reminder,excluded,reached,2,"} {
		if !strings.Contains(summary, line) {
			t.Errorf("the summary has no line %q", line)
		}
	}
	w.batches = append(w.batches, table.Batch{BatchID: "b000000000000010", Snapshot: 3, FileName: "more.csv", Sender: "plan",
		SenderKind: "health_plan", Layout: "plan-members", Status: "loaded"})
	if n := len(lettersOf(t, nightOf(t, b, asOf+2, w), "metro", campaign.Reminder)); n != 0 {
		t.Errorf("%d letters a day later: the family has been reached", n)
	}
}
