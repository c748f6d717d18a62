package visit

import (
	"fmt"
	"slices"
	"testing"

	"miic/internal/engine"
	"miic/internal/table"
)

// TestInvalid is a year of doses, counted by hand.
func TestInvalid(t *testing.T) {
	until := table.NewDate(2026, 3, 2)
	since := table.NewDate(2025, 3, 3)
	var doses []table.Immunization
	var judged []table.DoseEvaluation
	dose := func(client int64, on table.Date, clinic string, historical bool, antigens map[string][2]string) {
		id := fmt.Sprint(len(doses))
		doses = append(doses, table.Immunization{ImmunizationID: id, ClientID: client, AdministeredOn: on, CVX: 3, Provider: clinic, Historical: historical})
		for antigen, status := range antigens {
			judged = append(judged, table.DoseEvaluation{ClientID: client, ImmunizationID: id, Antigen: antigen, AdministeredOn: on, CVX: 3,
				Status: status[0], Reasons: status[1], Schedule: "4.64"})
		}
	}
	good := [2]string{"Valid", ""}
	young, both := [2]string{"Not Valid", "too young"}, [2]string{"Not Valid", "too young|too soon"}
	dose(1, until, "a", false, map[string][2]string{"Measles": good, "Rubella": good})
	dose(2, until, "a", false, map[string][2]string{"Measles": good, "Rubella": young}) // for one of the antigens
	dose(3, since, "a", false, map[string][2]string{"Measles": young, "Rubella": both}) // once too young, and too soon
	dose(4, since-1, "a", false, map[string][2]string{"Measles": young})                // other days
	dose(4, until+1, "a", false, map[string][2]string{"Measles": young})
	dose(4, until, "a", true, map[string][2]string{"Measles": young})                                      // given elsewhere
	dose(5, until, "b", false, map[string][2]string{"Measles": {"Sub-standard", "lot expired"}})           // does not count either
	dose(5, until, "b", false, map[string][2]string{"Measles": {"Extraneous", "series already complete"}}) // more than is needed
	dose(6, until, "", false, map[string][2]string{"Measles": young, "HepB": good})                        // of no clinic, in two groups
	dose(6, until, "b", false, map[string][2]string{"": {"Unknown Vaccine", "unknown vaccine"}})           // of no group
	dose(7, until, "a", false, map[string][2]string{"Measles": young})                                     // may be in no figure
	e := openEngine(t)
	for _, err := range []error{engine.Load(t.Context(), e, "immunization", doses), engine.Load(t.Context(), e, "dose_evaluation", judged)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	groups := []GroupAntigen{{"MMR", "Measles"}, {"MMR", "Rubella"}, {"HepB", "HepB"}}
	figures, err := Invalid(t.Context(), e, since, until, groups, []int64{7})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range figures {
		got = append(got, fmt.Sprintf("%s %s %s %s %d/%d", f.Level, f.Clinic, f.Group, f.Reason, f.Invalid, f.Given))
	}
	want := []string{
		"all clinics  HepB all 0/1", "all clinics  MMR all 4/6", "all clinics  MMR too young 3/6", "all clinics  MMR lot expired 1/6",
		"all clinics  MMR too soon 1/6",
		"clinic a MMR all 2/3", "clinic a MMR too young 2/3", "clinic a MMR too soon 1/3",
		"clinic b MMR all 1/2", "clinic b MMR lot expired 1/2",
		"no clinic  HepB all 0/1", "no clinic  MMR all 1/1", "no clinic  MMR too young 1/1",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q\nexpected\n%q", got, want)
	}
}
