package record

import (
	"reflect"
	"strings"
	"testing"

	"miic/ingest/field"
	"miic/internal/table"
)

// TestFingerprintsSeeEveryColumn changes one column at a time: what a row says, and nothing about
// where it came from, is in its fingerprint.
func TestFingerprintsSeeEveryColumn(t *testing.T) {
	about := map[string]bool{"record_id": true, "sender": true, "source_client_id": true, "generation": true,
		"snapshot": true, "batch_id": true,
		"line": true, "sender_time": true, "content_hash": true, "event_id": true, "request_id": true, "death_id": true,
		"reported": true, "follows": true, "namespace": true, "dated_on": true}
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
	check(reflect.ValueOf(&c).Elem(), func() int64 { return ClientHash(&c) }, "namespace")
	var e table.VaccinationEvent
	check(reflect.ValueOf(&e).Elem(), func() int64 { return eventHash(&e) }, "record_id")
	var q table.Request
	check(reflect.ValueOf(&q).Elem(), func() int64 { return requestHash(&q) })
	var d table.Death
	check(reflect.ValueOf(&d).Elem(), func() int64 { return deathHash(&d) })
	a, b := table.ClientRecord{FirstName: "AB", MiddleName: "C"}, table.ClientRecord{FirstName: "A", MiddleName: "BC"}
	if ClientHash(&a) == ClientHash(&b) {
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

// An id that stands on different doses of one message tells none of them, however many there are.
func TestOneIDOnSeveralDoses(t *testing.T) {
	for _, n := range []int{2, 3, 40} {
		x := &vxu{unit: unit{from: &File{Sender: "s"}}}
		dose := func(id string, day, cvx int) {
			x.events = append(x.events,
				stagedEvent{OwnID: id != "", SourceID: "7", VaccinationEvent: table.VaccinationEvent{EventID: "s/" + id,
					Action:         "A",
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
