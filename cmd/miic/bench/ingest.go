package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"miic/fixtures"
	"miic/ingest"
	"miic/internal/engine"
	"miic/internal/lake"
	"miic/internal/machine"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// IngestReport is what ingest reads a second, from the file in the inbox to sealed Parquet.
type IngestReport struct {
	Stage     string      `json:"stage"`
	Clients   int         `json:"clients"`
	Cores     int         `json:"cores"`
	MemoryMiB int         `json:"memory_mib"` // the SQL engine's limit
	Passes    int         `json:"passes"`
	Rows      []IngestRow `json:"rows"`
}

// IngestRow is one large file of a layout: medians over the passes, the highest of the peaks.
type IngestRow struct {
	Layout  string  `json:"layout"`
	Units   int     `json:"units"` // lines or messages
	Bytes   int64   `json:"bytes"`
	Rows    int64   `json:"rows"` // written to the logs
	Seconds float64 `json:"seconds"`
	Rate    float64 `json:"units_per_second"`
	CPU     float64 `json:"processor_microseconds_per_unit"` // of all cores
	CPURate float64 `json:"units_per_second_by_processor_time"`
	PeakMiB int64   `json:"peak_mib"` // resident memory of the process at its highest; 0 where the system cannot tell
}

// bulkSender delivers everything that the ingest bench reads.
var bulkSender = ingest.Sender{ID: "bulk", Name: "Bulk", Kind: "clinic"}

// layoutGroups are the layouts that are measured, each after the one that brings its clients.
var layoutGroups = [][]string{
	{"wir-client", "wir-immunization"},
	{"plan-members", "plan-claims"},
	{"hl7-vxu"},
	{"ije-natality"},
}

// IngestOptions are the flags that matter to the ingest bench.
type IngestOptions struct {
	Clients, Passes, MemoryMiB int
	Seed                       uint64
	Layout                     string
}

// Validate refuses a layout that is not measured.
func (o IngestOptions) Validate() error {
	_, err := o.groups()
	return err
}

// groups leaves out what was not asked for, but not the clients of what was.
func (o IngestOptions) groups() ([][]string, error) {
	if o.Layout == "" {
		return layoutGroups, nil
	}
	for _, g := range layoutGroups {
		if i := slices.Index(g, o.Layout); i >= 0 {
			return [][]string{g[:i+1]}, nil
		}
	}
	return nil, fmt.Errorf("--layout %q: measured are %s", o.Layout, strings.Join(slices.Concat(layoutGroups...), ", "))
}

// Ingest measures the stage alone: one large file a night, in a lake of its own.
func Ingest(ctx context.Context, work string, o IngestOptions, progress Progress) (*IngestReport, error) {
	groups, err := o.groups()
	if err != nil {
		return nil, err
	}
	out := IngestReport{
		Stage:     "ingest",
		Clients:   o.Clients,
		Cores:     runtime.NumCPU(),
		MemoryMiB: o.MemoryMiB,
		Passes:    o.Passes,
	}
	for _, layouts := range groups {
		files := make([]fixtures.BulkFile, len(layouts))
		for i, layout := range layouts {
			files[i], err = fixtures.Bulk(
				ctx,
				fixtures.Options{Clients: o.Clients, Seed: o.Seed},
				layout,
				filepath.Join(work, layout),
				func(done, total int) { progress("bulk", layout, int64(done), int64(total), pipeline.Records) },
			)
			if err != nil {
				return nil, err
			}
		}
		passes := make([][]ingestPass, len(layouts))
		for n := range o.Passes {
			dir := filepath.Join(work, fmt.Sprint("pass-", n))
			one, err := ingestPassOf(ctx, dir, work, layouts, o.MemoryMiB, progress)
			if err != nil {
				return nil, err
			}
			for i := range one {
				if one[i].units != int64(files[i].Units) {
					return nil, fmt.Errorf(
						"bench: %s: of %d units written, %d were accepted",
						layouts[i],
						files[i].Units,
						one[i].units,
					)
				}
				passes[i] = append(passes[i], one[i])
			}
			if err := os.RemoveAll(dir); err != nil {
				return nil, err
			}
		}
		for i, layout := range layouts {
			if o.Layout == "" || o.Layout == layout {
				out.Rows = append(out.Rows, ingestRow(layout, files[i], passes[i]))
			}
			if err := os.Remove(filepath.Join(work, layout)); err != nil {
				return nil, err
			}
		}
	}
	return &out, nil
}

// Print prints the report.
func (r *IngestReport) Print(p Printer) {
	p.Say(
		"ingest alone, to sealed Parquet: %d cores, %d MiB for the SQL engine, medians of %d passes",
		r.Cores,
		r.MemoryMiB,
		r.Passes,
	)
	lines := [][]string{
		{
			"layout",
			"units",
			"MB",
			"rows",
			"seconds",
			"units/s",
			"µs of processor/unit",
			"units/s by processor time",
			"peak MiB",
		},
	}
	for _, x := range r.Rows {
		lines = append(
			lines,
			[]string{
				x.Layout,
				thousands(int64(x.Units)),
				thousands(x.Bytes / 1e6),
				thousands(x.Rows),
				fmt.Sprintf("%.2f", x.Seconds),
				thousands(
					int64(x.Rate),
				),
				fmt.Sprintf("%.2f", x.CPU),
				thousands(int64(x.CPURate)),
				thousands(x.PeakMiB),
			},
		)
	}
	p.Table(lines)
}

// ingestPass is one file read once.
type ingestPass struct {
	seconds, cpu float64
	units, rows  int64
	peakMiB      int64
}

// measured runs fn and returns the highest resident memory meanwhile, in MiB.
func measured(fn func() error) (int64, error) {
	runtime.GC()
	machine.ResetPeak()
	err := fn()
	return machine.PeakMiB(), err
}

// ingestPassOf reads one file of each layout, night by night, into a new lake under dir.
func ingestPassOf(
	ctx context.Context,
	dir, work string,
	layouts []string,
	memoryMiB int,
	progress Progress,
) ([]ingestPass, error) {
	sender := bulkSender
	for _, layout := range layouts {
		sender.Files = append(sender.Files, ingest.FilePattern{Pattern: layout + "*", Layout: layout})
	}
	l, err := lake.Create(filepath.Join(dir, "lake"), lake.Options{Now: time.Now})
	if err != nil {
		return nil, err
	}
	inbox := filepath.Join(dir, "inbox")
	if err := os.MkdirAll(filepath.Join(inbox, sender.ID), 0o700); err != nil {
		return nil, err
	}
	var list []ingestPass
	for i, layout := range layouts {
		if err := os.Link(filepath.Join(work, layout), filepath.Join(inbox, sender.ID, layout)); err != nil {
			return nil, err
		}
		var result *pipeline.Result
		var cpu float64
		stage := ingest.Stage(ingest.Config{Senders: []ingest.Sender{sender}})
		peak, err := measured(func() (err error) {
			cpu = ProcessorSeconds()
			result, err = pipeline.Execute(
				ctx,
				pipeline.Options{Lake: l, Stages: []pipeline.Stage{stage}, AsOf: table.NewDate(2026, 3, 2+i),
					Inbox: inbox, Archive: filepath.Join(dir, "archive"), Out: filepath.Join(dir, "out"), Config: sender,
					Engine: engine.Options{MemoryMiB: memoryMiB}, Progress: progress},
			)
			cpu = ProcessorSeconds() - cpu
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("bench: %s: %w", layout, err)
		}
		s := result.Stages[0]
		pass := ingestPass{seconds: s.Seconds, cpu: cpu, units: s.Counts["units_accepted"], peakMiB: peak}
		for _, n := range s.Rows {
			pass.rows += n
		}
		list = append(list, pass)
	}
	return list, nil
}

func ingestRow(layout string, f fixtures.BulkFile, passes []ingestPass) IngestRow {
	r := IngestRow{Layout: layout, Units: f.Units, Bytes: f.Bytes, Rows: passes[0].rows}
	var seconds, cpu []float64
	for _, p := range passes {
		seconds, cpu = append(seconds, p.seconds), append(cpu, p.cpu)
		r.PeakMiB = max(r.PeakMiB, p.peakMiB)
	}
	slices.Sort(seconds)
	slices.Sort(cpu)
	r.Seconds = seconds[len(seconds)/2]
	c := cpu[len(cpu)/2]
	r.Rate, r.CPU, r.CPURate = float64(
		f.Units,
	)/r.Seconds, c/float64(
		f.Units,
	)*1e6, float64(
		f.Units,
	)*float64(
		runtime.NumCPU(),
	)/c
	return r
}
