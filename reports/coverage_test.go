package reports

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"miic/internal/area"
	"miic/internal/table"
)

// solvable tells whether a withheld cell follows from the published ones, given that a region is the sum
// of its counties and the state the sum of its regions: whether its unit vector lies in
// the span of the published sums' equations (Gauss over the rationals).
func solvable(cells []cell, target int) bool {
	leaves := map[int]int{} // cell index of a leaf → unknown
	for i, c := range cells {
		if c.areaType == "county" || c.areaType == "region" && c.code == area.Unassigned {
			leaves[i] = len(leaves)
		}
	}
	vector := func(i int) []*big.Rat {
		v := make([]*big.Rat, len(leaves))
		for k := range v {
			v[k] = new(big.Rat)
		}
		for leaf, k := range leaves {
			if leaf == i || cells[i].areaType == "state" || cells[i].areaType == "region" && cells[leaf].region == cells[i].region {
				v[k].SetInt64(1)
			}
		}
		return v
	}
	var rows [][]*big.Rat
	for i, c := range cells {
		if c.withheld == "" {
			rows = append(rows, vector(i))
		}
	}
	rank := func(rows [][]*big.Rat) int {
		m := make([][]*big.Rat, len(rows))
		for i, r := range rows {
			for _, x := range r {
				m[i] = append(m[i], new(big.Rat).Set(x))
			}
		}
		rank := 0
		for col := 0; col < len(leaves) && rank < len(m); col++ {
			pivot := -1
			for i := rank; i < len(m); i++ {
				if m[i][col].Sign() != 0 {
					pivot = i
					break
				}
			}
			if pivot < 0 {
				continue
			}
			m[rank], m[pivot] = m[pivot], m[rank]
			for i := rank + 1; i < len(m); i++ {
				if m[i][col].Sign() == 0 {
					continue
				}
				f := new(big.Rat).Quo(m[i][col], m[rank][col])
				for k := col; k < len(m[i]); k++ {
					m[i][k].Sub(m[i][k], new(big.Rat).Mul(f, m[rank][k]))
				}
			}
			rank++
		}
		return rank
	}
	return rank(append(rows, vector(target))) == rank(rows)
}

func layout(regions map[string][]int64, unassigned int64) []cell {
	var cells []cell
	var sum int64
	names := []string{"a", "b", "c", "d"}
	for _, r := range names {
		var inRegion int64
		for i, n := range regions[r] {
			cells = append(cells, cell{areaType: "county", code: fmt.Sprint(r, i), region: r, denominator: n})
			inRegion += n
		}
		if len(regions[r]) > 0 {
			cells = append(cells, cell{areaType: "region", code: r, region: r, denominator: inRegion})
			sum += inRegion
		}
	}
	cells = append(cells, cell{areaType: "region", code: area.Unassigned, region: area.Unassigned, denominator: unassigned})
	return append(cells, cell{areaType: "state", code: "MN", denominator: sum + unassigned})
}

func TestNoWithheldCountCanBeWorkedOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		regions := map[string][]int64{}
		for _, r := range []string{"a", "b", "c", "d"}[:rapid.IntRange(1, 4).Draw(t, "regions")] {
			regions[r] = rapid.SliceOfN(rapid.OneOf(rapid.Int64Range(0, 14), rapid.Int64Range(0, 200), rapid.Just(int64(0))), 1, 6).Draw(t, r)
		}
		cells := layout(regions, rapid.OneOf(rapid.Int64Range(0, 14), rapid.Int64Range(0, 100)).Draw(t, "unassigned"))
		suppress(cells, 11)
		for i, c := range cells {
			switch {
			case c.denominator < 11 && c.withheld != small:
				t.Fatalf("%s %s with %d people is published", c.areaType, c.code, c.denominator)
			case c.denominator >= 11 && c.withheld == small && cells[len(cells)-1].withheld == "":
				t.Fatalf("%s %s with %d people is called small", c.areaType, c.code, c.denominator)
			case c.withheld != "" && c.denominator > 0 && solvable(cells, i):
				t.Fatalf("%s %s (%d people, %s) can be worked out from %s", c.areaType, c.code, c.denominator, c.withheld, picture(cells))
			}
		}
	})
}

func picture(cells []cell) string {
	var b strings.Builder
	for _, c := range cells {
		fmt.Fprintf(&b, "%s %s %d %s; ", c.areaType, c.code, c.denominator, c.withheld)
	}
	return b.String()
}

func TestSuppressionTakesNoMoreThanItNeeds(t *testing.T) {
	for _, tc := range []struct {
		name       string
		regions    map[string][]int64
		unassigned int64
		withheld   string
	}{
		{"nothing small", map[string][]int64{"a": {40, 50}, "b": {60, 70}}, 20, ""},
		{"one small county takes the next smallest", map[string][]int64{"a": {5, 40, 50}, "b": {60, 70}}, 20, "a0 small a1 complement"},
		{"two small that are enough", map[string][]int64{"a": {5, 8, 50}, "b": {60, 70}}, 20, "a0 small a1 small"},
		{"two small that are too few together", map[string][]int64{"a": {5, 3, 50, 80}, "b": {60, 70}}, 20, "a0 small a1 small a2 complement"},
		{"two that can only be ten each", map[string][]int64{"a": {10, 10, 50, 80}, "b": {60, 70}}, 20, "a0 small a1 small a2 complement"},
		{"empty counties need no company", map[string][]int64{"a": {0, 40, 50}, "b": {60, 70}}, 20, "a0 small"},
		{"a few without a region take the smallest county of the smallest region", map[string][]int64{"a": {40, 50}, "b": {60, 70}}, 3, "a0 complement a complement unassigned small"},
		{"a small state", map[string][]int64{"a": {4, 5}}, 1, "a0 small a1 small a small unassigned small MN small"},
	} {
		t.Run(strings.ReplaceAll(tc.name, " ", "-"), func(t *testing.T) {
			cells := layout(tc.regions, tc.unassigned)
			suppress(cells, 11)
			var got []string
			for _, c := range cells {
				if c.withheld != "" {
					got = append(got, c.code+" "+c.withheld)
				}
			}
			if strings.Join(got, " ") != tc.withheld {
				t.Errorf("withheld: %q, want %q", strings.Join(got, " "), tc.withheld)
			}
		})
	}
}

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
			m := table.Milestone{ClientID: id, Months: 24, Group: g, ReachedOn: birth.AddMonths(24), Status: "Complete", ValidDoses: 4, Doses: 4, Schedule: "4.64"}
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
	add(43, two, func(c *table.Client) { c.Status = "moved" }, nil)      // gone
	add(44, two, func(c *table.Client) { c.DeceasedOn = asOf - 1 }, nil) // dead
	add(45, asOf.AddMonths(-36)+1, nil, nil)                             // the last day before three
	add(46, two, func(c *table.Client) { c.Contact = "none" }, nil)      // no letters, but counted
	w.clients = append(w.clients, clientOf(47, two))                     // without any dose there may be no milestone
	o := nightOf(t, newBench(t), asOf, w)
	if o.Counts["report.coverage_numerator"] != 22 || o.Counts["report.coverage_denominator"] != 26 {
		t.Errorf("the stage tells coverage as %d of %d", o.Counts["report.coverage_numerator"], o.Counts["report.coverage_denominator"])
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
