package forecast

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"miic/forecast/cdsi"
	"miic/forecast/explain"
	"miic/forecast/schedule"
	"miic/internal/engine"
	"miic/internal/table"
)

// ErrNoForecast means that there is nothing to explain, and not why: of a person who is opted out, locked or sealed not
// even that they exist is shown.
var (
	ErrNoForecast = errors.New("no forecast for this person")
	ErrNoDose     = errors.New("no evaluation of this dose")
	ErrNoGroup    = errors.New("no such vaccine group")
)

// An Explainer answers why, from the tables of one snapshot. It judges the person afresh, as of the snapshot's day.
type Explainer struct {
	engine   *engine.Engine
	schedule *cdsi.Schedule
	now      *schedule.Current
	worker   *cdsi.Worker
	asOf     table.Date
}

// NewExplainer takes an engine, the files of a snapshot's tables, the schedule and the snapshot's as-of date.
func NewExplainer(ctx context.Context, e *engine.Engine, files func(table string) []string, s *cdsi.Schedule,
	asOf table.Date) (*Explainer, error) {
	for _, name := range reads {
		t := table.Get(name)
		if err := e.View(ctx, name, t, files(name)); err != nil {
			return nil, err
		}
		if t.Kind == table.Log {
			if err := e.Latest(ctx, "latest_"+name, t, name); err != nil {
				return nil, err
			}
		}
	}
	now := schedule.AsOf(s, DayOf(asOf))
	compiled, err := cdsi.NewEngine(now.Schedule)
	if err != nil {
		return nil, fmt.Errorf("schedule %s: %w", s.Version, err)
	}
	return &Explainer{engine: e, schedule: s, now: now, worker: compiled.NewWorker(), asOf: asOf}, nil
}

// Forecast explains what one person needs in one vaccine group. The error is ErrNoForecast for people without one.
func (x *Explainer) Forecast(ctx context.Context, clientID int64, group string) (*explain.Forecast, error) {
	k := slices.IndexFunc(x.schedule.Groups, func(g cdsi.VaccineGroup) bool { return strings.EqualFold(g.Name, group) })
	if k < 0 {
		return nil, fmt.Errorf("%w in schedule %s: %q; 'miic schedule show' lists them", ErrNoGroup, x.schedule.Version,
			group)
	}
	h, err := x.history(ctx, clientID)
	if err != nil {
		return nil, err
	}
	if h == nil || h.deceased {
		return nil, ErrNoForecast
	}
	p, s := x.person(h)
	f, ok := explain.ForecastOf(x.worker, p, DayOf(x.asOf), x.schedule.Groups[k].Name, s)
	if !ok {
		return nil, ErrNoForecast
	}
	return f, nil
}

// Dose explains how one dose was judged. The error is ErrNoDose for a dose that is not there, or of a person who
// appears in no output.
func (x *Explainer) Dose(ctx context.Context, immunizationID string) (*explain.Dose, error) {
	client, err := x.engine.Int(ctx,
		"SELECT max(client_id) FROM immunization WHERE immunization_id = "+engine.Quote(immunizationID))
	if err != nil {
		return nil, err
	}
	h, err := x.history(ctx, client)
	if err != nil {
		return nil, err
	}
	if h == nil {
		return nil, ErrNoDose
	}
	p, s := x.person(h)
	i := slices.Index(s.DoseIDs, immunizationID)
	if i < 0 {
		return nil, ErrNoDose
	}
	return explain.DoseOf(x.worker, p, DayOf(x.asOf), i, s), nil
}

// history reads one person as the stage does; nil if the stage leaves the person out.
func (x *Explainer) history(ctx context.Context, clientID int64) (*history, error) {
	if err := x.engine.Materialize(ctx, "forecast_person",
		"SELECT "+engine.Literal(clientID)+" AS client_id"); err != nil {
		return nil, err
	}
	lines, err := engine.Rows[line](ctx, x.engine, queries.Get("history"))
	if err != nil || len(lines) == 0 || lines[0].Part != 0 {
		return nil, err
	}
	h := newHistory(&lines[0])
	for i := range lines[1:] {
		h.add(&lines[1+i])
	}
	return &h, nil
}

func (x *Explainer) person(h *history) (*cdsi.Person, explain.Subject) {
	s := explain.Subject{ClientID: h.clientID, Schedule: x.schedule.Version, Corrections: x.schedule.Corrections, Now: x.now}
	for _, d := range h.doses {
		s.DoseIDs = append(s.DoseIDs, d.id)
	}
	return h.patient(forever), s
}
