package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"

	"miic/forecast"
	"miic/forecast/cdsi"
	"miic/internal/engine"
	"miic/internal/machine"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports"
	"miic/reports/extract"
)

// CoverageReport is how fast coverage is counted, published and extracted, from what the forecast has written.
type CoverageReport struct {
	People    int        `json:"people"`
	Doses     int        `json:"doses"`
	Measures  int        `json:"measures"`
	Results   int64      `json:"measure_results"`
	Figures   int64      `json:"figures"`   // of measures by area and property
	Published int64      `json:"published"` // rows
	Rows      int64      `json:"extract_rows"`
	Steps     []LinkStep `json:"steps"`
}

// coverageMemory is the SQL engine's limit in the measurement, in MiB.
const coverageMemory = 3072

// coverageBatch is how many made-up people are held at a time.
const coverageBatch = 50000

// Coverage makes up so many people, has the forecast judge their doses, and then measures the stages coverage and publish of
// a first night, and an extract of it.
func Coverage(
	ctx context.Context,
	work string,
	people int,
	seed uint64,
	c reports.Config,
	o extract.Options,
	progress Progress,
) (*CoverageReport, error) {
	dir := filepath.Join(work, "coverage")
	defer os.RemoveAll(dir)
	b, err := pipeline.NewBench(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer b.Close()
	out := &CoverageReport{People: people, Measures: len(c.Measures)}
	b.Progress = func(stage, step string) { progress(stage, step, 0, 0, "") }
	if _, err := b.Night(ctx, madeUpDay, nil, crowd(out, people, seed, c), forecast.Stage(forecast.Config{})); err != nil {
		return nil, err
	}
	var coverage []pipeline.Stage
	for _, s := range reports.Stages(c) {
		if s.Name == "coverage" || s.Name == "publish" {
			coverage = append(coverage, s)
		}
	}
	debug.FreeOSMemory()
	machine.ResetPeak()
	s := newSteps()
	for _, stage := range coverage {
		o, err := b.Night(ctx, madeUpDay, nil, stage)
		if err != nil {
			return nil, err
		}
		s.book(stage.Name)
		out.Results += o.Counts["coverage.measure_results"] // each stage has its own counts
		out.Published += o.Counts["publish.rows"]
	}
	if out.Rows, err = extracted(ctx, dir, b, o); err != nil {
		return nil, err
	}
	s.book("extract")
	s.total("all", "coverage", "publish", "extract")
	out.Steps = s.list
	err = table.Scan(b.Files("coverage"), func(*table.Coverage) error { out.Figures++; return nil })
	return out, err
}

// extracted writes an extract of what the bench has.
func extracted(ctx context.Context, dir string, b *pipeline.Bench, o extract.Options) (rows int64, err error) {
	e, err := engine.Open(ctx, engine.Options{Temp: filepath.Join(dir, "extract-spill"), MemoryMiB: coverageMemory})
	if err != nil {
		return 0, err
	}
	defer e.Close()
	if err := e.Tables(ctx, b.Files, extract.Reads...); err != nil {
		return 0, err
	}
	o.Key = make([]byte, extract.KeyBytes)
	o.Class, o.AsOf, o.Snapshot, o.Generation = 11, madeUpDay, 1, table.Generation
	o.Study, o.Agreement, o.Recipient = "bench", "bench", "bench"
	o.Shown = func(int64) bool { return true }
	x, err := extract.Choose(ctx, e, o)
	if err != nil {
		return 0, err
	}
	to := filepath.Join(dir, "extract")
	if err := os.MkdirAll(to, 0o700); err != nil {
		return 0, err
	}
	files, err := x.Write(ctx, to)
	for _, f := range files {
		rows += f.Rows
	}
	return rows, err
}

// crowd is a stage that writes made-up people: in counties of very different size, each with the doses of a history.
func crowd(out *CoverageReport, people int, seed uint64, c reports.Config) pipeline.Stage {
	return pipeline.Stage{Name: "crowd", Version: 1, Writes: []string{"client", "patient_status", "immunization", "batch"},
		Run: func(ctx context.Context, r *pipeline.Run) error {
			clients, err := pipeline.NewWriter[table.Client](r, table.Clients)
			if err != nil {
				return err
			}
			status, err := pipeline.NewWriter[table.PatientStatus](r, table.PatientStatuses)
			if err != nil {
				return err
			}
			doses, err := pipeline.NewWriter[table.Immunization](r, table.Immunizations)
			if err != nil {
				return err
			}
			for at := 0; at < people && err == nil; at += coverageBatch {
				err = ctx.Err()
				list := forecast.Histories(seed+uint64(at), min(coverageBatch, people-at), forecast.DayOf(madeUpDay))
				for i := range list {
					id := int64(at + i + 1)
					one := resident(id, &list[i], c)
					if err == nil {
						err = clients.Append(&one)
					}
					if err == nil {
						err = status.Append(&table.PatientStatus{ClientID: id, Level: "jurisdiction", Status: "active", Reason: "address"})
					}
					if err == nil {
						err = status.Append(&table.PatientStatus{ClientID: id, Level: "provider", Provider: one.Provider, Status: "active",
							Reason: "dose"})
					}
					out.Doses += len(list[i].Doses)
					for k := 0; k < len(list[i].Doses) && err == nil; k++ {
						d := &list[i].Doses[k]
						dose := fmt.Sprintf("%d-%d", id, k)
						err = doses.Append(&table.Immunization{ImmunizationID: dose, ClientID: id, AdministeredOn: forecast.DateOf(d.Date), CVX: d.CVX,
							Provider: one.Provider, EventID: dose, SourceCount: 1, Reason: "only one"})
					}
				}
			}
			for _, close := range []func() error{clients.Close, status.Close, doses.Close} {
				if e := close(); err == nil {
					err = e
				}
			}
			if err != nil {
				return err
			}
			return pipeline.Write(r, table.Batches, []table.Batch{{BatchID: "crowd", Snapshot: 1, Sender: "clinic-1", ReceivedOn: madeUpDay}})
		}}
}

// resident is a made-up person who lives in one of the counties, the first of which have most people.
func resident(id int64, p *cdsi.Person, c reports.Config) table.Client {
	pick := rand.New(rand.NewPCG(uint64(id), 1)).IntN
	n := len(c.Counties)
	at := slices.Min([]int{pick(n), pick(n), pick(n), pick(n)})
	county := c.Counties[at]
	one := table.Client{ClientID: id, BirthDate: forecast.DateOf(p.Birth), Region: county.Region, CountyFIPS: county.FIPS, State: c.HomeState,
		Status: "active", Contact: "allowed", Records: 1, Since: 1, Ethnicity: "N", Provider: fmt.Sprint("clinic-", 1+pick(200)),
		Race:     []string{"2106-3", "2106-3", "2106-3", "2054-5", "2028-9", "1002-5", ""}[pick(7)],
		Language: []string{"en", "en", "en", "es", "so", "hmn"}[pick(6)]}
	switch p.Sex {
	case cdsi.Female:
		one.Sex = "F"
	case cdsi.Male:
		one.Sex = "M"
	}
	return one
}

// print prints the report.
func (r *CoverageReport) print(p Printer) {
	p.Say("coverage of %s people with %s doses, a first night, %d cores: %d measures, %s results, %s figures, %s rows published, "+
		"an extract of %s rows",
		thousands(int64(r.People)), thousands(int64(r.Doses)), runtime.NumCPU(), r.Measures, thousands(r.Results), thousands(r.Figures),
		thousands(r.Published), thousands(r.Rows))
	lines := [][]string{{"step", "seconds", "processor s", "peak MiB"}}
	for _, s := range r.Steps {
		lines = append(lines, []string{s.Step, fmt.Sprintf("%.2f", s.Seconds), fmt.Sprintf("%.2f", s.CPU), thousands(s.PeakMiB)})
	}
	p.Table(lines)
}
