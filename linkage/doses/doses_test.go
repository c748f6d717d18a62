package doses

import (
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"miic/internal/table"
	"miic/internal/testdata"
)

// How the scenarios' own expectation must be read where they leave a product blank: the difference in
// points that the published score has over the plain rules (see the notes on each).
var readings = map[string]int{
	"testS010": 35,  // no CVX on either side, groups equal: product counts as agreeing; dates are year, day, month
	"testS011": 35,  // the same
	"testS013": 35,  // one CVX blank, its group known and equal: agreeing
	"testS012": -10, // no CVX, groups differ: disagreeing
}

func TestPublishedScenarios(t *testing.T) {
	f, err := os.Open(filepath.Join(testdata.Dir(t, "mirow"), "nist_dedup_test_scenarios.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	pairs := map[string][][]string{}
	for _, r := range rows[1:] {
		pairs[r[1]] = append(pairs[r[1]], r)
	}
	if len(pairs) != 12 {
		t.Fatalf("%d scenarios, want 12", len(pairs))
	}
	for name, pair := range pairs {
		var r [2]Report
		var k [2]sourceKind
		for i, row := range pair {
			var cvx int16
			fmt.Sscan(strings.TrimLeft(row[6], "0"), &cvx)
			r[i] = Report{ID: row[3], Day: day(t, name, row[4]).UnixDay(), CVX: cvx, Trade: row[9], Lot: row[8], Org: row[10]}
			k[i] = map[string]sourceKind{"": unknownSource, "SOURCE": administered, "HISTORICAL": historical}[row[11]]
		}
		var want int
		var balanced float64
		fmt.Sscan(pair[0][12], &want)
		fmt.Sscan(pair[0][13], &balanced)
		got := weigh(&r[0], &r[1], k) + readings[name]
		if got != want {
			t.Errorf("%s: score %d, published %d", name, got, want)
		}
		if math.Abs(normalised(got)-balanced) > 0.0006 {
			t.Errorf("%s: normalised %.4f, published %.3f", name, normalised(got), balanced)
		}
	}
}

func day(t *testing.T, name, text string) table.Date {
	t.Helper()
	if name == "testS010" {
		text = text[:4] + text[6:] + text[4:6]
	}
	d, err := table.ParseDate(text[:4] + "-" + text[4:6] + "-" + text[6:])
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return d
}

// groupsOf names the reports of each dose, sorted, for comparing.
func groupsOf(reports []Report) []string {
	var out []string
	for _, d := range Resolve(reports) {
		var ids []string
		for _, i := range d.Reports {
			ids = append(ids, reports[i].ID)
		}
		slices.Sort(ids[1:])
		out = append(out, strings.Join(ids, " "))
	}
	slices.Sort(out)
	return out
}

func TestRealDoses(t *testing.T) {
	given := func(id string, day int32, cvx int16, lot, org string) Report {
		return Report{ID: id, Day: day, CVX: cvx, Lot: lot, Org: org}
	}
	told := func(id string, day int32, cvx int16, org string) Report {
		return Report{ID: id, Day: day, CVX: cvx, Org: org, Historical: true}
	}
	for _, c := range []struct {
		name    string
		reports []Report
		want    []string
	}{
		{"a clinic's dose and the plan's claim for it", []Report{given("a", 100, 20, "L1", "clinic"), told("b", 100, 20, "plan")}, []string{"a b"}},
		{"a claim two days off", []Report{given("a", 100, 20, "L1", "clinic"), told("b", 102, 20, "plan")}, []string{"a b"}},
		{"two plans tell the same day", []Report{told("a", 100, 20, "p1"), told("b", 100, 20, "p2")}, []string{"a b"}},
		{"a combination told as its components", []Report{given("a", 100, 110, "L1", "clinic"), told("b", 100, 20, "plan"), told("c", 100, 10, "plan"), told("d", 100, 8, "plan")}, []string{"a b c d"}},
		{"two combinations that do not cover each other", []Report{given("a", 100, 110, "L1", "clinic"), told("b", 100, 120, "plan")}, []string{"a", "b"}},
		{"measles and mumps apart on one day", []Report{given("a", 100, 5, "L1", "clinic"), given("b", 100, 7, "L2", "clinic")}, []string{"a", "b"}},
		{"two vaccines of one group, one clinic, two lots", []Report{given("a", 100, 115, "L1", "clinic"), given("b", 100, 113, "L2", "clinic")}, []string{"a", "b"}},
		{"the minimum interval apart", []Report{given("a", 100, 20, "L1", "clinic"), told("b", 124, 20, "plan")}, []string{"a", "b"}},
		{"a chain over the window: the middle one joins one side only", []Report{given("a", 100, 20, "L1", "clinic"), told("b", 116, 20, "plan"), given("c", 132, 20, "L2", "clinic")}, []string{"a b", "c"}},
		{"two doses given by two clinics", []Report{given("a", 100, 20, "L1", "c1"), given("b", 110, 20, "L2", "c2")}, []string{"a", "b"}},
		{"rabies after exposure", []Report{told("a", 100, 175, "c1"), told("b", 103, 175, "c1"), told("c", 107, 175, "c2")}, []string{"a", "b", "c"}},
		{"an unspecified report of a known product", []Report{told("a", 100, 107, "school"), given("b", 100, 20, "L1", "clinic")}, []string{"b a"}},
		{"the same report twice", []Report{given("a", 100, 20, "L1", "clinic"), given("b", 100, 20, "L1", "clinic")}, []string{"a b"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := groupsOf(c.reports); !slices.Equal(got, c.want) {
				t.Errorf("doses %q, want %q", got, c.want)
			}
		})
	}
}

func drawReports(t *rapid.T) []Report {
	n := rapid.IntRange(0, 14).Draw(t, "n")
	list := make([]Report, n)
	for i := range list {
		list[i] = Report{
			ID: fmt.Sprintf("e%02d", i), Day: int32(rapid.IntRange(0, 70).Draw(t, "day")),
			CVX:        rapid.SampledFrom([]int16{0, 3, 5, 8, 10, 20, 21, 94, 107, 110, 120, 175, 999}).Draw(t, "cvx"),
			Lot:        rapid.SampledFrom([]string{"", "L1", "L2"}).Draw(t, "lot"),
			Org:        rapid.SampledFrom([]string{"c1", "c2", "p1"}).Draw(t, "org"),
			Historical: rapid.Bool().Draw(t, "historical"), Entered: int64(rapid.IntRange(0, 3).Draw(t, "entered")),
		}
	}
	return list
}

func TestDosesKeepTheirPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		reports := drawReports(t)
		doses := Resolve(slices.Clone(reports))
		seen := map[int]bool{}
		for _, d := range doses {
			var union groupSet
			low, high := int32(math.MaxInt32), int32(math.MinInt32)
			for _, i := range d.Reports {
				if seen[i] {
					t.Fatalf("report %d is in two doses", i)
				}
				seen[i] = true
				union |= products().groups(reports[i].CVX)
				low, high = min(low, reports[i].Day), max(high, reports[i].Day)
			}
			if high-low >= window {
				t.Fatalf("a dose spans %d days", high-low)
			}
			if products().groups(reports[d.Reports[0]].CVX) != union {
				t.Fatal("the chosen report does not cover what the dose protects against")
			}
		}
		if len(seen) != len(reports) {
			t.Fatalf("%d reports became %d", len(reports), len(seen))
		}
		want := groupsOf(slices.Clone(reports))
		shuffled := slices.Clone(reports)
		rand.New(rand.NewPCG(1, uint64(len(reports)))).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if got := groupsOf(shuffled); !slices.Equal(got, want) {
			t.Fatalf("another order gives %q, not %q", got, want)
		}
	})
}

func TestAnExactCopyAddsNoDose(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		reports := drawReports(t)
		if len(reports) == 0 {
			return
		}
		i := rapid.IntRange(0, len(reports)-1).Draw(t, "copied")
		if reports[i].CVX == 0 {
			return // what product it was is not known, so nothing says that it is a copy
		}
		twin := reports[i]
		twin.ID += "copy"
		if with, without := len(Resolve(append(slices.Clone(reports), twin))), len(Resolve(slices.Clone(reports))); with > without {
			t.Fatalf("%d doses became %d", without, with)
		}
	})
}
