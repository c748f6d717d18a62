package reports

import (
	"strconv"
	"strings"
	"testing"

	"miic/internal/table"
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
	add(46, two, func(c *table.Client) { c.Contact = "none" }, nil)      // no letters, but counted
	w.clients = append(w.clients, clientOf(47, two))                     // without any dose there may be no milestone
	o := nightOf(t, newBench(t), asOf, w)
	if o.Counts["coverage.numerator"] != 22 || o.Counts["coverage.denominator"] != 26 {
		t.Errorf("the stage tells coverage as %d of %d", o.Counts["coverage.numerator"],
			o.Counts["coverage.denominator"])
	}
	got := map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(read(t, o, "coverage.csv")), "\r\n") {
		f := strings.Split(line, ",")
		if f[2] == "state" || f[3] == "27123" || f[3] == "metro" || f[3] == "27137" {
			got[f[0]+" "+f[3]] = f[7] + "/" + f[6] + " " + f[9]
		}
	}
	for key, want := range map[string]string{
		"4:3:1:3:3:1:4 MN": "22/26 ", "4:3:1:3:3:1:4 27123": "22/26 ", "4:3:1:3:3:1:4 metro": "22/26 ", "4:3:1:3:3:1:4 27137": "/ small", "4:3:1 MN": "24/26 ", "4:3:1:3:3:1 MN": "22/26 ",
		"dtap-4 MN": "24/26 ", "hib-complete MN": "24/26 ", "varicella-1 MN": "24/26 ", "mmr-1 MN": "25/26 ", "hepa-2 MN": "25/26 ", "rotavirus-complete MN": "25/26 ", "pcv-complete MN": "25/26 ", "polio-3 MN": "25/26 ", "hepb-3 MN": "25/26 ",
	} {
		if got[key] != want {
			t.Errorf("%s: %q, want %q", key, got[key], want)
		}
	}
}

func TestCoverageAddsUp(t *testing.T) {
	b := newBench(t)
	w := population(31, 4000)
	o := nightOf(t, b, asOf, w)
	type sum struct{ denominator, numerator int64 }
	published := map[string]map[string]sum{}
	for i, line := range strings.Split(strings.TrimSpace(read(t, o, "coverage.csv")), "\r\n") {
		f := strings.Split(line, ",")
		if i == 0 {
			continue
		}
		if f[8] == "true" {
			if f[6] != "" || f[7] != "" || f[9] == "" {
				t.Fatalf("a withheld row tells its figures: %s", line)
			}
			continue
		}
		d, derr := strconv.ParseInt(f[6], 10, 64)
		n, nerr := strconv.ParseInt(f[7], 10, 64)
		if derr != nil || nerr != nil || d < 11 || n > d {
			t.Fatalf("a published row is impossible: %s", line)
		}
		if published[f[0]] == nil {
			published[f[0]] = map[string]sum{}
		}
		published[f[0]][f[2]] = sum{published[f[0]][f[2]].denominator + d, published[f[0]][f[2]].numerator + n}
	}
	if len(published) != 12 {
		t.Errorf("%d measures", len(published))
	}
	for m, areas := range published {
		for _, a := range []string{"county", "region"} {
			if areas[a].denominator > areas["state"].denominator || areas[a].numerator > areas["state"].numerator {
				t.Errorf("%s: the published parts are more than the state", m)
			}
		}
	}
	rows, err := table.ReadAll[table.Coverage](b.Files("coverage"))
	if err != nil {
		t.Fatal(err)
	}
	outside, err := table.ReadAll[table.Coverage]([]string{o.OutDir + "/coverage.parquet"})
	if err != nil || len(outside) != len(rows) || len(rows) != 12*(87+8+1) {
		t.Fatalf("%d rows in the table, %d in the file, %v", len(rows), len(outside), err)
	}
	for i := range rows {
		if rows[i] != outside[i] {
			t.Errorf("the file differs from the table: %+v, %+v", outside[i], rows[i])
		}
	}
}
