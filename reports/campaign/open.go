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

// opened are the regions whose collections are noted. In all others each night's files count as collected.
func (c *Config) opened() map[string]bool {
	out := map[string]bool{}
	for _, one := range c.Collected {
		out[one.Region] = true
	}
	return out
}

// readOpen makes the table lying of the notices of regions whose collections are noted, and returns them.
func readOpen(ctx context.Context, r *pipeline.Run, c Config) ([]table.OpenNotice, error) {
	if err := engine.Load(ctx, r.Engine, "collection", c.Collected); err != nil {
		return nil, err
	}
	if err := r.Engine.Materialize(ctx, "lying", queries.Get("lying")); err != nil {
		return nil, err
	}
	return engine.Rows[table.OpenNotice](ctx, r.Engine, "SELECT * FROM lying ORDER BY notice_id")
}

// open works out which notices lie in the folders open/ tonight. A notice lies there from the night that first chose it
// until it is collected or a night does not choose it again: because the person is restricted, has died, has moved, was
// vaccinated, is in doubt or needs something else by now. One that a night chooses again with the same contents is not
// new: it is not in that night's own files.
func (plan *Plan) open(r *pipeline.Run, before []table.OpenNotice) {
	lying := make(map[string]*table.OpenNotice, len(before))
	for i := range before {
		lying[before[i].NoticeID] = &before[i]
	}
	for _, one := range plan.all() {
		n := &one.Notice
		if !plan.Opened[n.Region] {
			continue
		}
		was := lying[n.NoticeID]
		if was == nil || was.Region != n.Region || was.Until != 0 || was.CollectedOn != 0 {
			lying[n.NoticeID] = &table.OpenNotice{NoticeID: n.NoticeID, ClientID: n.ClientID, Region: n.Region, IssuedOn: n.IssuedOn,
				Since: r.Snapshot}
			continue
		}
		if one.Waiting = was.IssuedOn < r.AsOf; one.Waiting {
			t := plan.Tallies[n.Region][n.Kind]
			t.Mailed--
			t.Open++
		}
	}
	chosen := map[string]string{} // the region of each
	for _, one := range plan.all() {
		chosen[one.Notice.NoticeID] = one.Notice.Region
	}
	for id, o := range lying {
		if o.Until == 0 && o.CollectedOn == 0 && (chosen[id] != o.Region || !plan.Opened[o.Region]) {
			o.Until = r.Snapshot
		}
		plan.Open = append(plan.Open, *o)
	}
	slices.SortFunc(plan.Open, func(a, b table.OpenNotice) int { return cmp.Compare(a.NoticeID, b.NoticeID) })
}
