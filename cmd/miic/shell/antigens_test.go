package shell

import (
	"context"
	"path/filepath"
	"slices"
	"testing"

	"miic/forecast/schedule"
	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/linkage/dedupe"
	"miic/reports"
)

// TestNoAntigenIsLostIsAnInvariant (item 2): a night is refused whose real doses lack an antigen that a report of theirs
// names; that another dose of the same day has it is no excuse.
func TestNoAntigenIsLostIsAnInvariant(t *testing.T) {
	if !slices.ContainsFunc(invariants(reports.Config{}), func(i pipeline.Invariant) bool {
		return i.Name == "no antigen of a report is lost" && i.Check != nil
	}) {
		t.Fatal("a night does not ask for it")
	}
	ctx := context.Background()
	e, err := engine.Open(ctx, engine.Options{Temp: filepath.Join(t.TempDir(), "spill")})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	event := func(id string, cvx int16, newest int64) table.VaccinationEvent {
		return table.VaccinationEvent{EventID: id, RecordID: "r", Action: "A", CVX: cvx, Snapshot: newest, Completion: "CP"}
	}
	source := func(event, dose string) table.ImmunizationSource {
		return table.ImmunizationSource{EventID: event, ImmunizationID: dose, ClientID: 1}
	}
	dose := func(id string, cvx int16) table.Immunization {
		return table.Immunization{ImmunizationID: id, ClientID: 1, CVX: cvx}
	}
	clinic := []table.ImmunizationSource{source("a", "a"), source("b", "b")}
	for _, c := range []struct {
		name    string
		events  []table.VaccinationEvent
		sources []table.ImmunizationSource
		doses   []table.Immunization
		kept    bool
	}{
		{"the combination stands for its components", []table.VaccinationEvent{event("a", 20, 1), event("b", 110, 1)},
			[]table.ImmunizationSource{source("a", "b"), source("b", "b")}, []table.Immunization{dose("b", 110)}, true},
		{"a component stands for the combination", []table.VaccinationEvent{event("a", 20, 1), event("b", 110, 1)},
			[]table.ImmunizationSource{source("a", "a"), source("b", "a")}, []table.Immunization{dose("a", 20)}, false},
		{"and another dose has what it lacks", []table.VaccinationEvent{event("a", 3, 1), event("b", 21, 1), event("c", 94, 1)},
			append(clinic, source("c", "a")), []table.Immunization{dose("a", 3), dose("b", 21)}, false},
		{"a product without a code", []table.VaccinationEvent{event("a", 0, 1)}, []table.ImmunizationSource{source("a", "a")},
			[]table.Immunization{dose("a", 999)}, true},
		{"what a sender has taken back counts no more", []table.VaccinationEvent{event("a", 20, 1), event("a", 10, 2)},
			[]table.ImmunizationSource{source("a", "a")}, []table.Immunization{dose("a", 10)}, true},
		{"an unspecified product of more antigens", []table.VaccinationEvent{event("a", 28, 1), event("b", 107, 1)},
			[]table.ImmunizationSource{source("a", "a"), source("b", "a")}, []table.Immunization{dose("a", 28)}, false},
	} {
		if err := engine.Load(ctx, e, "vaccination_event", c.events); err != nil {
			t.Fatal(err)
		}
		if err := engine.Load(ctx, e, "immunization_source", c.sources); err != nil {
			t.Fatal(err)
		}
		if err := engine.Load(ctx, e, "immunization", c.doses); err != nil {
			t.Fatal(err)
		}
		if err := lostAntigens(ctx, e, "audited_source"); (err == nil) != c.kept {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// TestAntigensAreTheSchedules: doses are put together by the same antigens by which they are judged. The schedule counts
// Zostavax of people under 50 for chickenpox; nobody reports the one and means the other.
func TestAntigensAreTheSchedules(t *testing.T) {
	s, err := schedule.Default()
	if err != nil {
		t.Fatal(err)
	}
	want := map[int16][]string{}
	for _, a := range s.Associations {
		if a.CVX != 121 || a.Antigen != "Varicella" {
			want[a.CVX] = append(want[a.CVX], a.Antigen)
		}
	}
	if len(want) < 200 {
		t.Fatalf("the schedule has %d codes only", len(want))
	}
	for cvx, list := range want {
		slices.Sort(list)
		if got := dedupe.Antigens(cvx); !slices.Equal(got, slices.Compact(list)) {
			t.Errorf("product %d: %v, the schedule says %v", cvx, got, list)
		}
	}
}
