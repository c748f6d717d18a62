package timeline

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"sort"
	"testing"

	"miic/ingest/record"
	"miic/internal/table"
)

// carried lists the texts of a record that a version takes from the one before it.
var carried = func() []int {
	var filled, bare table.ClientRecord
	v := reflect.ValueOf(&filled).Elem()
	for i := range v.NumField() {
		if v.Field(i).Kind() == reflect.String {
			v.Field(i).SetString("x")
		}
	}
	record.Carry(&bare, &filled)
	bare.Namespace = "" // it goes with the number
	var list []int
	for i := range v.NumField() {
		if f := reflect.ValueOf(bare).Field(i); f.Kind() == reflect.String && f.String() == "x" {
			list = append(list, i)
		}
	}
	return list
}()

// randomVersion is a random choice of a record's parts, with values of two kinds and blanks.
func randomVersion(r *rand.Rand, at int) table.ClientRecord {
	c := table.ClientRecord{RecordID: "s/1/1", SenderTime: table.Time(at), BirthDate: 1,
		BirthOrder: int32(r.IntN(3)), DeceasedOn: table.Date(r.IntN(2)), Reported: r.Int64() & record.ReportedAll}
	v := reflect.ValueOf(&c).Elem()
	for _, i := range carried {
		v.Field(i).SetString([]string{"a", "b", ""}[r.IntN(3)])
	}
	// what it does not report it leaves out
	record.Carry(&c, &table.ClientRecord{Share: "unknown", Contact: "allowed"})
	return c
}

// A heldLog is a record's versions and affirmations as nights leave them.
type heldLog []Entry

// night takes versions in on one night and returns how many rows it stored.
func (l *heldLog) night(snapshot int64, versions ...table.ClientRecord) int {
	entries := append([]Entry(nil), *l...)
	for i, v := range versions {
		v.Snapshot, v.Line, v.BatchID = snapshot, int64(i), fmt.Sprint(snapshot)
		entries = append(entries, Entry{ClientRecord: v, Kind: TonightsVersion})
	}
	sort.SliceStable(entries, func(i, j int) bool {
		a, b := &entries[i], &entries[j]
		if a.SenderTime != b.SenderTime {
			return a.SenderTime < b.SenderTime
		}
		return a.Snapshot < b.Snapshot
	})
	t := Follow(entries, snapshot)
	for _, row := range t.Rows {
		*l = append(*l, Entry{ClientRecord: row, Kind: StoredVersion})
	}
	for _, c := range t.Affirmed {
		*l = append(*l, Entry{Kind: Affirmation, ClientRecord: table.ClientRecord{RecordID: c.RecordID,
			SenderTime: c.SenderTime, Snapshot: c.Snapshot, Reported: c.Reported}})
	}
	return len(t.Rows)
}

// newest is what readers see: without where it came from, and when it was said.
func (l heldLog) newest() table.ClientRecord {
	var best table.ClientRecord
	for _, e := range l {
		if e.Kind == StoredVersion &&
			(e.SenderTime > best.SenderTime || e.SenderTime == best.SenderTime && e.Snapshot > best.Snapshot) {
			best = e.ClientRecord
		}
	}
	best.SenderTime, best.Snapshot, best.BatchID, best.Line, best.Reported = 0, 0, "", 0, 0
	return best
}

// TestCarryingOverNeedsNoOrder delivers versions of one record in every order, one a night, and all on
// one night: the newest says the same, and a second delivery changes nothing.
func TestCarryingOverNeedsNoOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 7))
	affirmed, restated := 0, 0
	for range 400 {
		versions := make([]table.ClientRecord, 4)
		for i := range versions {
			versions[i] = randomVersion(r, i+1)
			if i > 0 && r.IntN(2) == 0 { // the same again
				versions[i] = versions[r.IntN(i)]
				versions[i].SenderTime = table.Time(i + 1)
			}
		}
		var together heldLog
		together.night(1, versions...)
		want := together.newest()
		permute(4, func(order []int) {
			var l heldLog
			stored := 0
			for i, n := range order {
				stored += l.night(int64(i+1), versions[n])
			}
			if got := l.newest(); got != want {
				t.Fatalf("order %v gives\n%+v, want\n%+v", order, got, want)
			}
			if stored > 4 {
				restated++
			}
			if len(l) > stored {
				affirmed++
			}
			size := len(l)
			for i, n := range order {
				if rows := l.night(int64(10+i), versions[n]); rows != 0 || len(l) != size {
					t.Fatalf("order %v: version %d stored again as %d rows and %d affirmations", order, n, rows,
						len(l)-size-rows)
				}
			}
		})
	}
	if affirmed == 0 || restated == 0 {
		t.Errorf("%d runs with an affirmation and %d with a restated version: the test shows nothing", affirmed,
			restated)
	}
}

func permute(n int, visit func([]int)) {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	var swap func(int)
	swap = func(k int) {
		if k == n {
			visit(order)
			return
		}
		for i := k; i < n; i++ {
			order[k], order[i] = order[i], order[k]
			swap(k + 1)
			order[k], order[i] = order[i], order[k]
		}
	}
	swap(0)
}
