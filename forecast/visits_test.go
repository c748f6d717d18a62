package forecast

import (
	"fmt"
	"testing"

	"miic/internal/pipeline"
	"miic/internal/table"
)

// visitsOf are the rows of visit_group, by person, day and group.
func visitsOf(t *testing.T, b *pipeline.Bench) map[string]table.VisitGroup {
	t.Helper()
	rows, err := table.ReadAll[table.VisitGroup](b.Files("visit_group"))
	if err != nil {
		t.Fatal(err)
	}
	list := map[string]table.VisitGroup{}
	for _, v := range rows {
		list[fmt.Sprint(v.ClientID, " ", v.VisitedOn, " ", v.Group)] = v
	}
	return list
}

// TestVisitsFollowWhatIsKnown is about a child of whom, night by night, more or less is known: doses that a delivery brought
// and that are taken out again with it, a refusal, and being hidden.
func TestVisitsFollowWhatIsKnown(t *testing.T) {
	b, err := pipeline.NewBench(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	w := &world{}
	w.client(1, table.NewDate(2024, 3, 2))
	dead := w.client(2, table.NewDate(2024, 3, 2))
	dead.DeceasedOn = table.NewDate(2025, 9, 1)
	first, second := table.NewDate(2025, 3, 2), table.NewDate(2025, 3, 20)
	for id := range int64(2) {
		w.dose(id+1, 3, first)
		w.dose(id+1, 133, second)
	}
	for i := range w.immunizations {
		w.immunizations[i].Provider = "clinic-b"
	}
	w.dose(1, 83, second)
	w.immunizations[len(w.immunizations)-1].Provider = "clinic-a"
	night := asOf
	sees := func(what string, changed map[int64]bool, news map[string]bool, want map[string]string) {
		t.Helper()
		if _, err := b.Night(t.Context(), night, nil, w.given(changed, news), Stage(Config{})); err != nil {
			t.Fatal(err)
		}
		night++
		rows := visitsOf(t, b)
		for key, text := range want {
			v, ok := rows[key]
			got := "none"
			if ok {
				got = fmt.Sprintf("%t due %s refused %t by %s", v.Given, v.DueSince, v.Refused, v.Clinic)
			}
			if got != text {
				t.Errorf("%s: %s: %s, expected %s", what, key, got, text)
			}
		}
	}
	sees("a live vaccine 18 days before", nil, nil, map[string]string{
		"1 2025-03-02 MMR":       "true due 2025-03-02 refused false by clinic-b",
		"1 2025-03-02 Varicella": "false due 2025-03-02 refused false by clinic-b",
		"1 2025-03-20 Varicella": "none",
		"1 2025-03-20 HepA":      "true due 2025-03-02 refused false by clinic-a",
		"2 2025-03-02 MMR":       "none"})

	w.observations = append(w.observations, table.Observation{ObservationID: "o", RecordID: "r1", Action: "A", Kind: "refusal",
		CVX: 21, ObservedOn: second})
	sees("varicella refused at the second visit", nil, map[string]bool{"o": true}, map[string]string{
		"1 2025-03-02 Varicella": "false due 2025-03-02 refused false by clinic-b"})

	w.immunizations = append(w.immunizations[:0:0], w.immunizations[1:]...)
	sees("without the dose of MMR", map[int64]bool{1: true}, nil, map[string]string{
		"1 2025-03-02 MMR":       "none",
		"1 2025-03-20 MMR":       "false due 2025-03-02 refused false by clinic-a",
		"1 2025-03-20 Varicella": "false due 2025-03-02 refused true by clinic-a"})

	w.clients[0].OptedOut = true
	sees("opted out", map[int64]bool{1: true}, nil, map[string]string{"1 2025-03-20 HepA": "none", "1 2025-03-20 MMR": "none"})
}
