package linkage

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/linkage/match"
)

// unaccounted lists the differences between two states of the links that no change row of the night
// explains, and which rows explain nothing.
func unaccounted(before, after map[string]int64, rows []table.ClientChange) []string {
	var out []string
	fault := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	was, is := map[int64]bool{}, map[int64]bool{}
	for _, c := range before {
		was[c] = true
	}
	for _, c := range after {
		is[c] = true
	}
	type key struct {
		change        string
		client, other int64
		record        string
	}
	logged := map[key]bool{}
	for _, r := range rows {
		if r.Reason == "" || r.Model == "" || r.Snapshot == 0 {
			fault("row %+v lacks reason, model or snapshot", r)
		}
		logged[key{r.Change, r.ClientID, r.OtherID, r.RecordID}] = true
		switch r.Change {
		case "created", "split":
			if was[r.ClientID] || !is[r.ClientID] {
				fault("%s %d, which was there or is not", r.Change, r.ClientID)
			}
		case "merged", "emptied":
			if !was[r.ClientID] || is[r.ClientID] {
				fault("%s %d, which was not there or still is", r.Change, r.ClientID)
			}
		case "joined", "moved":
			if after[r.RecordID] != r.ClientID || before[r.RecordID] != r.OtherID {
				fault("%s %s: from %d to %d, and it is %d, was %d", r.Change, r.RecordID, r.OtherID, r.ClientID,
					after[r.RecordID], before[r.RecordID])
			}
		default:
			fault("a change %q", r.Change)
		}
	}
	for c := range is {
		split := slices.ContainsFunc(rows,
			func(r table.ClientChange) bool { return r.Change == "split" && r.ClientID == c })
		if !was[c] && !split && !logged[key{"created", c, 0, ""}] {
			fault("client %d appears without a row", c)
		}
	}
	for c := range was {
		merged := slices.ContainsFunc(rows,
			func(r table.ClientChange) bool { return r.Change == "merged" && r.ClientID == c })
		if !is[c] && !merged && !logged[key{"emptied", c, 0, ""}] {
			fault("client %d vanishes without a row", c)
		}
	}
	for r, now := range after {
		then := before[r]
		switch {
		case then == now, then == 0 && !was[now],
			logged[key{"joined", now, then, r}], logged[key{"moved", now, then, r}],
			then != 0 && logged[key{"merged", then, now, ""}], then != 0 && logged[key{"split", now, then, ""}]:
		default:
			fault("record %s went from client %d to %d without a row", r, then, now)
		}
	}
	return out
}

func changesOf(t testing.TB, b *pipeline.Bench) []table.ClientChange {
	t.Helper()
	rows, err := table.ReadAll[table.ClientChange](b.Files("client_change"))
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// shake is a night of slips and corrections: records take over names, dates and addresses of others, are
// voided, or are put right again.
func shake(rng *rand.Rand, state, original []table.ClientRecord, time table.Time) delivered {
	var d delivered
	touched := map[int]bool{}
	for range 5 + rng.IntN(40) {
		i := rng.IntN(len(state))
		r, o := state[i], state[rng.IntN(len(state))]
		switch rng.IntN(6) {
		case 0: // another person's data on this number
			r.FirstName, r.LastName, r.MotherFirst = o.FirstName, o.LastName, o.MotherFirst
			r.MotherMaiden, r.BirthDate, r.Sex = o.MotherMaiden, o.BirthDate, o.Sex
			r.Phone, r.Address1, r.City, r.ZIP = o.Phone, o.Address1, o.City, o.ZIP
			r.BirthCertNumber, r.SSN, r.MedicaidID = "", o.SSN, o.MedicaidID
		case 1:
			r.Phone, r.Address1, r.City, r.ZIP = o.Phone, o.Address1, o.City, o.ZIP
		case 2, 3:
			r.Withdrawn = !r.Withdrawn
		default:
			r = original[i]
		}
		r.SenderTime = time
		state[i] = r
		touched[i] = true
	}
	for i := range state {
		if touched[i] {
			d.records = append(d.records, state[i])
		}
	}
	return d
}

// Whatever a night does to the links, the change rows record it: what is created, joined, merged, split,
// moved or emptied, with reason, snapshot and model. The same nights again give the same ids and rows.
func TestEveryChangeOfAnIDIsTold(t *testing.T) {
	all := registry(t, 320)
	seen := map[string]int{}
	for seed := range uint64(2) {
		replay := func(check bool) (map[string]int64, []table.ClientChange) {
			rng := rand.New(rand.NewPCG(seed, 99))
			b := newBench(t)
			state := slices.Clone(all.records)
			before := map[string]int64{}
			known := 0
			for n := range 4 {
				late := len(state) * 3 / 4 // the rest comes on the second night
				d := delivered{records: slices.Clone(state[:late]), events: all.events}
				switch n {
				case 0:
				case 1:
					d = delivered{records: slices.Clone(state[late:])}
				default:
					d = shake(rng, state, all.records, table.Time(10000+n))
				}
				night(t, b, d)
				after, rows := links(t, b), changesOf(t, b)
				tonight := slices.DeleteFunc(slices.Clone(rows),
					func(r table.ClientChange) bool { return r.Snapshot != int64(n+1) })
				known += len(tonight)
				if check {
					for _, f := range unaccounted(before, after, tonight) {
						t.Errorf("seed %d, night %d: %s", seed, n+1, f)
					}
					for _, r := range tonight {
						seen[r.Change]++
					}
				}
				before = after
			}
			if rows := changesOf(t, b); len(rows) != known {
				t.Errorf("seed %d: %d rows, night by night %d", seed, len(rows), known)
			}
			return before, changesOf(t, b)
		}
		ids, rows := replay(true)
		if seed > 0 {
			continue
		}
		idsAgain, rowsAgain := replay(false)
		if fmt.Sprint(ids) != fmt.Sprint(idsAgain) || !slices.Equal(rows, rowsAgain) {
			t.Errorf("seed %d: the same nights give other ids or changes", seed)
		}
	}
	for _, c := range []string{"created", "joined", "merged", "split", "moved", "emptied"} {
		if seen[c] == 0 {
			t.Errorf("nothing was %s: the test has not tested it (%v)", c, seen)
		}
	}
}

// A record that another's data overlay splits off; when the sender puts it right, both persons are as
// they were before, each under its old id, and both steps are recorded.
func TestASplitUndoneRestoresBoth(t *testing.T) {
	one, two := child("clinic-a", "1", "Astrid", born), child("births", "2", "Astrid", born)
	other := child("clinic-a", "3", "Freja", born.AddMonths(-26))
	its := child("clinic-b", "4", "Freja", born.AddMonths(-26))
	other.Phone, its.Phone = "2185550199", "2185550199"
	d := crowd(t)
	d.records = append(d.records, one, two, other, its)
	b := newBench(t)
	night(t, b, d)
	before := links(t, b)
	if before[one.RecordID] != before[two.RecordID] || before[other.RecordID] != before[its.RecordID] ||
		before[one.RecordID] == before[other.RecordID] {
		t.Fatal("the two persons are not two")
	}
	overlaid := other
	overlaid.RecordID, overlaid.SourceClientID, overlaid.SenderTime = one.RecordID, one.SourceClientID, 2
	night(t, b, delivered{records: []table.ClientRecord{overlaid}})
	during := links(t, b)
	if during[one.RecordID] == before[one.RecordID] {
		t.Fatal("the overlaid record has not left")
	}
	one.SenderTime = 3
	night(t, b, delivered{records: []table.ClientRecord{one}})
	after := links(t, b)
	for r, c := range before {
		if after[r] != c {
			t.Errorf("record %s is client %d, was %d before the split", r, after[r], c)
		}
	}
	for n, f := range map[int64][2]map[string]int64{2: {before, during}, 3: {during, after}} {
		rows := slices.DeleteFunc(changesOf(t, b), func(r table.ClientChange) bool { return r.Snapshot != n })
		if len(rows) == 0 || len(unaccounted(f[0], f[1], rows)) > 0 {
			t.Errorf("night %d: %d rows, without one %q", n, len(rows), unaccounted(f[0], f[1], rows))
		}
	}
}

// Any order of nightly arrival gives the persons of one batch load, where no pair lies inside the
// hysteresis band. The priors of a small state are higher than those of the whole one, so the band is
// taken that much wider.
func TestAnyOrderOfArrivalIsOneBatch(t *testing.T) {
	all := registry(t, 600)
	batch := newBench(t)
	night(t, batch, all)
	th := match.Default().Thresholds
	const growth = 4 // bits, from a state of 64 to one of 1,024
	near := map[string]bool{}
	for _, p := range scoredPairs(t, batch) {
		if p.Weight > th.Leave-growth && p.Weight < th.Link+growth {
			near[p.RecordL], near[p.RecordR] = true, true
		}
	}
	var clear delivered
	for _, r := range all.records {
		if !near[r.RecordID] {
			clear.records = append(clear.records, r)
		}
	}
	for _, e := range all.events {
		if !near[e.RecordID] {
			clear.events = append(clear.events, e)
		}
	}
	if len(clear.records) < 350 {
		t.Fatalf("only %d of %d records have no pair near the band", len(clear.records), len(all.records))
	}
	batch = newBench(t)
	night(t, batch, clear)
	want := partition(links(t, batch))
	for seed := range uint64(2) {
		rng := rand.New(rand.NewPCG(seed, 7))
		nights := 2 + rng.IntN(4)
		b := newBench(t)
		for _, d := range clear.split(nights, func(int) int { return rng.IntN(nights) }) {
			night(t, b, d)
		}
		got := partition(links(t, b))
		differ := 0
		for r, p := range want {
			if got[r] != p {
				differ++
			}
		}
		if differ > 0 || len(got) != len(want) {
			t.Errorf("seed %d, %d nights: %d of %d records are in another person than in one batch", seed, nights,
				differ, len(want))
		}
	}
}
