package outbreak

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/roster"
)

const night = table.Date(20000)

func TestEvidence(t *testing.T) {
	for _, c := range []struct {
		facts facts
		want  string
	}{
		{facts{born: true, doses: 9, valid: 3}, TwoDoses},
		{facts{born: true, doses: 9, valid: 2}, TwoDoses},
		{facts{born: true, doses: 1, valid: 1}, OneDose},
		{facts{born: true, doses: 1}, NoDose},
		{facts{born: true}, Unknown},
		{facts{doses: 3}, Unknown},
		{facts{immune: true, born: true, doses: 9, valid: 2}, Immune},
		{facts{immune: true, born: true}, Immune},
	} {
		if got := c.facts.evidence(); got != c.want {
			t.Errorf("%+v: %s, want %s", c.facts, got, c.want)
		}
	}
	for kind, may := range map[string]bool{TwoDoses: false, Immune: false, OneDose: true, NoDose: true, Unknown: true} {
		if susceptible(kind) != may {
			t.Errorf("%s: susceptible is %v", kind, !may)
		}
	}
}

// town is a night of a few people, each with doses of measles and mumps.
type town struct {
	clients []table.Client
	status  []table.PatientStatus
	doses   []table.Immunization
	judged  []table.DoseEvaluation
	needs   []table.Forecast
	links   []table.ClientLink
	events  []table.VaccinationEvent
	sources []table.ImmunizationSource
	deaths  []table.DeathMatch
}

func (w *town) person(id int64, first, zip, county, standing string, measles, mumps int) {
	w.clients = append(w.clients, table.Client{ClientID: id, FirstName: first, LastName: "Berg", BirthDate: night - 3000,
		State: "MN", ZIP: zip, CountyFIPS: county, Region: "metro", Status: "active", Contact: "allowed"})
	w.status = append(w.status, table.PatientStatus{ClientID: id, Level: "jurisdiction", Status: standing, Reason: "r"})
	w.links = append(w.links, table.ClientLink{RecordID: fmt.Sprint("r", id), ClientID: id, Since: 1})
	for i := range max(measles, mumps) {
		dose := fmt.Sprintf("%d-%d", id, i)
		w.doses = append(w.doses, table.Immunization{ImmunizationID: dose, ClientID: id, AdministeredOn: night - 1000, CVX: 3, EventID: dose})
		if i < measles {
			w.judged = append(w.judged, table.DoseEvaluation{ClientID: id, ImmunizationID: dose, Antigen: "Measles", Status: "Valid"})
		}
		if i < mumps {
			w.judged = append(w.judged, table.DoseEvaluation{ClientID: id, ImmunizationID: dose, Antigen: "Mumps", Status: "Valid"})
		}
	}
}

// bench makes the tables known to an engine; a later night knows that dead have died, by their records.
func (w *town) bench(t *testing.T, dead ...int64) *pipeline.Bench {
	t.Helper()
	b, err := pipeline.NewBench(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	write := func(name string, clients []table.Client, links []table.ClientLink) {
		s := pipeline.Stage{Name: name, Config: len(clients), Writes: []string{"client", "client_link", "patient_status", "immunization",
			"dose_evaluation", "forecast", "vaccination_event", "immunization_source", "death_match"},
			Run: func(_ context.Context, r *pipeline.Run) error {
				for _, err := range []error{pipeline.Write(r, table.Clients, clients), pipeline.Write(r, table.ClientLinks, links),
					pipeline.Write(r, table.PatientStatuses, w.status), pipeline.Write(r, table.Immunizations, w.doses),
					pipeline.Write(r, table.DoseEvaluations, w.judged), pipeline.Write(r, table.Forecasts, w.needs),
					pipeline.Write(r, table.VaccinationEvents, w.events), pipeline.Write(r, table.ImmunizationSources, w.sources),
					pipeline.Write(r, table.DeathMatches, w.deaths)} {
					if err != nil {
						return err
					}
				}
				return nil
			}}
		if _, err := b.Night(t.Context(), night, nil, s); err != nil {
			t.Fatal(err)
		}
	}
	var heads []table.Client
	var links []table.ClientLink
	for i, c := range w.clients { // under new ids
		if c.ClientID += 100; slices.Contains(dead, w.clients[i].ClientID) {
			c.DeceasedOn = night + 1
		}
		heads, links = append(heads, c), append(links, table.ClientLink{RecordID: w.links[i].RecordID, ClientID: c.ClientID, Since: 2})
	}
	write("night", w.clients, w.links)
	old := map[string][]string{}
	for _, tb := range tables {
		old[tb.Name] = b.Files(tb.Name)
	}
	write("head", heads, links)
	if err := View(t.Context(), b.Engine, func(name string) []string { return old[name] }, b.Files); err != nil {
		t.Fatal(err)
	}
	return b
}

func worded(people []Person) string {
	var words []string
	for _, p := range people {
		words = append(words, p.FirstName+": "+p.Evidence)
	}
	return strings.Join(words, "; ")
}

// students are lines of a roster, all born on one day.
func students(names ...string) []Student {
	var list []Student
	for _, n := range names {
		first, last, _ := strings.Cut(n, " ")
		list = append(list, Student{Identity: roster.Identity{FirstName: first, LastName: last, BirthDate: night - 3000}})
	}
	return list
}

func TestWhoIsSusceptible(t *testing.T) {
	w := &town{}
	w.person(1, "Anna", "55104", "27123", "active", 2, 2)
	w.person(2, "Bea", "55104-1234", "27123", "active", 2, 1) // one of the group: the fewest count
	w.person(3, "Cora", "55104", "27123", "unknown", 0, 2)
	w.person(4, "Dora", "55104", "27123", "active", 0, 0)
	w.person(5, "Edda", "55104", "27123", "outside", 0, 0)
	w.person(6, "Frida", "55404", "27053", "active", 1, 1)
	w.person(7, "Gertrude", "55104", "27123", "active", 1, 1) // hidden
	w.person(8, "Hanna", "55104", "27123", "active", 1, 1)    // has died since
	w.person(9, "Ida", "55104", "27123", "active", 1, 1)
	w.person(10, "Jane", "55104", "27123", "active", 1, 1)  // may have died
	w.person(11, "Trudy", "55999", "27999", "active", 2, 2) // a form of Gertrude
	w.clients[10].Region = "west"
	w.needs = []table.Forecast{{ClientID: 9, Group: "MMR", Kind: "standard", Status: "Immune"}}
	w.deaths = []table.DeathMatch{{ClientID: 10, DeathID: "d", Basis: "possible"}}
	b := w.bench(t, 8)
	shown := func(id int64) bool { return id != 7 }
	for _, c := range []struct {
		name   string
		areas  []Area
		roster []Student
		all    bool
		want   string
		counts string
	}{
		{"a ZIP code", []Area{{ZIP: "55104"}}, nil, false, "Bea: one valid dose; Cora: no valid dose; Dora: unknown", "1 1 1 1 1"},
		{"a county, everybody", []Area{{CountyFIPS: "27123"}}, nil, true, "Anna: two valid doses; Bea: one valid dose; Cora: no valid dose; " +
			"Dora: unknown; Ida: immunity recorded", "1 1 1 1 1"},
		{"a region", []Area{{Region: "metro"}}, nil, false,
			"Bea: one valid dose; Cora: no valid dose; Dora: unknown; Frida: one valid dose", "1 2 1 1 1"},
		{"another county", []Area{{CountyFIPS: "27053"}}, nil, false, "Frida: one valid dose", "0 1 0 0 0"},
		{"a roster, in its order", nil, students("EDDA berg", "Anna Berg-Olson", "Nobody Berg",
			"Gertrude Berg", "Hanna Berg", "Jane Berg"), false, "EDDA: unknown; Anna: two valid doses; Nobody: unknown; Gertrude: unknown; " +
			"Hanna: unknown; Jane: unknown", "1 0 0 0 5"},
		{"nobody stands in for whom no list may show", nil, students("Gertrude Berg", "Trudy Berg"), false,
			"Gertrude: unknown; Trudy: two valid doses", "1 0 0 0 1"},
	} {
		people, counts, err := Susceptible(t.Context(), b.Engine, Question{Group: "MMR", Antigens: []string{"Measles", "Mumps"},
			Areas: c.areas, Roster: c.roster, All: c.all}, shown)
		if err != nil {
			t.Fatal(err)
		}
		var numbers []string
		for _, kind := range Kinds {
			numbers = append(numbers, fmt.Sprint(counts[kind]))
		}
		if got := worded(people); got != c.want || strings.Join(numbers, " ") != c.counts {
			t.Errorf("%s: %s; %v\nwant %s; %s", c.name, got, maps.Clone(counts), c.want, c.counts)
		}
	}
}

func TestWhoWasGivenALot(t *testing.T) {
	w := &town{}
	for id, first := range map[int64]string{1: "Anna", 2: "Bea", 3: "Cora", 4: "Dora", 5: "Edda", 6: "Frida"} {
		w.person(id, first, "55104", "27123", "active", 1, 1)
	}
	slices.SortFunc(w.doses, func(a, b table.Immunization) int { return strings.Compare(a.ImmunizationID, b.ImmunizationID) })
	for i, lot := range []string{"M4021", "", "M4022", "m-4021", "M4021", ""} {
		w.doses[i].Lot = lot
	}
	event := func(id string, snapshot int64, lot, other, action string) {
		w.events = append(w.events, table.VaccinationEvent{EventID: id, RecordID: "r", Sender: "s", Snapshot: snapshot, BatchID: "b",
			Action: action, CVX: 3, Lot: lot, LotOther: other, Completion: "CP"})
	}
	event("x", 1, "K1", "M4021|K2", "A") // a second report of Bea's dose has the lot among others
	event("y", 1, "M4021", "", "A")
	event("y", 2, "M4022", "", "A") // corrected
	event("z", 1, "M4021", "", "D") // withdrawn
	w.sources = []table.ImmunizationSource{{EventID: "x", ImmunizationID: "2-0", ClientID: 2, Reason: "r"},
		{EventID: "y", ImmunizationID: "3-0", ClientID: 3, Reason: "r"}, {EventID: "z", ImmunizationID: "6-0", ClientID: 6, Reason: "r"}}
	b := w.bench(t)
	for lot, want := range map[string]string{"m 4021": "Anna 1; Bea 2; Dora 1 and 1 without", "M4022": "Cora 1 and 1 without",
		"M402": " and 1 without"} {
		doses, without, err := OfLot(t.Context(), b.Engine, 3, lot, func(id int64) bool { return id != 5 })
		if err != nil {
			t.Fatal(err)
		}
		var words []string
		for _, d := range doses {
			words = append(words, fmt.Sprint(d.FirstName, " ", d.Place))
		}
		if got := fmt.Sprintf("%s and %d without", strings.Join(words, "; "), without); got != want {
			t.Errorf("%s: %s, want %s", lot, got, want)
		}
	}
}
