// Package campaign decides who is reminded or recalled tonight, and why the others are not.
//
// Whom it chooses is a function of values. A notice is named by its content, and only notices of earlier days
// count as sent: the same night run twice sends the same notices.
package campaign

import (
	"context"
	"embed"
	"fmt"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/privacy"
	"miic/reports/status"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

var queries = engine.LoadQueries(sqlFiles)

// Config is what a site decides about its campaign.
type Config struct {
	Name         string   // of the standing campaign
	ReminderDays int      // a dose recommended by so many days from tonight calls for a reminder
	RecallDays   int      // a dose past due for so many days calls for a recall
	OldestAge    int      // completed years of age of the oldest who get notices
	MaxRounds    int      // notices of one kind about the same dose
	MinInterval  int      // days between two notices of one kind to one person
	RefusalDays  int      // how long a family's refusal of a vaccine keeps it out of notices
	PerEnvelope  int      // people of one household in one envelope, at most
	Groups       []string // vaccine groups that call for a notice
	Beside       []string // named in a notice that another group called for
	// a vaccine is named though no schedule has its season: the last one is repeated by the calendar
	AssumedSeasons bool
	Regions        []string // in the order of the files; the last is of those who have none
	Mergers        []status.Merger
	Closed         map[string]bool `json:"-"` // regions whose files nobody may receive tonight
	Collected      []Collection    // what was noted about collected files, by region and day
}

// MissingSender is the kind of the notes about senders that sent nothing: they are an input of the campaign.
const MissingSender = "missing"

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
	before, err := earlierNotices(ctx, r, c)
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
	plan := newPlan(c.Regions, hidden)
	if err := notCalled(ctx, r, c, plan); err != nil {
		return nil, err
	}
	done := int64(0)
	err = eachPerson(ctx, r, c, func(p *Person) {
		plan.add(&c, r, p, doubts.choose(&c, r.AsOf, p, before[p.ClientID], stale[p.Provider]))
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
	plan.open(r, open)
	return plan, households(ctx, r, c, plan)
}

// notCalled counts the people with an open dose who get no letter since nothing calls for one.
func notCalled(ctx context.Context, r *pipeline.Run, c Config, plan *Plan) error {
	type count struct {
		Region string `col:"region" doc:"region"`
		Why    string `col:"why" doc:"a word of WaitNames"`
		People int64  `col:"people" doc:"how many"`
	}
	query := queries.Get("not_called", "as_of", r.AsOf, "reminder_days", c.ReminderDays)
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
	if err := r.ViewPrior(ctx, table.Notices, table.Households, table.OpenNotices); err != nil {
		return err
	}
	if err := r.Engine.Latest(ctx, "latest_prior_notice", table.Notices, "prior_notice"); err != nil {
		return err
	}
	return LoadGroups(ctx, r.Engine, c)
}

type group struct {
	Group string `col:"vaccine_group" doc:"vaccine group"`
	Calls bool   `col:"calls" doc:"it calls for a notice by itself"`
}

// LoadGroups makes the table campaign_group of the vaccine groups that notices name.
func LoadGroups(ctx context.Context, e *engine.Engine, c Config) error {
	var groups []group
	for _, g := range c.Groups {
		groups = append(groups, group{g, true})
	}
	for _, g := range c.Beside {
		groups = append(groups, group{g, false})
	}
	return engine.Load(ctx, e, "campaign_group", groups)
}

// callPeople makes the tables open_dose of what people of the age need, and called of the people for whom some vaccine calls for a notice, and returns how many
// they are.
func callPeople(ctx context.Context, r *pipeline.Run, c Config) (int64, error) {
	open := queries.Get("open_dose", "as_of", r.AsOf, "oldest_age", c.OldestAge,
		"assumed_seasons", c.AssumedSeasons)
	if err := r.Engine.Materialize(ctx, "open_dose", open); err != nil {
		return 0, err
	}
	err := r.Engine.Materialize(ctx, "called", queries.Get("called", "as_of", r.AsOf, "reminder_days", c.ReminderDays,
		"recall_days", c.RecallDays))
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
	query := queries.Get("due", "as_of", r.AsOf, "reminder_days", c.ReminderDays, "recall_days", c.RecallDays)
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
