// Package campaign decides who is reminded or recalled tonight, and why the others are not.
//
// Whom it chooses is a function of values. A notice is named by its content, and only notices of earlier days
// count as sent: the same night run twice sends the same notices.
package campaign

import (
	"context"
	"embed"

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
	ReminderDays int      // a dose recommended within so many days from tonight calls for a reminder
	RecallDays   int      // a dose past due for so many days calls for a recall
	OldestAge    int      // completed years of age of the oldest who get notices
	MaxRounds    int      // notices of one kind about the same dose
	MinInterval  int      // days between two notices of one kind to one person
	RefusalDays  int      // how long a family's refusal of a vaccine keeps it out of notices
	Groups       []string // vaccine groups that call for a notice
	Beside       []string // named in a notice that another group called for
	Regions      []string // in the order of the files; the last is of those who have none
	Mergers      []status.Merger
}

// A Plan is what the campaign has decided tonight.
type Plan struct {
	Chosen  map[string]map[string][]Chosen // who gets a notice, by region and kind
	Tallies map[string]map[string]*Tally   // by region and kind
	Hidden  int64                          // people who appear in no output
}

// Chosen is a person who gets a notice, without what called for it.
type Chosen struct {
	Person Person
	Notice table.Notice
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

// MissingSender is the kind of the notes about senders that sent nothing: they are an input of the campaign.
const MissingSender = "missing"

// view makes what the campaign reads known to the engine.
func view(ctx context.Context, r *pipeline.Run, c Config) error {
	if err := status.View(ctx, r, c.Mergers, table.Clients); err != nil {
		return err
	}
	if err := r.View(ctx, table.DeathMatches, table.Forecasts, table.PatientStatuses); err != nil {
		return err
	}
	if err := r.ViewLatest(ctx, table.Batches); err != nil {
		return err
	}
	if err := r.ViewPrior(ctx, table.Notices); err != nil {
		return err
	}
	if err := r.Engine.Latest(ctx, "latest_prior_notice", table.Notices, "prior_notice"); err != nil {
		return err
	}
	return LoadGroups(ctx, r.Engine, c)
}

// dueRow is a person and one need, as due.sql gives them.
type dueRow struct {
	Person
	Need
}

// Choose decides whom to remind and recall.
func Choose(ctx context.Context, r *pipeline.Run, c Config) (*Plan, error) {
	if err := view(ctx, r, c); err != nil {
		return nil, err
	}
	hidden, err := privacy.HideRestricted(ctx, r)
	if err != nil {
		return nil, err
	}
	if err := r.Engine.Materialize(ctx, "called", queries.Get("called", "as_of", r.AsOf, "oldest_age", c.OldestAge,
		"reminder_days", c.ReminderDays, "recall_days", c.RecallDays)); err != nil {
		return nil, err
	}
	total, err := r.Engine.Int(ctx, "SELECT count(*) FROM called")
	if err != nil {
		return nil, err
	}
	before := map[int64][]EarlierNotice{}
	err = engine.Stream(ctx, r.Engine, queries.Get("earlier_notice", "campaign", c.Name, "as_of", r.AsOf), func(e *EarlierNotice) error {
		before[e.ClientID] = append(before[e.ClientID], *e)
		return nil
	})
	if err != nil {
		return nil, err
	}
	stale, err := staleClinics(ctx, r)
	if err != nil {
		return nil, err
	}
	plan := newPlan(c.Regions)
	plan.Hidden = hidden
	done := int64(0)
	decide := func(p *Person) {
		plan.add(&c, r, p, c.choose(r.AsOf, p, before[p.ClientID], stale[p.Provider]))
		if done++; done%4096 == 0 {
			r.Progress("choose", done, total)
		}
	}
	var now *Person
	err = engine.Stream(ctx, r.Engine, queries.Get("due", "as_of", r.AsOf, "reminder_days", c.ReminderDays, "recall_days", c.RecallDays), func(row *dueRow) error {
		if now == nil || now.ClientID != row.ClientID {
			if now != nil {
				decide(now)
			}
			p := row.Person
			now = &p
		}
		now.Needs = append(now.Needs, row.Need)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if now != nil {
		decide(now)
	}
	r.Progress("choose", done, total)
	return plan, nil
}

func newPlan(regions []string) *Plan {
	plan := &Plan{Chosen: map[string]map[string][]Chosen{}, Tallies: map[string]map[string]*Tally{}}
	for _, region := range regions {
		plan.Chosen[region] = map[string][]Chosen{}
		plan.Tallies[region] = map[string]*Tally{}
		for _, kind := range Kinds {
			plan.Tallies[region][kind] = &Tally{}
		}
	}
	return plan
}

// add counts a person, and takes one who gets a notice. Somebody of a region that the site does not have counts
// as without one.
func (plan *Plan) add(c *Config, r *pipeline.Run, p *Person, ch choice) {
	if plan.Tallies[p.Region] == nil {
		p.Region = c.Regions[len(c.Regions)-1]
	}
	plan.Tallies[p.Region][ch.kind].count(ch)
	if len(ch.reasons) > 0 {
		return
	}
	chosen := Chosen{*p, c.notice(r.AsOf, r.Snapshot, p, ch)}
	chosen.Person.Needs = nil
	plan.Chosen[p.Region][ch.kind] = append(plan.Chosen[p.Region][ch.kind], chosen)
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
