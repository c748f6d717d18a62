package linkage

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"miic/internal/engine"
)

// A matcher compares records inside one engine session. It expects the table or view standard_now:
// standard records with the column dirty.
type matcher struct {
	e       *engine.Engine
	model   *Model
	records int // in the index
	dirty   int
	scorer  *Scorer
	blocked blockFigures
}

// blockFigures tell what blocking did.
type blockFigures struct {
	Candidates int64 // pairs that meet a rule
	HotKeys    int64 // keys on more records than the cap
	HotRecords int64 // records in their blocks
	Cut        int64 // pairs in such blocks that were left out
}

// frequency is the number of bits that one value of a comparison adds where both records have it.
type frequency struct {
	Comparison string  `col:"comparison"`
	Value      string  `col:"value"`
	Bits       float64 `col:"bits"`
}

// floorBits is the adjustment for a value that is not in the model's list.
func (m *Model) floorBits(c *Comparison) string {
	if len(m.Frequencies[c.TermFreq]) == 0 {
		return "(0.0)"
	}
	return fmt.Sprintf("(%.6f)", m.freqBits(c, m.FreqFloor))
}

// freqBits is log2 of the average share of an equal value over the share of this one.
func (m *Model) freqBits(c *Comparison, share float64) float64 {
	return math.Log2(c.Levels[0].U) - math.Log2(max(share, m.FreqFloor))
}

func (m *Model) frequencies() []frequency {
	var list []frequency
	for i := range m.Comparisons {
		c := &m.Comparisons[i]
		if c.TermFreq == "" {
			continue
		}
		values := m.Frequencies[c.TermFreq]
		for _, v := range slices.Sorted(maps.Keys(values)) {
			list = append(list, frequency{c.Name, v, m.freqBits(c, values[v])})
		}
	}
	return list
}

// buildIndex makes link_index of the standard records and link_dirty of its dirty ones.
func (m *matcher) buildIndex(ctx context.Context) error {
	if err := m.e.Materialize(ctx, "stop_value", query("stop_value", "stop", m.model.StopCount)); err != nil {
		return err
	}
	if err := engine.Load(ctx, m.e, "frequency", m.model.frequencies()); err != nil {
		return err
	}
	if err := m.e.Materialize(ctx, "link_index", indexSQL(m.model)); err != nil {
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
	hot := make([]bool, len(m.model.Rules))
	for i := range m.model.Rules {
		name := fmt.Sprintf("hot_%02d", i)
		if err := m.e.Materialize(ctx, name, hotKeysSQL(i, !all, m.model.BlockCap)); err != nil {
			return err
		}
		c, err := engine.Rows[count](ctx, m.e, "SELECT count(*) AS n, CAST(coalesce(sum(records), 0) AS BIGINT) AS m FROM "+name)
		if err != nil {
			return err
		}
		hot[i] = c[0].N > 0
		m.blocked.HotKeys += c[0].N
		m.blocked.HotRecords += c[0].M
		if hot[i] {
			w := int64(hotWindow(m.model.BlockCap))
			cut, err := m.e.Int(ctx, fmt.Sprintf("SELECT CAST(sum(records * (records - 1) / 2 - records * %d + %d) AS BIGINT) FROM %s", w, w*(w+1)/2, name))
			if err != nil {
				return err
			}
			m.blocked.Cut += cut
		}
	}
	if err := m.e.Materialize(ctx, "link_pair", blockSQL(m.model, !all, hot)); err != nil {
		return err
	}
	n, err := m.e.Int(ctx, "SELECT count(*) FROM link_pair")
	m.blocked.Candidates = n
	return err
}

// compare makes the table name of the vectors of a table of pairs.
func (m *matcher) compare(ctx context.Context, name, pairs string) error {
	return m.e.Materialize(ctx, name, compareSQL(m.model, pairs))
}

// patternCount is how many pairs have one vector and met one set of rules.
type patternCount struct {
	Rules  int32 `col:"rules"`
	Vector int64 `col:"vector"`
	N      int64 `col:"n"`
}

// patterns counts the vectors of a table of compared pairs, in a fixed order.
func (m *matcher) patterns(ctx context.Context, compared string) ([]patternCount, error) {
	rows, err := engine.Rows[patternCount](ctx, m.e, "SELECT rules, vector, count(*) AS n FROM "+compared+" GROUP BY rules, vector")
	byVector(rows)
	return rows, err
}

// byVector puts patterns in their fixed order.
func byVector(rows []patternCount) {
	slices.SortFunc(rows, func(a, b patternCount) int {
		return cmp.Or(cmp.Compare(a.Vector, b.Vector), cmp.Compare(a.Rules, b.Rules))
	})
}

// comparedPair is a row of compareSQL.
type comparedPair struct {
	L            int32   `col:"l"`
	R            int32   `col:"r"`
	Rules        int32   `col:"rules"`
	Vector       int64   `col:"vector"`
	FreqPersonal float64 `col:"freq_personal"`
	FreqFamily   float64 `col:"freq_family"`
}

type vectorRow struct {
	Vector int64 `col:"vector"`
}

// Edge is a scored pair of records of the index.
type Edge struct {
	L, R  int32
	Rules int32
	Evidence
	Score
}

// scored returns the pairs of a compared table that reach the weight keep, by record. Patterns that
// cannot reach it, whatever term frequency adds, never leave the engine.
func (m *matcher) scored(ctx context.Context, compared string, keep float64) ([]Edge, error) {
	patterns, err := m.patterns(ctx, compared)
	if err != nil {
		return nil, err
	}
	var hopeful []vectorRow
	for i, p := range patterns {
		if (i == 0 || patterns[i-1].Vector != p.Vector) && m.scorer.MostWith(Vector(p.Vector)) >= keep {
			hopeful = append(hopeful, vectorRow{p.Vector})
		}
	}
	if err := engine.Load(ctx, m.e, "hopeful", hopeful); err != nil {
		return nil, err
	}
	rows, err := engine.Rows[comparedPair](ctx, m.e, "SELECT l, r, rules, vector, freq_personal, freq_family FROM "+compared+
		" WHERE vector IN (SELECT vector FROM hopeful) ORDER BY l, r")
	if err != nil {
		return nil, err
	}
	edges := make([]Edge, 0, len(rows))
	for _, p := range rows {
		e := Edge{L: p.L, R: p.R, Rules: p.Rules, Evidence: Evidence{Vector(p.Vector), p.FreqPersonal, p.FreqFamily}}
		if e.Score = m.scorer.Score(e.Evidence); e.Weight >= keep {
			edges = append(edges, e)
		}
	}
	return edges, nil
}
