package publication

import (
	"fmt"
	"testing"

	"miic/internal/table"
	"miic/reports/footnote"
)

// TestPeopleBesideThePopulation: up to 105 of 100 are no reason to wonder, and nobody is compared with a population not known.
func TestPeopleBesideThePopulation(t *testing.T) {
	night := tonight{Config: Config{Footnotes: []footnote.Footnote{{ID: "border", Text: "next to it", Counties: []string{"27133"}}}}, night: day("2026-03-05")}
	for _, c := range []struct {
		county         string
		counted, lives int64
		want           string
	}{
		{"27109", 105, 100, "105 |"}, {"27109", 106, 100, "106 over-population|" + footnote.CrowdedText}, {"27109", 2, 3, "66.7 |"},
		{"27133", 20, 100, "20 border|next to it"}, {"27133", 1051, 1000, "105.1 border|over-population|next to it|" + footnote.CrowdedText},
		{"27109", 50, 0, "0 |"},
	} {
		row := table.Publication{AreaType: "county", AreaCode: c.county, Stratum: "all", Denominator: c.counted}
		compare(&row, c.lives)
		night.annotate(&row)
		if got := fmt.Sprint(row.PeoplePercent, " ", row.Footnotes, bar, row.FootnoteTexts); got != c.want {
			t.Errorf("%d of %d in %s: %q, want %q", c.counted, c.lives, c.county, got, c.want)
		}
	}
}
