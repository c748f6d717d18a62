package forecast

import (
	"context"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// joinedPair is somebody in doubt and who may be the same person, by number.
type joinedPair struct {
	Pair     int64 `col:"pair" doc:"number"`
	ClientID int64 `col:"client_id" doc:"the person"`
	OtherID  int64 `col:"other_id" doc:"who may be the same person"`
}

// joined forecasts each person of whom it is asked whether another is the same one a second time, with the doses and
// observations of both. There are few: they are all made each night.
func joined(ctx context.Context, r *pipeline.Run, j *judge) error {
	if err := r.View(ctx, table.Doubts, table.JoinedDoses); err != nil {
		return err
	}
	pairs, err := engine.Rows[joinedPair](ctx, r.Engine, queries.Get("joined_pair"))
	if err != nil {
		return err
	}
	var out []table.JoinedForecast
	if len(pairs) > 0 {
		if err := engine.Load(ctx, r.Engine, "joined_pair", pairs); err != nil {
			return err
		}
		w := j.newWorker()
		if err := read(ctx, r, queries.Get("joined_history"), func(c *chunk) error {
			for i := range c.people {
				var rows rows
				j.person(w, &c.people[i], &rows)
				p := pairs[c.people[i].clientID-1]
				for _, f := range rows.forecasts {
					out = append(out, table.JoinedForecast{ClientID: p.ClientID, OtherID: p.OtherID, Group: f.Group,
						Kind: f.Kind, Status: f.Status, Earliest: f.Earliest, Recommended: f.Recommended,
						PastDue: f.PastDue, RefusedOn: f.RefusedOn})
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	r.Count("joined_forecasts", int64(len(out)))
	return pipeline.Write(r, table.JoinedForecasts, out)
}
