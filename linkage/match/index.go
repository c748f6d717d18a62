package match

import (
	"context"

	"miic/internal/parallel"
	"miic/internal/table"
)

// An index is what is needed of every record to find the pairs to compare, in columns. A record is known by its place,
// its rid, from 1. Texts that blocking refines by lie with the forms.
type index struct {
	keys   [][]int64                 // by blocking rule and rid; 0 where a part of the key is not known
	stop   [len(stopFields)][]uint64 // by field and rid: hash of a value that may be a default; 0 for none
	dirty  []bool                    // by rid; nil if all are
	living int                       // records that were not withdrawn
}

// indexRow is what the index reads of a record in linkage form.
type indexRow struct {
	Withdrawn  bool   `col:"withdrawn"`
	Street     string `col:"street,null"`
	ZIP        string `col:"zip,null"`
	Phone      string `col:"phone,null"`
	Email      string `col:"email,null"`
	SSN        string `col:"ssn,null"`
	MedicaidID string `col:"medicaid_id,null"`
	table.RuleKeys
}

// blockText is what a block may be refined by.
type blockText struct {
	First    string `col:"first,null"`
	Last     string `col:"last,null"`
	BirthISO string `col:"birth_iso,null"`
	City     string `col:"city,null"`
	ZIP      string `col:"zip,null"`
}

// stopFields are those whose common values are defaults: a clinic's phone, the number 999999999. A street is common
// within its ZIP code.
var stopFields = [...]field{fPhone, fStreet, fEmail, fSSN, fMedicaid}

// stopSets holds the hashes of default values, by field.
type stopSets [len(stopFields)]map[uint64]bool

// newIndex makes an index for at most n records.
func newIndex(rules, n int) *index {
	x := &index{keys: make([][]int64, rules)}
	for i := range x.keys {
		x.keys[i] = make([]int64, 1, n+1)
	}
	for i := range x.stop {
		x.stop[i] = make([]uint64, 1, n+1)
	}
	return x
}

// add takes in the next record. One that was withdrawn keeps its place and meets nobody.
func (x *index) add(r *indexRow) {
	if r.Withdrawn {
		r = &indexRow{}
	} else {
		x.living++
	}
	for i := range x.keys {
		x.keys[i] = append(x.keys[i], *r.At(i))
	}
	for i, v := range [len(stopFields)]string{r.Phone, r.Street, r.Email, r.SSN, r.MedicaidID} {
		x.stop[i] = append(x.stop[i], stopHash(stopFields[i], v, r.ZIP))
	}
}

func (x *index) isDirty(rid int32) bool { return x.dirty == nil || x.dirty[rid] }

// pairs counts the pairs of the listed records of which one at least is dirty.
func (x *index) pairs(list []keyed) int64 {
	clean := 0
	for _, k := range list {
		if !x.isDirty(k.rid) {
			clean++
		}
	}
	return choose2(len(list)) - choose2(clean)
}

// sieveBits is the size of the sieve by which the keys of a few dirty records are looked for among all.
const sieveBits = 22

// sharing lists the records that have a key of rule i, at least those whose key a dirty record has.
func (x *index) sharing(i int) []keyed {
	const top = 64 - sieveBits
	keys := x.keys[i]
	var sieve []uint64 // nil lets all through
	if x.dirty != nil {
		sieve = make([]uint64, 1<<(sieveBits-6))
		for rid, k := range keys {
			if k != 0 && x.dirty[rid] {
				at := spread(uint64(k)) >> top
				sieve[at>>6] |= 1 << (at & 63)
			}
		}
	}
	var list []keyed
	for rid, k := range keys {
		hash := spread(uint64(k))
		if at := hash >> top; k != 0 && (sieve == nil || sieve[at>>6]&(1<<(at&63)) != 0) {
			list = append(list, keyed{hash, int32(rid)})
		}
	}
	return list
}

// stops finds the default values: those on more records than the model's stop count, by field, as hashes.
func (x *index) stops(most int) stopSets {
	var out stopSets
	for i, hashes := range x.stop {
		var list []keyed
		for rid, h := range hashes {
			if h != 0 {
				list = append(list, keyed{h, int32(rid)})
			}
		}
		list, ranges := byHash(list)
		for _, r := range ranges {
			if int(r.to-r.from) > most {
				if out[i] == nil {
					out[i] = map[uint64]bool{}
				}
				out[i][list[r.from].hash] = true
			}
		}
	}
	return out
}

// stopHash is the hash of a value of a field that may be a default; 0 for none.
func stopHash(f field, value, zip string) uint64 {
	if value == "" {
		return 0
	}
	h := hashing(0).text(value)
	if f == fStreet {
		h = h.text(zip)
	}
	return h.sum()
}

// hashing is a hash in the making, of texts one after the other (FNV-1a).
type hashing uint64

func (h hashing) text(s string) hashing {
	if h == 0 {
		h = 14695981039346656037
	}
	for i := range len(s) {
		h = (h ^ hashing(s[i])) * 1099511628211
	}
	return (h ^ 0xff) * 1099511628211 // where the text ends
}

func (h hashing) sum() uint64 { return spread(uint64(h)) }

// spread carries the last bytes that were hashed into the first bits. Different numbers stay different.
func spread(h uint64) uint64 { return (h ^ h>>32) * 0x9e3779b97f4a7c15 }

// indexHeld makes the index of what is held.
func (m *Matcher) indexHeld(ctx context.Context) error {
	n := m.held.Len()
	m.index, m.forms = newIndex(len(m.model.Rules), n), newForms(n)
	keys, err := table.RowsOf[indexRow](m.held)
	if err != nil {
		return err
	}
	texts, err := table.RowsOf[blockText](m.held)
	if err != nil {
		return err
	}
	columns := []func(){func() {
		var r indexRow
		for at := range n {
			keys.Read(at, &r)
			m.index.add(&r)
		}
	}, func() {
		var r blockText
		for at := range n {
			texts.Read(at, &r)
			m.forms.addBlockText(int32(at+1), &r)
		}
	}}
	return parallel.Each(ctx, len(columns), func() func(int) error {
		return func(i int) error {
			columns[i]()
			return nil
		}
	})
}
