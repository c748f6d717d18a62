package pipeline

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"miic/internal/engine"
	"miic/internal/table"
)

// A Bench runs stages one by one without a lake: each night's tables are the next one's parent. It
// is how a stage is tested and measured on its own. Nothing is sealed or committed.
type Bench struct {
	Dir      string
	Engine   *engine.Engine
	Progress func(stage, step string) // called with each step that a stage begins; may be nil
	Aside    Aside                    // what is not to be taken in on the nights to come
	tables   map[string][]string
	marks    map[string]int64
	made     map[string]benchMade // how each stage's tables were made, by stage
	asOf     table.Date           // of the last night
	night    int
}

// benchMade is what the tables of a stage were made from.
type benchMade struct {
	version  int
	settings string
	inputs   map[string][]string // the files that it read, by table
}

// NewBench makes a bench in an empty folder.
func NewBench(ctx context.Context, dir string) (*Bench, error) {
	e, err := engine.Open(ctx, engine.Options{Temp: filepath.Join(dir, "spill")})
	if err != nil {
		return nil, err
	}
	return &Bench{
		Dir:    dir,
		Engine: e,
		tables: map[string][]string{},
		marks:  map[string]int64{},
		made:   map[string]benchMade{},
	}, nil
}

// Close ends the bench's engine session.
func (b *Bench) Close() error { return b.Engine.Close() }

// Files returns the files of a table after the last night.
func (b *Bench) Files(name string) []string { return b.tables[name] }

// Outcome is what a night on the bench reported.
type Outcome struct {
	Counts map[string]int64 // as stage.figure
	Notes  []Note
	OutDir string
}

// Night runs the stages in order as one night and makes its tables the next night's parent.
func (b *Bench) Night(ctx context.Context, asOf table.Date, inbox []Delivery, stages ...Stage) (*Outcome, error) {
	b.night++
	now := map[string][]string{}
	for k, v := range b.tables {
		now[k] = v
	}
	o := &Outcome{Counts: map[string]int64{}, OutDir: filepath.Join(b.Dir, "out", fmt.Sprintf("%06d", b.night))}
	var figures []StageFigures
	for _, s := range stages {
		r := newRun(s, asOf, inbox, b.Aside)
		r.Snapshot, r.Engine, r.Scratch = int64(b.night), b.Engine, filepath.Join(b.Dir, "scratch")
		r.dataDir, r.outDir, r.run = filepath.Join(b.Dir, "data"), o.OutDir, fmt.Sprintf("%06d-%s", b.night, s.Name)
		r.prior, r.now, r.marks, r.figures = b.tables, now, b.marks, figures
		if err := b.continues(s, now, r); err != nil {
			return nil, err
		}
		if b.Progress != nil {
			r.report = func(step string, _, _ int64, _ string) { b.Progress(s.Name, step) }
		}
		if err := os.RemoveAll(r.Scratch); err != nil {
			return nil, err
		}
		if err := os.MkdirAll(r.Scratch, 0o700); err != nil {
			return nil, err
		}
		if err := s.Run(ctx, r); err != nil {
			return nil, fmt.Errorf("stage %s: %w", s.Name, err)
		}
		for k, v := range r.counts {
			o.Counts[s.Name+"."+k] += v
		}
		o.Notes = append(o.Notes, r.notes...)
		figures = append(figures, StageFigures{Stage: s.Name, Counts: r.counts, Notes: r.notes})
	}
	b.tables, b.asOf = now, asOf
	return o, nil
}

// continues finds out how the tables of a stage were made on the night before, and remembers it of this one.
func (b *Bench) continues(s Stage, now map[string][]string, r *Run) error {
	key, err := settings(s)
	if err != nil {
		return err
	}
	if was, ok := b.made[s.Name]; ok {
		r.PriorAsOf, r.NewVersion, r.Continues = b.asOf, was.version != s.Version, was.settings == key
		for name, files := range was.inputs {
			r.Continues = r.Continues && slices.Equal(files, b.tables[name])
		}
	}
	made := benchMade{version: s.Version, settings: key, inputs: map[string][]string{}}
	for _, name := range s.Reads {
		made.inputs[name] = slices.Clone(now[name])
	}
	b.made[s.Name] = made
	return nil
}
