package linkage

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"miic/internal/table"
	"miic/internal/testdata"
	"pgregory.net/rapid"
)

// Four of NIST's scenarios need an interpretation, and each is named: where the CVX is blank the vaccine
// groups stand for the product (S010, S011 and S013 agree by it, S012 differs), and the dates of S010
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
		p := dosePair{days: int(day(b) - day(a)), trade: compareText(get(a, "product"), get(b, "product")),
			lot: compareText(get(a, "lot"), get(b, "lot")), organisation: compareText(get(a, "organisation"), get(b, "organisation")),
			product: compareText(get(a, "cvx"), get(b, "cvx"))}
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

// reported makes a dose from "sender[h] cvx day lot".
func reported(i int, text string) doseRow {
	f := strings.Fields(text)
	cvx, _ := strconv.Atoi(f[1])
	day, _ := strconv.Atoi(f[2])
	d := doseRow{ClientID: 1, EventID: fmt.Sprintf("e%02d", i), CVX: int16(cvx), AdministeredOn: doseDay + table.Date(day), SenderKind: clinicSender}
	d.Sender, d.Historical = strings.TrimSuffix(f[0], "/h"), strings.HasSuffix(f[0], "/h")
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
		{"an exact copy", []string{"A 20 0 L1", "A 20 0 L1"}, 1, "e00"},
		{"unspecified and specific", []string{"P/h 17 0", "A 49 0 L1"}, 1, "e01"},
	} {
		var doses []doseRow
		for i, r := range c.reports {
			doses = append(doses, reported(i, r))
		}
		slices.SortStableFunc(doses, func(a, b doseRow) int { return int(a.AdministeredOn - b.AdministeredOn) })
		real, sources, _ := immunizations(doses)
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
		doses := make([]doseRow, n)
		for i := range doses {
			doses[i] = doseRow{ClientID: 1, EventID: fmt.Sprintf("e%02d", i), SenderKind: clinicSender,
				Sender:         rapid.SampledFrom([]string{"A", "B", "P"}).Draw(t, "sender"),
				CVX:            rapid.SampledFrom([]int16{20, 110, 10, 8, 3, 94, 21, 0, 107, 40}).Draw(t, "cvx"),
				Lot:            rapid.SampledFrom([]string{"", "L1", "L2"}).Draw(t, "lot"),
				Historical:     rapid.Bool().Draw(t, "historical"),
				AdministeredOn: doseDay + table.Date(rapid.IntRange(0, 60).Draw(t, "day"))}
		}
		inOrder := func(a, b doseRow) int {
			if a.AdministeredOn != b.AdministeredOn {
				return int(a.AdministeredOn - b.AdministeredOn)
			}
			return strings.Compare(a.EventID, b.EventID)
		}
		slices.SortFunc(doses, inOrder)
		real, sources, _ := immunizations(doses)
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
			if r[1]-r[0] >= doseWindow {
				t.Fatalf("dose %s spans %d days", id, r[1]-r[0])
			}
		}
		// A second run over its own result keeps every id, and an exact copy of a report adds nothing.
		for i := range doses {
			doses[i].Prior = byEvent[doses[i].EventID]
		}
		again, sourcesAgain, _ := immunizations(doses)
		if len(again) != len(real) || !slices.Equal(sources, sourcesAgain) {
			t.Fatalf("the second run differs")
		}
	})
}
