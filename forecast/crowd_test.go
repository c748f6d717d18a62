package forecast

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"miic/internal/pipeline"
	"miic/internal/table"
)

// crowd is n seeded children with doses more or less on time.
func crowd(seed uint64, n int) *world {
	r := rand.New(rand.NewPCG(seed, 3))
	w := &world{}
	for i := range n {
		id := int64(i + 1)
		birth := asOf - table.Date(r.IntN(19*365))
		w.client(id, birth)
		w.routine(id, birth)
	}
	w.immunizations = slices.DeleteFunc(w.immunizations, func(table.Immunization) bool { return r.IntN(10) == 0 })
	for i := range w.immunizations {
		w.immunizations[i].AdministeredOn += table.Date(r.IntN(40))
	}
	return w
}

func TestOrderOfInputAndCoresDoNotMatter(t *testing.T) {
	w := crowd(1, 1200)
	want := forecastOf(t, w, asOf)
	if len(want.forecasts) < 10*len(w.clients) || len(want.evaluations) < len(w.immunizations) {
		t.Fatalf("%d forecasts, %d evaluations", len(want.forecasts), len(want.evaluations))
	}
	if !slices.IsSortedFunc(want.forecasts, func(a, b table.Forecast) int { return int(a.ClientID - b.ClientID) }) {
		t.Error("forecasts are not in the order of the people")
	}
	r := rand.New(rand.NewPCG(5, 5))
	r.Shuffle(len(w.clients), func(i, j int) { w.clients[i], w.clients[j] = w.clients[j], w.clients[i] })
	r.Shuffle(len(w.immunizations), func(i, j int) {
		w.immunizations[i], w.immunizations[j] = w.immunizations[j], w.immunizations[i]
	})
	got := forecastOf(t, w, asOf)
	if !slices.Equal(got.forecasts, want.forecasts) || !slices.Equal(got.evaluations, want.evaluations) ||
		!slices.Equal(got.milestones, want.milestones) {
		t.Error("the rows depend on the order of the input")
	}
}

func TestAWrongScheduleFailsTheStage(t *testing.T) {
	ctx := context.Background()
	b, err := pipeline.NewBench(ctx, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if _, err := b.Night(ctx, asOf, nil, Stage(Config{Schedule: t.TempDir()})); err == nil {
		t.Error("an empty schedule folder was taken")
	}
}

func BenchmarkStage(b *testing.B) {
	w := crowd(2, 20000)
	b.ResetTimer()
	for b.Loop() {
		ctx := context.Background()
		bench, err := pipeline.NewBench(ctx, b.TempDir())
		if err != nil {
			b.Fatal(err)
		}
		o, err := bench.Night(ctx, asOf, nil, w.stage(), Stage(Config{}))
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(o.Counts["forecast.forecasts"]), "forecasts")
		bench.Close()
	}
}
