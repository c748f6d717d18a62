package linkage

import (
	"context"
	"fmt"
	"math"

	"miic/internal/engine"
)

// A matcher compares records inside one engine session: the engine finds the pairs, the rest is done on
// coded records. It expects the table or view standard_now: standard records with the column dirty.
type matcher struct {
	e       *engine.Engine
	model   *Model
	records int // in the index
	dirty   int
	scorer  *Scorer
	blocked blockFigures
	hot     []bool // by rule: some key is above the cap
	stop    []stopValue
	forms   *forms
	pairs   []comparedPair // that meet a rule, by record
}

// blockFigures tell what blocking did.
type blockFigures struct {
	Candidates int64 // pairs that meet a rule
	HotKeys    int64 // keys on more records than their rule's cap
	Cut        int64 // pairs on such keys that the refinement left out, of this rule alone
}

// freqBits is log2 of the average share of an equal value over the share of this one.
func (m *Model) freqBits(c *Comparison, share float64) float64 {
	return math.Log2(c.Levels[0].U) - math.Log2(max(share, m.FreqFloor))
}

// buildIndex makes link_index of the standard records and link_dirty of its dirty ones.
func (m *matcher) buildIndex(ctx context.Context) error {
	if err := m.e.Materialize(ctx, "stop_value", query("stop_value", "stop", m.model.StopCount)); err != nil {
		return err
	}
	var err error
	if m.stop, err = engine.Rows[stopValue](ctx, m.e, "SELECT field, value FROM stop_value ORDER BY field, value"); err != nil {
		return err
	}
	rid := "CAST(row_number() OVER (ORDER BY s.record_id) AS INTEGER)"
	if m.forms != nil { // all are coded, each in its place
		m.forms.drop(m.stop)
		rid = "s.rid"
	}
	if err := m.e.Materialize(ctx, "link_index", query("link_index", "rid", rid)); err != nil {
		return err
	}
	if err := m.e.Materialize(ctx, "link_dirty", "SELECT * FROM link_index WHERE dirty"); err != nil {
		return err
	}
	n, err := m.e.Int(ctx, "SELECT count(*) FROM link_index")
	if err != nil {
		return err
	}
	d, err := m.e.Int(ctx, "SELECT count(*) FROM link_dirty")
	m.records, m.dirty = int(n), int(d)
	m.scorer = NewScorer(m.model, m.records)
	return err
}

// count is a pair of numbers that a query gives.
type count struct {
	N int64 `col:"n"`
	M int64 `col:"m"`
}

// block makes link_pair: every pair with a dirty record that meets a blocking rule.
func (m *matcher) block(ctx context.Context) error {
	all := m.dirty == m.records
	m.hot = make([]bool, len(m.model.Rules))
	for i := range m.model.Rules {
		keys, members := fmt.Sprintf("hot_%02d", i), fmt.Sprintf("hot_member_%02d", i)
		if err := m.e.Materialize(ctx, keys, hotKeysSQL(i, !all, m.model.cap(i))); err != nil {
			return err
		}
		c, err := engine.Rows[count](ctx, m.e, "SELECT count(*) AS n, CAST(coalesce(sum(records * (records - 1) / 2), 0) AS BIGINT) AS m FROM "+keys)
		if err != nil {
			return err
		}
		if c[0].N == 0 {
			continue
		}
		m.hot[i] = true
		if err := m.e.Materialize(ctx, members, hotMemberSQL(m.model, i)); err != nil {
			return err
		}
		w, limit := int64(hotWindow(m.model.BlockCap)), m.model.BlockCap
		kept, err := m.e.Int(ctx, fmt.Sprintf("SELECT CAST(coalesce(sum(CASE WHEN records <= %d THEN records * (records - 1) / 2 ELSE records * %d - %d END), 0) AS BIGINT) FROM (SELECT DISTINCT block_key, part, records FROM %s) AS parts",
			limit, w, w*(w+1)/2, members))
		if err != nil {
			return err
		}
		m.blocked.HotKeys += c[0].N
		m.blocked.Cut += c[0].M - kept
	}
	if err := m.e.Materialize(ctx, "link_pair", blockSQL(m.model, !all, m.hot)); err != nil {
		return err
	}
	n, err := m.e.Int(ctx, "SELECT count(*) FROM link_pair")
	m.blocked.Candidates = n
	return err
}
