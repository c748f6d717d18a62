package bench

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"miic/forecast"
	"miic/forecast/cdsi"
	"miic/forecast/schedule"
)

// ForecastReport is what the forecaster does a second, all vaccine groups.
type ForecastReport struct {
	Groups int `json:"-"` // vaccine groups of the schedule
	People int `json:"-"`

	Stage     string        `json:"stage"`
	Schedule  string        `json:"schedule"`
	Doses     int           `json:"doses"`
	MedianSix int           `json:"median_doses_of_six_year_olds"`
	Most      int           `json:"most_doses"`
	Rows      []ForecastRow `json:"rows"`
	// median of the ratios of neighbouring passes, by the clock
	Ratio float64 `json:"two_cores_over_one"`
	// the same by processor time: what it is when nothing else runs on the machine
	CPURatio float64 `json:"two_cores_over_one_by_processor_time"`
	MiB      float64 `json:"tables_and_workers_mib"`
}

// ForecastRow is the median over passes of one size.
type ForecastRow struct {
	People int     `json:"people"`
	Cores  int     `json:"cores"`
	Rate   float64 `json:"people_per_second"`
	CPU    float64 `json:"processor_microseconds_per_person"`
	Doses  float64 `json:"doses_per_second"`
	Allocs float64 `json:"allocations_per_person"` // from a cold start
	Warm   float64 `json:"allocations_per_person_warm"`
}

// forecastPasses is how often each figure is measured; the median is reported.
const forecastPasses = 5

// Forecast measures the engine alone on so many people in memory: no lake, no files.
func Forecast(ctx context.Context, people int, seed uint64) (*ForecastReport, error) {
	s, err := schedule.Default()
	if err != nil {
		return nil, err
	}
	asOf := cdsi.MakeDay(2026, 3, 2)
	out := ForecastReport{Stage: "forecast", Schedule: s.Version, Groups: len(s.Groups), People: people}
	list := forecast.Histories(seed, people, asOf)
	var six []int
	for i := range list {
		n := len(list[i].Doses)
		out.Doses, out.Most = out.Doses+n, max(out.Most, n)
		if int(asOf-list[i].Birth)/365 == 6 {
			six = append(six, n)
		}
	}
	if slices.Sort(six); len(six) > 0 {
		out.MedianSix = six[len(six)/2]
	}
	before := heap()
	e, err := cdsi.NewEngine(s)
	if err != nil {
		return nil, err
	}
	var keep []*cdsi.Worker
	var ratios, cpuRatios []float64
	for _, n := range []int{people / 4, people} {
		one, two := make([]pass, 0, forecastPasses), make([]pass, 0, forecastPasses)
		for range forecastPasses {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			one = append(one, forecastPass(e, list[:n], asOf, 1))
			two = append(two, forecastPass(e, list[:n], asOf, 2))
			if n == people {
				x, y := one[len(one)-1], two[len(two)-1]
				ratios, cpuRatios = append(ratios, x.seconds/y.seconds), append(cpuRatios, 2*x.cpu/y.cpu)
			}
		}
		keep = one[0].workers
		out.Rows = append(out.Rows, medianRow(one, n, 1), medianRow(two, n, 2))
	}
	slices.Sort(ratios)
	slices.Sort(cpuRatios)
	out.Ratio, out.CPURatio = ratios[len(ratios)/2], cpuRatios[len(cpuRatios)/2]
	out.MiB = float64(heap()-before) / (1 << 20)
	runtime.KeepAlive(keep)
	return &out, nil
}

// Print prints the report.
func (r *ForecastReport) Print(p Printer) {
	p.Say("forecaster alone, %d vaccine groups, schedule %s: %s people with %s doses (up to %d each, median %d at six "+
		"years)",
		r.Groups, r.Schedule, thousands(int64(r.People)), thousands(int64(r.Doses)), r.Most, r.MedianSix)
	lines := [][]string{{"people", "cores", "people/s", "doses/s", "µs/person", "allocs/person", "warm"}}
	for _, x := range r.Rows {
		lines = append(lines, []string{thousands(int64(x.People)), fmt.Sprint(x.Cores), thousands(int64(x.Rate)),
			thousands(int64(x.Doses)), fmt.Sprintf("%.1f", x.CPU), fmt.Sprintf("%.2f", x.Allocs), fmt.Sprintf("%.3f", x.Warm)})
	}
	p.Table(lines)
	p.Say("two cores do %.2f times what one does by the clock, %.2f times by processor time; medians of %d passes, "+
		"each from a cold start", r.Ratio, r.CPURatio, forecastPasses)
	p.Say("memory of the tables and one worker: %.1f MiB, whatever the number of people", r.MiB)
}

// pass is one walk over the people.
type pass struct {
	seconds float64
	cpu     float64 // seconds of all cores
	doses   int
	allocs  float64 // per person
	warm    float64
	workers []*cdsi.Worker
}

// forecastPass walks the people with fresh workers, then the first of them again to see what a warm worker allocates.
func forecastPass(e *cdsi.Engine, people []cdsi.Person, asOf cdsi.Day, cores int) pass {
	p := pass{workers: make([]*cdsi.Worker, cores)}
	for i := range people {
		p.doses += len(people[i].Doses)
	}
	const chunk = 256
	walk := func() {
		var next atomic.Int64
		var wg sync.WaitGroup
		for i := range p.workers {
			wg.Go(func() {
				w := p.workers[i]
				for {
					from := int(next.Add(chunk)) - chunk
					if from >= len(people) {
						return
					}
					for k := from; k < min(from+chunk, len(people)); k++ {
						w.Forecast(&people[k], asOf)
					}
				}
			})
		}
		wg.Wait()
	}
	runtime.GC()
	mallocs := mallocCount()
	start, cpu := time.Now(), ProcessorSeconds()
	for i := range p.workers {
		p.workers[i] = e.NewWorker()
	}
	walk()
	p.seconds, p.cpu = time.Since(start).Seconds(), ProcessorSeconds()-cpu
	p.allocs = float64(mallocCount()-mallocs) / float64(len(people))
	mallocs = mallocCount()
	walk()
	p.warm = float64(mallocCount()-mallocs) / float64(len(people))
	return p
}

func medianRow(passes []pass, people, cores int) ForecastRow {
	slices.SortFunc(passes, func(a, b pass) int { return int((a.seconds - b.seconds) * 1e9) })
	m := passes[len(passes)/2]
	return ForecastRow{People: people, Cores: cores, Rate: float64(people) / m.seconds,
		Doses: float64(m.doses) / m.seconds, CPU: m.cpu / float64(people) * 1e6, Allocs: m.allocs, Warm: m.warm}
}

func mallocCount() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.Mallocs
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
