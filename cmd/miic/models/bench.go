package models

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"miic/cmd/miic/bench"
	"miic/cmd/miic/people"
	"miic/cmd/miic/shell"
	"miic/fixtures"
	"miic/ingest"
	"miic/internal/lake"
	"miic/internal/machine"
	"miic/internal/pipeline"
	"miic/internal/prose"
	"miic/internal/table"
	"miic/reports/extract"
)

// BenchRow is one stage of one night as `miic bench` measures it.
type BenchRow struct {
	Night   string  `json:"night"` // first load, or night after
	Stage   string  `json:"stage"`
	Rows    int64   `json:"rows"` // rows written
	Seconds float64 `json:"seconds"`
	Rate    float64 `json:"rows_per_second"`
	// resident memory of the process at its highest during the stage; 0 where the system does not report it
	PeakMiB int64 `json:"peak_mib"`
}

// Bench is miic bench.
func Bench(a *shell.App) *cobra.Command {
	clients, seed := 100000, uint64(1)
	var dir, stage string
	compare := truthOptions{nights: 1, slips: 1}
	ingestOptions := bench.IngestOptions{Passes: 3, MemoryMiB: shell.Default().MemoryMiB}
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Rates on this machine: a first load and the night after it",
		Long: `Make a synthetic state in a temporary folder, run its first load and one night after
it, and print rows, seconds, rows a second and peak memory of each stage. Needs no
lake and no configuration.

With --stage ingest, measure the reading of deliveries alone, one large file of a
layout at a time, from the inbox to sealed Parquet: units a second by the clock and by
processor time, and peak memory. --layout measures one of them.

With --stage forecast, measure the forecaster alone on made-up histories in memory:
people and doses a second on one core and on two, and what it allocates.

With --stage link, measure linkage alone: all records from nothing, with the model
estimated from them, and then one sender's records against all others. About 3.7
records for each client: the million takes 270,000 clients and some minutes to make.

With --stage report, measure campaigns, mail and coverage alone: ten candidates for each
of --clients are decided about by all built-in campaigns; then as many letters as
--clients says go to made-up households of one to five children, from their notices to
tagged PDF, then postcards and labels; and a tenth as many official records, signed, with
all their files. Last, all measures of ten people for each of --clients are judged,
counted and published, and an extract of them is written; their forecast, which is not
measured, takes longest.

With --stage truth, compare the letters and people of a synthetic state's nights with
its truth: letters to homes that families have left, who should be recalled and is not
and why, letters not due, twice or forbidden, people split or joined, addresses,
guardians and languages. It makes a state of its own and runs --nights of it; with
--truth it reads the lake and the outputs of the configuration instead. --list writes
each fault as a line of CSV, by ids.` +
			shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage, shell.ExitNoSpace, shell.ExitInterrupted),
		Example: `  miic bench --clients 100000
  miic bench --clients 20000 --json
  miic bench --stage forecast
  miic bench --stage ingest --layout hl7-vxu
  miic bench --stage link --clients 270000
  miic bench --stage report --clients 100000
  miic bench --stage truth --clients 20000 --seed 7 --nights 3
  miic bench --stage truth --config var/miic.yaml --truth var/truth --list faults.csv`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			for _, flag := range []string{"layout", "passes", "memory-mib"} {
				if stage != "ingest" && cmd.Flags().Changed(flag) {
					return shell.UsageError(
						"--%s is about the reading of deliveries: name it with --stage ingest, or leave it out",
						flag,
					)
				}
			}
			for _, flag := range []string{"nights", "slips", "truth", "list"} {
				if stage != "truth" && cmd.Flags().Changed(flag) {
					return shell.UsageError(
						"--%s is about the comparison with the truth: name it with --stage truth, or leave it out",
						flag,
					)
				}
			}
			switch {
			case stage != "" && !slices.Contains([]string{"forecast", "ingest", "link", "report", "truth"}, stage):
				return shell.UsageError(
					"--stage %q: ingest, link, forecast, report and truth are measured on their own; leave the flag out for the "+
						"whole night",
					stage,
				)
			case compare.truth != "" && (cmd.Flags().Changed("clients") || cmd.Flags().Changed("seed") ||
				cmd.Flags().Changed("nights") || cmd.Flags().Changed("slips")):
				return shell.UsageError(
					"--truth measures the nights of the configuration: leave out --clients, --seed, --nights and --slips",
				)
			case clients < 4:
				return shell.UsageError("--clients %d: 4 at least", clients)
			case ingestOptions.Passes < 1:
				return shell.UsageError("--passes %d: 1 at least", ingestOptions.Passes)
			case ingestOptions.MemoryMiB < 256:
				return shell.UsageError("--memory-mib %d: 256 at least", ingestOptions.MemoryMiB)
			case stage == "forecast":
				r, err := bench.Forecast(cmd.Context(), clients, seed)
				if err != nil {
					return err
				}
				return printed(a, r)
			}
			if err := ingestOptions.Validate(); err != nil {
				return shell.UsageError("%w", err)
			}
			work, err := os.MkdirTemp(dir, "miic-bench-")
			if err != nil {
				return err
			}
			defer os.RemoveAll(work)
			if stage == "link" {
				return benchLink(cmd.Context(), a, work, clients, seed)
			}
			if stage == "report" {
				p := shell.NewProgress(a)
				defer p.End()
				r, err := benchReport(cmd.Context(), work, clients, seed, p.At)
				if err != nil {
					return err
				}
				p.End()
				return printed(a, r)
			}
			if stage == "truth" {
				compare.clients, compare.seed = clients, seed
				return benchTruth(cmd.Context(), a, work, compare)
			}
			if stage == "ingest" {
				ingestOptions.Clients, ingestOptions.Seed = clients, seed
				p := shell.NewProgress(a)
				defer p.End()
				r, err := bench.Ingest(cmd.Context(), work, ingestOptions, p.At)
				if err != nil {
					return err
				}
				p.End()
				return printed(a, r)
			}
			rows, err := benchNights(cmd.Context(), a, work, clients, seed)
			if err != nil {
				return err
			}
			if a.JSON {
				return a.Document(map[string]any{"clients": clients, "cores": runtime.NumCPU(), "rows": rows})
			}
			a.Say("%s clients, %d cores", prose.Thousands(int64(clients)), runtime.NumCPU())
			lines := [][]string{{"night", "stage", "rows", "seconds", "rows/s", "peak MiB"}}
			for _, r := range rows {
				lines = append(
					lines,
					[]string{r.Night, r.Stage, prose.Thousands(r.Rows), fmt.Sprintf("%.2f", r.Seconds),
						prose.Thousands(int64(r.Rate)), prose.Thousands(r.PeakMiB)},
				)
			}
			if !a.Quiet {
				prose.Columns(a.Stdout, lines)
			}
			return nil
		},
	}
	cmd.Flags().IntVar(&clients, "clients", clients, "children in the synthetic state")
	cmd.Flags().Uint64Var(&seed, "seed", seed, "seed of the synthetic state")
	cmd.Flags().StringVar(&stage, "stage", "", "measure one stage on its own: ingest, link, forecast, report or truth")
	cmd.Flags().IntVar(&compare.nights, "nights", compare.nights, "with --stage truth: how many nights to make and run")
	cmd.Flags().Float64Var(&compare.slips, "slips", compare.slips,
		"with --stage truth: slips of the senders' staff, of the usual number")
	cmd.Flags().StringVar(&compare.truth, "truth", "", "with --stage truth: `folder` of the truth of the configuration's state")
	cmd.Flags().StringVar(&compare.list, "list", "", "with --stage truth: `file` to write every fault into")
	cmd.Flags().StringVar(&ingestOptions.Layout, "layout", "", "with --stage ingest: measure one `layout`")
	cmd.Flags().IntVar(&ingestOptions.Passes, "passes", ingestOptions.Passes,
		"with --stage ingest: how often each file is read; medians are reported")
	cmd.Flags().IntVar(&ingestOptions.MemoryMiB, "memory-mib", ingestOptions.MemoryMiB,
		"with --stage ingest: memory of the SQL engine")
	cmd.Flags().StringVar(&dir, "dir", "", "folder for the temporary state (default the system's)")
	return cmd
}

// benchReport measures campaigns and mail, and then coverage.
func benchReport(ctx context.Context, work string, clients int, seed uint64, progress bench.Progress) (*bench.ReportReport, error) {
	r, err := bench.Report(ctx, work, clients, seed, progress)
	if err != nil {
		return nil, err
	}
	c := shell.Default()
	if c.Reports.Measures, _, err = c.AllMeasures(); err != nil {
		return nil, err
	}
	if c.Reports.Schedule, err = c.KnownToMeasures(); err != nil {
		return nil, err
	}
	c.Reports.Publish = "monthly 2" // the night of the measurement publishes
	o := extract.Options{AsOf: bench.Night()}
	if err := people.DescribeExtract(&c, &o); err != nil {
		return nil, err
	}
	r.Coverage, err = bench.Coverage(ctx, work, bench.PeopleALetter*clients, seed, c.Reports, o, progress)
	return r, err
}

// benchNights runs two nights of a fresh synthetic state in the folder work.
func benchNights(ctx context.Context, a *shell.App, work string, clients int, seed uint64) ([]BenchRow, error) {
	state := filepath.Join(work, "state")
	p := shell.NewProgress(a)
	defer p.End()
	synth := BenchRow{Night: "synthetic state", Stage: "synth"}
	err := measured(&synth, func() error {
		s, err := fixtures.Generate(ctx, fixtures.Options{Clients: clients, Seed: seed, Nights: 2, Out: state},
			func(done, total int) { p.At("synth", "make people", int64(done), int64(total), pipeline.People) })
		synth.Rows = int64(s.Records + s.Doses)
		return err
	})
	if err != nil {
		return nil, err
	}
	rows := []BenchRow{synth}
	c, err := shell.Load(filepath.Join(state, "miic.yaml"))
	if err != nil {
		return nil, err
	}
	l, err := lake.Create(c.Lake, shell.LakeOptions())
	if err != nil {
		return nil, err
	}
	nights, err := os.ReadDir(filepath.Join(state, "nights"))
	if err != nil {
		return nil, err
	}
	for i, night := range nights {
		asOf, err := table.ParseDate(night.Name())
		if err != nil {
			return nil, err
		}
		if err := Deliver(filepath.Join(state, "nights", night.Name()), c.Inbox); err != nil {
			return nil, err
		}
		o, err := shell.Nightly(c, asOf)
		if err != nil {
			return nil, err
		}
		o.Lake = l
		o.Progress = p.At
		name := []string{"first load", "night after"}[i]
		whole := BenchRow{Night: name, Stage: "whole night"}
		measures := make([]BenchRow, len(o.Stages))
		for k := range o.Stages {
			run := o.Stages[k].Run
			measures[k] = BenchRow{Night: name, Stage: o.Stages[k].Name}
			o.Stages[k].Run = func(ctx context.Context, r *pipeline.Run) error {
				return measured(&measures[k], func() error { return run(ctx, r) })
			}
		}
		start := time.Now()
		result, err := pipeline.Execute(ctx, o)
		if err != nil {
			return nil, err
		}
		whole.Seconds = time.Since(start).Seconds()
		for k := range measures {
			for _, s := range result.Stages {
				if s.Stage != measures[k].Stage {
					continue
				}
				for _, n := range s.Rows {
					measures[k].Rows += n
				}
			}
			whole.Rows += measures[k].Rows
			whole.PeakMiB = max(whole.PeakMiB, measures[k].PeakMiB)
		}
		for _, m := range append(measures, whole) {
			m.Rate = float64(m.Rows) / max(m.Seconds, 1e-9)
			rows = append(rows, m)
		}
	}
	rows[0].Rate = float64(rows[0].Rows) / max(rows[0].Seconds, 1e-9)
	return rows, nil
}

// Deliver moves a night's files into the inbox, as senders would.
func Deliver(from, inbox string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		to := filepath.Join(inbox, rel)
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return err
		}
		return os.Rename(path, to)
	})
}

// measured runs fn and notes its seconds and the highest resident memory meanwhile.
func measured(row *BenchRow, fn func() error) error {
	runtime.GC()
	machine.ResetPeak()
	start := time.Now()
	err := fn()
	row.Seconds = time.Since(start).Seconds()
	row.PeakMiB = machine.PeakMiB()
	return err
}

// printed prints a report, or writes it as JSON.
func printed(a *shell.App, r interface{ Print(bench.Printer) }) error {
	if a.JSON {
		return a.Document(r)
	}
	r.Print(bench.Printer{Say: a.Say, Table: func(rows [][]string) {
		if !a.Quiet {
			prose.Columns(a.Stdout, rows)
		}
	}})
	return nil
}

// benchLink measures linkage, and what it came to by the truth of the state.
func benchLink(ctx context.Context, a *shell.App, work string, clients int, seed uint64) error {
	p := shell.NewProgress(a)
	defer p.End()
	senders := func(config string) ([]ingest.Sender, error) {
		c, err := shell.Load(config)
		if err != nil {
			return nil, err
		}
		return c.Senders, nil
	}
	r, err := bench.Link(ctx, work, clients, seed, senders, p.At)
	if err != nil {
		return err
	}
	p.End()
	r.Quality = figures(r.Evaluated)
	if err := printed(a, r); err != nil || a.JSON {
		return err
	}
	sayRates(a, r.Evaluated)
	return nil
}
