package linkage

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/linkage/review"
)

func historyOf(t testing.TB, b *pipeline.Bench) map[int64][]string {
	t.Helper()
	out := map[int64][]string{}
	if err := table.Scan(b.Files("client_history"), func(h *table.ClientHistory) error {
		out[h.ClientID] = append(out[h.ClientID],
			strings.Join(strings.Fields(fmt.Sprintln(h.Kind, h.Place, h.FirstName, h.LastName, h.Address1, h.ZIP,
				h.Phone)), " "))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// A newborn without a name is named, its mother marries, they move, and the clinic has an alias and a
// second phone: all of it is kept, once, however it is spelled.
func TestFormerNamesAddressesAndPhonesAreKept(t *testing.T) {
	b := newBench(t)
	one := child("clinic-a", "1", "BABY GIRL", born)
	one.LastName, one.SenderTime = "Abrahamsson", table.NewDate(2022, 4, 20).Midnight()
	d := crowd(t)
	d.records = append(d.records, one)
	night(t, b, d)
	two := one
	two.FirstName, two.LastName, two.SenderTime, two.Phone2 = "Astrid", "Lindqvist",
		table.NewDate(2022, 6, 1).Midnight(), "2185550177"
	night(t, b, delivered{records: []table.ClientRecord{two}})
	three := two
	three.Address1, three.City, three.ZIP = "800 Cedar Avenue", "Rochester", "55901"
	three.SenderTime = table.NewDate(2023, 1, 9).Midnight()
	three.Aliases, three.Address2 = "Asta^Lindqvist", "Apt 4"
	spelled := child("clinic-b", "9", "ASTRID", born)
	spelled.LastName, spelled.Address1, spelled.SenderTime = "LINDQVIST", "14 BIRCH ST",
		table.NewDate(2022, 7, 1).Midnight()
	night(t, b, delivered{records: []table.ClientRecord{three, spelled}})
	l := links(t, b)
	if l[one.RecordID] != l[spelled.RecordID] {
		t.Fatal("the two records are not one person")
	}
	got := historyOf(t, b)[l[one.RecordID]]
	slices.Sort(got)
	want := []string{"address 1 14 BIRCH ST 55812", "name 1 Asta Lindqvist", "name 2 Abrahamsson", "phone 1 2185550177"}
	if !slices.Equal(got, want) {
		t.Errorf("history %q; want %q", got, want)
	}
	c, err := explainer(t, b).Client(l[one.RecordID])
	if err != nil || len(c.Former) != len(want) {
		t.Fatalf("%d former values are explained: %v", len(c.Former), err)
	}
	if f := c.Former[0]; f.Field != "address" || f.RecordID != spelled.RecordID || f.LastReported != "2022-07-01" {
		t.Errorf("the address before is explained as %+v", f)
	}
	// The next night touches somebody else: the history stays.
	night(t, b, delivered{records: []table.ClientRecord{child("clinic-c", "77", "Freja", born.AddMonths(-26))}})
	after := historyOf(t, b)[l[one.RecordID]]
	slices.Sort(after)
	if !slices.Equal(after, want) {
		t.Errorf("a night later the history is %q", after)
	}
}

// Of people who are opted out, locked or sealed, or may be, no history is kept.
func TestNoHistoryOfTheRestricted(t *testing.T) {
	for _, kind := range []string{"opt_out", "lock", "seal"} {
		t.Run(kind, func(t *testing.T) {
			b := newBench(t)
			one := child("clinic-a", "1", "Astrid", born)
			moved := one
			moved.Address1, moved.ZIP, moved.SenderTime = "800 Cedar Avenue", "55901", 2
			d := crowd(t)
			d.records = append(d.records, one, moved)
			night(t, b, d)
			id := links(t, b)[one.RecordID]
			if len(historyOf(t, b)[id]) != 1 {
				t.Fatalf("history %q; want the old address", historyOf(t, b)[id])
			}
			// Without an address the request may mean her; it suppresses until it is settled.
			night(t, b, delivered{requests: []table.Request{{RequestID: "families/1", Sender: "families", SenderTime: 1,
				Kind:      kind,
				FirstName: "Astrid", LastName: "Lindqvist", BirthDate: born}}})
			if got := historyOf(t, b)[id]; len(got) != 0 {
				t.Errorf("the history holds %q", got)
			}
		})
	}
}

// Who may be the same as somebody who has opted out has no history, and has it again once a verdict
// judges that the two are different, though nothing of hers has changed.
func TestHistoryReturnsWithTheVerdict(t *testing.T) {
	b := newBench(t)
	verdicts := filepath.Join(t.TempDir(), "verdicts.csv")
	out := child("clinic-a", "1", "Astrid", born)
	doubtful := child("clinic-b", "2", "Astrid", born)
	// Two certificates: never by machine.
	out.BirthCertNumber, doubtful.BirthCertNumber = "MN-2022-000001", "MN-2022-000002"
	doubtful.Address1, doubtful.City, doubtful.ZIP = "9 Elm Street", "Winona", "55987"
	moved := doubtful
	moved.Address1, moved.SenderTime = "3 Oak Court", 2
	d := crowd(t)
	d.records = append(d.records, out, doubtful, moved)
	d.requests = []table.Request{{RequestID: "families/1", Sender: "families", SenderTime: 1, Kind: "opt_out",
		FirstName: "Astrid", LastName: "Lindqvist",
		BirthDate: born, Address1: out.Address1, City: out.City, ZIP: out.ZIP}}
	judgedNight(t, b, d, verdicts)
	id := links(t, b)[doubtful.RecordID]
	if c := clientsOf(t, b); !c[id].OptedOut || !c[links(t, b)[out.RecordID]].OptedOut ||
		len(historyOf(t, b)[id]) != 0 {
		t.Fatalf("opted out: %v, history %q", c[id].OptedOut, historyOf(t, b)[id])
	}
	it := items(t, b)[review.ItemID(out.RecordID, doubtful.RecordID)]
	keep(t, verdicts, []review.Judged{{ItemID: it.ItemID, RecordL: it.RecordL, RecordR: it.RecordR,
		Decision: "different", By: "kim", On: someNight,
		Evidence: it.Evidence}})
	judgedNight(t, b, delivered{}, verdicts)
	if clientsOf(t, b)[id].OptedOut || len(historyOf(t, b)[id]) != 1 {
		t.Errorf("after the verdict: opted out %v, history %q", clientsOf(t, b)[id].OptedOut, historyOf(t, b)[id])
	}
}

// What is explained of a person's demographics is what the night chose, for every person of a state.
func TestKnownIsWhatSurvived(t *testing.T) {
	b := newBench(t)
	night(t, b, registry(t, 1500))
	x := explainer(t, b)
	records := map[int64][]string{}
	for r, c := range links(t, b) {
		records[c] = append(records[c], r)
	}
	several := 0
	for id, c := range clientsOf(t, b) {
		if len(records[id]) < 2 || id%5 != 0 {
			continue
		}
		several++
		e, err := x.Client(id)
		if err != nil {
			t.Fatal(err)
		}
		from := map[string]review.Known{}
		for _, k := range e.Known {
			if k.Reason == "" || k.Value == "" {
				t.Errorf("client %d: %s has value and reason missing", id, k.Field)
			}
			from[k.Field] = k
		}
		for field, want := range map[string]string{"name": c.NameSource, "birth_date": c.BirthSource,
			"address": c.AddressSource, "phone": c.PhoneSource} {
			if from[field].RecordID != want {
				t.Errorf("client %d: %s is explained by record %q, chosen was %q", id, field, from[field].RecordID,
					want)
			}
		}
		if from["sex"].Value != c.Sex || from["birth_date"].Value != c.BirthDate.String() {
			t.Errorf("client %d: sex or birth date is explained otherwise than stored", id)
		}
	}
	if several < 20 {
		t.Fatalf("only %d persons of several records were looked at", several)
	}
}
