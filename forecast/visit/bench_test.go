package visit_test

import (
	"cmp"
	"slices"
	"testing"

	"miic/forecast"
	"miic/forecast/cdsi"
	"miic/forecast/visit"
)

// BenchmarkNeeds sets the visits of a registry's people beside their forecast of one night.
func BenchmarkNeeds(b *testing.B) {
	x, e := setup(b)
	asOf := cdsi.MakeDay(2026, 3, 2)
	people := forecast.Histories(1, 20_000, asOf)
	for i := range people {
		slices.SortStableFunc(people[i].Doses, func(a, b cdsi.Dose) int { return cmp.Compare(a.Date, b.Date) })
	}
	b.Run("forecast", func(b *testing.B) {
		w := e.NewWorker()
		for i := 0; i < b.N; i++ {
			w.Forecast(&people[i%len(people)], asOf)
		}
	})
	for _, from := range []cdsi.Day{cdsi.MakeDay(2024, 1, 1), cdsi.MakeDay(2023, 1, 1), cdsi.NoDay} {
		b.Run("visits since "+from.String(), func(b *testing.B) {
			w, rows := e.NewWorker(), 0
			var out []visit.Need
			for i := 0; i < b.N; i++ {
				out = x.Needs(w, &people[i%len(people)], from, out[:0])
				rows += len(out)
			}
			b.ReportMetric(float64(rows)/float64(b.N), "rows/person")
		})
	}
}
