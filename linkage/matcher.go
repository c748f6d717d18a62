package linkage

import (
	"math"
	"strconv"

	"miic/internal/table"
)

// A matcher finds the pairs of records to compare and compares them, on coded records in memory. In a night only those
// that have partners are coded; a set that is linked from nothing is coded as it is read.
type matcher struct {
	model   *Model
	index   *index // until the pairs are found
	forms   *forms
	ids     []string // record ids by place, from 0; of a set linked from nothing
	records int      // places in the index
	living  int      // records that were not withdrawn
	stop    stopSets
	scorer  *Scorer
	blocked blockFigures
	hot     []bool         // by rule: some key is above the cap
	pairs   []comparedPair // that meet a rule, by record
	held    *table.Held    // the records of a night, of which few are coded; nil where all are coded
}

// ready ends the making of the index: what is a default value is known once all records are.
func (m *matcher) ready() {
	m.records, m.living = len(m.index.stop[0])-1, m.index.living
	m.stop = m.index.stops(m.model.StopCount)
	m.index.stop = [len(stopFields)][]uint64{}
	m.scorer = NewScorer(m.model, m.living)
}

// release gives back what is only needed to compare.
func (m *matcher) release() {
	if m.held != nil {
		m.held.Release()
	}
	m.held, m.forms, m.pairs = nil, nil, nil
}

// freqBits is log2 of the average share of an equal value over the share of this one.
func (m *Model) freqBits(c *Comparison, share float64) float64 {
	return math.Log2(c.Levels[0].U) - math.Log2(max(share, m.FreqFloor))
}

// members gives what clustering reads of each record; the records are coded.
func (m *matcher) members() []member {
	out := make([]member, m.records)
	for i := range out {
		v := &m.forms.list[i+1].v
		out[i] = member{BirthCert: m.forms.text[v[fBirthCert]], Multiple: m.forms.text[v[fMultiple]]}
		if order, err := strconv.Atoi(m.forms.text[v[fBirthOrder]]); err == nil {
			out[i].BirthOrder = int32(order)
		}
	}
	return out
}
