package school

import (
	"fmt"
	"slices"
	"testing"

	"miic/internal/table"
	"miic/reports/record"
)

// TestWhatTheLawAsksOfARecord is a child of five who enters kindergarten, by hand; below kindergarten the law of child care asks.
// A roster's student who enrols on the day stands the same.
func TestWhatTheLawAsksOfARecord(t *testing.T) {
	laws, err := builtinLaws()
	if err != nil {
		t.Fatal(err)
	}
	c := Config{State: "MN", Laws: laws}
	on, born := table.NewDate(2026, 9, 1), table.NewDate(2021, 3, 10)
	w := &town{clients: []table.Client{{ClientID: 7, FirstName: "MIRA", LastName: "SOLBERG", BirthDate: born, Sex: "F", Status: "active"}},
		links:   []table.ClientLink{{RecordID: "clinic/7", ClientID: 7}},
		records: []table.StandardRecord{{RecordID: "clinic/7", First: "MIRA", Last: "SOLBERG", Sex: "F", ZIP: "55104", BirthDate: born}},
		forecasts: []table.Forecast{{ClientID: 7, Group: "Varicella", Status: "Immune"}, {ClientID: 7, Group: "MMR", Status: "Contraindicated"},
			{ClientID: 7, Group: "Polio", Status: "Not Complete", Recommended: born.AddMonths(48)},
			{ClientID: 7, Group: "HepB", Status: "Not Complete", Recommended: born.AddMonths(7)}}}
	dose := func(cvx int16, condition string, months ...int) {
		for _, m := range months {
			id := fmt.Sprint("clinic/7/", len(w.doses))
			w.doses = append(w.doses, table.Immunization{ImmunizationID: id, EventID: id, ClientID: 7, AdministeredOn: born.AddMonths(m), CVX: cvx, Condition: condition})
		}
	}
	dose(20, "", 2, 4, 6, 15, 54) // DTaP: all five
	dose(10, "", 2, 4)            // polio: two of four
	dose(8, "", 0, 2)
	dose(8, "recalled", 6) // does not count
	e := w.open(t)
	childCare := []string{"Hib not_asked 0"}
	for _, tc := range []struct {
		place, grade string
		want         []string
	}{
		{ForSchool, "K", []string{"DTaP complete 5", "Td not_asked 0", "Tdap not_asked 0", "Polio begun 2 2025-03-10", "MMR medical 0",
			"HepB begun 2 2021-10-10", "Varicella disease 0", "MenACWY not_asked 0"}},
		{ForChildCare, "PK", childCare},
		{ForSchool, "PK", childCare}, // within a school
	} {
		r := &record.Record{RegistryID: 7, BirthDate: record.Day(born)}
		apart := &record.Record{RegistryID: 7, BirthDate: record.Day(born), KeptApart: true}
		why, err := Require(t.Context(), e, c, []*record.Record{apart, r}, tc.place, tc.grade, on)
		if err != nil || why[0]+why[1] != "" || r.Required == nil || apart.Required != nil {
			t.Fatal(why, err, r.Required, apart.Required)
		}
		var list []string
		for _, q := range r.Required.Vaccines {
			line := fmt.Sprintf("%s %s %d", q.Vaccine, q.Standing, q.Doses)
			if q.Next != 0 {
				line += " " + table.Date(q.Next).String()
			}
			if q.Name == "" || q.Standing == "" || q.Group == "" {
				t.Errorf("%+v", q)
			}
			list = append(list, line)
		}
		if tc.grade == "K" && !slices.Equal(list, tc.want) || !slices.Contains(list, tc.want[0]) {
			t.Errorf("%s %s: %q, want %q", tc.place, tc.grade, list, tc.want)
		}
		answers, err := Find(t.Context(), e, c, Roster{tc.place, []table.RosterEntry{{FirstName: "Mira", LastName: "Solberg", BirthDate: born, Sex: "F",
			ZIP: "55104", Grade: tc.grade, EnrolledOn: on}}}, nil, on)
		if err != nil || answers[0].Class != Sure {
			t.Fatal(answers, err)
		}
		for i, v := range answers[0].Verdicts {
			if q := r.Required.Vaccines[i]; q.Vaccine != v.Vaccine || q.Standing != standings[v.Status] || q.Doses != v.Doses || table.Date(q.Next) != v.NextOn {
				t.Errorf("%s: %+v on a roster, %+v on the record", tc.grade, v, q)
			}
		}
	}
	for _, other := range []struct {
		c     Config
		grade string
	}{{c, ""}, {Config{State: "ND", Laws: laws}, "K"}} {
		r := &record.Record{RegistryID: 7, BirthDate: record.Day(born)}
		if why, err := Require(t.Context(), e, other.c, []*record.Record{r}, ForSchool, other.grade, on); err != nil || why[0] == "" || r.Required != nil {
			t.Errorf("%s, grade %q: %q, %v", other.c.State, other.grade, why, err)
		}
	}
}
