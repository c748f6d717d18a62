package linkage

import (
	"context"

	"miic/internal/table"
	"miic/linkage/survive"
)

// history writes the former names, addresses and phones of persons. It comes last, because nothing is kept of anybody
// who is opted out, locked or sealed. The rows of the others are made again when their records changed tonight, or when
// they are no longer suspected to be such a person.
func (s *stage) history(ctx context.Context) error {
	if err := s.e.View(ctx, "client_now", table.Clients, s.r.Files(table.Clients.Name)); err != nil {
		return err
	}
	who := queries.Get("history_client")
	if s.full {
		who = "SELECT client_id FROM client_now WHERE NOT opted_out AND NOT locked AND NOT sealed"
	}
	if err := s.e.Materialize(ctx, "history_client", who); err != nil {
		return err
	}
	path := s.r.Scratch + "/history_tonight.parquet"
	w, err := table.NewScratchWriter[table.ClientHistory](table.ClientHistories, path)
	if err != nil {
		return err
	}
	byClient := func(r *survive.FormerRow) int64 { return r.ClientID }
	err = eachGroup(ctx, s.e, queries.Get("former_value"), byClient, func(rows []survive.FormerRow) error {
		for _, h := range survive.Former(rows) {
			if err := w.Append(&h); err != nil {
				return err
			}
		}
		return nil
	})
	if cerr := w.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return err
	}
	if err := s.e.View(ctx, "history_tonight", table.ClientHistories, []string{path}); err != nil {
		return err
	}
	if s.full {
		_, err = s.r.Copy(ctx, table.ClientHistories, "SELECT * FROM history_tonight")
	} else {
		err = s.r.Replace(ctx, table.ClientHistories, queries.Get("changed_history"), "SELECT * FROM history_tonight")
	}
	if err != nil {
		return err
	}
	n, err := s.r.Live(ctx, table.ClientHistories)
	s.r.Count("former_values", n)
	return err
}
