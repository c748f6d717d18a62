package reports

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// TestMeasuresOfANightAreThoseOfOneRun: a night that judges again only who changed, or came to an age, finds what one
// run over everything finds.
func TestMeasuresOfANightAreThoseOfOneRun(t *testing.T) {
	const people = 400
	rng := rand.New(rand.NewPCG(5, 5))
	births := make([]table.Date, people)
	for i := range births {
		births[i] = asOf - table.Date(rng.IntN(18*365))
		if i%4 == 0 { // who comes to an age within days
			births[i] = asOf.AddMonths(-[]int{24, 36, 72, 156, 216}[rng.IntN(5)]) + table.Date(rng.IntN(3))
		}
	}
	products := []struct {
		cvx      int16
		antigens []string
	}{{20, []string{"Diphtheria", "Pertussis", "Tetanus"}}, {3, []string{"Measles", "Mumps", "Rubella"}}, {165, []string{"HPV"}},
		{150, []string{"Influenza"}}, {10, []string{"Polio"}}, {114, []string{"Meningococcal"}}}
	dosesOf := func(client, n int, rng *rand.Rand) []table.DoseEvaluation {
		var rows []table.DoseEvaluation
		for d := range n {
			p := products[rng.IntN(len(products))]
			on := births[client] + table.Date(rng.IntN(int(asOf-births[client])+1))
			status := []string{"Valid", "Valid", "Not Valid"}[rng.IntN(3)]
			for _, a := range p.antigens {
				rows = append(rows, table.DoseEvaluation{ClientID: int64(client + 1), ImmunizationID: fmt.Sprintf("%d-%d", client, d),
					Antigen: a, AdministeredOn: on, CVX: p.cvx, Status: status, Schedule: "4.64"})
			}
		}
		return rows
	}
	var first, second []table.DoseEvaluation
	again := []int64{}
	for i := range people {
		rows := dosesOf(i, rng.IntN(12), rng)
		first = append(first, rows...)
		if i%20 == 3 {
			again = append(again, int64(i+1))
			second = append(second, dosesOf(i, 5+rng.IntN(6), rng)...)
		}
	}
	eligible := func(i int, code string) table.Immunization {
		id := fmt.Sprintf("%d-e", i)
		return table.Immunization{ImmunizationID: id, EventID: id, ClientID: int64(i + 1), AdministeredOn: births[i], CVX: 10, Eligibility: code}
	}
	var eligibility []table.Immunization
	w := &world{evaluations: first}
	for i, b := range births {
		w.clients = append(w.clients, clientOf(int64(i+1), b))
		w.immunizations = append(w.immunizations, eligible(i, "V01"))
		if i%20 == 7 { // another eligibility is all that changes
			eligibility = append(eligibility, eligible(i, "V02"))
		}
	}
	type key struct {
		ID int64 `col:"client_id"`
	}
	// later replaces the doses of some of the people, as linkage and the forecast do.
	later := pipeline.Stage{Name: "given", Config: len(w.batches), Writes: w.stage().Writes,
		Run: func(ctx context.Context, r *pipeline.Run) error {
			keys := make([]key, len(again))
			for i, id := range again {
				keys[i] = key{id}
			}
			if err := engine.Load(ctx, r.Engine, "again", keys); err != nil {
				return err
			}
			if err := engine.Load(ctx, r.Engine, "doses", second); err != nil {
				return err
			}
			if err := engine.Load(ctx, r.Engine, "eligible_dose", eligibility); err != nil {
				return err
			}
			if err := r.Replace(ctx, table.Immunizations, "SELECT client_id FROM eligible_dose", "SELECT * FROM eligible_dose"); err != nil {
				return err
			}
			return r.Replace(ctx, table.DoseEvaluations, "SELECT client_id FROM again", "SELECT * FROM doses")
		}}
	results := func(b *pipeline.Bench) []table.MeasureResult {
		rows, err := table.ReadAll[table.MeasureResult](b.Files("measure_result"))
		if err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(rows, func(x, y table.MeasureResult) int {
			if x.ClientID != y.ClientID {
				return int(x.ClientID - y.ClientID)
			}
			return slices.Compare([]byte(x.Measure), []byte(y.Measure))
		})
		return rows
	}
	nights := newBench(t)
	nightOf(t, nights, asOf, w)
	before := results(nights)
	later.Version = 2 // so that it runs
	if _, err := nights.Night(context.Background(), asOf+1, nil, slices.Concat([]pipeline.Stage{later}, Stages(testConfig()))...); err != nil {
		t.Fatal(err)
	}
	if len(nights.Files("measure_result")) < 2 {
		t.Error("the second night wrote the results of everybody again")
	}
	w.evaluations = slices.DeleteFunc(slices.Clone(first), func(d table.DoseEvaluation) bool { return slices.Contains(again, d.ClientID) })
	w.evaluations = append(w.evaluations, second...)
	for _, d := range eligibility {
		w.immunizations[d.ClientID-1] = d
	}
	once := newBench(t)
	nightOf(t, once, asOf+1, w)
	got, want := results(nights), results(once)
	if !slices.Equal(got, want) {
		t.Errorf("two nights find %d results, one run %d, or other ones", len(got), len(want))
	}
	if n := len(slices.DeleteFunc(slices.Clone(got), func(m table.MeasureResult) bool { return m.Eligibility != "V02" })); n < len(eligibility) {
		t.Errorf("%d results have the other eligibility of %d people", n, len(eligibility))
	}
	if slices.Equal(got, before) || len(want) < people/2 {
		t.Error("nothing changed in the second night: the comparison says little")
	}
}
