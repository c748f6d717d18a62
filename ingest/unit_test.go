package ingest

import (
	"reflect"
	"strings"
	"testing"

	"miic/ingest/field"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// TestFingerprintsSeeEveryColumn changes one column at a time: what a row says, and nothing about
// where it came from, is in its fingerprint.
func TestFingerprintsSeeEveryColumn(t *testing.T) {
	about := map[string]bool{"record_id": true, "sender": true, "source_client_id": true, "generation": true, "snapshot": true, "batch_id": true,
		"line": true, "sender_time": true, "content_hash": true, "event_id": true, "request_id": true, "death_id": true, "told": true}
	check := func(row reflect.Value, hash func() int64, inside ...string) {
		none := hash()
		for i := range row.NumField() {
			name, _, _ := strings.Cut(row.Type().Field(i).Tag.Get("col"), ",")
			f := row.Field(i)
			switch f.Kind() {
			case reflect.String:
				f.SetString("x")
			case reflect.Bool:
				f.SetBool(true)
			default:
				f.SetInt(7)
			}
			want := !about[name]
			for _, n := range inside {
				want = want || n == name
			}
			if changed := hash() != none; changed != want {
				t.Errorf("%s: the fingerprint changes with %s: %v", row.Type().Name(), name, changed)
			}
			f.SetZero()
		}
	}
	var c table.ClientRecord
	check(reflect.ValueOf(&c).Elem(), func() int64 { return clientHash(&c) })
	var e table.VaccinationEvent
	check(reflect.ValueOf(&e).Elem(), func() int64 { return eventHash(&e) }, "record_id")
	var q table.Request
	check(reflect.ValueOf(&q).Elem(), func() int64 { return requestHash(&q) })
	var d table.Death
	check(reflect.ValueOf(&d).Elem(), func() int64 { return deathHash(&d) })
	a, b := table.ClientRecord{FirstName: "AB", MiddleName: "C"}, table.ClientRecord{FirstName: "A", MiddleName: "BC"}
	if clientHash(&a) == clientHash(&b) {
		t.Error("neighbouring columns run together")
	}
}

func TestSharingKnowsBothSenses(t *testing.T) {
	for _, c := range []struct{ consent, protected, want string }{
		{"Y", "", "allowed"}, {"N", "", "refused"}, {"", "Y", "refused"}, {"", "N", "allowed"}, {"", "", "unknown"},
		{"Y", "Y", "refused"}, {"N", "N", "refused"}, {"?", "", "unknown"},
	} {
		u := unit{}
		u.raw[field.Share], u.raw[field.Protection] = []byte(c.consent), []byte(c.protected)
		if got := u.sharing(); got != c.want {
			t.Errorf("consent %q, protection %q: %s, want %s", c.consent, c.protected, got, c.want)
		}
	}
}

func TestNumbersOfTwoPeople(t *testing.T) {
	born := func(y int) table.Date { return table.NewDate(y, 5, 5) }
	for _, c := range []struct {
		name string
		a, b version
		want bool
	}{
		{"same person", version{FirstName: "EVA", LastName: "RUUD", BirthDate: born(2010)}, version{FirstName: "EVA", LastName: "RUUD", BirthDate: born(2010)}, false},
		{"corrected birth date", version{FirstName: "EVA", LastName: "RUUD", BirthDate: born(2010)}, version{FirstName: "EVA", LastName: "RUUD", BirthDate: born(2011)}, false},
		{"new name", version{FirstName: "EVA", LastName: "RUUD", BirthDate: born(2010)}, version{FirstName: "MAJA", LastName: "KROG", BirthDate: born(2010)}, false},
		{"named at last", version{FirstName: "BABY BOY", LastName: "RUUD", BirthDate: born(2010)}, version{FirstName: "OLE", LastName: "RUUD", BirthDate: born(2010) + 1}, false},
		{"nickname", version{FirstName: "ALEXANDER", LastName: "RUUD", BirthDate: born(2010)}, version{FirstName: "Alex", LastName: "RUUD", BirthDate: born(2011)}, false},
		{"another person", version{FirstName: "EVA", LastName: "RUUD", BirthDate: born(2010)}, version{FirstName: "OLE", LastName: "LIE", BirthDate: born(2020)}, true},
		{"a sister", version{FirstName: "EVA", LastName: "RUUD", BirthDate: born(2010)}, version{FirstName: "MAJA", LastName: "RUUD", BirthDate: born(2013)}, true},
		{"two on one number", version{FirstName: "KIM", LastName: "RUUD", BirthDate: born(2010), Sex: "M"}, version{FirstName: "KIM", LastName: "RUUD", BirthDate: born(2012), Sex: "F"}, true},
		{"a corrected sex", version{FirstName: "KIM", LastName: "RUUD", BirthDate: born(2010), Sex: "M"}, version{FirstName: "KIM", LastName: "RUUD", BirthDate: born(2010) + 9, Sex: "F"}, false},
		{"a sex told at last", version{FirstName: "KIM", LastName: "RUUD", BirthDate: born(2010)}, version{FirstName: "KIM", LastName: "RUUD", BirthDate: born(2012), Sex: "F"}, false},
		{"a namesake", version{FirstName: "EVA", LastName: "RUUD", BirthDate: born(2010)}, version{FirstName: "EVA", LastName: "KROG", BirthDate: born(2013)}, true},
	} {
		if got := contradicts(&c.a, &c.b); got != c.want {
			t.Errorf("%s: contradicts is %v", c.name, got)
		}
		if contradicts(&c.a, &c.b) != contradicts(&c.b, &c.a) {
			t.Errorf("%s: the order of the two matters", c.name)
		}
	}
}

// TestUnitsMustAddUp: a unit that is nowhere fails the night, and the error says in which batch.
func TestUnitsMustAddUp(t *testing.T) {
	n := &night{run: &pipeline.Run{}, batches: []*batch{{id: "0123456789abcdef", sender: &Sender{ID: "elm"}, file: pipeline.Delivery{Name: "f"}, status: loaded, Result: Result{Read: 3, Accepted: 1, Refused: 1}}}}
	if err := n.account(); err == nil || !strings.Contains(err.Error(), "0123456789abcdef") {
		t.Errorf("three units read, two accounted for: %v", err)
	}
}

func TestConfigIsChecked(t *testing.T) {
	good := Sender{ID: "elm", Kind: "clinic", Expected: "daily", Files: []FilePattern{{"*.hl7", "hl7-vxu"}}}
	if err := (Config{Senders: []Sender{good}}).Validate(); err != nil {
		t.Fatal(err)
	}
	for want, spoil := range map[string]func(*Sender){
		"id must be":  func(s *Sender) { s.ID = "../elm" },
		"kind":        func(s *Sender) { s.Kind = "hospital" },
		"expected":    func(s *Sender) { s.Expected = "often" },
		"encoding":    func(s *Sender) { s.Encoding = "ebcdic" },
		"files is":    func(s *Sender) { s.Files = nil },
		"no pattern":  func(s *Sender) { s.Files = []FilePattern{{"", "hl7-vxu"}} },
		"cannot be":   func(s *Sender) { s.Files = []FilePattern{{"[", "hl7-vxu"}} },
		"is unknown;": func(s *Sender) { s.Files = []FilePattern{{"*", "hl7"}} },
	} {
		s := good
		spoil(&s)
		if err := (Config{Senders: []Sender{s}}).Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error with %q, have %v", want, err)
		}
	}
	if err := (Config{Senders: []Sender{good, good}}).Validate(); err == nil || !strings.Contains(err.Error(), "twice") {
		t.Errorf("the same id twice: %v", err)
	}
}

func TestHL7Times(t *testing.T) {
	noon := table.NewDate(2026, 3, 1).Midnight() + 12*3600*1e6
	for s, want := range map[string]table.Time{"202603011200": noon, "20260301120000.123+0000": noon, "20260301060000-0600": noon, "202603010700-500": noon,
		"20260301": table.NewDate(2026, 3, 1).Midnight(), "2026": 0, "noon": 0, "20260231": 0, "202603012501": 0} {
		got, ok := parseTime([]byte(s))
		if got != want || ok != (want != 0) {
			t.Errorf("%s: %d, %v; want %d", s, got, ok, want)
		}
	}
}

// An id that stands on different doses of one message tells none of them, however many there are.
func TestOneIDOnSeveralDoses(t *testing.T) {
	for _, n := range []int{2, 3, 40} {
		x := &vxu{unit: unit{from: &File{Sender: "s"}}}
		dose := func(id string, day, cvx int) {
			x.events = append(x.events, stagedEvent{OwnID: id != "", SourceID: "7", VaccinationEvent: table.VaccinationEvent{EventID: "s/" + id, Action: "A",
				AdministeredOn: table.NewDate(2024, 3, day), CVX: int16(cvx)}})
		}
		for i := range n {
			dose("visit", 1, i+1)
		}
		dose("visit", 1, 1) // the first one again
		dose("own", 2, 10)
		dose("own", 2, 10)
		x.ownIDs()
		ids := map[string]int{}
		for i, e := range x.events {
			ids[e.EventID]++
			if e.OwnID != (i > n) {
				t.Errorf("%d doses: dose %d has an id of its own: %v", n, i, e.OwnID)
			}
		}
		if len(ids) != n+1 || len(x.faults) != n+1 {
			t.Errorf("%d doses: %d ids, %d warnings", n, len(ids), len(x.faults))
		}
	}
}

// TestFingerprintTail: fingerprints are kept in the lake, so what the last bytes of a text come to may never change.
func TestFingerprintTail(t *testing.T) {
	for n := range 8 {
		s := "\xf1a2\x80Z_7"[:n]
		var want uint64
		for i := 0; i < n; i++ {
			want |= uint64(s[i]) << (8 * i)
		}
		if got := tail(s); got != want {
			t.Errorf("%d bytes: %x, want %x", n, got, want)
		}
	}
}
