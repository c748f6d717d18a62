package forecast

import (
	"context"
	"runtime"

	"golang.org/x/sync/errgroup"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// chunkPeople is how many people one goroutine judges at a time.
const chunkPeople = 256

// A chunk is some people in the order of their ids, and what was found out about them.
type chunk struct {
	people []history
	rows   rows
	done   chan struct{}
}

// line is one row of history.sql.
type line struct {
	ClientID  int64      `col:"client_id" doc:"the person"`
	Part      int16      `col:"part" doc:"0 person, 1 dose, 2 observation, 3 refusal"`
	Day       table.Date `col:"day" doc:"birth date, or the day of what happened"`
	ID        string     `col:"immunization_id,null" doc:"the dose"`
	Code      int16      `col:"code,null" doc:"CVX or CDSi code"`
	MVX       string     `col:"mvx,null" doc:"manufacturer"`
	TradeName string     `col:"trade_name,null" doc:"trade name"`
	Expiry    table.Date `col:"lot_expiry" doc:"expiry of the lot"`
	Flag      bool       `col:"flag" doc:"the person is dead, the dose is spoiled"`
	Sex       string     `col:"sex,null" doc:"F or M"`
	Country   string     `col:"birth_country,null" doc:"country of birth"`
	Provider  string     `col:"provider,null" doc:"who gave the dose"`
}

// walk reads the people in order, has them judged by all cores and writes the rows in order.
//
// One goroutine reads, one writes, the others judge. Chunks wait for the writer in the order in which they were read,
// so that the rows do not depend on who was faster; the queue's length bounds the memory.
func walk(ctx context.Context, r *pipeline.Run, j *judge, keys string, total int64) error {
	workers := runtime.GOMAXPROCS(0)
	work, order := make(chan *chunk, workers), make(chan *chunk, 4*workers)
	group, ctx := errgroup.WithContext(ctx)
	for range workers {
		w := j.newWorker()
		group.Go(func() error {
			for c := range work {
				for i := range c.people {
					j.person(w, &c.people[i], &c.rows)
					j.visits(w, &c.people[i], &c.rows)
				}
				close(c.done)
			}
			return nil
		})
	}
	group.Go(func() error { return write(ctx, r, order, keys, total) })
	group.Go(func() error {
		defer close(order)
		defer close(work)
		send := func(c *chunk) error {
			for _, to := range []chan *chunk{work, order} {
				select {
				case to <- c:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
			return nil
		}
		return read(ctx, r, queries.Get("history"), send)
	})
	return group.Wait()
}

// read gathers lines into people and people into chunks.
func read(ctx context.Context, r *pipeline.Run, query string, send func(*chunk) error) error {
	c := &chunk{done: make(chan struct{})}
	err := engine.Stream(ctx, r.Engine, query, func(l *line) error {
		if l.Part == 0 {
			if len(c.people) == chunkPeople {
				if err := send(c); err != nil {
					return err
				}
				c = &chunk{done: make(chan struct{})}
			}
			c.people = append(c.people, newHistory(l))
			return nil
		}
		c.people[len(c.people)-1].add(l)
		return nil
	})
	if err != nil || len(c.people) == 0 {
		return err
	}
	return send(c)
}

// newHistory begins a person with the line of part 0.
func newHistory(l *line) history {
	return history{clientID: l.ClientID, birth: l.Day, sex: l.Sex, country: l.Country, deceased: l.Flag}
}

// add puts a line of another part to the person.
func (h *history) add(l *line) {
	switch l.Part {
	case 1:
		h.doses = append(h.doses, dose{l.ID, l.Day, l.Code, l.MVX, l.TradeName, l.Expiry, l.Flag, l.Provider})
	case 2:
		h.observed = append(h.observed, observed{l.Code, l.Day})
	case 3:
		h.refused = append(h.refused, observed{l.Code, l.Day})
	}
}

// write writes the rows of the chunks in their order: those of the people that the SELECT keys gives, or of
// everybody if it is empty.
func write(ctx context.Context, r *pipeline.Run, order <-chan *chunk, keys string, total int64) (err error) {
	evaluations, err := pipeline.Rewrite[table.DoseEvaluation](ctx, r, table.DoseEvaluations, keys)
	if err != nil {
		return err
	}
	defer closing(evaluations.Close, &err)
	forecasts, err := pipeline.Rewrite[table.Forecast](ctx, r, table.Forecasts, keys)
	if err != nil {
		return err
	}
	defer closing(forecasts.Close, &err)
	reached, err := pipeline.Rewrite[table.Milestone](ctx, r, table.Milestones, keys)
	if err != nil {
		return err
	}
	defer closing(reached.Close, &err)
	visits, err := pipeline.Rewrite[table.VisitGroup](ctx, r, table.VisitGroups, keys)
	if err != nil {
		return err
	}
	defer closing(visits.Close, &err)

	var people int64
	for c := range order {
		select {
		case <-c.done:
		case <-ctx.Done():
			return ctx.Err()
		}
		for i := range c.rows.evaluations {
			if err := evaluations.Append(&c.rows.evaluations[i]); err != nil {
				return err
			}
		}
		for i := range c.rows.forecasts {
			if err := forecasts.Append(&c.rows.forecasts[i]); err != nil {
				return err
			}
		}
		for i := range c.rows.milestones {
			if err := reached.Append(&c.rows.milestones[i]); err != nil {
				return err
			}
		}
		for i := range c.rows.visits {
			if err := visits.Append(&c.rows.visits[i]); err != nil {
				return err
			}
		}
		people += c.rows.people
		r.Count("people", c.rows.people)
		r.Count("deceased", c.rows.deceased)
		for name, n := range c.rows.odd.All() {
			r.Count(name, n)
		}
		r.Progress("forecast", people, total, pipeline.People)
	}
	return nil
}

func closing(close func() error, err *error) {
	if cerr := close(); *err == nil {
		*err = cerr
	}
}
