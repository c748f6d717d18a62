// Package campaign decides who is reminded or recalled tonight by which campaign, and why the others are not; and which
// of a household share an envelope.
//
// Campaigns are data. Whom they choose is a function of values, nobody gets two notices in a night, and everybody for
// whom one calls has all reasons why there is none. A notice is named by its content, and only notices of earlier days
// count as sent: the same night run twice sends the same notices.
package campaign

import (
	"context"
	"embed"
	"fmt"
	"maps"
	"math"
	"slices"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/privacy"
	"miic/reports/status"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

var queries = engine.LoadQueries(sqlFiles)

// Config is what a site decides about its campaigns.
type Config struct {
	Campaigns   []Campaign // by priority
	PerEnvelope int        // people of one household in one envelope, at most
	// a vaccine is named though no schedule has its season: the last one is repeated by the calendar
	AssumedSeasons bool
	Regions        []string // in the order of the files; the last is of those who have none
	Mergers        []status.Merger
	Recipients     map[string]string `json:"-"` // by region, who receives its files tonight; what is nobody's has none
	Collected      []Collection      // what was noted about collected files, in the order in which it was noted
}

// widest are the limits within which some campaign may call for a notice.
type widest struct {
	horizonDays, recallDays, untilMonths int
}

func (c *Config) widest(asOf table.Date) widest {
	w := widest{recallDays: math.MaxInt16}
	for i := range c.Campaigns {
		one := &c.Campaigns[i]
		if !one.Runs(asOf) {
			continue
		}
		w.horizonDays = max(w.horizonDays, int(one.horizon(asOf)-asOf))
		w.recallDays, w.untilMonths = min(w.recallDays, one.RecallDays), max(w.untilMonths, one.UntilMonths)
	}
	return w
}

// MissingSender is the kind of the notes about senders that sent nothing: they are an input of the campaign.
const MissingSender = "missing"

// NotSent is the kind of the notes about mistakes of the site for which no notice is sent tonight.
const NotSent = "not sent"

// Choose decides whom to remind and recall.
func Choose(ctx context.Context, r *pipeline.Run, c Config) (*Plan, error) {
	if err := view(ctx, r, c); err != nil {
		return nil, err
	}
	hidden, err := privacy.HideRestricted(ctx, r)
	if err != nil {
		return nil, err
	}
	called, err := callPeople(ctx, r, c)
	if err != nil {
		return nil, err
	}
	open, err := readOpen(ctx, r, c)
	if err != nil {
		return nil, err
	}
	before, err := earlierNotices(ctx, r)
	if err != nil {
		return nil, err
	}
	stale, err := staleClinics(ctx, r)
	if err != nil {
		return nil, err
	}
	doubts, err := readDoubts(ctx, r.Engine)
	if err != nil {
		return nil, err
	}
	selection := NewSelection(&c, r.AsOf, r.Snapshot, before, stale)
	selection.doubts = doubts
	plan := selection.Plan
	plan.Hidden = hidden
	if err := notCalled(ctx, r, c, plan); err != nil {
		return nil, err
	}
	done := int64(0)
	err = eachPerson(ctx, r, c, func(p *Person) {
		selection.Add(p)
		if done++; done%4096 == 0 {
			r.Progress("choose", done, called, pipeline.People)
		}
	})
	r.Progress("choose", done, called, pipeline.People)
	if err != nil {
		return nil, err
	}
	if err := everybodyOnce(ctx, r, plan); err != nil {
		return nil, err
	}
	plan.Opened = c.opened()
	plan.open(r, c, open)
	if err := plan.check(ctx, r); err != nil {
		return nil, err
	}
	return plan, households(ctx, r, c, plan)
}

// notCalled counts the people with an open dose who get no letter since nothing calls for one.
func notCalled(ctx context.Context, r *pipeline.Run, c Config, plan *Plan) error {
	type count struct {
		Region string `col:"region" doc:"region"`
		Why    string `col:"why" doc:"a word of WaitNames"`
		People int64  `col:"people" doc:"how many"`
	}
	w := c.widest(r.AsOf)
	query := queries.Get("not_called", "as_of", r.AsOf, "horizon_days", w.horizonDays)
	rows, err := engine.Rows[count](ctx, r.Engine, query)
	for _, row := range rows {
		plan.wait(c.Regions, row.Region, row.Why, row.People)
	}
	return err
}

// everybodyOnce fails the night unless each person of the age with an open dose is in exactly one count.
func everybodyOnce(ctx context.Context, r *pipeline.Run, plan *Plan) error {
	people, err := r.Engine.Int(ctx, "SELECT count(DISTINCT client_id) FROM open_dose")
	if err == nil && people != plan.people() {
		err = fmt.Errorf("%d people of the age have an open dose, but the campaign counts %d: somebody is left out, or "+
			"counted twice", people, plan.people())
	}
	return err
}

// view makes what the campaign reads known to the engine.
func view(ctx context.Context, r *pipeline.Run, c Config) error {
	if err := status.View(ctx, r, c.Mergers, table.Clients); err != nil {
		return err
	}
	if err := r.View(ctx, table.DeathMatches, table.Forecasts, table.PatientStatuses, table.Doubts, table.JoinedForecasts,
		table.ClientRecords, table.ClientLinks, table.NoticeResults); err != nil {
		return err
	}
	if err := r.ViewLatest(ctx, table.Batches); err != nil {
		return err
	}
	if err := r.ViewPrior(ctx, table.Notices, table.ControlNotices, table.Households, table.OpenNotices); err != nil {
		return err
	}
	for _, t := range []*table.Table{table.Notices, table.ControlNotices} {
		if err := r.Engine.Latest(ctx, "latest_prior_"+t.Name, t, "prior_"+t.Name); err != nil {
			return err
		}
	}
	return LoadGroups(ctx, r.Engine, c)
}

type group struct {
	Group string `col:"vaccine_group" doc:"vaccine group"`
	Calls bool   `col:"calls" doc:"it calls for a notice by itself"`
}

// LoadGroups makes the table campaign_group of the vaccine groups that notices name.
func LoadGroups(ctx context.Context, e *engine.Engine, c Config) error {
	calls := map[string]bool{}
	for i := range c.Campaigns {
		for _, g := range c.Campaigns[i].Groups {
			calls[g] = true
		}
		for _, g := range c.Campaigns[i].Beside {
			if _, known := calls[g]; !known {
				calls[g] = false
			}
		}
	}
	var groups []group
	for _, g := range slices.Sorted(maps.Keys(calls)) {
		groups = append(groups, group{g, calls[g]})
	}
	return engine.Load(ctx, e, "campaign_group", groups)
}

// callPeople makes the tables open_dose of what people of the age need, and called of the people for whom some vaccine calls for a notice, and returns how many
// they are.
func callPeople(ctx context.Context, r *pipeline.Run, c Config) (int64, error) {
	w := c.widest(r.AsOf)
	open := queries.Get("open_dose", "as_of", r.AsOf, "until_months", w.untilMonths,
		"assumed_seasons", c.AssumedSeasons)
	if err := r.Engine.Materialize(ctx, "open_dose", open); err != nil {
		return 0, err
	}
	err := r.Engine.Materialize(ctx, "called", queries.Get("called", "as_of", r.AsOf, "horizon_days", w.horizonDays,
		"recall_days", w.recallDays))
	if err != nil {
		return 0, err
	}
	return r.Engine.Int(ctx, "SELECT count(*) FROM called")
}

// dueRow is a person and one need, as due.sql gives them.
type dueRow struct {
	Person
	Need
}

// eachPerson calls fn for each person called, with all that the person needs.
func eachPerson(ctx context.Context, r *pipeline.Run, c Config, fn func(*Person)) error {
	var now *Person
	w := c.widest(r.AsOf)
	query := queries.Get("due", "as_of", r.AsOf, "horizon_days", w.horizonDays, "recall_days", w.recallDays)
	err := engine.Stream(ctx, r.Engine, query, func(row *dueRow) error {
		if now == nil || now.ClientID != row.ClientID {
			if now != nil {
				fn(now)
			}
			p := row.Person
			now = &p
		}
		now.Needs = append(now.Needs, row.Need)
		return nil
	})
	if err == nil && now != nil {
		fn(now)
	}
	return err
}

// staleClinics returns the clinics whose patients are held tonight: a file of theirs was refused or held and
// none has been read since, or an earlier stage has noted that they sent nothing.
func staleClinics(ctx context.Context, r *pipeline.Run) (map[string]bool, error) {
	type sender struct {
		Sender string `col:"sender" doc:"id of the sender"`
	}
	rows, err := engine.Rows[sender](ctx, r.Engine, queries.Get("stale_clinic"))
	if err != nil {
		return nil, err
	}
	stale := map[string]bool{}
	for _, s := range rows {
		stale[s.Sender] = true
	}
	for _, note := range r.EarlierNotes(MissingSender) {
		if note.Sender != "" {
			stale[note.Sender] = true
		}
	}
	return stale, nil
}
