package bench

import (
	"context"
	"fmt"
	"strings"
	"time"

	"miic/internal/engine"
	"miic/internal/table"
)

// PlainReport is the same work in the manner of the usual open tools: our pairs compared and weighed by one SQL
// statement, all comparisons for every pair.
type PlainReport struct {
	Pairs   int64   `json:"pairs"`
	Seconds float64 `json:"seconds"` // of comparing and weighing
	Rate    float64 `json:"pairs_scored_per_second"`
	Ratio   float64 `json:"ratio"` // of our rate to this one
}

// plainColumns are compared, each with the bounds of its ladder after equality.
var plainColumns = []struct {
	name   string
	bounds []string
}{
	{"first", []string{"0.92", "0.8"}}, {"middle", nil}, {"last", []string{"0.92", "0.8"}},
	{"birth_iso", []string{"0.95", "0.88"}}, {"sex", nil}, {"street", []string{"0.9"}}, {"zip", nil},
	{"phone", []string{"0.95"}}, {"mother_first", []string{"0.9"}}, {"mother_maiden", []string{"0.9"}},
	{"guardian_first", []string{"0.9"}}, {"ssn", nil}, {"medicaid_id", nil}, {"email", []string{"0.95"}},
}

// plainPairs is how many of our pairs are weighed in SQL.
const plainPairs = 1_000_000

type plainPair struct {
	L string `col:"l"`
	R string `col:"r"`
}

// measurePlain weighs pairs of the records in the files of standard_record, and sets our rate, in pairs a second,
// beside it.
func measurePlain(ctx context.Context, e *engine.Engine, files []string, pairs [][2]string,
	rate float64) (*PlainReport, error) {
	if err := e.View(ctx, "standard_record", table.StandardRecords, files); err != nil {
		return nil, err
	}
	if err := e.Materialize(ctx, "plain_record", "SELECT * FROM standard_record WHERE NOT withdrawn"); err != nil {
		return nil, err
	}
	rows := make([]plainPair, len(pairs))
	for i, p := range pairs {
		rows[i] = plainPair{p[0], p[1]}
	}
	if err := engine.Load(ctx, e, "plain_pair", rows); err != nil {
		return nil, err
	}
	var weights []string
	for _, c := range plainColumns {
		text := fmt.Sprintf("CASE WHEN a.%[1]s IS NULL OR b.%[1]s IS NULL THEN 0 WHEN a.%[1]s = b.%[1]s THEN 8", c.name)
		for i, bound := range c.bounds {
			text += fmt.Sprintf(" WHEN jaro_winkler_similarity(a.%[1]s, b.%[1]s) >= %s THEN %d", c.name, bound, 4-2*i)
		}
		weights = append(weights, text+" ELSE -4 END")
	}
	start := time.Now()
	query := "SELECT p.l, p.r, " + strings.Join(weights, " + ") + " AS weight FROM plain_pair AS p" +
		" JOIN plain_record AS a ON a.record_id = p.l JOIN plain_record AS b ON b.record_id = p.r"
	if err := e.Materialize(ctx, "plain_score", query); err != nil {
		return nil, err
	}
	out := &PlainReport{Seconds: time.Since(start).Seconds()}
	var err error
	if out.Pairs, err = e.Int(ctx, "SELECT count(*) FROM plain_score"); err != nil {
		return nil, err
	}
	out.Rate = float64(out.Pairs) / max(out.Seconds, 1e-9)
	out.Ratio = rate / max(out.Rate, 1e-9)
	return out, nil
}
