package match

import (
	"cmp"
	"context"
	"math"
	"math/bits"
	"slices"

	"miic/internal/parallel"
	"miic/internal/table"
	"miic/linkage/standard"
)

// Figures count what blocking did.
type Figures struct {
	HotKeys int64 // keys on more records than their rule's cap
	Cut     int64 // pairs with a dirty record on such keys that the refinement left out, of this rule alone
}

// fullState is the number of records of the state for which the caps are written.
const fullState = 1 << 20

// capIn is how many records of one key are all compared by rule i in a state of so many records. A rule's own cap
// bounds what a broad key may cost. In a smaller state it is wider, by the root of the ratio, up to block_cap: there a
// broad key finds damaged records, and still costs less in all than it may in a full state.
func (m *Model) capIn(i, records int) int {
	c := m.Rules[i].Cap
	if c == 0 {
		return m.BlockCap
	}
	return min(m.BlockCap, int(float64(c)*math.Sqrt(max(1, fullState/float64(max(records, 1))))))
}

// A block is a range of the order of a rule's records, all of one key, or of one key and one refinement.
type block struct {
	from, to int32
	wide     bool // above the limit: only neighbours in the order are compared
}

// ruleBlocks are the records that share a key of one rule.
type ruleBlocks struct {
	order  []int32 // records, block by block
	blocks []block
	of     []int32         // by record: the place of its block, from 1; 0 for none
	place  map[int32]int32 // the place of a record of a wide block in the order
	hot    bool            // some key was above the cap
	Figures
}

// HotWindow is how many neighbours of a record are compared in a block above the limit.
func HotWindow(limit int) int { return max(2, limit/10) }

// Block finds every pair with a dirty record that meets a blocking rule, with the mask of the rules it
// meets, in the order of records. The work is that of the dirty records and of the keys they hold, beside one look at
// every key.
func (m *Matcher) Block(ctx context.Context) error {
	rules := make([]ruleBlocks, len(m.model.Rules))
	err := parallel.Each(ctx, len(rules), func() func(int) error {
		return func(i int) error {
			rules[i] = m.blocksOf(i)
			return nil
		}
	})
	if err != nil {
		return err
	}
	m.hot = make([]bool, len(rules))
	for i := range rules {
		m.hot[i] = rules[i].hot
		m.blocked.HotKeys += rules[i].HotKeys
		m.blocked.Cut += rules[i].Cut
	}
	m.pairs, err = m.pairsIn(ctx, rules)
	m.index = nil
	return err
}

// keyed is a record with a hash, of its key or of its key and what refines it.
type keyed struct {
	hash uint64
	rid  int32
}

// byHash puts records in the order of hash and record, and returns the ranges of equal hashes. A hash is as good as
// a random number: cast by its first bits, few records fall together.
func byHash(list []keyed) ([]keyed, []block) {
	shift := 64 - max(1, bits.Len(uint(len(list)))-2)
	starts := make([]int32, 1<<(64-shift)+1)
	for _, k := range list {
		starts[k.hash>>shift+1]++
	}
	for i := range len(starts) - 1 {
		starts[i+1] += starts[i]
	}
	out := make([]keyed, len(list))
	at := slices.Clone(starts)
	for _, k := range list {
		out[at[k.hash>>shift]] = k
		at[k.hash>>shift]++
	}
	for i := range len(starts) - 1 {
		slices.SortFunc(out[starts[i]:starts[i+1]], func(a, b keyed) int {
			return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.rid, b.rid))
		})
	}
	var ranges []block
	for from := 0; from < len(out); {
		to := from + 1
		for to < len(out) && out[to].hash == out[from].hash {
			to++
		}
		ranges = append(ranges, block{from: int32(from), to: int32(to)})
		from = to
	}
	return out, ranges
}

// blocksOf makes the blocks of rule i: those of a dirty record. A key on more records than the cap is cut into parts of
// equal refinement; a record that lacks what refines it is in no part.
func (m *Matcher) blocksOf(i int) ruleBlocks {
	b := ruleBlocks{of: make([]int32, m.records+1), place: map[int32]int32{}}
	list, ranges := byHash(m.index.sharing(i))
	var hot []keyed
	var held int64 // pairs on hot keys
	for _, r := range ranges {
		members := list[r.from:r.to]
		switch {
		case m.index.pairs(members) == 0:
		case len(members) > m.model.capIn(i, m.living):
			b.HotKeys++
			held += m.index.pairs(members)
			hot = append(hot, members...)
		default:
			b.add(members)
		}
	}
	if len(hot) == 0 {
		return b
	}
	b.hot = true
	b.Cut = held - m.addHot(&b, i, hot)
	return b
}

// addHot adds the blocks of equal refinement among the records of hot keys, and returns how many pairs they keep.
func (m *Matcher) addHot(b *ruleBlocks, i int, hot []keyed) (kept int64) {
	refined := make([]keyed, 0, len(hot))
	var text table.StandardRecord
	for _, k := range hot {
		m.forms.blockText(k.rid, &text)
		if hash, ok := m.model.Rules[i].refined(k.hash, &text); ok {
			refined = append(refined, keyed{hash, k.rid})
		}
	}
	list, ranges := byHash(refined)
	for _, r := range ranges {
		members := list[r.from:r.to]
		switch {
		case m.index.pairs(members) == 0:
		case len(members) > m.model.BlockCap:
			kept += m.addWide(b, members)
		default:
			kept += m.index.pairs(members)
			b.add(members)
		}
	}
	return kept
}

// addWide adds a block above the limit, in the order in which neighbours are compared, and returns how many pairs it
// keeps.
func (m *Matcher) addWide(b *ruleBlocks, members []keyed) (kept int64) {
	m.neighbours(members)
	for at := range members {
		end := min(at+HotWindow(m.model.BlockCap)+1, len(members))
		kept += m.index.pairs(members[at:end]) - m.index.pairs(members[at+1:end])
	}
	b.add(members)
	last := &b.blocks[len(b.blocks)-1]
	last.wide = true
	for at := last.from; at < last.to; at++ {
		b.place[b.order[at]] = at
	}
	return kept
}

func choose2(n int) int64 { return int64(n) * int64(n-1) / 2 }

// add makes a block of records.
func (b *ruleBlocks) add(members []keyed) {
	from := int32(len(b.order))
	for _, k := range members {
		b.order = append(b.order, k.rid)
		b.of[k.rid] = int32(len(b.blocks) + 1)
	}
	b.blocks = append(b.blocks, block{from: from, to: int32(len(b.order))})
}

// refined is the hash of a record's key with what refines it; a record that lacks some of that has none.
func (r *Rule) refined(key uint64, text *table.StandardRecord) (uint64, bool) {
	hash := hashing(key)
	for _, part := range r.Refine {
		p, _ := standard.KeyPartOf(part)
		v := p.Value(text)
		if v == "" {
			return 0, false
		}
		hash = hash.text(v)
	}
	return hash.sum(), true
}

// neighbours puts the records of a block in the order of birth date and names.
func (m *Matcher) neighbours(members []keyed) {
	var a, b table.StandardRecord
	slices.SortFunc(members, func(x, y keyed) int {
		m.forms.blockText(x.rid, &a)
		m.forms.blockText(y.rid, &b)
		return cmp.Or(unknownLast(a.BirthISO, b.BirthISO), unknownLast(a.Last, b.Last), unknownLast(a.First, b.First),
			cmp.Compare(x.rid, y.rid))
	})
}

func unknownLast(a, b string) int {
	if (a == "") != (b == "") {
		return -cmp.Compare(a, b)
	}
	return cmp.Compare(a, b)
}

// pairsIn lists the pairs in the blocks, on all cores.
func (m *Matcher) pairsIn(ctx context.Context, rules []ruleBlocks) ([]Pair, error) {
	const chunk = 1 << 12
	parts := make([][]Pair, m.records/chunk+1)
	err := parallel.Each(ctx, len(parts), func() func(int) error {
		var met []uint64
		return func(p int) error {
			for rid := int32(max(1, p*chunk)); rid < int32(min((p+1)*chunk, m.records+1)); rid++ {
				if !m.index.isDirty(rid) {
					continue
				}
				met = m.partners(rid, rules, met[:0])
				for _, x := range met {
					other := int32(x >> table.Rules)
					parts[p] = append(parts[p],
						Pair{L: min(rid, other), R: max(rid, other), Rules: int32(x & (1<<table.Rules - 1))})
				}
			}
			return nil
		}
	})
	pairs := slices.Concat(parts...)
	if m.index.dirty != nil { // else each pair is at its first record already
		slices.SortFunc(pairs, byRecords)
	}
	return pairs, err
}

// partners appends the partners of a record, each once, with the rules it meets in the low bits. Two dirty records are
// the pair of the first.
func (m *Matcher) partners(rid int32, rules []ruleBlocks, met []uint64) []uint64 {
	for i := range rules {
		r := &rules[i]
		at := r.of[rid]
		if at == 0 {
			continue
		}
		b := r.blocks[at-1]
		if b.wide {
			place, w := r.place[rid], int32(HotWindow(m.model.BlockCap))
			b.from, b.to = max(b.from, place-w), min(b.to, place+w+1)
		}
		for _, other := range r.order[b.from:b.to] {
			if other > rid || other < rid && !m.index.isDirty(other) {
				met = append(met, uint64(other)<<table.Rules|1<<i)
			}
		}
	}
	slices.Sort(met)
	once := met[:0]
	for _, x := range met {
		if n := len(once); n > 0 && once[n-1]>>table.Rules == x>>table.Rules {
			once[n-1] |= x
		} else {
			once = append(once, x)
		}
	}
	return once
}
