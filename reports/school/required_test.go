package school

import (
	"fmt"
	"slices"
	"testing"

	"miic/internal/table"
	"miic/reports/record"
)

// TestWhatTheLawAsksOfARecord is a child of five who enters kindergarten, by hand; below kindergarten the law of child care asks.
func TestWhatTheLawAsksOfARecord(t *testing.T) {
	laws, err := builtinLaws()
	if err != nil {
		t.Fatal(err)
	}
	c := Config{State: "MN", Laws: laws}
	day := table.NewDate(2026, 9, 1)
	born := table.NewDate(2021, 3, 10)
	at := func(years, months int) record.Day { return record.Day(born.AddMonths(12*years + months)) }
	dose := func(on record.Day, cvx int16, reasons ...string) record.Dose {
		return record.Dose{On: on, CVX: cvx, Counts: []record.Count{{Reasons: reasons}}}
	}
	r := &record.Record{BirthDate: record.Day(born), Doses: []record.Dose{
		dose(at(0, 2), 20), dose(at(0, 4), 20), dose(at(0, 6), 20), dose(at(1, 3), 20), dose(at(4, 6), 20), // DTaP: all five
		dose(at(0, 2), 10), dose(at(0, 4), 10), // polio: two of four
		dose(at(0, 0), 8), dose(at(0, 2), 8), dose(at(0, 6), 8, "lot_expired"), // hepatitis B: one of a bad lot
	}, Facts: []record.Fact{
		{Kind: "immunity", Group: "Varicella"}, {Kind: "contraindication", Group: "MMR"}, {Kind: "reaction", Code: "x"},
	}, Next: []record.Next{{Group: "Polio", From: at(4, 0)}, {Group: "HepB", From: at(0, 7)}}}
	for _, tc := range []struct {
		place, grade string
		want         []string
	}{
		{ForSchool, "K", []string{"DTaP complete 5", "Td not_asked 0", "Tdap not_asked 0", "Polio begun 2 2025-03-10", "MMR medical 0",
			"HepB begun 2 2021-10-10", "Varicella disease 0", "MenACWY not_asked 0"}},
		{ForChildCare, "PK", nil},
		{ForSchool, "PK", nil}, // child care within a school
	} {
		got, err := c.Required(r, tc.place, tc.grade, day)
		if err != nil {
			t.Fatal(err)
		}
		var list []string
		for _, q := range got.Vaccines {
			line := fmt.Sprintf("%s %s %d", q.Vaccine, q.Standing, q.Doses)
			if q.Next != 0 {
				line += " " + table.Date(q.Next).String()
			}
			if q.Name == "" || q.Standing == "" || q.Group == "" {
				t.Errorf("%+v", q)
			}
			list = append(list, line)
		}
		if tc.want != nil && !slices.Equal(list, tc.want) {
			t.Errorf("%s: %q, want %q", tc.grade, list, tc.want)
		}
		if childCare := slices.Contains(list, "Hib not_asked 0"); childCare != (tc.want == nil) {
			t.Errorf("%s %s: %q", tc.place, tc.grade, list)
		}
	}
	if _, err := c.Required(r, ForSchool, "", day); err == nil {
		t.Error("no grade, and no error")
	}
	if _, err := (&Config{State: "ND", Laws: laws}).Required(r, ForSchool, "K", day); err == nil {
		t.Error("another state, and no error")
	}
}
