package care

import (
	"slices"
	"testing"

	"miic/internal/table"
)

// TestAClinicIsAssessedByItsOwnPatients: active ones who live in the state and may be shown, each with what is lacking.
func TestAClinicIsAssessedByItsOwnPatients(t *testing.T) {
	s := people()
	s.person(10, "Jana", nil)
	s.person(11, "Klara", nil)
	for id := range int64(11) {
		s.measured = append(s.measured, table.MeasureResult{ClientID: id + 1, Measure: "series", Version: 1, MetAny: true, Late: true,
			Short: 2, Missing: "MMR 1|HepB 2"})
	}
	s.measured[9] = table.MeasureResult{ClientID: 10, Measure: "series", Version: 1, Met: true, MetAny: true, Late: true}
	s.measured[10] = table.MeasureResult{ClientID: 11, Measure: "series", Version: 1, Short: 1, Missing: "MMR 1"}
	s.measured = append(s.measured, table.MeasureResult{ClientID: 10, Measure: "not asked for", Version: 1})
	files, disclosed := night(t, s)
	birth := (tonight - 1500).String()
	want := "Anna,1,Berg,Anna," + birth + ",series,no,yes,yes,MMR 1; HepB 2\nJana,10,Berg,Jana," + birth + ",series,yes,yes,yes,\n" +
		"Klara,11,Berg,Klara," + birth + ",series,no,no,no,MMR 1\n"
	if got := files["clinics/oak/assessment.csv"]; got != want {
		t.Errorf("the assessment is\n%s\nwant\n%s", got, want)
	}
	want = "series,The series,3,1,33.3,2,2\nteens,What teens have,0,0,,0,0\n"
	if got := files["clinics/oak/rates.csv"]; got != want {
		t.Errorf("the rates are\n%s\nwant\n%s", got, want)
	}
	if got := disclosed["clinics/oak/assessment.csv"]; !slices.Equal(got, []int64{1, 10, 11}) {
		t.Errorf("disclosed are %v", got)
	}
	if _, ok := files["clinics/elm/assessment.csv"]; ok {
		t.Error("a clinic without an agreement has an assessment")
	}
}
