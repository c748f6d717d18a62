package forecast

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"miic/internal/pipeline"
	"miic/internal/table"
)

var asOf = table.NewDate(2026, 3, 2)

// A world is the tables that the forecast reads.
type world struct {
	clients       []table.Client
	restrictions  []table.Restriction
	immunizations []table.Immunization
	links         []table.ClientLink
	observations  []table.Observation
	doubts        []table.Doubt
	joined        []table.JoinedDose
}

func (w *world) stage() pipeline.Stage {
	return pipeline.Stage{Name: "given", Writes: []string{"client", "restriction", "immunization", "client_link",
		"observation", "doubt", "joined_dose"},
		Run: func(_ context.Context, r *pipeline.Run) error {
			for _, err := range []error{pipeline.Write(r, table.Clients, w.clients),
				pipeline.Write(r, table.Restrictions, w.restrictions),
				pipeline.Write(r, table.Immunizations, w.immunizations), pipeline.Write(r, table.ClientLinks, w.links),
				pipeline.Write(r, table.Observations, w.observations), pipeline.Write(r, table.Doubts, w.doubts),
				pipeline.Write(r, table.JoinedDoses, w.joined)} {
				if err != nil {
					return err
				}
			}
			return nil
		}}
}

func (w *world) client(id int64, birth table.Date) *table.Client {
	w.clients = append(w.clients, table.Client{ClientID: id, BirthDate: birth, Sex: "F", Status: "active",
		Contact: "allowed", Region: "metro"})
	w.links = append(w.links, table.ClientLink{RecordID: fmt.Sprint("r", id), ClientID: id})
	return &w.clients[len(w.clients)-1]
}

func (w *world) dose(id int64, cvx int16, on table.Date) {
	w.immunizations = append(w.immunizations, table.Immunization{ImmunizationID: fmt.Sprintf("%d/%d/%s", id, cvx, on),
		ClientID: id, AdministeredOn: on, CVX: cvx, EventID: "e", SourceCount: 1, Reason: "chosen"})
}

// routine gives a child everything on time up to eighteen months.
func (w *world) routine(id int64, birth table.Date) {
	for _, v := range []struct {
		cvx    int16
		months []int
	}{{8, []int{0, 1, 6}}, {20, []int{2, 4, 6, 15}}, {10, []int{2, 4, 6}}, {49, []int{2, 4, 12}},
		{133, []int{2, 4, 6, 12}}, {3, []int{12}}, {21, []int{12}}, {116, []int{2, 4, 6}}, {83, []int{12, 18}}} {
		for _, m := range v.months {
			if on := birth.AddMonths(m); on <= asOf {
				w.dose(id, v.cvx, on)
			}
		}
	}
}

type result struct {
	evaluations []table.DoseEvaluation
	forecasts   []table.Forecast
	milestones  []table.Milestone
	joined      []table.JoinedForecast
	counts      map[string]int64
}

func forecastOf(t testing.TB, w *world, day table.Date) result {
	t.Helper()
	ctx := context.Background()
	b, err := pipeline.NewBench(ctx, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	o, err := b.Night(ctx, day, nil, w.stage(), Stage(Config{}))
	if err != nil {
		t.Fatal(err)
	}
	out := result{counts: o.Counts}
	if out.evaluations, err = table.ReadAll[table.DoseEvaluation](b.Files("dose_evaluation")); err != nil {
		t.Fatal(err)
	}
	if out.forecasts, err = table.ReadAll[table.Forecast](b.Files("forecast")); err != nil {
		t.Fatal(err)
	}
	if out.milestones, err = table.ReadAll[table.Milestone](b.Files("milestone")); err != nil {
		t.Fatal(err)
	}
	if out.joined, err = table.ReadAll[table.JoinedForecast](b.Files("joined_forecast")); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestForecastApartAndJoined is item 7: somebody who may be the same person as another is forecast with the doses and
// observations of both too, by the own birth date; what the two need apart stays as it is.
func TestForecastApartAndJoined(t *testing.T) {
	w := &world{}
	birth := asOf.AddMonths(-40)
	w.client(1, birth)
	w.client(2, birth+1)
	w.client(3, birth)
	on := birth.AddMonths(13)
	w.dose(1, 3, on)
	w.observations = append(w.observations, table.Observation{ObservationID: "o", RecordID: "r2", Kind: "immunity",
		Code: immuneToVaricella(t), CDSiCode: immuneToVaricella(t), ObservedOn: on, Action: "A"})
	w.doubts = []table.Doubt{{ClientID: 1, OtherID: 2, Ordinary: true}, {ClientID: 2, OtherID: 1, Ordinary: true},
		{ClientID: 1, OtherID: 3}, {ClientID: 3, OtherID: 1}}
	w.joined = []table.JoinedDose{{ClientID: 1, OtherID: 2, ImmunizationID: "1/3", AdministeredOn: on, CVX: 3}}
	r := forecastOf(t, w, asOf)
	of := map[string]table.JoinedForecast{}
	for _, f := range r.joined {
		if f.OtherID == 3 || f.ClientID == 3 {
			t.Fatalf("a doubt that is about more than likeness is forecast: %+v", f)
		}
		if f.Kind == "standard" {
			of[fmt.Sprint(f.ClientID, " ", f.Group)] = f
		}
	}
	// The second dose of MMR comes at four years for both; apart the second child is late for its first.
	if apart, both := r.forecast(2, "MMR").Recommended, of["2 MMR"].Recommended; apart >= asOf || both <= asOf {
		t.Errorf("MMR of the second is recommended on %s apart, %s together", apart, both)
	}
	if got, want := of["1 MMR"].Recommended, r.forecast(1, "MMR").Recommended; got != want {
		t.Errorf("MMR of the first is recommended on %s apart, %s together", want, got)
	}
	if of["2 MMR"].Recommended == of["1 MMR"].Recommended {
		t.Error("the two have different birth dates, and one day")
	}
	if apart, both := r.forecast(1, "Varicella").Status, of["1 Varicella"].Status; apart == both || both != "Immune" {
		t.Errorf("varicella of the first is %s apart, %s together", apart, both)
	}
}

func (r result) forecast(id int64, group string) *table.Forecast {
	for i, f := range r.forecasts {
		if f.ClientID == id && f.Group == group && f.Kind == "standard" {
			return &r.forecasts[i]
		}
	}
	return nil
}

func (r result) milestone(id int64, group string) *table.Milestone {
	for i, m := range r.milestones {
		if m.ClientID == id && m.Group == group {
			return &r.milestones[i]
		}
	}
	return nil
}

func TestHiddenPeopleHaveNoRows(t *testing.T) {
	w := &world{}
	birth := asOf.AddMonths(-30)
	for id := range int64(7) {
		c := w.client(id+1, birth)
		w.routine(id+1, birth)
		switch id + 1 {
		case 2:
			c.OptedOut = true
		case 3:
			c.Locked = true
		case 4:
			c.Sealed = true
		case 5:
			w.restrictions = append(w.restrictions, table.Restriction{ClientID: 5, Kind: "opt_out", SourceID: "q",
				Basis: "possible"})
		case 6:
			c.BirthDate = 0
		case 7:
			w.restrictions = append(w.restrictions, table.Restriction{ClientID: 7, Kind: "no_contact", SourceID: "q",
				Basis: "matched"})
		}
	}
	got := forecastOf(t, w, asOf)
	seen := map[int64]bool{}
	for _, f := range got.forecasts {
		seen[f.ClientID] = true
	}
	for _, e := range got.evaluations {
		seen[e.ClientID] = true
	}
	for _, m := range got.milestones {
		seen[m.ClientID] = true
	}
	if len(seen) != 2 || !seen[1] || !seen[7] {
		t.Errorf("people with rows: %v, want 1 and 7", seen)
	}
	if got.counts["forecast.people"] != 2 || got.counts["forecast.no_birth_date"] != 1 {
		t.Errorf("counts: %v", got.counts)
	}
}

func TestTheDeadHaveNoForecast(t *testing.T) {
	w := &world{}
	birth := asOf.AddMonths(-30)
	w.client(1, birth).DeceasedOn = asOf - 10
	w.routine(1, birth)
	got := forecastOf(t, w, asOf)
	if len(got.forecasts) != 0 || len(got.milestones) != 0 || len(got.evaluations) == 0 {
		t.Errorf("%d forecasts, %d milestones, %d evaluations", len(got.forecasts), len(got.milestones), len(got.evaluations))
	}
}

func TestDosesBeforeBirthAreHeldBack(t *testing.T) {
	w := &world{}
	birth := asOf.AddMonths(-6)
	w.client(1, birth)
	w.dose(1, 8, birth-20)
	w.dose(1, 20, birth.AddMonths(2))
	w.dose(1, 32000, birth.AddMonths(2))
	got := forecastOf(t, w, asOf)
	if len(got.evaluations) != 5 {
		t.Fatalf("%d evaluations: %+v", len(got.evaluations), got.evaluations)
	}
	first := got.evaluations[0]
	if first.Status != "Before Birth" || first.Antigen != "" || first.AgeDays != -20 || first.CVX != 8 {
		t.Errorf("held dose: %+v", first)
	}
	if f := got.forecast(1, "HepB"); f == nil || f.DoseNumber != 1 {
		t.Errorf("the dose before birth was counted: %+v", f)
	}
	if got.counts["forecast.doses_before_birth"] != 1 || got.counts["forecast.doses_of_unknown_vaccine"] != 1 {
		t.Errorf("counts: %v", got.counts)
	}
}

func TestOddPeopleAndDosesAreCounted(t *testing.T) {
	w := &world{}
	birth := asOf.AddMonths(-20)
	w.client(1, birth).Sex = ""
	w.client(2, birth).Sex = "X"
	w.client(3, birth)
	w.dose(1, 3, birth.AddMonths(12))
	w.dose(1, 3, birth.AddMonths(12)) // the same vaccine twice on a day
	w.immunizations[1].ImmunizationID += "again"
	w.dose(1, 21, birth.AddMonths(12)) // another vaccine on that day is nothing odd
	w.dose(3, 3, birth.AddMonths(12))
	w.dose(3, 3, asOf+10) // in the future: judged and counted like any other
	got := forecastOf(t, w, asOf)
	for name, want := range map[string]int64{"people": 3, "no_sex": 2, "identical_doses": 1, "doses_in_the_future": 1,
		"doses_before_birth": 0} {
		if n := got.counts["forecast."+name]; n != want {
			t.Errorf("%s: %d, want %d", name, n, want)
		}
	}
	statuses := map[string][]string{}
	for _, e := range got.evaluations {
		if e.Antigen == "Measles" {
			key := fmt.Sprint(e.ClientID, " ", e.AdministeredOn)
			statuses[key] = append(statuses[key], e.Status+" "+e.Reasons)
		}
	}
	if s := statuses[fmt.Sprint(1, " ", birth.AddMonths(12))]; !slices.Equal(s,
		[]string{"Valid ", "Not Valid too young|too soon"}) {
		t.Errorf("identical doses: %q", s)
	}
	if f := got.forecast(3, "MMR"); f == nil || f.Status != "Complete" {
		t.Errorf("the dose in the future was not counted: %+v", f)
	}
	if f := got.forecast(1, "HPV"); f == nil {
		t.Error("without a sex nothing is forecast for HPV")
	}
}

func TestMilestoneIsJudgedOnTheBirthday(t *testing.T) {
	w := &world{}
	birth := asOf.AddMonths(-30)
	w.client(1, birth)
	w.routine(1, birth)
	w.client(2, birth) // the measles dose and the fourth DTaP came after the birthday
	w.routine(2, birth)
	w.immunizations = slices.DeleteFunc(w.immunizations, func(i table.Immunization) bool {
		return i.ClientID == 2 && (i.CVX == 3 || i.CVX == 20 && i.AdministeredOn == birth.AddMonths(15))
	})
	w.dose(2, 3, birth.AddMonths(24)+1)
	w.dose(2, 20, birth.AddMonths(24)+1)
	w.client(3, asOf.AddMonths(-36)) // three years old today
	w.client(4, asOf.AddMonths(-24)) // two years old today
	w.client(5, asOf.AddMonths(-24)+1)
	w.client(6, birth) // the measles dose on the birthday itself, the varicella dose a month too early
	w.dose(6, 3, birth.AddMonths(24))
	w.dose(6, 21, birth.AddMonths(11))
	got := forecastOf(t, w, asOf)
	for _, want := range []struct {
		id     int64
		group  string
		status string
		valid  int32
		doses  int32
	}{
		{1, "DTaP/Tdap/Td", "Not Complete", 4, 4}, {1, "MMR", "Not Complete", 1, 1}, {1, "Polio", "Not Complete", 3, 3}, {1, "HepB", "Complete", 3, 3},
		{1, "Hib", "Complete", 3, 3}, {1, "Pneumococcal", "Complete", 4, 4}, {1, "Rotavirus", "Complete", 3, 3}, {1, "HepA", "Complete", 2, 2},
		{2, "MMR", "Not Complete", 0, 0}, {2, "DTaP/Tdap/Td", "Not Complete", 3, 3}, {2, "HepB", "Complete", 3, 3},
		{4, "MMR", "Not Complete", 0, 0}, {6, "MMR", "Not Complete", 1, 1}, {6, "Varicella", "Not Complete", 0, 1},
	} {
		m := got.milestone(want.id, want.group)
		if m == nil || m.Status != want.status || m.ValidDoses != want.valid || m.Doses != want.doses {
			t.Errorf("client %d, %s: %+v, want %+v", want.id, want.group, m, want)
		}
	}
	if got.milestone(3, "MMR") != nil || got.milestone(5, "MMR") != nil {
		t.Error("a milestone was kept of a child who is not 24 to 35 months old")
	}
}

func TestRefusalStandsUntilADose(t *testing.T) {
	w := &world{}
	birth := asOf.AddMonths(-30)
	for id := range int64(3) {
		w.client(id+1, birth)
		w.observations = append(w.observations,
			table.Observation{ObservationID: fmt.Sprint(id), RecordID: fmt.Sprint("r", id+1), Action: "A", Kind: "refusal",
				Code: "CVX:03", CVX: 3, ObservedOn: asOf - 100})
	}
	w.dose(2, 3, asOf-50)
	w.observations[2].Action = "D"
	got := forecastOf(t, w, asOf)
	for id, want := range map[int64]table.Date{1: asOf - 100, 2: 0, 3: 0} {
		if f := got.forecast(id, "MMR"); f == nil || f.RefusedOn != want {
			t.Errorf("client %d: %+v, want refused on %s", id, f, want)
		}
		if f := got.forecast(id, "Varicella"); f == nil || f.RefusedOn != 0 {
			t.Errorf("client %d: a refusal of MMR reached varicella: %+v", id, f)
		}
	}
}

func TestObservationsReachTheForecast(t *testing.T) {
	w := &world{}
	birth := asOf.AddMonths(-30)
	w.client(1, birth)
	w.client(2, birth)
	w.observations = []table.Observation{{ObservationID: "1", RecordID: "r1", Action: "A", Kind: "immunity",
		Code: "SCT:371113008", CDSiCode: immuneToVaricella(t), ObservedOn: asOf - 100}}
	got := forecastOf(t, w, asOf)
	if f := got.forecast(1, "Varicella"); f == nil || f.Status != "Immune" {
		t.Errorf("immune: %+v", f)
	}
	if f := got.forecast(2, "Varicella"); f == nil || f.Status != "Not Complete" {
		t.Errorf("not immune: %+v", f)
	}
}

func immuneToVaricella(t *testing.T) string {
	s, err := LoadSchedule(Config{})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range s.Antigens {
		if a.Name == "Varicella" && len(a.ImmuneHistory) > 0 {
			return fmt.Sprintf("%03d", a.ImmuneHistory[0])
		}
	}
	t.Fatal("the schedule knows no evidence of immunity to varicella")
	return ""
}
