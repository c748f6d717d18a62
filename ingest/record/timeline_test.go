package record

import (
	"fmt"
	"math/rand/v2"
	"sort"
	"testing"

	"miic/internal/table"
)

// randomVersion tells a random choice of a record's parts, with values of two kinds and blanks.
func randomVersion(r *rand.Rand, at int) table.ClientRecord {
	c := table.ClientRecord{RecordID: "s/1/1", SenderTime: table.Time(at), BirthDate: 1, Share: "unknown",
		Contact: "allowed"}
	for i := range parts {
		if r.IntN(2) == 0 {
			continue
		}
		c.Reported |= 1 << i
		for _, text := range parts[i].texts {
			*text(&c) = []string{"a", "b", ""}[r.IntN(3)]
		}
	}
	if r.IntN(2) == 0 {
		c.Reported, c.BirthOrder = c.Reported|reportedBirthOrder, int32(r.IntN(3))
	}
	if r.IntN(3) == 0 {
		c.Reported, c.DeceasedOn = c.Reported|reportedDeath, table.Date(r.IntN(2))
	}
	if r.IntN(3) == 0 {
		c.Reported, c.Share = c.Reported|reportedShare, []string{"allowed", "refused"}[r.IntN(2)]
	}
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

// TestEveryColumnIsCarriedOver: a version that tells nothing but its birth date says all that the one before it did.
func TestEveryColumnIsCarriedOver(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	full := randomVersion(r, 1)
	full.Reported = ReportedAll
	for _, p := range parts {
		for _, text := range p.texts {
			*text(&full) = "x"
		}
	}
	full.BirthOrder, full.DeceasedOn, full.Share, full.Status = 2, 0, "refused", "M"
	bare := table.ClientRecord{RecordID: full.RecordID, SenderTime: 2, BirthDate: full.BirthDate, Share: "unknown",
		Contact: "allowed"}
	Carry(&bare, &full)
	if bare.ContentHash != clientHash(&full) {
		t.Errorf("got %+v, want %+v", bare, full)
	}
	if len(parts) >= 40 {
		t.Error("the parts' bits run into those of the constants")
	}
}
