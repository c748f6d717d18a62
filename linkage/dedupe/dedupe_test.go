package dedupe

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"miic/internal/table"
	"miic/internal/testdata"
	"miic/linkage/standard"
)

// Four of NIST's scenarios need an interpretation, and each is named: where the CVX is blank the vaccine
// groups represent the product (S010, S011 and S013 agree by it, S012 differs), and the dates of S010
// are written year-day-month.
var byGroup = map[string]bool{"testS010": true, "testS011": true, "testS012": true, "testS013": true}

// TestMIROWScenarios scores NIST's twelve scenarios.
func TestMIROWScenarios(t *testing.T) {
	f, err := os.Open(filepath.Join(testdata.Dir(t, "mirow"), "nist_dedup_test_scenarios.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, h := range rows[0] {
		at[h] = i
	}
	scenarios := 0
	for i := 1; i+1 < len(rows); i += 2 {
		a, b := rows[i], rows[i+1]
		name := a[at["test"]]
		scenarios++
		get := func(r []string, col string) string { return r[at[col]] }
		day := func(r []string) table.Date {
			s := get(r, "date")
			if name == "testS010" {
				s = s[:4] + s[6:] + s[4:6]
			}
			d, err := table.ParseDate(s[:4] + "-" + s[4:6] + "-" + s[6:])
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			return d
		}
		p := pair{days: int(day(b) - day(a)), trade: compareText(get(a, "product"), get(b, "product")),
			lot:          compareText(get(a, "lot"), get(b, "lot")),
			organisation: compareText(get(a, "organisation"), get(b, "organisation")),
			product:      compareText(get(a, "cvx"), get(b, "cvx"))}
		if p.days < 0 {
			p.days = -p.days
		}
		if byGroup[name] {
			p.product = compareText(get(a, "vaccine_groups"), get(b, "vaccine_groups"))
		}
		switch x, y := get(a, "source"), get(b, "source"); {
		case x == "" || y == "":
			p.source = sourceMissing
		case x != y:
			p.source = oneOfEach
		case x == "HISTORICAL":
			p.source = bothHistorical
		}
		if want := get(a, "expected_score"); strconv.Itoa(p.score()) != want {
			t.Errorf("%s scores %d, want %s", name, p.score(), want)
		}
		want, err := strconv.ParseFloat(get(a, "expected_balanced"), 64)
		if err != nil {
			t.Fatal(err)
		}
		if got := balanced(p.score()); got < want-0.001 || got > want+0.001 {
			t.Errorf("%s is %.4f when balanced, want %.3f", name, got, want)
		}
	}
	if scenarios != 12 {
		t.Errorf("%d scenarios, want 12", scenarios)
	}
}

var doseDay = table.NewDate(2024, 5, 1)

// reported makes a dose from "sender[/h or /c] cvx day lot": h reports what others gave, c is a claim.
func reported(i int, text string) Row {
	f := strings.Fields(text)
	cvx, _ := strconv.Atoi(f[1])
	day, _ := strconv.Atoi(f[2])
	d := Row{ClientID: 1, EventID: fmt.Sprintf("e%02d", i), CVX: int16(cvx), AdministeredOn: doseDay + table.Date(day),
		SenderKind: standard.Clinic}
	d.Sender, _, d.Historical = strings.Cut(f[0], "/")
	d.Claimed = strings.HasSuffix(f[0], "/c")
	if len(f) > 3 {
		d.Lot = f[3]
	}
	return d
}

func TestRealDoses(t *testing.T) {
	for _, c := range []struct {
		name    string
		reports []string
		want    int
		chosen  string // event of the first dose
	}{
		{"a clinic's dose and the plan's claim", []string{"A 20 0 L1", "P/h 20 0"}, 1, "e00"},
		{"the claim a day later", []string{"A 20 0 L1", "P/h 20 1"}, 1, "e00"},
		{"two doses of a series, two months apart", []string{"A 20 0 L1", "A 20 61 L2"}, 2, "e00"},
		{"one clinic, fourteen days apart, other lots", []string{"A 20 0 L1", "A 20 14 L2"}, 2, "e00"},
		{"two products without a group in common", []string{"A 03 0 L1", "A 21 0 L2"}, 2, "e00"},
		{"a combination and its components", []string{"A 110 0 L1", "P/h 20 0", "P/h 08 0", "P/h 10 0"}, 1, "e00"},
		{"components alone stay apart", []string{"P/h 20 0", "P/h 08 0", "P/h 10 0"}, 3, "e00"},
		{"the window holds for the whole group", []string{"A/h 20 0", "B 20 20", "C/h 20 40"}, 2, "e01"},
		{"Tdap and Td from one clinic on one day, other lots", []string{"A 115 0 L1", "A 09 0 L2"}, 2, "e00"},
		{"rabies on day 0 and day 3", []string{"A 40 0 L1", "P/h 40 3"}, 2, "e00"},
		{"rabies on one day, and its claim", []string{"A 40 0 L1", "P/h 40 0"}, 1, "e00"},
		{"rabies on the next day", []string{"A 40 0 L1", "P/h 40 1"}, 2, "e00"},
		{"rabies may not be one by a third report", []string{"A 40 0 L1", "P/h 40 0", "B/h 40 1"}, 2, "e00"},
		{"a series dose and its claim just inside the window", []string{"A 20 0 L1", "P/h 20 23"}, 1, "e00"},
		{"and just beyond it", []string{"A 20 0 L1", "P/h 20 24"}, 2, "e00"},
		{"two claims twenty-two days either side of a dose", []string{"P/h 20 0", "A 20 22 L1", "Q/h 20 44"}, 2, "e01"},
		{"an exact copy of a product that nobody knows", []string{"A 0 0 L1", "A 0 0 L1"}, 1, "e00"},
		{"two products that nobody knows", []string{"A 0 0 L1", "A 0 0 L2"}, 2, "e00"},
		{"an exact copy", []string{"A 20 0 L1", "A 20 0 L1"}, 1, "e00"},
		{"unspecified and specific", []string{"P/h 17 0", "A 49 0 L1"}, 1, "e01"},
	} {
		var doses []Row
		for i, r := range c.reports {
			doses = append(doses, reported(i, r))
		}
		slices.SortStableFunc(doses, func(a, b Row) int { return int(a.AdministeredOn - b.AdministeredOn) })
		real, sources, _ := Immunizations(doses)
		if len(real) != c.want || len(sources) != len(doses) {
			t.Errorf("%s: %d doses from %d reports, want %d", c.name, len(real), len(sources), c.want)
		} else if real[0].EventID != c.chosen {
			t.Errorf("%s: %s was chosen, want %s", c.name, real[0].EventID, c.chosen)
		}
	}
}

func TestDoseProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "n")
		doses := make([]Row, n)
		for i := range doses {
			doses[i] = Row{ClientID: 1, EventID: fmt.Sprintf("e%02d", i), SenderKind: standard.Clinic,
				Sender:         rapid.SampledFrom([]string{"A", "B", "P"}).Draw(t, "sender"),
				CVX:            rapid.SampledFrom([]int16{20, 110, 10, 8, 3, 94, 21, 0, 107, 28, 120, 5, 7, 109, 33, 133, 40}).Draw(t, "cvx"),
				Lot:            rapid.SampledFrom([]string{"", "L1", "L2"}).Draw(t, "lot"),
				Historical:     rapid.Bool().Draw(t, "historical"),
				AdministeredOn: doseDay + table.Date(rapid.IntRange(0, 60).Draw(t, "day"))}
		}
		inOrder := func(a, b Row) int {
			if a.AdministeredOn != b.AdministeredOn {
				return int(a.AdministeredOn - b.AdministeredOn)
			}
			return strings.Compare(a.EventID, b.EventID)
		}
		slices.SortFunc(doses, inOrder)
		real, sources, doubts := Immunizations(doses)
		if len(real) > n {
			t.Fatalf("%d doses from %d reports", len(real), n)
		}
		byEvent := map[string]string{}
		for _, s := range sources {
			if byEvent[s.EventID] != "" {
				t.Fatalf("event %s is two doses", s.EventID)
			}
			byEvent[s.EventID] = s.ImmunizationID
		}
		if len(byEvent) != n {
			t.Fatalf("%d of %d reports are in a dose", len(byEvent), n)
		}
		span := map[string][2]table.Date{}
		for _, d := range doses {
			id := byEvent[d.EventID]
			r, ok := span[id]
			if !ok {
				r = [2]table.Date{d.AdministeredOn, d.AdministeredOn}
			}
			span[id] = [2]table.Date{min(r[0], d.AdministeredOn), max(r[1], d.AdministeredOn)}
		}
		for id, r := range span {
			if r[1]-r[0] >= windowDays {
				t.Fatalf("dose %s spans %d days", id, r[1]-r[0])
			}
		}
		// Nothing is deleted: every dose names one of its own reports as the winner, and counts them all.
		count, chosen := map[string]int32{}, map[string]string{}
		for _, x := range sources {
			count[x.ImmunizationID]++
			if x.Reason == "chosen" {
				chosen[x.ImmunizationID] += x.EventID
			}
		}
		for _, r := range real {
			if r.SourceCount != count[r.ImmunizationID] || chosen[r.ImmunizationID] != r.EventID || r.Reason == "" {
				t.Fatalf("dose %s of %d reports, winner %s for reason %q; sources %d, chosen %s", r.ImmunizationID,
					r.SourceCount, r.EventID, r.Reason, count[r.ImmunizationID], chosen[r.ImmunizationID])
			}
		}
		lost(t, doses, real, sources)
		// Doubts are between doses.
		for _, x := range doubts {
			if byEvent[x.ImmunizationID] == x.OtherID || x.ImmunizationID == x.OtherID {
				t.Fatalf("a doubt inside one dose: %+v", x)
			}
		}
		// An exact copy of a report changes nothing but a count.
		i := rapid.IntRange(0, n-1).Draw(t, "copied")
		twin := doses[i]
		twin.EventID += "+"
		with := append(slices.Clone(doses), twin)
		slices.SortFunc(with, inOrder)
		realWith, sourcesWith, _ := Immunizations(with)
		if len(realWith) != len(real) {
			t.Fatalf("a copy of %+v makes %d doses of %d", twin, len(realWith), len(real))
		}
		for _, x := range sourcesWith {
			before := byEvent[x.EventID] == byEvent[doses[i].EventID]
			after := x.ImmunizationID == setOfEvent(sourcesWith, doses[i].EventID)
			if x.EventID != twin.EventID && before != after {
				t.Fatalf("a copy moved event %s", x.EventID)
			}
		}
		// A second run over its own result keeps every id.
		for i := range doses {
			doses[i].Prior = byEvent[doses[i].EventID]
		}
		again, sourcesAgain, _ := Immunizations(doses)
		if len(again) != len(real) || !slices.Equal(sources, sourcesAgain) {
			t.Fatalf("the second run differs")
		}
	})
}

// TestNoAntigenIsLost (item 2): whatever sources disagree on, the doses that survive of a merged set have every antigen
// that its reports name; what cannot be one dose without a loss stays apart and is asked about.
func TestNoAntigenIsLost(t *testing.T) {
	for _, c := range []struct {
		name    string
		reports []string
		want    []int16 // the products that survive, in the order of their doses
		doubts  int
		claimed string // antigens that only a claim reports, of the first dose
	}{
		{"components of a clinic, the combination of a claim", []string{"A 20 0 L1", "A 10 0 L2", "A 08 0 L3", "P/c 110 0"},
			[]int16{110}, 0, ""},
		{"two of its three components", []string{"A 20 0 L1", "A 10 0 L2", "P/c 110 0"}, []int16{110}, 0, "HepB"},
		{"the combination with Hib, of its four components", []string{"A 20 0", "A 10 0", "A 08 0", "A 49 0", "P/c 146 0"},
			[]int16{146}, 0, ""},
		{"a smaller combination of the clinic", []string{"A 110 0 L1", "P/c 146 0"}, []int16{146}, 0, "Hib"},
		{"a smaller combination and what it lacks", []string{"A 110 0 L1", "A 49 0 L2", "P/c 146 1"}, []int16{146}, 0, ""},
		{"the combination of a clinic, the components of a claim", []string{"A 94 0 L1", "P/c 3 2", "P/c 21 2"},
			[]int16{94}, 0, ""},
		{"two combinations, neither of which has all", []string{"A 110 0 L1", "P/c 120 0"}, []int16{110, 120}, 1, ""},
		{"hepatitis A and B", []string{"A 52 0 L1", "A 43 0 L2", "P/c 104 0"}, []int16{104}, 0, ""},
		{"measles, mumps and rubella apart", []string{"A 5 0", "A 6 0", "A 7 0"}, []int16{5, 6, 7}, 0, ""},
		{"and the claim of all three", []string{"A 5 0 L1", "A 6 0 L2", "A 7 0 L3", "P/c 3 0"}, []int16{3}, 0, ""},
		{"without pertussis at the clinic", []string{"A 9 0 L1", "P/c 115 0"}, []int16{115}, 0, "Pertussis"},
		{"a claim of less than was given", []string{"A 115 0 L1", "P/c 9 0"}, []int16{115}, 0, ""},
		{"a product that nobody names, of more antigens", []string{"A 28 0 L1", "P/c 107 0"}, []int16{28, 107}, 1, ""},
		{"a product that nobody names, of the same", []string{"A 20 0 L1", "P/c 107 0"}, []int16{20}, 0, ""},
		{"a product that nobody names, in a combination", []string{"P/c 17 0", "A 146 0 L1"}, []int16{146}, 0, ""},
		{"it may be either of two doses, and is no third", []string{"A 133 0 L1", "A 33 0 L2", "P/h 109 0"}, []int16{133, 33}, 1, ""},
		{"only claimed", []string{"P/c 20 0"}, []int16{20}, 0, "Diphtheria, Pertussis, Tetanus"},
	} {
		var doses []Row
		for i, r := range c.reports {
			doses = append(doses, reported(i, r))
		}
		slices.SortStableFunc(doses, func(a, b Row) int { return int(a.AdministeredOn - b.AdministeredOn) })
		real, sources, doubts := Immunizations(doses)
		var got []int16
		for _, r := range real {
			got = append(got, r.CVX)
		}
		if !slices.Equal(got, c.want) || len(doubts) != c.doubts {
			t.Errorf("%s: products %v and %d doubts; want %v and %d", c.name, got, len(doubts), c.want, c.doubts)
		} else if real[0].ClaimedAntigens != c.claimed {
			t.Errorf("%s: only claims report %q, want %q", c.name, real[0].ClaimedAntigens, c.claimed)
		}
		lost(t, doses, real, sources)
	}
}

// lost fails when a merged set's dose lacks an antigen that a report of it names.
func lost(t interface{ Errorf(string, ...any) }, doses []Row, real []table.Immunization, sources []table.ImmunizationSource) {
	product := map[string]int16{}
	for _, r := range real {
		product[r.ImmunizationID] = r.CVX
	}
	for _, d := range doses {
		survives := product[setOfEvent(sources, d.EventID)]
		for _, a := range Antigens(d.CVX) {
			if !slices.Contains(Antigens(survives), a) {
				t.Errorf("%s of product %d is lost: the dose is of product %d", a, d.CVX, survives)
			}
		}
	}
}

// TestOneDoseReportedTwice: two reports of one product some days apart are one dose where one of them is a copy or a bill;
// two that both senders gave, other products, and other lots are left to the rules.
func TestOneDoseReportedTwice(t *testing.T) {
	for _, c := range []struct {
		name    string
		reports []string
		doses   int
		day     table.Date // of the first
	}{
		{"a copy two days before the bill", []string{"A/h 21 10", "P/c 21 12"}, 1, 12},
		{"a copy six days before the bill", []string{"A/h 21 10", "P/c 21 16"}, 1, 16},
		{"a copy a week before the bill", []string{"A/h 21 10", "P/c 21 17"}, 2, 10},
		{"a copy of the first of the month, and the bill", []string{"A/h 21 0", "P/c 21 20"}, 1, 20},
		{"a copy of the first of the month, and a copy", []string{"A/h 21 0", "B/h 21 20"}, 2, 0},
		{"a bill of the first of the month, and a copy", []string{"P/c 21 0", "B/h 21 20"}, 2, 0},
		{"two copies five days apart", []string{"A/h 10 10 L1", "B/h 10 15"}, 1, 10},
		{"of another lot", []string{"A/h 10 10 L1", "B/h 10 15 L2"}, 2, 10},
		{"both gave it", []string{"A 21 10 L1", "B 21 12 L2"}, 2, 10},
		{"measles vaccine and rubella vaccine", []string{"A/h 05 10", "P/c 06 12"}, 2, 10},
		{"rabies, every few days", []string{"A/h 40 10", "P/c 40 13"}, 2, 10},
	} {
		var doses []Row
		for i, text := range c.reports {
			doses = append(doses, reported(i, text))
		}
		real, _, _ := Immunizations(doses)
		if len(real) != c.doses || real[0].AdministeredOn != doseDay+c.day {
			t.Errorf("%s: %d doses, the first %s; want %d, %s", c.name, len(real), real[0].AdministeredOn, c.doses, doseDay+c.day)
		}
	}
}

// setOfEvent returns the real dose that an event reports.
func setOfEvent(sources []table.ImmunizationSource, event string) string {
	i := slices.IndexFunc(sources, func(x table.ImmunizationSource) bool { return x.EventID == event })
	return sources[i].ImmunizationID
}
