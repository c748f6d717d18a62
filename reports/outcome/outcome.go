// Package outcome measures what came of a campaign: doses given after its notices, apart from old doses that were only
// entered late, beside the control group where there is one.
//
// It promises that a share counts only notices for which all its days have passed, and that each share has the interval
// in which it lies by chance alone. It counts; nobody can be named from it. Whoever appears in no output, has died or may
// have, is not counted.
package outcome

import (
	"cmp"
	"context"
	"embed"
	"math"
	"slices"

	"miic/internal/engine"
	"miic/internal/interval"
	"miic/internal/table"
	"miic/reports/privacy"
	"miic/reports/sent"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

var queries = engine.LoadQueries(sqlFiles)

// Windows are the days after a notice within which doses are counted.
var Windows = []int{30, 60, 90}

// The arms of a campaign. Sent are notices, from the day on which they went. Chosen and control are people whom a draw has
// parted: those of one get their notices, those of the other none, and both are counted from the night that chose them,
// whether a notice was ever collected or not. Only they may be compared.
const (
	Sent    = "sent"
	Chosen  = "chosen"
	Control = "control"
)

// Row is what followed the notices of one kind, round and channel within so many days.
type Row struct {
	Counted
	NewShare float64 `col:"new_share" json:"new_share" doc:"of the notices, those with a new dose"`
	NewLow   float64 `col:"new_low" json:"new_low" doc:"lower end of its interval (Wilson, 95 %)"`
	NewHigh  float64 `col:"new_high" json:"new_high" doc:"upper end of its interval"`

	Compared   bool    `col:"compared" json:"compared" doc:"of chosen: there is a control group of this kind, round and channel"`
	Difference float64 `col:"difference" json:"difference" doc:"share with a new dose, less that of the control group; 0 where they are not compared"`
	Low        float64 `col:"difference_low" json:"difference_low" doc:"lower end of its interval (Newcombe, 95 %)"`
	High       float64 `col:"difference_high" json:"difference_high" doc:"upper end of its interval"`
}

// Counted is what the tables have of a row.
type Counted struct {
	Campaign  string `col:"campaign" json:"campaign" doc:"the campaign"`
	Arm       string `col:"arm" json:"arm" doc:"sent; control: people who were chosen to get no notice; or chosen: all others of the same nights"`
	Kind      string `col:"kind" json:"kind" doc:"reminder or recall"`
	Round     int32  `col:"round" json:"round" doc:"1 for the first notice about the same vaccines"`
	Channel   string `col:"channel" json:"channel" doc:"by which the notice went, or would have gone"`
	Days      int32  `col:"days" json:"days" doc:"within how many days of the notice"`
	Notices   int64  `col:"notices" json:"notices" doc:"notices of which so many days have passed; of chosen and control a person's first of the kind and round"`
	WithNew   int64  `col:"with_new_dose" json:"with_new_dose" doc:"those with a dose of what they named, given after the day from which it counts"`
	NewDoses  int64  `col:"new_doses" json:"new_doses" doc:"such doses"`
	WithLate  int64  `col:"with_late_dose" json:"with_late_dose" doc:"those with a dose that was given by the day from which it counts and first reported by a later night"`
	LateDoses int64  `col:"late_doses" json:"late_doses" doc:"such doses"`
	Returned  int64  `col:"returned" json:"returned" doc:"those that came back"`
	Elsewhere int64  `col:"elsewhere" json:"elsewhere" doc:"those whose family reports a dose given elsewhere"`
}

// Tables are what Measure reads; the caller makes them known to the engine.
var Tables = append([]*table.Table{table.ControlNotices, table.Clients, table.ClientChanges, table.Restrictions,
	table.DeathMatches, table.Immunizations, table.ImmunizationSources, table.VaccinationEvents, table.Batches}, sent.Tables...)

// Group is a vaccine group that a vaccine is of.
type Group struct {
	CVX   int16  `col:"cvx" doc:"vaccine"`
	Group string `col:"vaccine_group" doc:"vaccine group"`
}

type window struct {
	Days int32 `col:"days" doc:"days after a notice"`
}

// Measure counts what followed the notices of a campaign, or of every campaign if none is named, as of a day.
func Measure(ctx context.Context, e *engine.Engine, campaign string, groups []Group, asOf table.Date) ([]Row, error) {
	var windows []window
	for _, d := range Windows {
		windows = append(windows, window{int32(d)})
	}
	if err := engine.Load(ctx, e, "outcome_window", windows); err != nil {
		return nil, err
	}
	if err := engine.Load(ctx, e, "dose_group", groups); err != nil {
		return nil, err
	}
	for _, t := range []*table.Table{table.ControlNotices, table.NoticeResults} {
		if err := e.Latest(ctx, "latest_"+t.Name, t, t.Name); err != nil {
			return nil, err
		}
	}
	if err := privacy.Shown(ctx, e); err != nil {
		return nil, err
	}
	if err := sent.Notices(ctx, e); err != nil {
		return nil, err
	}
	if err := e.Materialize(ctx, "asked_notice", queries.Get("asked_notice", "campaign", campaign)); err != nil {
		return nil, err
	}
	counted, err := engine.Rows[Counted](ctx, e, queries.Get("outcome", "as_of", asOf))
	return compare(counted), err
}

// compare adds shares and intervals, and to the chosen the difference from the control group of the same kind, round,
// channel and days.
func compare(counted []Counted) []Row {
	type key struct {
		campaign, kind, channel string
		round, days             int32
	}
	control := map[key]Counted{}
	for _, c := range counted {
		if c.Arm == Control {
			control[key{c.Campaign, c.Kind, c.Channel, c.Round, c.Days}] = c
		}
	}
	rows := make([]Row, 0, len(counted))
	for _, c := range counted {
		r := Row{Counted: c, NewShare: share(c.WithNew, c.Notices)}
		r.NewLow, r.NewHigh = interval.Wilson(c.WithNew, c.Notices)
		if none, ok := control[key{c.Campaign, c.Kind, c.Channel, c.Round, c.Days}]; ok && c.Arm == Chosen {
			r.Compared, r.Difference = true, r.NewShare-share(none.WithNew, none.Notices)
			r.Low, r.High = newcombe(c.WithNew, c.Notices, none.WithNew, none.Notices)
		}
		rows = append(rows, r)
	}
	slices.SortStableFunc(rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(a.Campaign, b.Campaign), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Round, b.Round), cmp.Compare(a.Days, b.Days),
			cmp.Compare(b.Arm, a.Arm), cmp.Compare(a.Channel, b.Channel))
	})
	return rows
}

func share(n, of int64) float64 { return float64(n) / float64(max(of, 1)) }

// newcombe is the interval of the difference of two shares, from the intervals of both.
func newcombe(n, of, n0, of0 int64) (low, high float64) {
	p, p0 := share(n, of), share(n0, of0)
	l, u := interval.Wilson(n, of)
	l0, u0 := interval.Wilson(n0, of0)
	return p - p0 - math.Hypot(p-l, u0-p0), p - p0 + math.Hypot(u-p, p0-l0)
}
