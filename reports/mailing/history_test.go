package mailing

import (
	"slices"
	"testing"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// TestNoDoseOfSomebodyRestrictedIsRead: even if the plan, the doses and their evaluations had the person.
func TestNoDoseOfSomebodyRestrictedIsRead(t *testing.T) {
	b, err := pipeline.NewBench(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	type person struct {
		ClientID int64 `col:"client_id" doc:"the person"`
	}
	day := table.NewDate(2025, 5, 17)
	var doses []table.Immunization
	var judged []table.DoseEvaluation
	for id, name := range map[int64]string{1: "a", 2: "b", 3: "c"} {
		doses = append(doses, table.Immunization{ImmunizationID: name, ClientID: id, CVX: 21, AdministeredOn: day})
		judged = append(judged, table.DoseEvaluation{ClientID: id, ImmunizationID: name, Antigen: "Varicella", CVX: 21, AdministeredOn: day, Status: "Valid"})
	}
	for _, err := range []error{
		engine.Load(t.Context(), b.Engine, "immunization", doses), engine.Load(t.Context(), b.Engine, "dose_evaluation", judged),
		engine.Load(t.Context(), b.Engine, "historied", []person{{1}, {2}}), // nobody asks for 3
		engine.Load(t.Context(), b.Engine, "restricted", []person{{2}}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	rows, err := engine.Rows[doseRow](t.Context(), b.Engine, queries.Get("dose"))
	if want := []doseRow{{1, "a", day, 21, "Varicella", "Valid"}}; err != nil || !slices.Equal(rows, want) {
		t.Errorf("%+v, %v; want %+v", rows, err, want)
	}
}
