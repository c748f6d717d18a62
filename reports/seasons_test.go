package reports

import (
	"context"
	"strings"
	"testing"

	"miic/internal/pipeline"
	"miic/internal/reference"
	"miic/reports/campaign"
)

// Item 9: a dose that rests on an assumed season is on letters only where the site has it so, and never calls where it
// is only named beside others.
func TestAssumedSeasonsAreOnLettersOnlyBySetting(t *testing.T) {
	w := &world{batches: population(1, 0).batches}
	for id := int64(1); id <= 3; id++ {
		w.clients = append(w.clients, clientOf(id, asOf.AddMonths(-50)))
		flu := due(id, "Influenza", asOf-20, 0)
		flu.Assumed = id != 3 // the third is of a site's own season
		w.forecasts = append(w.forecasts, flu)
	}
	w.forecasts = append(w.forecasts, due(1, "MMR", asOf+5, asOf+90), due(3, "MMR", asOf+5, asOf+90))
	for _, named := range []bool{false, true} {
		c := testConfig()
		c.AssumedSeasons = named
		o, err := newBench(t).Night(context.Background(), asOf, nil, nightStages(w, c)...)
		if err != nil {
			t.Fatal(err)
		}
		groups := map[string]string{}
		for _, row := range lettersOf(t, o, "metro", campaign.Reminder) {
			groups[row["first_name"]] = row["vaccine_groups"]
		}
		want := map[bool]string{false: "MMR", true: "Influenza|MMR"}[named]
		if len(groups) != 2 || groups[marker+"1"] != want || groups[marker+"3"] != "Influenza|MMR" {
			t.Errorf("with assumed_seasons: %v the letters name %v", named, groups)
		}
		beside := map[bool]string{false: "state,none,not called,beside only,0,", true: "state,none,not called,beside only,1,"}[named]
		if summary := read(t, o, "state/summary.csv"); !strings.Contains(summary, beside) {
			t.Errorf("with assumed_seasons: %v the summary has no line %q", named, beside)
		}
	}
}

// Item 9: the page says which seasons have run out, since when, and does not say that all is well once the next has begun.
func TestThePageSaysWhichSeasonsHaveRunOut(t *testing.T) {
	const over, off = "Influenza: the last season is over since 2026-07-01", "RSV: the last season is over since 2026-04-01"
	page := func(notes ...pipeline.Note) string {
		w := population(12, 60)
		w.notes = notes
		return read(t, nightOf(t, newBench(t), asOf, w), "run.html")
	}
	const well = "All is well"
	if html := page(); !strings.Contains(html, well) {
		t.Fatal("a night without trouble is not well")
	}
	if html := page(pipeline.Note{Kind: "off season", Text: off}); !strings.Contains(html, off) || !strings.Contains(html, well) {
		t.Error("a season that is over, before the next, is not named, or asks for somebody")
	}
	html := page(pipeline.Note{Kind: "season over", Text: over})
	if !strings.Contains(html, over) || strings.Contains(html, well) || !strings.Contains(html, "miic schedule import") {
		t.Error("a season that the schedule lacks is not among the things to do")
	}
}

// Item 9: the page names a table that is older than it may get, since when, and what to do.
func TestThePageNamesOldReferences(t *testing.T) {
	page := func(limit int) string {
		c := testConfig()
		c.References = []reference.Reference{{Name: "the codes", Released: "2026-01-01", Limit: limit, Renew: "bring newer codes"}}
		o, err := newBench(t).Night(context.Background(), asOf, nil, nightStages(population(12, 60), c)...)
		if err != nil {
			t.Fatal(err)
		}
		return read(t, o, "run.html")
	}
	if html := page(60); !strings.Contains(html, "All is well") {
		t.Error("a table of sixty days with a limit of sixty is named as old")
	}
	if html := page(59); strings.Contains(html, "All is well") ||
		!strings.Contains(html, "Bring newer codes. It is overdue: the codes: of 2026-01-01, 60 days old, over the limit of 59 days since 2026-03-02") {
		t.Error("a table over its limit is not among the things to do")
	}
}
