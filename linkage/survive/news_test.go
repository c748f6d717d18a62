package survive

import (
	"testing"

	"miic/internal/area"
	"miic/internal/table"
)

// What came of notices beside what records report: where mail does not come, where the family moved, whom nobody reaches.
func TestResultsOfNotices(t *testing.T) {
	may, june, july := table.NewDate(2025, 5, 1), table.NewDate(2025, 6, 1), table.NewDate(2025, 7, 1)
	phone := func(number string) func(*Row) { return func(r *Row) { r.Phone = number } }
	back := News{ClientID: 7, ResultID: "a1/returned", Code: "returned", HappenedOn: june, ReceivedOn: tonight, SentTo: "1 Old St",
		SentToZIP: "55812"}
	moved := back
	moved.Address1, moved.City, moved.State, moved.ZIP = "5 New Rd", "Ely", "MN", "55731"
	stray := News{ClientID: 7, ResultID: "a1/wrong", Code: "wrong_person", HappenedOn: june, SentTo: "1 Old St", SentToZIP: "55812"}
	judged := stray
	judged.Astray = true
	late := back // of another letter to the same address, some days after the family's new one was known
	late.ResultID, late.HappenedOn, late.Sender, moved.Sender = "b2/returned", june+3, "printer", "printer"
	clinics := back
	clinics.SentTo, clinics.SentToZIP, clinics.Sender = "2 Elm St", "55812", "c"
	failed := News{ClientID: 7, ResultID: "a1/phone", Code: "phone_failed", HappenedOn: june}
	named := failed
	named.SentPhone = "2185550100"
	for _, c := range []struct {
		name    string
		records []Row
		news    []News
		want    string
	}{
		{"mail came back", []Row{entry("c/1", "1 Old St", on(may))}, []News{back}, "1 Old St bad "},
		{"another address is known, older though it is", []Row{entry("c/1", "1 Old St", on(may)), entry("d/2", "2 Elm St", on(may-300))},
			[]News{back}, "2 Elm St  "},
		{"a clinic has reported the address since", []Row{entry("c/1", "1 Old St", on(july))}, []News{back}, "1 Old St  "},
		{"with a new address", []Row{entry("c/1", "1 Old St", on(may))}, []News{moved}, "5 New Rd  "},
		{"with a new address, and another letter comes back later", []Row{entry("c/1", "1 Old St", on(may))}, []News{moved, late}, "5 New Rd  "},
		{"a clinic reports that mail to a plan's address came back", []Row{entry("c/1", "1 Old St", on(may-9)), entry("d/2", "2 Elm St", on(may))},
			[]News{clinics}, "1 Old St  "},
		{"a clinic reports a newer one", []Row{entry("c/1", "9 Last St", on(july))}, []News{moved}, "9 Last St  "},
		{"a wrong person, not judged", []Row{entry("c/1", "1 Old St", on(may))}, []News{stray}, "1 Old St  "},
		{"a wrong person, judged", []Row{entry("c/1", "1 Old St", on(may))}, []News{judged}, "1 Old St bad "},
		{"the telephone fails", []Row{entry("c/1", "1 Old St", on(may), phone("2185550100"))}, []News{failed}, "1 Old St  "},
		{"another number is known", []Row{entry("c/1", "1 Old St", on(may), phone("2185550100")),
			entry("d/2", "1 Old St", on(may-9), phone("2185550111"))}, []News{failed}, "1 Old St  2185550111"},
		{"the number that was called is known", []Row{entry("c/1", "1 Old St", on(may), phone("2185550111")),
			entry("d/2", "1 Old St", on(may-9), phone("2185550100"))}, []News{named}, "1 Old St  2185550111"},
		{"the number is reported again", []Row{entry("c/1", "1 Old St", on(july), phone("2185550100"))}, []News{failed},
			"1 Old St  2185550100"},
		{"nobody is reached twice", []Row{entry("c/1", "1 Old St", on(may), phone("2185550100")),
			entry("d/2", "1 Old St", on(may-9), phone("2185550111"))},
			[]News{failed, {ClientID: 7, ResultID: "b2/phone", Code: "phone_failed", HappenedOn: july}}, "1 Old St  "},
	} {
		rows := c.records
		for i := range c.news {
			rows = append(rows, c.news[i].Rows()...)
		}
		x := Choose(rows, area.Default(), nil)
		if got := x.Address1 + " " + x.AddressFlag + " " + x.Phone; got != c.want {
			t.Errorf("%s: %q; want %q", c.name, got, c.want)
		}
		if int(x.Records) != len(c.records) || x.LastName != "Berg" || x.Provider == "" {
			t.Errorf("%s: %d records, surname %q, clinic %q", c.name, x.Records, x.LastName, x.Provider)
		}
	}
}
