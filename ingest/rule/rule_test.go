package rule

import (
	"os"
	"strings"
	"testing"
)

// A rule's id is what a response, a report card and a run page name: no two rules share one, and none that the readers
// do not look for stands in the table as theirs.
func TestRulesHaveIDsOfTheirOwn(t *testing.T) {
	source, err := os.ReadFile("rule.go")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, c := range All {
		if seen[c.ID] {
			t.Errorf("two rules are called %s", c.ID)
		}
		seen[c.ID] = true
		if c.About == "reader" && !strings.Contains(string(source), `Reader("`+c.ID+`")`) {
			t.Errorf("no reader looks for %s", c.ID)
		}
		if (c.About == "reader" || c.About == "delivery") != (c.Condition == "") {
			t.Errorf("%s is about a %s and has the condition %q", c.ID, c.About, c.Condition)
		}
	}
}
