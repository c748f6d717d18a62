package main

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
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/linkage"
	"miic/linkage/evaluate"
	"miic/linkage/match"
)

// linkBench is how fast records become people: a state from nothing, and one sender's records against it.
type linkBench struct {
	Stage      string      `json:"stage"`
	Clients    int         `json:"clients"`
	Cores      int         `json:"cores"`
	Records    int         `json:"records"`                 // of the state
	Pairs      int64       `json:"pairs"`                   // compared, from nothing
	PairRate   float64     `json:"pairs_scored_per_second"` // compared and weighed
	Plain      *plainBench `json:"plain_sql"`
	Cold       []linkStep  `json:"cold"`
	Dirty      int64       `json:"new_records"` // of the sender that comes the night after
	DirtyPairs int64       `json:"new_pairs"`
	Night      []linkStep  `json:"night"`
	Quality    evaluation  `json:"quality"` // of the state linked from nothing
}

// linkStep is one step, by the clock and by the processor time of all cores.
type linkStep struct {
	Step    string  `json:"step"`
	Seconds float64 `json:"seconds"`
	CPU     float64 `json:"processor_seconds"`
	PeakMiB int64   `json:"peak_mib"`
}

// steps books time under the name of the step that it was spent in.
type steps struct {
	list []linkStep
	at   time.Time
	cpu  float64
}

func newSteps() *steps { return &steps{at: time.Now(), cpu: processorSeconds()} }

// book ends a step.
func (s *steps) book(name string) {
	now, cpu := time.Now(), processorSeconds()
	s.list = append(s.list, linkStep{name, now.Sub(s.at).Seconds(), cpu - s.cpu, peakMiB()})
	s.at, s.cpu = now, cpu
}

// total adds the sum of the named steps.
func (s *steps) total(name string, of ...string) {
	t := linkStep{Step: name}
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

// benchLink measures linkage on a synthetic state: all records from nothing, then a sender's records
// against them.
func benchLink(ctx context.Context, a *app, work string, clients int, seed uint64) error {
	p := newProgress(a)
	defer p.end()
	state := filepath.Join(work, "state")
	if _, err := fixtures.Generate(ctx, fixtures.Options{Clients: clients, Seed: seed, Nights: 1, Out: state},
		func(done, total int) { p.at("synth", "clients", int64(done), int64(total)) }); err != nil {
		return err
	}
	c, err := Load(filepath.Join(state, "miic.yaml"))
	if err != nil {
		return err
	}
	nights, err := os.ReadDir(filepath.Join(state, "nights"))
	if err != nil {
		return err
	}
	asOf, err := table.ParseDate(nights[0].Name())
	if err != nil {
		return err
	}
	all, err := pipeline.ScanInbox(filepath.Join(state, "nights", nights[0].Name()))
	if err != nil {
		return err
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
		return err
	}
	defer b.Close()
	link := linkage.Stage(linkage.Config{})
	take := ingest.Stage(ingest.Config{Senders: c.Senders})
	p.at("ingest", "first load", 0, 0)
	if _, err := b.Night(ctx, asOf, first, take); err != nil {
		return err
	}

	out := linkBench{Stage: "link", Clients: clients, Cores: runtime.NumCPU()}
	atStep := func(step string) { p.at("link", step, 0, 0) }
	report, pairs, err := out.cold(ctx, b.Files, work, nights[0].Name(), atStep)
	if err != nil {
		return err
	}
	if err := out.nightAfter(ctx, b, asOf, late, take, link, atStep); err != nil {
		return err
	}
	p.at("link", "plain SQL", 0, 0)
	files := b.Files(table.StandardRecords.Name)
	if out.Plain, err = measurePlain(ctx, b.Engine, files, pairs, out.PairRate); err != nil {
		return err
	}
	p.end()
	out.Quality = figures(report)
	if a.json {
		return a.document(out)
	}
	a.say("%s records of %s clients, %d cores; %s pairs from nothing, %s compared and weighed a second; "+
		"then %s new records, %s pairs",
		thousands(int64(out.Records)), thousands(int64(clients)), out.Cores, thousands(out.Pairs),
		thousands(int64(out.PairRate)), thousands(out.Dirty), thousands(out.DirtyPairs))
	lines := [][]string{{"", "step", "seconds", "processor s", "peak MiB"}}
	lines = append(append(lines, linkRows("from nothing", out.Cold)...), linkRows("night after", out.Night)...)
	if !a.quiet {
		columns(a.stdout, lines)
	}
	a.say("in plain SQL: %s pairs, %s compared and weighed a second; ours is %.1f times as fast",
		thousands(out.Plain.Pairs), thousands(int64(out.Plain.Rate)), out.Plain.Ratio)
	a.sayRates(report)
	return nil
}

func linkRows(name string, list []linkStep) [][]string {
	var out [][]string
	for _, s := range list {
		out = append(out, []string{name, s.Step, fmt.Sprintf("%.2f", s.Seconds), fmt.Sprintf("%.2f", s.CPU),
			thousands(s.PeakMiB)})
	}
	return out
}

// cold links everything from nothing, with the model estimated from the records, and scores it by the truth of the
// state.
func (out *linkBench) cold(ctx context.Context, files func(string) []string, work, night string,
	progress func(string)) (*evaluate.Report, [][2]string, error) {
	e, err := engine.Open(ctx, engine.Options{Temp: filepath.Join(work, "cold"), MemoryMiB: linkMemory})
	if err != nil {
		return nil, nil, err
	}
	defer e.Close()
	runtime.GC()
	resetPeak()
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
func (out *linkBench) nightAfter(ctx context.Context, b *pipeline.Bench, asOf table.Date, late []pipeline.Delivery,
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
			resetPeak()
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
