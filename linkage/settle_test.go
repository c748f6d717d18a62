package linkage

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"miic/internal/pipeline"
	"miic/internal/table"
)

// settledNight is a night on which operators have decided about requests.
func settledNight(t *testing.T, b *pipeline.Bench, d delivered, decided ...table.Settlement) {
	t.Helper()
	_, err := b.Night(context.Background(), someNight, nil, d.ingest(nil), Stage(Config{Settled: decided}))
	if err != nil {
		t.Fatal(err)
	}
}

// suppressed lists the records of people who are opted out, with the basis.
func suppressed(t *testing.T, b *pipeline.Bench) []string {
	t.Helper()
	l := links(t, b)
	var list []string
	for _, r := range restrictionsOf(t, b) {
		for record, client := range l {
			if client == r.ClientID && r.Kind == "opt_out" {
				list = append(list, record+" "+r.Basis)
			}
		}
	}
	slices.Sort(list)
	return list
}

func TestRequestsAreSettled(t *testing.T) {
	one, two := child("clinic-a", "1", "Astrid", born), child("clinic-b", "2", "Astrid", born)
	two.Address1, two.City, two.ZIP, two.Phone = "9 Elm Street", "Winona", "55987", "5075550111"
	one.BirthCertNumber, two.BirthCertNumber = "MN-2022-000001", "MN-2022-000002" // two people
	two.MotherFirst, two.MotherMaiden = "Mai", "Xiong"
	late := child("clinic-c", "3", "Astrid", born)
	late.Address1, late.City, late.ZIP, late.Phone = "4 Oak Court", "Roseau", "56751", "2185550199"
	late.BirthCertNumber, late.MotherFirst, late.MotherMaiden = "MN-2022-000003", "Anna", "Berg"
	q := optOut(&one, "opt_out")
	q.Address1, q.City, q.State, q.ZIP = "", "", "", ""
	decide := func(about string, snapshot int64) []table.Settlement {
		var list []table.Settlement
		for _, r := range []string{one.RecordID, two.RecordID} {
			decision := "other"
			if r == about {
				decision = "person"
			}
			list = append(list, table.Settlement{RequestID: q.RequestID, RecordID: r, Decision: decision,
				DecidedBy: "kim", DecidedOn: someNight, Reason: "asked the family", Snapshot: snapshot})
		}
		return list
	}
	d := crowd(t)
	d.records, d.requests = append(d.records, one, two), append(d.requests, q)
	for _, c := range []struct {
		name   string
		steps  [][]table.Settlement
		add    map[int]table.ClientRecord
		expect []string // after each step
	}{
		{"of one person", [][]table.Settlement{decide(two.RecordID, 1), nil},
			nil, []string{"[clinic-b/2/1 operator]", "[clinic-b/2/1 operator]"}},
		{"of one person, and then of the other",
			[][]table.Settlement{decide(two.RecordID, 1), decide(one.RecordID, 2)},
			nil, []string{"[clinic-b/2/1 operator]", "[clinic-a/1/1 operator]"}},
		{"of nobody", [][]table.Settlement{decide("", 1), nil},
			nil, []string{"[]", "[]"}},
		{"of nobody, until somebody comes whom nobody has looked at",
			[][]table.Settlement{decide("", 1), nil, nil},
			map[int]table.ClientRecord{1: late},
			[]string{"[]", "[clinic-c/3/1 possible]", "[clinic-c/3/1 possible]"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			settledNight(t, b, d)
			if got := fmt.Sprint(suppressed(t, b)); got != "[clinic-a/1/1 possible clinic-b/2/1 possible]" {
				t.Fatalf("before it is settled: %s", got)
			}
			for i, s := range c.steps {
				next := delivered{}
				if r, ok := c.add[i]; ok {
					next.records = append(next.records, r)
				}
				settledNight(t, b, next, s...)
				if got := fmt.Sprint(suppressed(t, b)); got != c.expect[i] {
					t.Errorf("night %d: %s, want %s", i+2, got, c.expect[i])
				}
			}
			rows, err := table.ReadAll[table.Settlement](b.Files("settlement"))
			if err != nil || len(rows) == 0 || rows[0].DecidedBy != "kim" || rows[0].Reason == "" {
				t.Errorf("the record of decisions holds %v, %v", rows, err)
			}
		})
	}
}

// TestRestrictionsAreLifted: what an operator has lifted restricts no more, whatever it came by, and stays lifted; what is
// said anew after that restricts again.
func TestRestrictionsAreLifted(t *testing.T) {
	one := child("clinic-a", "1", "Astrid", born)
	locked := one
	locked.Share, locked.Contact = "refused", "none"
	again := locked
	again.SenderTime, again.Phone = 5, "2185550177"
	asked := optOut(&one, "opt_out")
	anew := asked
	anew.SenderTime, anew.City = 5, "Hermantown"
	wish := table.NoticeResult{ResultID: "post/n1/no_mail/2026-03-01", Sender: "post", NoticeID: "n1",
		RecordID: one.RecordID, Code: "no_mail"}
	lift := func(source string) []table.Settlement {
		return []table.Settlement{{RequestID: source, RecordID: one.RecordID, Decision: "lifted", ClientID: 1, DecidedBy: "kim",
			DecidedOn: someNight, Reason: "the wrong child", Snapshot: 1}}
	}
	for _, c := range []struct {
		name   string
		first  delivered
		lift   string
		kinds  string // of the restrictions on the first night
		after  string // and once one is lifted
		anew   delivered
		expect string // and once it was said anew
	}{
		{"a request", delivered{records: []table.ClientRecord{one}, requests: []table.Request{asked}}, asked.RequestID,
			"[opt_out]", "[]", delivered{requests: []table.Request{anew}}, "[opt_out]"},
		{"a record's flags", delivered{records: []table.ClientRecord{locked}}, one.RecordID,
			"[lock no_contact]", "[]", delivered{records: []table.ClientRecord{again}}, "[lock no_contact]"},
		{"the result of a notice", delivered{records: []table.ClientRecord{one}, results: []table.NoticeResult{wish}},
			"result:" + wish.ResultID, "[no_mail]", "[]", delivered{}, "[]"},
		{"one of two", delivered{records: []table.ClientRecord{locked}, requests: []table.Request{asked}}, asked.RequestID,
			"[lock no_contact opt_out]", "[lock no_contact]", delivered{}, "[lock no_contact]"},
	} {
		t.Run(strings.ReplaceAll(c.name, " ", "-"), func(t *testing.T) {
			b := newBench(t)
			d := crowd(t)
			d.records, d.requests, d.results = append(d.records, c.first.records...), c.first.requests, c.first.results
			kinds := func() string {
				var list []string
				for _, r := range restrictionsOf(t, b) {
					if r.ClientID == links(t, b)[one.RecordID] {
						list = append(list, r.Kind)
					}
				}
				slices.Sort(list)
				person := clientsOf(t, b)[links(t, b)[one.RecordID]]
				if person.OptedOut != slices.Contains(list, "opt_out") || person.Locked != slices.Contains(list, "lock") {
					t.Errorf("the person is opted out %v, locked %v; restrictions %v", person.OptedOut, person.Locked, list)
				}
				return fmt.Sprint(list)
			}
			settledNight(t, b, d)
			if got := kinds(); got != c.kinds {
				t.Fatalf("before: %s, want %s", got, c.kinds)
			}
			o, err := b.Night(context.Background(), someNight, nil, delivered{}.ingest(nil), Stage(Config{Settled: lift(c.lift)}))
			if err != nil {
				t.Fatal(err)
			}
			if got := kinds(); got != c.after {
				t.Errorf("lifted: %s, want %s", got, c.after)
			}
			if n := len(o.Notes); n != 1 || !strings.Contains(o.Notes[0].Text, "kim has lifted") {
				t.Errorf("the page has %d notes", n)
			}
			settledNight(t, b, delivered{}) // the ledger is damaged: the table knows it
			if got := kinds(); got != c.after {
				t.Errorf("a night later: %s, want %s", got, c.after)
			}
			settledNight(t, b, c.anew, lift(c.lift)...)
			if got := kinds(); got != c.expect {
				t.Errorf("said anew: %s, want %s", got, c.expect)
			}
			settledNight(t, b, delivered{}, lift(c.lift)...)
			if got := kinds(); got != c.expect {
				t.Errorf("a night after that: %s, want %s", got, c.expect)
			}
		})
	}
}
