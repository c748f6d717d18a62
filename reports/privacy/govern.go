package privacy

import (
	"context"

	"miic/internal/engine"
	"miic/internal/table"
)

// Governed are the people whom an output about a night may not show, by their ids of that night: HEAD's restrictions
// count, whatever was so when the night was made. head and night give the files of a table of each.
func Governed(ctx context.Context, e *engine.Engine, head, night func(table string) []string) (map[int64]bool, error) {
	hidden := map[int64]bool{}
	type person struct {
		ID int64 `col:"client_id" doc:"the person"`
	}
	for _, files := range []func(string) []string{night, head} { // HEAD's links and restrictions stay known
		if err := e.Tables(ctx, files, table.Clients, table.Restrictions, table.ClientLinks); err != nil {
			return nil, err
		}
		if err := e.View(ctx, "old_link", table.ClientLinks, night(table.ClientLinks.Name)); err != nil {
			return nil, err
		}
		if err := e.Materialize(ctx, "restricted", queries.Get("restricted")); err != nil {
			return nil, err
		}
		rows, err := engine.Rows[person](ctx, e, queries.Get("governed"))
		if err != nil {
			return nil, err
		}
		for _, p := range rows {
			hidden[p.ID] = true
		}
	}
	return hidden, nil
}

// Sealed are the people whose record not even an operator may issue: identities under seal, surely or possibly.
func Sealed(ctx context.Context, e *engine.Engine, files func(table string) []string) (map[int64]bool, error) {
	type person struct {
		ID int64 `col:"client_id" doc:"the person"`
	}
	if err := e.Tables(ctx, files, table.Clients, table.Restrictions); err != nil {
		return nil, err
	}
	rows, err := engine.Rows[person](ctx, e, queries.Get("sealed"))
	sealed := map[int64]bool{}
	for _, p := range rows {
		sealed[p.ID] = true
	}
	return sealed, err
}

// Unread returns the files of families' requests that a night could not read.
func Unread(ctx context.Context, e *engine.Engine, files func(table string) []string) ([]UnreadRequest, error) {
	if err := e.Tables(ctx, files, table.Batches); err != nil {
		return nil, err
	}
	if err := e.Latest(ctx, "latest_batch", table.Batches, table.Batches.Name); err != nil {
		return nil, err
	}
	return engine.Rows[UnreadRequest](ctx, e, queries.Get("unread_request"))
}
