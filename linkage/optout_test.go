package linkage

import (
	"fmt"
	"testing"

	"miic/internal/table"
)

// Fifty opt-outs, ten of each kind: a name that is misspelled, a name from before, a new number at another sender, a
// record that comes after the request, and a request on the night of the birth record. Each finds its person, and nobody
// is opted out beside them but who may be meant.
func TestOptOutsFindTheirPerson(t *testing.T) {
	const each = 10
	d := registry(t, 9000)
	var first, renamed, second, third delivered
	byKind := map[string][]string{} // records that must be of somebody who is opted out
	later := map[string]bool{}
	taken := map[string]bool{}
	next := 0
	pick := func() *table.ClientRecord {
		for ; ; next++ {
			r := &d.records[next*11%len(d.records)]
			key := r.LastName + r.BirthDate.String()
			if len(r.FirstName) > 3 && len(r.LastName) > 3 && r.BirthDate != 0 && r.Address1 != "" && r.ZIP != "" && !taken[key] {
				taken[key] = true
				next++
				return r
			}
		}
	}
	for i := range each {
		typo := pick()
		q := optOut(typo, "opt_out")
		q.FirstName = q.FirstName[:1] + q.FirstName[2:3] + q.FirstName[1:2] + q.FirstName[3:] // two letters swapped
		second.requests = append(second.requests, q)
		byKind["typo"] = append(byKind["typo"], typo.RecordID)

		former := pick()
		second.requests = append(second.requests, optOut(former, "opt_out")) // under the name of before
		now := *former
		now.SenderTime, now.LastName = former.SenderTime+1, d.records[(i*97+5)%len(d.records)].LastName
		renamed.records = append(renamed.records, now)
		byKind["former name"] = append(byKind["former name"], former.RecordID)

		known := pick()
		second.requests = append(second.requests, optOut(known, "opt_out"))
		elsewhere := *known
		elsewhere.Sender, elsewhere.SourceClientID = "CL8", fmt.Sprintf("new-%d", i)
		elsewhere.RecordID = fmt.Sprintf("CL8/new-%d/1", i)
		third.records = append(third.records, elsewhere)
		byKind["new number"] = append(byKind["new number"], elsewhere.RecordID)

		after := pick()
		second.requests = append(second.requests, optOut(after, "opt_out"))
		third.records = append(third.records, *after)
		later[after.RecordID] = true
		byKind["record later"] = append(byKind["record later"], after.RecordID)

		newborn := pick()
		later[newborn.RecordID] = true
		second.requests = append(second.requests, optOut(newborn, "opt_out"))
		second.records = append(second.records, *newborn)
		byKind["night of birth"] = append(byKind["night of birth"], newborn.RecordID)
	}
	for _, r := range d.records {
		if !later[r.RecordID] {
			first.records = append(first.records, r)
		}
	}
	b := newBench(t)
	for _, n := range []delivered{first, renamed, second, third} {
		night(t, b, n)
	}
	l, people := links(t, b), clientsOf(t, b)
	found := 0
	for kind, records := range byKind {
		for i, record := range records {
			if people[l[record]].OptedOut {
				found++
			} else {
				t.Errorf("%s, case %d: the person is not opted out", kind, i)
			}
		}
	}
	if found != 5*each {
		t.Errorf("%d of %d opt-outs found their person", found, 5*each)
	}
	suppressed := 0
	for _, c := range people {
		if c.OptedOut {
			suppressed++
		}
	}
	if suppressed > 5*each+5 {
		t.Errorf("%d people are opted out by %d requests", suppressed, 5*each)
	}
}
