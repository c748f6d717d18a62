package cdsi_test

import (
	"sync"
	"testing"

	"miic/forecast/cdsi"
)

// benchmarkForecast reports people and doses a second over a population too large to be remembered, all vaccine groups.
func benchmarkForecast(b *testing.B, workers int) {
	asOf := day(b, "2025-11-10")
	people := routinePeople(1, 20_000, asOf)
	doses := 0
	for i := range people {
		doses += len(people[i].Doses)
	}
	e := engine(b, builtin(b))
	ws := make([]*cdsi.Worker, workers)
	for i := range ws {
		ws[i] = e.NewWorker()
		for j := 0; j < 500; j++ {
			ws[i].Forecast(&people[j], asOf)
		}
	}
	b.ReportAllocs()
	b.ResetTimer()
	var wg sync.WaitGroup
	for k, w := range ws {
		wg.Go(func() {
			for i := k; i < b.N; i += workers {
				w.Forecast(&people[i%len(people)], asOf)
			}
		})
	}
	wg.Wait()
	perSecond := float64(b.N) / b.Elapsed().Seconds()
	b.ReportMetric(perSecond, "people/s")
	b.ReportMetric(perSecond*float64(doses)/float64(len(people)), "doses/s")
}

func BenchmarkForecastOneCore(b *testing.B)  { benchmarkForecast(b, 1) }
func BenchmarkForecastTwoCores(b *testing.B) { benchmarkForecast(b, 2) }

// Children of six with about twenty doses: the bulk of what a registry reminds.
func BenchmarkForecastSixYearOlds(b *testing.B) {
	asOf := day(b, "2025-11-10")
	var people []cdsi.Person
	for _, p := range routinePeople(2, 40_000, asOf) {
		if years := int(asOf-p.Birth) / 365; years == 6 && len(p.Doses) >= 15 {
			people = append(people, p)
		}
	}
	doses := 0
	for i := range people {
		doses += len(people[i].Doses)
	}
	w := engine(b, builtin(b)).NewWorker()
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		w.Forecast(&people[i%len(people)], asOf)
	}
	perSecond := float64(b.N) / b.Elapsed().Seconds()
	b.ReportMetric(perSecond, "people/s")
	b.ReportMetric(perSecond*float64(doses)/float64(len(people)), "doses/s")
}
