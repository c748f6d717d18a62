package models

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"

	"miic/cmd/miic/bench"
	"miic/cmd/miic/bench/truth"
	"miic/cmd/miic/school"
	"miic/cmd/miic/shell"
	"miic/fixtures"
	"miic/forecast"
	"miic/internal/lake"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// truthOptions are the flags that matter to the comparison with the truth.
type truthOptions struct {
	clients, nights int
	seed            uint64
	slips           float64
	truth           string // folder of a truth; empty: a state of its own
	list            string // file for the single faults; empty: none
}

// truthReport is a report of letters with what it was made from.
type truthReport struct {
	Clients int     `json:"clients,omitempty"`
	Seed    uint64  `json:"seed,omitempty"`
	Slips   float64 `json:"slips,omitempty"` // of the usual number
	*truth.Report
	Schools  *truth.Schools  `json:"schools,omitempty"`
	Coverage *truth.Coverage `json:"coverage"`
}

// Print prints the report.
func (r *truthReport) Print(p bench.Printer) {
	if r.Clients > 0 {
		p.Say("%d clients, seed %d, slips of senders %g times the usual, schedule %s", r.Clients, r.Seed, r.Slips, r.Schedule)
	}
	p.Table(r.Rows())
	if s := r.Schools; s != nil {
		p.Say("of %d students %.2f %% of those who may be shown are surely matched; of these %.2f %% to the right person, and "+
			"%.2f %% have every status right; %d restricted or dead ones are matched", s.Students, s.Sure.Percent(), s.Right.Percent(),
			s.Statuses.Percent(), s.Hidden)
	}
	r.Coverage.Print(p)
}

// benchTruth compares the nights of a lake with the truth of its state: those of the configuration, or of a state that
// it makes in the folder work.
func benchTruth(ctx context.Context, a *shell.App, work string, o truthOptions) error {
	p := shell.NewProgress(a)
	defer p.End()
	report := &truthReport{}
	config, folder, own := a.ConfigPath, o.truth, o.truth == ""
	if own {
		report.Clients, report.Seed, report.Slips = o.clients, o.seed, o.slips
		config, folder = filepath.Join(work, "state", "miic.yaml"), filepath.Join(work, "state", "truth")
		if err := makeState(ctx, p, filepath.Join(work, "state"), o); err != nil {
			return err
		}
	}
	c, err := shell.Load(config)
	if err != nil {
		return err
	}
	open := lake.Open
	if own {
		open = lake.Create
	}
	l, err := open(c.Lake, shell.LakeOptions())
	if err != nil {
		return err
	}
	schedule, err := forecast.LoadSchedule(c.Forecast)
	if err != nil {
		return err
	}
	m, err := truth.Begin(truth.Options{Lake: l, Out: c.Out, Truth: folder, Schedule: schedule,
		Campaign: c.Reports.Standing(), Progress: func(night string, done, total int) {
			p.At("truth", night, int64(done), int64(total), "nights")
		}})
	switch {
	case err != nil:
	case own:
		err = runNights(ctx, p, filepath.Join(work, "state"), c, l, m)
	default:
		err = m.All(ctx)
	}
	if err != nil {
		return err
	}
	report.Report = &m.Report
	if report.Schools, err = measureSchools(ctx, c, l, m, folder); err != nil {
		return err
	}
	measures, _, err := c.AllMeasures()
	if err != nil {
		return err
	}
	known, err := c.KnownToMeasures()
	if err != nil {
		return err
	}
	if report.Coverage, err = m.Coverage(measures, known); err != nil {
		return err
	}
	p.End()
	if o.list != "" {
		var b bytes.Buffer
		if err := report.WriteCases(&b); err != nil {
			return err
		}
		if err := os.WriteFile(o.list, b.Bytes(), 0o600); err != nil {
			return err
		}
	}
	return printed(a, report)
}

// measureSchools answers the roster of all students, which lies beside the truth; nil where there is none.
func measureSchools(ctx context.Context, c *shell.Config, l *lake.Lake, m *truth.Measurement, folder string) (*truth.Schools, error) {
	path := filepath.Join(filepath.Dir(folder), "roster.csv")
	if _, err := os.Stat(path); err != nil {
		return nil, nil
	}
	night, err := l.Head()
	if err != nil {
		return nil, err
	}
	day, err := night.Date()
	if err != nil {
		return nil, err
	}
	roster, _, err := school.ReadRoster(ctx, c, path, "school-roster", day)
	if err != nil {
		return nil, err
	}
	e, err := shell.OpenEngine(ctx, c)
	if err != nil {
		return nil, err
	}
	defer e.Close()
	return m.Schools(ctx, e, c.Reports.School, roster)
}

// makeState makes a state, of which no night was run yet.
func makeState(ctx context.Context, p *shell.Progress, state string, o truthOptions) error {
	_, err := fixtures.Generate(ctx, fixtures.Options{Clients: o.clients, Seed: o.seed, Nights: o.nights, Slips: o.slips, Out: state},
		func(done, total int) { p.At("synth", "make people", int64(done), int64(total), pipeline.People) })
	return err
}

// runNights runs all nights of a state, and compares each with the truth before the next: what a later night withdraws is
// judged too.
func runNights(ctx context.Context, p *shell.Progress, state string, c *shell.Config, l *lake.Lake, m *truth.Measurement) error {
	nights, err := os.ReadDir(filepath.Join(state, "nights"))
	if err != nil {
		return err
	}
	for _, night := range nights {
		asOf, err := table.ParseDate(night.Name())
		if err != nil {
			return err
		}
		if err := Deliver(filepath.Join(state, "nights", night.Name()), c.Inbox); err != nil {
			return err
		}
		n, err := shell.Nightly(c, asOf)
		if err != nil {
			return err
		}
		n.Lake, n.Progress = l, p.At
		if _, err := pipeline.Execute(ctx, n); err != nil {
			return fmt.Errorf("the night of %s: %w", night.Name(), err)
		}
		head, err := l.Head()
		if err != nil {
			return err
		}
		if err := m.Night(head); err != nil {
			return err
		}
	}
	return nil
}
