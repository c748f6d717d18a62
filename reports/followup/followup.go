// Package followup writes campaigns.html: what each campaign has sent, and what came of it, beside its control group
// where there is one. It promises counts of campaigns only, the same that 'miic recall outcomes' gives, in which nobody is
// who may not be shown; and no count at all while a file of families' requests is unread. A campaign may be about one
// county or clinic, so a count may be of very few people: page and files are for nobody but the registry, and say so.
//
//	campaigns.html            the page
//	campaigns.csv             what each campaign has sent, by kind, round and channel
//	campaign_outcomes.csv     what came of it: the rows of the pictures
package followup

import (
	"context"
	"embed"
	"slices"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/campaign"
	"miic/reports/outcome"
	"miic/reports/privacy"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

var queries = engine.LoadQueries(sqlFiles)

// Reads are the tables that the page is made of.
var Reads = func() []string {
	list := []string{table.Withhelds.Name}
	for _, t := range outcome.Tables {
		list = append(list, t.Name)
	}
	return list
}()

// Config is what the page shows of the site's settings.
type Config struct {
	Campaigns []campaign.Campaign
	Groups    []outcome.Group // the vaccine groups of each vaccine
}

// line is what a campaign has sent of one kind and round by one channel.
type line struct {
	Campaign   string     `col:"campaign" doc:"the campaign"`
	Kind       string     `col:"kind" doc:"reminder or recall"`
	Round      int32      `col:"round" doc:"1 for the first notice about the same vaccines"`
	Channel    string     `col:"channel" doc:"by which it went"`
	Notices    int64      `col:"notices" doc:"notices that were sent"`
	People     int64      `col:"people" doc:"to so many people"`
	Households int64      `col:"households" doc:"in so many households"`
	First      table.Date `col:"first_on" doc:"the first day"`
	Last       table.Date `col:"last_on" doc:"the last day"`
	Priced     int64      `col:"priced" doc:"notices in a piece that has a price"`
	CostMicros float64    `col:"cost_micros" doc:"their part of the price, in millionths of a dollar"`
}

// total is what a campaign has sent in all.
type total struct {
	Campaign    string     `col:"campaign" doc:"the campaign"`
	Notices     int64      `col:"notices" doc:"notices that were sent"`
	People      int64      `col:"people" doc:"to so many people"`
	Households  int64      `col:"households" doc:"in so many households"`
	Returned    int64      `col:"returned" doc:"that came back"`
	Elsewhere   int64      `col:"elsewhere" doc:"whose family reports a dose given elsewhere"`
	Uncollected int64      `col:"uncollected" doc:"chosen tonight or before, that nobody has collected"`
	Oldest      table.Date `col:"oldest_on" doc:"day of the oldest of them"`
}

// language is how many notices went in one.
type language struct {
	Campaign string `col:"campaign" doc:"the campaign"`
	Language string `col:"language" doc:"its code"`
	Notices  int64  `col:"notices" doc:"notices that were sent"`
}

// heldBack is for how many people a campaign calls tonight who get nothing.
type heldBack struct {
	Campaign string `col:"campaign" doc:"the campaign"`
	Reason   string `col:"reason" doc:"the first that holds"`
	People   int64  `col:"people" doc:"how many"`
}

// figures are all that the page shows.
type figures struct {
	lines     []line
	totals    []total
	languages []language
	held      []heldBack
	outcomes  []outcome.Row
}

// Run writes the page and its files.
func Run(ctx context.Context, r *pipeline.Run, c Config) error {
	unread, err := privacy.UnreadRequests(ctx, r)
	if err != nil {
		return err
	}
	if len(unread) > 0 {
		return writePage(r, page{AsOf: r.AsOf.String(), Unread: true})
	}
	f, err := count(ctx, r, c)
	if err != nil {
		return err
	}
	if err := f.writeFiles(r); err != nil {
		return err
	}
	return writePage(r, f.page(r.AsOf, c))
}

func count(ctx context.Context, r *pipeline.Run, c Config) (f figures, err error) {
	if err := r.View(ctx, append(slices.Clone(outcome.Tables), table.Withhelds)...); err != nil {
		return f, err
	}
	if f.outcomes, err = outcome.Measure(ctx, r.Engine, "", c.Groups, r.AsOf); err != nil {
		return f, err
	}
	if err = r.Engine.Materialize(ctx, "sent_shown", queries.Get("sent_shown")); err != nil {
		return f, err
	}
	if f.lines, err = engine.Rows[line](ctx, r.Engine, queries.Get("sent_line")); err != nil {
		return f, err
	}
	if f.totals, err = engine.Rows[total](ctx, r.Engine, queries.Get("sent_campaign")); err != nil {
		return f, err
	}
	if f.languages, err = engine.Rows[language](ctx, r.Engine, queries.Get("sent_language")); err != nil {
		return f, err
	}
	f.held, err = engine.Rows[heldBack](ctx, r.Engine, queries.Get("held_back"))
	return f, err
}
