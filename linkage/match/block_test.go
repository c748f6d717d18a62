package match

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"miic/internal/table"
	"miic/linkage/standard"
)

// blockModel has a plain rule and one that is refined.
func blockModel() *Model {
	return &Model{BlockCap: 40, StopCount: 1000, Rules: []Rule{{Name: "name", Key: []string{"first"}},
		{Name: "ZIP", Key: []string{"zip"}, Cap: 5, Refine: []string{"birth_year", "last_3"}},
		{Name: "phone", Key: []string{"phone"}, Cap: 8}}}
}

// blockedPairs blocks records as a night does; dirty holds which are (nil: all).
func blockedPairs(t *testing.T, model *Model, records []table.StandardRecord, dirty []bool) *Matcher {
	t.Helper()
	s := standard.New(model.Keys())
	for i := range records {
		records[i].RecordID = fmt.Sprintf("a/%05d", i)
		s.SetKeys(&records[i])
	}
	m := New(model)
	if err := m.LoadAll(records); err != nil {
		t.Fatal(err)
	}
	m.index.dirty = dirty
	if err := m.Block(t.Context()); err != nil {
		t.Fatal(err)
	}
	return m
}

// naive looks at every pair: it meets a rule if the keys are equal and not hot, or the refinements are equal too.
func naive(model *Model, records []table.StandardRecord, dirty []bool) map[[2]int32]int32 {
	want := map[[2]int32]int32{}
	for i, rule := range model.Rules {
		key := func(r *table.StandardRecord, parts []string) string {
			text := "|"
			for _, p := range parts {
				part, _ := standard.KeyPartOf(p)
				v := part.Value(r)
				if v == "" {
					return ""
				}
				text += v + "|"
			}
			return text
		}
		size := map[string]int{}
		for k := range records {
			size[key(&records[k], rule.Key)]++
		}
		for a := range records {
			for b := a + 1; b < len(records); b++ {
				if dirty != nil && !dirty[a+1] && !dirty[b+1] {
					continue
				}
				ka, kb := key(&records[a], rule.Key), key(&records[b], rule.Key)
				if ka == "" || ka != kb {
					continue
				}
				if size[ka] > model.capIn(i, len(records)) {
					if ra, rb := key(&records[a], rule.Refine), key(&records[b], rule.Refine); ra == "" || ra != rb {
						continue
					}
				}
				want[[2]int32{int32(a + 1), int32(b + 1)}] |= 1 << i
			}
		}
	}
	return want
}

// naiveCut counts the pairs of rule 1 that it would find without a cap and does not find with it.
func naiveCut(model *Model, records []table.StandardRecord, dirty []bool) int64 {
	free := *model
	free.BlockCap, free.Rules = len(records), slices.Clone(model.Rules)
	free.Rules[1].Cap = 0
	var n int64
	found := naive(model, records, dirty)
	for p, rules := range naive(&free, records, dirty) {
		if rules&2 != 0 && found[p]&2 == 0 {
			n++
		}
	}
	return n
}

func TestBlocksAreThoseOfEveryPairLookedAt(t *testing.T) {
	for seed := range uint64(6) {
		rng := rand.New(rand.NewPCG(seed, 3))
		pick := func(list ...string) string { return list[rng.IntN(len(list))] }
		records := make([]table.StandardRecord, 300)
		for i := range records {
			r := &records[i]
			r.First = pick("", fmt.Sprint("N", rng.IntN(40)))
			r.Last = pick("", "LINDQVIST", "OKAFOR", "OKAFORSEN")
			r.ZIP = pick("", "55801", "55802", fmt.Sprint(55000+rng.IntN(30)))
			r.BirthISO = pick("", "2019-03-04", "2019-11-30", "2020-01-01")
			r.Phone = pick("", "", "", fmt.Sprint(2185550100+rng.IntN(90)))
		}
		model := blockModel()
		dirty := make([]bool, len(records)+1)
		for i := range 12 {
			dirty[1+i*17] = true
		}
		for name, d := range map[string][]bool{"all": nil, "few": dirty} {
			m := blockedPairs(t, model, records, d)
			want := naive(model, records, d)
			for _, p := range m.pairs {
				if want[[2]int32{p.L, p.R}] != p.Rules {
					t.Fatalf("seed %d, %s dirty: pair %d, %d meets rules %b, want %b", seed, name, p.L, p.R, p.Rules,
						want[[2]int32{p.L, p.R}])
				}
			}
			if len(m.pairs) != len(want) {
				t.Fatalf("seed %d, %s dirty: %d pairs, want %d", seed, name, len(m.pairs), len(want))
			}
			if !slices.IsSortedFunc(m.pairs, byRecords) {
				t.Fatalf("seed %d, %s dirty: pairs are not in the order of records", seed, name)
			}
			if !m.hot[1] || m.blocked.HotKeys == 0 || m.blocked.Cut != naiveCut(model, records, d) {
				t.Fatalf("seed %d, %s dirty: %d hot keys, %d pairs left out, want %d", seed, name, m.blocked.HotKeys,
					m.blocked.Cut, naiveCut(model, records, d))
			}
		}
	}
}

// A block above the limit is compared by neighbours, and what is left out is counted.
func TestWideBlocks(t *testing.T) {
	model := blockModel()
	records := make([]table.StandardRecord, 1000)
	for i := range records {
		records[i] = table.StandardRecord{Phone: "2185550100", Last: fmt.Sprintf("L%03d", (i*7)%1000)}
	}
	m := blockedPairs(t, model, records, nil)
	w := HotWindow(model.BlockCap)
	want := 1000*w - w*(w+1)/2
	if len(m.pairs) != want || m.blocked.HotKeys != 1 || m.blocked.Cut != choose2(1000)-int64(want) {
		t.Errorf("%d pairs, %d hot keys, %d left out; want %d, 1 and %d", len(m.pairs), m.blocked.HotKeys,
			m.blocked.Cut, want, choose2(1000)-int64(want))
	}
	for _, p := range m.pairs {
		a, b := (int(p.L-1)*7)%1000, (int(p.R-1)*7)%1000
		if max(a, b)-min(a, b) > w {
			t.Fatalf("surnames %d and %d are compared, which are not neighbours", a, b)
		}
	}
}

// The smaller the state the wider the cap, up to the model's limit.
func TestCapFollowsTheState(t *testing.T) {
	m := &Model{BlockCap: 200, Rules: []Rule{{Cap: 12}, {}}}
	for records, want := range map[int]int{0: 200, 1000: 200, fullState / 16: 48, fullState / 4: 24, fullState: 12,
		10 * fullState: 12} {
		if got := m.capIn(0, records); got != want {
			t.Errorf("a state of %d records: cap %d, want %d", records, got, want)
		}
		if got := m.capIn(1, records); got != 200 {
			t.Errorf("a rule without a cap has %d in a state of %d", got, records)
		}
	}
}
