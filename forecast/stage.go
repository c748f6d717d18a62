// Package forecast is the stage that works out which vaccines each person is due.
//
// It walks the people once, in the order of their ids, with all cores: the doses of each are judged and every vaccine
// group is forecast as of tonight by package cdsi, with the schedule's supporting data. It writes how each dose was
// judged (dose_evaluation), what each person needs (forecast), and, of children who have lately passed a milestone such
// as the second birthday, how far they were on that day, judged afresh from the doses given by then (milestone), and, of
// the visits of this year and the three before it, what could have been given on each (visit_group). The schedule it used
// it keeps with them (schedule_line), so that a night can be explained when the configuration names
// another one.
//
// People who are opted out, locked or sealed have no rows, nor have people without a birth date; the
// dead keep their doses but have no forecast. A dose before birth, or of a vaccine that the schedule
// does not know, is held back with that reason.
package forecast

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"slices"

	"miic/forecast/cdsi"
	"miic/forecast/schedule"
	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// Config is what a site decides about the forecast.
type Config struct {
	// Schedule is a folder with supporting data to use in place of the built-in: in our text form, or
	// a release of CDC's XML as published. Empty means the built-in.
	Schedule string `yaml:"schedule"`

	// Seasons is a YAML file with seasons that replace the schedule's, for a season that must not wait for a release. Keys
	// are vaccine groups, antigens or antigen/series; values have start and end, the end may be left out. Empty: none.
	Seasons string `yaml:"seasons"`

	// Corrections says whether known faults of the published data are corrected, as 'miic schedule show' lists them.
	// Nothing or true: they are; false: the data is used as it was published.
	Corrections *bool `yaml:"corrections"`
}

// Milestone is an age at which the state of a series is kept, in months, and for how long after.
type Milestone struct {
	Months int16 `col:"months" doc:"age that is judged"`
	Until  int16 `col:"until" doc:"age from which it is kept no longer"`
}

// milestones: the second birthday, of children of 24 to 35 months, whom coverage counts.
var milestones = []Milestone{{Months: 24, Until: 36}}

// Milestones are the birthdays on which the series of each group are judged and kept.
func Milestones() []Milestone { return slices.Clone(milestones) }

//go:embed sql/*.sql
var sqlFiles embed.FS

var queries = engine.LoadQueries(sqlFiles)

// key is what of the settings enters the stage's key: the schedule's content, not where it lies.
type key struct {
	Schedule   string
	Content    string
	Milestones []Milestone
}

// reads are the tables that history.sql is about.
var reads = []string{"client", "restriction", "immunization", "client_link", "observation"}

// Stage is the forecast's stage of the night. A schedule that cannot be read fails it when it runs.
func Stage(cfg Config) pipeline.Stage {
	s, err := LoadSchedule(cfg)
	k := key{Milestones: milestones}
	if err == nil {
		k.Schedule, k.Content = s.Version, fingerprint(s)
	}
	return pipeline.Stage{
		Name: "forecast", Version: 6, Dated: true, Config: k,
		Reads:  append(slices.Clone(reads), "doubt", "joined_dose"),
		Writes: []string{"dose_evaluation", "forecast", "milestone", "visit_group", "schedule_line", "joined_forecast"},
		Run: func(ctx context.Context, r *pipeline.Run) error {
			if err != nil {
				return err
			}
			return run(ctx, r, s)
		},
	}
}

// ScheduleVersion returns the version of the supporting data that the settings name.
func ScheduleVersion(cfg Config) (string, error) {
	s, err := LoadSchedule(cfg)
	if err != nil {
		return "", err
	}
	return s.Version, nil
}

// LoadSchedule reads the supporting data that the settings name, corrected, with the site's seasons.
func LoadSchedule(cfg Config) (*cdsi.Schedule, error) {
	s, _, err := schedule.Load(cfg.Schedule)
	if err == nil && (cfg.Corrections == nil || *cfg.Corrections) {
		s, err = schedule.Corrected(s)
	}
	if err != nil || cfg.Seasons == "" {
		return s, err
	}
	seasons, err := readSeasons(cfg.Seasons)
	if err != nil {
		return nil, err
	}
	if s, err = schedule.WithSeasons(s, seasons); err != nil {
		return nil, fmt.Errorf("seasons file %s: %w", cfg.Seasons, err)
	}
	return s, nil
}

func fingerprint(s *cdsi.Schedule) string {
	h := sha256.New()
	if err := schedule.Text(h, s); err != nil {
		panic(err) // a hash takes every write
	}
	return hex.EncodeToString(h.Sum(nil))
}

func run(ctx context.Context, r *pipeline.Run, s *cdsi.Schedule) error {
	j, err := newJudge(s, r.AsOf)
	if err != nil {
		return err
	}
	noteLapses(r, j.now)
	if err := r.View(ctx, table.Clients, table.Restrictions, table.Immunizations, table.ClientLinks); err != nil {
		return err
	}
	if err := r.ViewLatest(ctx, table.Observations); err != nil {
		return err
	}
	if err := keep(r, s); err != nil {
		return err
	}
	unborn, err := r.Engine.Int(ctx, "SELECT count(*) FROM client WHERE birth_date IS NULL")
	if err != nil {
		return err
	}
	r.Count("no_birth_date", unborn)
	keys, err := worked(ctx, r, s)
	if err != nil {
		return err
	}
	total, err := r.Engine.Int(ctx, "SELECT count(*) FROM forecast_person")
	if err != nil {
		return err
	}
	if err := walk(ctx, r, j, keys, total); err != nil {
		return err
	}
	if err := joined(ctx, r, j); err != nil {
		return err
	}
	for _, t := range []*table.Table{table.DoseEvaluations, table.Forecasts, table.Milestones, table.VisitGroups} {
		n, err := r.Live(ctx, t)
		if err != nil {
			return err
		}
		r.Count(t.Name+"s", n)
	}
	return nil
}

// Kinds of the notes about seasons that have run out: by the calendar the next one has begun, or has not.
const (
	SeasonOver = "season over"
	OffSeason  = "off season"
)

// noteLapses has the page say which seasons have run out.
func noteLapses(r *pipeline.Run, now *schedule.Current) {
	for _, l := range now.Lapses {
		kind := OffSeason
		if l.Missed {
			kind = SeasonOver
		}
		r.Note(pipeline.Note{Kind: kind, Text: l.Text()})
	}
	r.Count("seasons_over", int64(len(now.Lapses)))
}

// worked makes forecast_person, the people whose forecast is made tonight, and returns the SELECT of them;
// nothing when it is made of all. The parent's forecasts are the others' still, if the stage made them
// with the same schedule and from the parent's own tables.
// A season that has run out since makes another schedule of it, also for the doses of the dead, who have no forecast
// with a day.
func worked(ctx context.Context, r *pipeline.Run, s *cdsi.Schedule) (string, error) {
	e := r.Engine
	all := "SELECT client_id FROM client"
	if !r.Continues || schedule.LapsesBetween(s, DayOf(r.PriorAsOf), DayOf(r.AsOf)) {
		return "", e.Materialize(ctx, "forecast_person", all)
	}
	for view, t := range map[string]*table.Table{"changed_client": table.Clients,
		"changed_immunization": table.Immunizations, "changed_link": table.ClientLinks} {
		changed, ok := r.Changed(t)
		if !ok { // written whole: anything may differ
			return "", e.Materialize(ctx, "forecast_person", all)
		}
		if err := e.Materialize(ctx, view, changed); err != nil {
			return "", err
		}
	}
	if err := e.Materialize(ctx, "changed_restriction", r.Differing(table.Restrictions, "client_id")); err != nil {
		return "", err
	}
	if err := r.ViewPrior(ctx, table.ClientLinks, table.Forecasts, table.VisitGroups); err != nil {
		return "", err
	}
	if err := e.View(ctx, "tonight_observation", table.Observations, r.Tonight(table.Observations.Name)); err != nil {
		return "", err
	}
	if err := e.View(ctx, "gone_observation", table.Observations, r.Gone(table.Observations.Name)); err != nil {
		return "", err
	}
	if err := engine.Load(ctx, e, "milestone_age", milestones); err != nil {
		return "", err
	}
	people := queries.Get("changed_person") + " UNION " + queries.Get("due_person", "as_of", r.AsOf, "prior_as_of",
		r.PriorAsOf, "visits_from", VisitsFrom(r.AsOf), "prior_visits_from", VisitsFrom(r.PriorAsOf))
	return "SELECT client_id FROM forecast_person", e.Materialize(ctx, "forecast_person", people)
}
