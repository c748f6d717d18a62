package linkage

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"miic/internal/engine"
	"miic/internal/table"
	"miic/linkage/survive"
)

// people makes the affected persons from their records, in the view client_tonight.
func (s *stage) people(ctx context.Context) error {
	add, err := s.personFacts(ctx)
	if err != nil {
		return err
	}
	path := s.r.Scratch + "/client_tonight.parquet"
	w, err := table.NewWriter[table.Client](table.Clients, path)
	if err != nil {
		return err
	}
	news, err := s.news(ctx)
	if err != nil {
		return err
	}
	byClient := func(r *survive.Row) int64 { return r.ClientID }
	err = eachGroup(ctx, s.e, queries.Get("client_row"), byClient, func(rows []survive.Row) error {
		c := survive.Choose(append(rows, news[rows[0].ClientID]...), s.counties, nil)
		add(&c)
		return w.Append(&c)
	})
	if cerr := w.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return err
	}
	return s.e.View(ctx, "client_tonight", table.Clients, []string{path})
}

// news is what results of notices report about the affected persons, by person.
func (s *stage) news(ctx context.Context) (map[int64][]survive.Row, error) {
	list, err := engine.Rows[survive.News](ctx, s.e, queries.Get("news"))
	of := map[int64][]survive.Row{}
	for i := range list {
		of[list[i].ClientID] = append(of[list[i].ClientID], list[i].Rows()...)
	}
	return of, err
}

// personFacts returns a function that adds to a person what no record of that person decides: the death and the
// snapshot in which the person began.
func (s *stage) personFacts(ctx context.Context) (func(*table.Client), error) {
	begun, err := engine.Rows[linkSince](ctx, s.e, queries.Get("client_since"))
	if err != nil {
		return nil, err
	}
	since := make(map[int64]int64, len(begun))
	for _, r := range begun {
		since[r.ClientID] = r.Since
	}
	died := map[int64]*table.DeathMatch{}
	for i, d := range s.died {
		if d.Basis != "possible" {
			died[d.ClientID] = &s.died[i]
		}
	}
	return func(c *table.Client) {
		if d := died[c.ClientID]; d != nil {
			c.Status = "deceased"
			if d.DeceasedOn != 0 {
				c.DeceasedOn = d.DeceasedOn
			}
		}
		c.Since = cmp.Or(since[c.ClientID], s.r.Snapshot)
	}, nil
}

type linkSince struct {
	ClientID int64 `col:"client_id"`
	Since    int64 `col:"since_snapshot,null"`
}

// writePeople writes the affected persons, and those about whom only a restriction or a question is new.
func (s *stage) writePeople(ctx context.Context) error {
	for _, name := range []string{"client_flag", "client_waiting", "flagged_anew"} {
		if err := s.e.Materialize(ctx, name, queries.Get(name)); err != nil {
			return err
		}
	}
	var err error
	if s.full {
		_, err = s.r.Copy(ctx, table.Clients, flaggedSQL())
	} else {
		changed := "SELECT client_id FROM affected_client UNION SELECT client_id FROM flagged_anew"
		err = s.r.Replace(ctx, table.Clients, changed, flaggedSQL())
	}
	if err != nil {
		return err
	}
	n, err := s.r.Live(ctx, table.Clients)
	s.r.Count("clients", n)
	return err
}

// flaggedSQL is the SELECT of the persons to write, with what their restrictions and questions give.
func flaggedSQL() string {
	flags := map[string]string{"opted_out": "opt_out", "locked": "lock", "no_contact": "no_contact", "sealed": "seal"}
	cols := make([]string, len(table.Clients.Columns))
	for i, c := range table.Clients.Columns {
		switch {
		case flags[c.Name] != "":
			cols[i] = fmt.Sprintf("coalesce(f.%s, false) AS %s", c.Name, c.Name)
		case c.Name == "in_review":
			cols[i] = "w.client_id IS NOT NULL AS in_review"
		default:
			cols[i] = "c." + c.Name
		}
	}
	return "SELECT " + strings.Join(cols, ", ") + " FROM (" + queries.Get("client") + ") AS c" +
		" LEFT JOIN client_flag AS f ON f.client_id = c.client_id" +
		" LEFT JOIN client_waiting AS w ON w.client_id = c.client_id"
}
