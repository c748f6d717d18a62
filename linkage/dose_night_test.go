package linkage

import (
	"fmt"
	"slices"
	"testing"

	"miic/internal/table"
)

// In whatever order the files come, over one night or several, the same reports are the same doses, and
// no report is lost.
func TestOrderOfFilesMakesTheSameDoses(t *testing.T) {
	all := registry(t, 300)
	for i := range all.events { // the plan's claims, a day late for some, without lots
		e := all.events[i]
		all.events[i].Lot = fmt.Sprint("L", i%7)
		e.EventID, e.Historical, e.AdministeredOn = e.EventID+"/claim", true, e.AdministeredOn+table.Date(i%3)
		all.events = append(all.events, e)
	}
	var want map[string]string
	for name, at := range map[string]func(int) int{"one night": nil,
		"in order":  func(i int) int { return i * 3 / len(all.events) },
		"backwards": func(i int) int { return 2 - i*3/len(all.events) }} {
		b := newBench(t)
		parts := []delivered{all}
		if at != nil {
			parts = []delivered{{records: all.records}, {}, {}}
			for i, e := range all.events {
				parts[at(i)].events = append(parts[at(i)].events, e)
			}
		}
		for _, d := range parts {
			night(t, b, d)
		}
		set := map[string][]string{}
		if err := table.Scan(b.Files("immunization_source"), func(x *table.ImmunizationSource) error {
			set[x.ImmunizationID] = append(set[x.ImmunizationID], x.EventID)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, events := range set {
			for _, e := range events {
				got[e] = slices.Min(events)
			}
		}
		if len(got) != len(all.events) {
			t.Errorf("%s: %d of %d reports are in a dose", name, len(got), len(all.events))
		}
		if want == nil {
			want = got
		}
		differ := 0
		for e, s := range want {
			if got[e] != s {
				differ++
			}
		}
		if differ > 0 {
			t.Errorf("%s: %d reports are in another dose", name, differ)
		}
	}
}
