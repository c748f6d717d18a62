package dedupe

import (
	"fmt"
	"slices"
	"testing"

	"miic/internal/table"
)

// TestDayOfADoseIsTheGivers: where the product is a claim's, the day is still that of the clinic that gave it.
func TestDayOfADoseIsTheGivers(t *testing.T) {
	real, _, _ := Immunizations([]Row{reported(0, "A 20 0 L1"), reported(1, "A 10 0 L2"), reported(2, "A 08 0 L3"),
		reported(3, "P/c 110 2")})
	if len(real) != 1 || real[0].CVX != 110 || real[0].AdministeredOn != doseDay || real[0].Provider != "A" ||
		real[0].Historical || real[0].Lot != "" {
		t.Errorf("%+v", real)
	}
}

// TestDayOfADoseThatNobodyGave: of a shot card's copy and a bill the bill has the day of service; else what most report.
func TestDayOfADoseThatNobodyGave(t *testing.T) {
	for _, c := range []struct {
		name    string
		reports []string
		day     table.Date
	}{
		{"a copy a day late, and the bill", []string{"A/h 21 1 L1", "P/c 21 0"}, 0},
		{"a copy a day early with the lot, and the bill", []string{"A/h 03 10 L1", "P/c 03 11"}, 11},
		{"a copy of another day, and two bills", []string{"A/h 10 10", "P/c 10 11", "Q/c 10 11"}, 11},
		{"two bills that differ: the nearer to what records most", []string{"A/h 10 10 L1", "P/c 10 12", "Q/c 10 11"}, 11},
		{"copies alone: most of them", []string{"A/h 08 1 L1", "B/h 08 0", "C/h 08 0"}, 0},
		{"two copies that differ: the one that records more", []string{"A/h 08 1 L1", "B/h 08 0"}, 1},
		{"a giver before any number of bills", []string{"A 08 1", "P/c 08 0", "Q/c 08 0"}, 1},
	} {
		var doses []Row
		for i, text := range c.reports {
			doses = append(doses, reported(i, text))
		}
		slices.SortStableFunc(doses, func(a, b Row) int { return int(a.AdministeredOn - b.AdministeredOn) })
		real, _, _ := Immunizations(doses)
		if len(real) != 1 || real[0].AdministeredOn != doseDay+c.day {
			t.Errorf("%s: %d doses, the first %s; want %s", c.name, len(real), real[0].AdministeredOn, doseDay+c.day)
		}
	}
}

// TestEligibilityOfADose: the chosen report's, else that of the first one that has any, whatever its product.
func TestEligibilityOfADose(t *testing.T) {
	for _, c := range []struct {
		name                string
		reports, eligible   []string
		chosen, eligibility string
	}{
		{"nobody reports one", []string{"A 20 0 L1", "P/c 20 0"}, []string{"", ""}, "e00", ""},
		{"the giver's before the plan's", []string{"P/c 20 0", "A 20 0 L1"}, []string{"V02", "V01"}, "e01", "V01"},
		{"the giver has none: the plan's", []string{"A 20 0 L1", "P/c 20 0"}, []string{"", "V02"}, "e00", "V02"},
		{"of two others the first", []string{"P/c 20 0", "Q/c 20 0", "A 20 0 L1"}, []string{"V03", "V02", ""}, "e02", "V03"},
		{"of a component of the chosen combination", []string{"A 110 0 L1", "P/h 20 0"}, []string{"", "V04"}, "e00", "V04"},
	} {
		var doses []Row
		for i, text := range c.reports {
			doses = append(doses, reported(i, text))
			doses[i].Eligibility = c.eligible[i]
		}
		real, _, _ := Immunizations(doses)
		if len(real) != 1 || real[0].EventID != c.chosen || real[0].Eligibility != c.eligibility {
			t.Errorf("%s: %d doses, the first from %s with %q; want one from %s with %q", c.name, len(real), real[0].EventID,
				real[0].Eligibility, c.chosen, c.eligibility)
		}
	}
}

// A dose reported from memory is dated to the first or the middle of its month. Beyond the window such a
// date is never enough to make one dose of two, and it is asked about.
func TestEstimatedDatesOnlyRaiseADoubt(t *testing.T) {
	first := int(table.NewDate(2024, 5, 1) - doseDay)
	for _, c := range []struct {
		name           string
		reports        []string
		doses, doubted int
	}{
		{"the first, and the end of the month",
			[]string{fmt.Sprint("P/h 20 ", first), fmt.Sprint("A 20 ", first+27, " L1")}, 2, 1},
		{"the same the other way round: given on the 2nd, reported as the 1st of the next month",
			[]string{fmt.Sprint("A 20 ", first+1, " L1"), fmt.Sprint("P/h 20 ", first+31)}, 2, 0},
		{"the third is no estimate", []string{fmt.Sprint("P/h 20 ", first+2), fmt.Sprint("A 20 ", first+28, " L1")},
			2, 0},
		{"two doses that were given", []string{fmt.Sprint("A 20 ", first, " L1"), fmt.Sprint("B 20 ", first+27, " L2")},
			2, 0},
		{"no group in common", []string{fmt.Sprint("P/h 3 ", first), fmt.Sprint("A 20 ", first+27, " L1")}, 2, 0},
		{"rabies", []string{fmt.Sprint("P/h 40 ", first), fmt.Sprint("A 40 ", first+27, " L1")}, 2, 0},
	} {
		var doses []Row
		for i, r := range c.reports {
			doses = append(doses, reported(i, r))
		}
		real, _, doubts := Immunizations(doses)
		if len(real) != c.doses || len(doubts) != c.doubted {
			t.Errorf("%s: %d doses and %d doubts; want %d and %d", c.name, len(real), len(doubts), c.doses, c.doubted)
		}
	}
}
