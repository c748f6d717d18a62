package campaign

import (
	"cmp"
	"context"
	"slices"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// A Collection is that somebody has collected a region's files.
type Collection struct {
	Region  string     `col:"region" doc:"the region"`
	Through int64      `col:"through" doc:"the snapshot whose files were collected"`
	On      table.Date `col:"collected_on" doc:"the day on which it was noted"`
}

// collection is one in the order in which they were noted.
type collection struct {
	Collection
	First bool `col:"first" doc:"it is the first of the region: what was written up to its snapshot counts as collected"`
}

func (c *Config) collections() []collection {
	seen := map[string]bool{}
	var list []collection
	for _, one := range c.Collected {
		list = append(list, collection{one, !seen[one.Region]})
		seen[one.Region] = true
	}
	return list
}

// opened are the regions whose collections are noted. In all others each night's files count as collected.
func (c *Config) opened() map[string]bool {
	out := map[string]bool{}
	for _, one := range c.Collected {
		out[one.Region] = true
	}
	return out
}

// readOpen makes the table lying of the notices of regions whose collections are noted, and went of where they went, and
// returns the first.
func readOpen(ctx context.Context, r *pipeline.Run, c Config) ([]table.OpenNotice, error) {
	if err := engine.Load(ctx, r.Engine, "collection", c.collections()); err != nil {
		return nil, err
	}
	if err := r.Engine.Materialize(ctx, "lying", queries.Get("lying", "as_of", r.AsOf)); err != nil {
		return nil, err
	}
	if err := r.Engine.Materialize(ctx, "went", queries.Get("went")); err != nil {
		return nil, err
	}
	return engine.Rows[table.OpenNotice](ctx, r.Engine, "SELECT * FROM lying ORDER BY notice_id, since_snapshot")
}

// open works out which notices lie in the folders open/ tonight. A notice lies there from the night that first chose it
// until it is collected or a night does not choose it again: because the person is restricted, has died, has moved, was
// vaccinated, is in doubt or needs something else by now. One that a night chooses again with the same contents is not
// new: it is not in that night's own files. What it says, where it goes and to whom it is shown are tonight's: what differs
// lies there since tonight, and was another's until then.
func (plan *Plan) open(r *pipeline.Run, c Config, before []table.OpenNotice) {
	lying := map[string]*table.OpenNotice{}
	for i := range before {
		if o := &before[i]; o.Until == 0 && o.CollectedOn == 0 {
			lying[o.NoticeID] = o
		}
	}
	stays := map[string]bool{}
	for _, one := range plan.all() {
		n := &one.Notice
		if !plan.Opened[n.Region] {
			continue
		}
		now := table.OpenNotice{NoticeID: n.NoticeID, ClientID: n.ClientID, Region: n.Region, IssuedOn: n.IssuedOn,
			Since: r.Snapshot, Recipient: c.Recipients[n.Region], Channel: n.Channel, Address1: n.Address1, ZIP: n.ZIP,
			Phone: n.Phone}
		if was := lying[n.NoticeID]; was != nil && was.Region == n.Region {
			if one.Waiting = was.IssuedOn < r.AsOf; one.Waiting {
				plan.Tallies[n.Region][n.Kind].wait(one.Person.InDoubt)
			}
			now.IssuedOn = was.IssuedOn
			same := *was
			same.Since = now.Since
			if stays[n.NoticeID] = same == now; same == now {
				continue
			}
		}
		plan.Open = append(plan.Open, now)
	}
	for _, o := range before {
		if o.Until == 0 && !stays[o.NoticeID] {
			o.Until = r.Snapshot
		}
		plan.Open = append(plan.Open, o)
	}
	slices.SortFunc(plan.Open, func(a, b table.OpenNotice) int {
		return cmp.Or(cmp.Compare(a.NoticeID, b.NoticeID), cmp.Compare(a.Since, b.Since))
	})
}
