package extract

import (
	"strings"
	"testing"

	"miic/internal/engine"
	"miic/internal/table"
)

// TestFactsAreJoinedByKeys: a table of facts in whose plan each row is compared with each row of another takes hours in a state.
func TestFactsAreJoinedByKeys(t *testing.T) {
	night := table.NewDate(2026, 3, 2)
	x, err := Choose(t.Context(), randomState(9, 60, night).open(t), options(night))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := x.Write(t.Context(), t.TempDir()); err != nil {
		t.Fatal(err)
	}
	type plan struct {
		Kind string `col:"explain_key"`
		Text string `col:"explain_value"`
	}
	for i := range Tables {
		plans, err := engine.Rows[plan](t.Context(), x.engine, "EXPLAIN "+x.queries.Get(Tables[i].query))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range plans {
			for _, slow := range []string{"NL_JOIN", "NESTED_LOOP_JOIN"} {
				if strings.HasPrefix(Tables[i].Name, "fact_") && strings.Contains(p.Text, slow) {
					t.Errorf("%s: %s in the plan:\n%s", Tables[i].Name, slow, p.Text)
				}
			}
		}
	}
}
