package reports

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/csvfile"
	"miic/reports/footnote"
	populations "miic/reports/population"
	"miic/reports/publication"
)

func TestCoverageCountsWhoItShould(t *testing.T) {
	w := &world{batches: population(1, 0).batches}
	groups := []string{"DTaP/Tdap/Td", "Polio", "MMR", "Hib", "HepB", "Varicella", "Pneumococcal", "Rotavirus", "HepA"}
	add := func(id int64, birth table.Date, change func(*table.Client), milestone func(*table.Milestone)) {
		c := clientOf(id, birth)
		if change != nil {
			change(&c)
		}
		w.clients = append(w.clients, c)
		for _, g := range groups {
			m := table.Milestone{ClientID: id, Months: 24, Group: g, ReachedOn: birth.AddMonths(24),
				Status: "Complete", ValidDoses: 4, Doses: 4, Schedule: "4.64"}
			if milestone != nil {
				milestone(&m)
			}
			w.milestones = append(w.milestones, m)
		}
	}
	two := asOf.AddMonths(-24)
	for id := range int64(20) {
		add(id+1, two-table.Date(id), nil, nil)
	}
	add(30, two, nil, func(m *table.Milestone) {
		if m.Group == "DTaP/Tdap/Td" {
			m.ValidDoses, m.Doses = 3, 4
		}
	})
	add(31, two, nil, func(m *table.Milestone) { // enough Hib doses, but the evaluator says the series is not complete
		if m.Group == "Hib" {
			m.Status = "Not Complete"
		}
	})
	add(32, two, nil, func(m *table.Milestone) { // immune by disease: not vaccinated
		if m.Group == "Varicella" {
			m.Status, m.ValidDoses, m.Doses = "Immune", 0, 0
		}
	})
	add(40, two+1, nil, nil)                                             // one day short of two years
	add(41, asOf.AddMonths(-36), nil, nil)                               // three today
	add(42, two, func(c *table.Client) { c.OptedOut = true }, nil)       // in neither figure
	add(43, two, func(c *table.Client) { c.State = "WI" }, nil)          // gone
	add(44, two, func(c *table.Client) { c.DeceasedOn = asOf - 1 }, nil) // dead
	add(45, asOf.AddMonths(-36)+1, nil, nil)                             // the last day before three
	add(46, two, func(c *table.Client) {                                 // no letters, but counted
		c.Contact, c.Sex, c.Race, c.Ethnicity = "none", "F", "2028-9|2106-3", "H"
	}, nil)
	w.clients = append(w.clients, clientOf(47, two)) // without any dose there may be no milestone
	eligible := func(client int64, id string, ago table.Date, code string) {
		w.immunizations = append(w.immunizations, table.Immunization{ImmunizationID: id, EventID: id, ClientID: client,
			AdministeredOn: asOf - ago, CVX: 10, Eligibility: code})
	}
	eligible(1, "b", 90, "V01") // the day counts before the id
	eligible(1, "a", 89, "V02")
	eligible(1, "z", 10, "") // a later dose that has none changes nothing
	eligible(2, "d", 30, "V03")
	eligible(2, "c", 30, "V02") // of the same day
	eligible(30, "e", 0, "V02") // does not meet every measure
	eligible(31, "f", 5, "self-pay")
	eligible(42, "g", 5, "V02") // opted out
	b := newBench(t)
	o := nightOf(t, b, asOf, w)
	if o.Counts["coverage.numerator"] != 22 || o.Counts["coverage.denominator"] != 26 {
		t.Errorf("the stage tells coverage as %d of %d", o.Counts["coverage.numerator"],
			o.Counts["coverage.denominator"])
	}
	rows, err := table.ReadAll[table.Coverage](b.Files("coverage"))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, r := range rows {
		got[strings.Join([]string{r.Measure, r.AreaCode, r.Stratum, r.StratumName}, " ")] = fmt.Sprintf("%d/%d", r.Numerator, r.Denominator)
	}
	for key, want := range map[string]string{
		"4:3:1:3:3:1:4 MN all all": "22/26", "4:3:1:3:3:1:4 27123 all all": "22/26", "4:3:1:3:3:1:4 metro all all": "22/26",
		"4:3:1:3:3:1:4 27137 all all": "", "4:3:1 MN all all": "24/26", "4:3:1:3:3:1 MN all all": "22/26",
		"dtap-4 MN all all": "24/26", "hib-complete MN all all": "24/26", "varicella-1 MN all all": "24/26", "mmr-1 MN all all": "25/26",
		"hepa-2 MN all all": "25/26", "rotavirus-complete MN all all": "25/26", "pcv-complete MN all all": "25/26",
		"polio-3 MN all all": "25/26", "hepb-3 MN all all": "25/26",
		// 24 months on 2026-03-02: born from 2023-03-03; who was born before July is of the cohort of July 2022
		"mmr-1 MN birth_cohort born July 2022 to June 2023": "1/1", "mmr-1 metro birth_cohort born July 2023 to June 2024": "24/25",
		"mmr-1 MN age 2": "25/26", "mmr-1 MN sex not known": "24/25", "mmr-1 MN sex female": "1/1", "mmr-1 MN race more than one race": "1/1",
		"mmr-1 metro ethnicity Hispanic or Latino": "1/1", "mmr-1 MN language English": "25/26", "mmr-1 MN clinic metro-health": "25/26",
		"mmr-1 MN funding Medicaid": "2/2", "dtap-4 metro funding Medicaid": "1/2", "mmr-1 MN funding uninsured": "1/1",
		"mmr-1 MN funding not eligible for public vaccine": "", "mmr-1 MN funding a code that is not known": "1/1",
		"mmr-1 MN funding not reported": "21/22",
	} {
		if got[key] != want {
			t.Errorf("%s: %q, want %q", key, got[key], want)
		}
	}
}

// published are the rows of a night's coverage.csv, by column.
func published(t *testing.T, o *pipeline.Outcome) []map[string]string {
	t.Helper()
	var rows []map[string]string
	header := publication.Header()
	if err := csvfile.Read(filepath.Join(o.OutDir, "coverage.csv"), header, func(cells []string) error {
		row := map[string]string{}
		for i, c := range header {
			row[c] = cells[i]
		}
		rows = append(rows, row)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestWhatIsPublishedStays: figures are published on the first night that is due, as they are inside, and every night has
// them, with the same bytes, until they are published again; a row of the log never changes.
func TestWhatIsPublishedStays(t *testing.T) {
	b, w := newBench(t), population(31, 4000)
	c := testConfig()
	var err error
	if c.Footnotes, _, err = footnote.Load("", footnote.Known{}); err != nil {
		t.Fatal(err)
	}
	for _, k := range c.Counties {
		c.Populations = append(c.Populations, populations.Row{FIPS: k.FIPS, Ages: populations.Span{First: 2, Last: 2}, People: 100, Source: "census"})
	}
	var stages []pipeline.Stage
	for _, s := range nightStages(w, c) {
		if slices.Contains([]string{"given", "status", "coverage", "publish"}, s.Name) {
			stages = append(stages, s)
		}
	}
	night := func(day table.Date) *pipeline.Outcome {
		o, err := b.Night(context.Background(), day, nil, stages...)
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	o := night(asOf)
	inside := map[string]table.Coverage{}
	rows, err := table.ReadAll[table.Coverage](b.Files("coverage"))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		inside[strings.Join([]string{r.Measure, r.AreaType, r.AreaCode, r.Stratum, r.StratumCode}, " ")] = r
	}
	shown, measures, compared := 0, map[string]bool{}, map[string]int{}
	for _, r := range published(t, o) {
		if r["suppressed"] == "true" {
			if r["denominator"]+r["numerator"]+r["numerator_any"]+r["percent"]+r["percent_low"]+r["percent_high"]+r["population"]+r["population_percent"] != "" || r["suppression"] != "few" {
				t.Fatalf("a withheld row tells its figures: %v", r)
			}
			continue
		}
		if r["doses"] == "none" {
			continue
		}
		in := inside[strings.Join([]string{r["measure"], r["area_type"], r["area_code"], r["stratum"], r["stratum_code"]}, " ")]
		if r["denominator"] != fmt.Sprint(in.Denominator) || r["numerator"] != fmt.Sprint(in.Numerator) || r["numerator_any"] != fmt.Sprint(in.NumeratorAny) {
			t.Errorf("published %v, inside %+v", r, in)
		}
		if in.Denominator > 0 && in.Denominator < 11 || strings.Contains(r["percent"], ".") && in.Denominator < 50 {
			t.Errorf("published: %v", r)
		}
		people := map[string]int64{"county": 100, "state": 8700}[r["area_type"]] // of regions another number each
		if r["stratum"] == "all" && people > 0 && in.Denominator > 0 {
			if r["population"] != fmt.Sprint(people) || r["population_percent"] != fmt.Sprint(math.Round(1000*float64(in.Denominator)/float64(people))/10) ||
				strings.Contains(r["footnotes"], footnote.Crowded) != (100*in.Denominator > 105*people) {
				t.Errorf("beside %d people: %v", in.Denominator, r)
			}
			compared[r["area_type"]]++
		} else if r["stratum"] != "all" && r["population"] != "" {
			t.Errorf("a property has a population: %v", r)
		}
		if in.Denominator > 0 {
			shown++
			measures[r["measure"]] = true
		}
	}
	if shown < 10 || len(measures) < 2 {
		t.Errorf("%d rows of %d measures have figures", shown, len(measures))
	}
	if compared["county"] < 2 || compared["state"] < 2 {
		t.Errorf("rows compared with a population: %v", compared)
	}
	if notes := read(t, o, "footnotes.csv"); !strings.Contains(notes, "footnote,text\r\nborder-") {
		t.Errorf("footnotes: %q", notes)
	}
	first, log := read(t, o, "coverage.csv"), b.Files("publication")
	if again := night(asOf + 20); read(t, again, "coverage.csv") != first || len(b.Files("publication")) != len(log) {
		t.Error("another night of the month published other figures")
	}
	next := night(asOf.AddMonths(1))
	if read(t, next, "coverage.csv") == first || len(b.Files("publication")) != len(log)+1 || !slices.Contains(b.Files("publication"), log[0]) {
		t.Error("the month after did not publish, or changed what was published")
	}
	for _, r := range published(t, next) {
		if r["published_on"] != asOf.AddMonths(1).String() {
			t.Fatalf("the latest publication has a row of %s", r["published_on"])
		}
	}
}

// TestWhoMayBeAnotherIsCountedOnce: of two people about whom a question is open the one with more doses is counted, if both may
// be counted at all.
func TestWhoMayBeAnotherIsCountedOnce(t *testing.T) {
	w := &world{}
	two := asOf.AddMonths(-24)
	for id := range int64(10) {
		c := clientOf(id+1, two)
		switch c.ClientID {
		case 6:
			c.State = "WI"
		case 8:
			c.OptedOut = true
		}
		w.clients = append(w.clients, c)
	}
	for client, doses := range map[int64]int{1: 1, 2: 3, 5: 1, 6: 2, 7: 0, 8: 4, 9: 2, 10: 2} {
		for n := range doses {
			id := fmt.Sprint(client, "-", n)
			w.immunizations = append(w.immunizations, table.Immunization{ImmunizationID: id, EventID: id, ClientID: client,
				AdministeredOn: asOf - 100, CVX: 10})
		}
	}
	asked := func(a, b int64) {
		w.doubts = append(w.doubts, table.Doubt{ClientID: a, OtherID: b}, table.Doubt{ClientID: b, OtherID: a, Ordinary: true})
	}
	asked(1, 2)  // fewer doses
	asked(3, 4)  // none of either
	asked(5, 6)  // who has left the state
	asked(7, 8)  // who is in no figure
	asked(9, 10) // as many
	b := newBench(t)
	o := nightOf(t, b, asOf, w)
	rows, err := table.ReadAll[table.NotCounted](b.Files("not_counted"))
	if want := []table.NotCounted{{ClientID: 1, OtherID: 2}, {ClientID: 4, OtherID: 3}, {ClientID: 10, OtherID: 9}}; err != nil || !slices.Equal(rows, want) {
		t.Errorf("not counted are %v (%v), want %v", rows, err, want)
	}
	if o.Counts["coverage.denominator"] != 5 || o.Counts["coverage.not_counted"] != 3 { // 2, 3, 5, 7 and 9
		t.Errorf("%d are counted and %d not", o.Counts["coverage.denominator"], o.Counts["coverage.not_counted"])
	}
}
