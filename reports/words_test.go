package reports

import (
	"regexp"
	"testing"
)

// TestEveryStageIsExplained: the page says in words what each stage of the reports does.
func TestEveryStageIsExplained(t *testing.T) {
	o := nightOf(t, newBench(t), asOf, population(3, 20))
	html := read(t, o, "run.html")
	for _, s := range Stages(testConfig()) {
		if s.Name == LastStage {
			continue
		}
		row := regexp.MustCompile(`<t[hd][^>]*>` + s.Name + `</t[hd]>\s*<td[^>]*><span>([^<]*)</span>`).FindStringSubmatch(html)
		if row == nil || len(row[1]) < 10 {
			t.Errorf("the page has no words for the stage %s: %q", s.Name, row)
		}
	}
}
