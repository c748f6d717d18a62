package match

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"miic/internal/table"
)

// A Matcher finds the pairs of records to compare and compares them, on coded records in memory. In a night only those
// that have partners are coded; a set that is linked from nothing is coded as it is read. Records come by Load, LoadAll
// or Hold.
type Matcher struct {
	model   *Model
	index   *index // until the pairs are found
	forms   *forms
	ids     []string // record ids by place, from 0; of a set linked from nothing
	records int      // places in the index
	living  int      // records that were not withdrawn
	stop    stopSets
	scorer  *Scorer
	blocked Figures
	hot     []bool      // by rule: some key is above the cap
	pairs   []Pair      // that meet a rule, by record
	held    *table.Held // the records of a night, of which few are coded; nil where all are coded

	// Population is of how many records the state is taken to be at least: the records that have come so far may be
	// those of a pilot, and one of it is no likelier to meet itself than one of the whole state.
	Population int
}

// New makes a matcher of records by a model.
func New(model *Model) *Matcher { return &Matcher{model: model} }

// Model is the model by which records are compared: after training, the trained one.
func (m *Matcher) Model() *Model { return m.model }

// Len is how many places the index has. A record's rid is its place, from 1 to Len.
func (m *Matcher) Len() int { return m.records }

// RecordIDs are the ids of the records of a set that was linked from nothing, by rid less one.
func (m *Matcher) RecordIDs() []string { return m.ids }

// Pairs are the pairs that meet a blocking rule, in the order of their records. The caller must not change them.
func (m *Matcher) Pairs() []Pair { return m.pairs }

// Blocked are the figures of blocking.
func (m *Matcher) Blocked() Figures { return m.blocked }

// Size is the number of records by which tonight's priors are made: a power of two.
func (m *Matcher) Size() int64 { return int64(stateSize(max(m.living, m.Population))) }

// Weigh scores a pair that was compared on an earlier night, in the state of this one.
func (m *Matcher) Weigh(e Evidence) Score { return m.scorer.Score(e) }

// Birth is what of a record forbids putting it together with another one. The record is of a set linked from
// nothing, all of whose records are coded.
func (m *Matcher) Birth(rid int32) Birth {
	v := &m.forms.list[rid].v
	b := Birth{Certificate: m.forms.text[v[fBirthCert]], Multiple: m.forms.text[v[fMultiple]],
		First: m.forms.text[v[fFirst]], Sender: m.forms.text[v[fSender]]}
	if order, err := strconv.Atoi(m.forms.text[v[fBirthOrder]]); err == nil {
		b.Order = int32(order)
	}
	return b
}

// Birth is what makes two records two people, however much else they share.
type Birth struct {
	Certificate string // number of the birth certificate; empty if not known
	Order       int32  // in a multiple birth; 0 if not known
	Multiple    string // Y or N; empty if not known
	First       string // given name; empty if not known
	Sender      string
}

// Hold takes the records in linkage form of a night's files, and indexes them. Ready sets which are dirty.
func (m *Matcher) Hold(ctx context.Context, files [][]string) (err error) {
	if m.held, err = table.Hold[table.StandardRecord](files...); err != nil {
		return err
	}
	m.records = m.held.Len()
	return m.indexHeld(ctx)
}

// Ready ends the making of the index: a default value is recognised once all records are known. Dirty holds by rid
// whether a record is compared with all others; nil means that all are.
func (m *Matcher) Ready(dirty []bool) {
	m.index.dirty = dirty
	m.records, m.living = len(m.index.stop[0])-1, m.index.living
	m.forms.countBirths()
	m.forms.oneSender = m.Population == 0 && m.forms.ofOneSender()
	m.stop = m.index.stops(m.model.StopCount)
	m.index.stop = [len(stopFields)][]uint64{}
	m.scorer = NewScorer(m.model, max(m.living, m.Population))
}

// Release gives back what is only needed to compare.
func (m *Matcher) Release() {
	if m.held != nil {
		m.held.Release()
	}
	m.held, m.forms, m.pairs = nil, nil, nil
}

// Load codes records that are all dirty. They must come in the order of their ids; those that were
// withdrawn are left out. n is how many there are at most.
func (m *Matcher) Load(n int, each func(func(*table.StandardRecord) error) error) error {
	m.index, m.forms = newIndex(len(m.model.Rules), n), newForms(n)
	m.ids = make([]string, 0, n)
	if err := each(func(r *table.StandardRecord) error {
		if r.Withdrawn {
			return nil
		}
		m.ids = append(m.ids, r.RecordID)
		m.index.add(&indexRow{Street: r.Street, ZIP: r.ZIP, Phone: r.Phone, Email: r.Email, SSN: r.SSN,
			MedicaidID: r.MedicaidID, RuleKeys: r.RuleKeys})
		m.forms.add(int32(len(m.ids)), r)
		return nil
	}); err != nil {
		return err
	}
	m.Ready(nil)
	for rid := range m.records {
		m.forms.drop(int32(rid+1), &m.stop)
	}
	return nil
}

// LoadAll loads records that lie in memory.
func (m *Matcher) LoadAll(records []table.StandardRecord) error {
	order := make([]*table.StandardRecord, len(records))
	for i := range records {
		order[i] = &records[i]
	}
	slices.SortFunc(order, func(a, b *table.StandardRecord) int { return strings.Compare(a.RecordID, b.RecordID) })
	return m.Load(len(records), func(yield func(*table.StandardRecord) error) error {
		for _, r := range order {
			if err := yield(r); err != nil {
				return err
			}
		}
		return nil
	})
}
