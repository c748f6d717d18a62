package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"miic/fixtures"
	"miic/ingest"
	"miic/internal/engine"
	"miic/internal/machine"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/linkage"
	"miic/linkage/evaluate"
	"miic/linkage/match"
)

// LinkReport is how fast records become people: a state from nothing, and one sender's records against it.
type LinkReport struct {
	Stage      string       `json:"stage"`
	Clients    int          `json:"clients"`
	Cores      int          `json:"cores"`
	Records    int          `json:"records"`                 // of the state
	Pairs      int64        `json:"pairs"`                   // compared, from nothing
	PairRate   float64      `json:"pairs_scored_per_second"` // compared and weighed
	Plain      *PlainReport `json:"plain_sql"`
	Cold       []LinkStep   `json:"cold"`
	Dirty      int64        `json:"new_records"` // of the sender that comes the night after
	DirtyPairs int64        `json:"new_pairs"`
	Night      []LinkStep   `json:"night"`
	Quality    any          `json:"quality"` // of the state linked from nothing, as the caller writes it

	Evaluated *evaluate.Report `json:"-"`
}

// LinkStep is one step, by the clock and by the processor time of all cores.
type LinkStep struct {
	Step    string  `json:"step"`
	Seconds float64 `json:"seconds"`
	CPU     float64 `json:"processor_seconds"`
	PeakMiB int64   `json:"peak_mib"`
}

// steps books time under the name of the step that it was spent in.
type steps struct {
	list []LinkStep
	at   time.Time
	cpu  float64
}

func newSteps() *steps { return &steps{at: time.Now(), cpu: ProcessorSeconds()} }

// book ends a step.
func (s *steps) book(name string) {
	now, cpu := time.Now(), ProcessorSeconds()
	s.list = append(s.list, LinkStep{name, now.Sub(s.at).Seconds(), cpu - s.cpu, machine.PeakMiB()})
	s.at, s.cpu = now, cpu
}

// total adds the sum of the named steps.
func (s *steps) total(name string, of ...string) {
	t := LinkStep{Step: name}
	for _, x := range s.list {
		for _, n := range of {
			if x.Step == n {
				t.Seconds, t.CPU, t.PeakMiB = t.Seconds+x.Seconds, t.CPU+x.CPU, max(t.PeakMiB, x.PeakMiB)
			}
		}
	}
	s.list = append(s.list, t)
}

// lateSender is the one whose first delivery comes the night after: about a fortieth of all records.
const lateSender = "northland-clinics"

// linkMemory is the SQL engine's limit in the measurement.
const linkMemory = 1536

// Link measures linkage on a synthetic state: all records from nothing, then a sender's records
// against them.
func Link(
	ctx context.Context,
	work string,
	clients int,
	seed uint64,
	senders func(config string) ([]ingest.Sender, error),
	progress Progress,
) (*LinkReport, error) {
	state := filepath.Join(work, "state")
	if _, err := fixtures.Generate(ctx, fixtures.Options{Clients: clients, Seed: seed, Nights: 1, Out: state},
		func(done, total int) { progress("synth", "make people", int64(done), int64(total), pipeline.People) }); err != nil {
		return nil, err
	}
	known, err := senders(filepath.Join(state, "miic.yaml"))
	if err != nil {
		return nil, err
	}
	nights, err := os.ReadDir(filepath.Join(state, "nights"))
	if err != nil {
		return nil, err
	}
	asOf, err := table.ParseDate(nights[0].Name())
	if err != nil {
		return nil, err
	}
	all, err := pipeline.ScanInbox(filepath.Join(state, "nights", nights[0].Name()))
	if err != nil {
		return nil, err
	}
	var first, late []pipeline.Delivery
	for _, d := range all {
		if d.Sender == lateSender {
			late = append(late, d)
		} else {
			first = append(first, d)
		}
	}
	b, err := pipeline.NewBench(ctx, filepath.Join(work, "bench"))
	if err != nil {
		return nil, err
	}
	defer b.Close()
	link := linkage.Stage(linkage.Config{})
	take := ingest.Stage(ingest.Config{Senders: known})
	progress("ingest", "first load", 0, 0, "")
	if _, err := b.Night(ctx, asOf, first, take); err != nil {
		return nil, err
	}

	out := LinkReport{Stage: "link", Clients: clients, Cores: runtime.NumCPU()}
	atStep := func(step string) { progress("link", step, 0, 0, "") }
	report, pairs, err := out.cold(ctx, b.Files, work, nights[0].Name(), atStep)
	if err != nil {
		return nil, err
	}
	if err := out.nightAfter(ctx, b, asOf, late, take, link, atStep); err != nil {
		return nil, err
	}
	progress("link", "plain SQL", 0, 0, "")
	files := b.Files(table.StandardRecords.Name)
	if out.Plain, err = measurePlain(ctx, b.Engine, files, pairs, out.PairRate); err != nil {
		return nil, err
	}
	out.Evaluated = report
	return &out, nil
}

// Print prints the report but for its quality.
func (r *LinkReport) Print(p Printer) {
	p.Say("%s records of %s clients, %d cores; %s pairs from nothing, %s compared and weighed a second; "+
		"then %s new records, %s pairs",
		thousands(int64(r.Records)), thousands(int64(r.Clients)), r.Cores, thousands(r.Pairs),
		thousands(int64(r.PairRate)), thousands(r.Dirty), thousands(r.DirtyPairs))
	lines := [][]string{{"", "step", "seconds", "processor s", "peak MiB"}}
	lines = append(append(lines, linkRows("from nothing", r.Cold)...), linkRows("night after", r.Night)...)
	p.Table(lines)
	p.Say("in plain SQL: %s pairs, %s compared and weighed a second; ours is %.1f times as fast",
		thousands(r.Plain.Pairs), thousands(int64(r.Plain.Rate)), r.Plain.Ratio)
}

func linkRows(name string, list []LinkStep) [][]string {
	var out [][]string
	for _, s := range list {
		out = append(out, []string{name, s.Step, fmt.Sprintf("%.2f", s.Seconds), fmt.Sprintf("%.2f", s.CPU),
			thousands(s.PeakMiB)})
	}
	return out
}

// cold links everything from nothing, with the model estimated from the records, and scores it by the truth of the
// state.
func (out *LinkReport) cold(ctx context.Context, files func(string) []string, work, night string,
	progress func(string)) (*evaluate.Report, [][2]string, error) {
	e, err := engine.Open(ctx, engine.Options{Temp: filepath.Join(work, "cold"), MemoryMiB: linkMemory})
	if err != nil {
		return nil, nil, err
	}
	defer e.Close()
	runtime.GC()
	machine.ResetPeak()
	progress("load")
	s := newSteps()
	r, err := linkage.FromFiles(ctx, e, files, match.Default(), func(step string) {
		s.book(step)
		progress("after " + step)
	})
	if err != nil {
		return nil, nil, err
	}
	s.total("load to cluster", "load", "block", "compare", "train", "score", "cluster")
	out.Records, out.Pairs, out.Cold = len(r.RecordIDs), r.Candidates, s.list
	var seconds float64
	for _, x := range s.list {
		if x.Step == "compare" || x.Step == "score" {
			seconds += x.Seconds
		}
	}
	out.PairRate = float64(r.Candidates) / max(seconds, 1e-9)
	pairs := r.Pairs(plainPairs)
	rep, err := evaluate.CheckResult(r, filepath.Join(work, "state", "truth"), night)
	return rep, pairs, err
}

// nightAfter runs the stage twice: the first load, and a night that brings one sender's records.
func (out *LinkReport) nightAfter(ctx context.Context, b *pipeline.Bench, asOf table.Date, late []pipeline.Delivery,
	take, link pipeline.Stage, progress func(string)) error {
	if _, err := b.Night(ctx, asOf, nil, link); err != nil {
		return err
	}
	var s *steps
	step := ""
	b.Progress = func(stage, now string) {
		if stage != link.Name || now == step {
			return
		}
		progress(now)
		if step == "" {
			runtime.GC()
			machine.ResetPeak()
			s = newSteps()
		} else {
			s.book(step)
		}
		step = now
	}
	o, err := b.Night(ctx, asOf, late, take, link)
	if err != nil {
		return err
	}
	s.book(step)
	s.total("compare and cluster", "compare", "cluster")
	s.total("whole stage", "read", "standardise", "verdicts", "compare", "cluster", "deaths", "affected", "restrict",
		"doses", "people", "review", "history")
	out.Dirty, out.DirtyPairs, out.Night = o.Counts["link.dirty"], o.Counts["link.pairs_compared"], s.list
	return nil
}
