// Package sent has the rule of which notices were sent. A notice of a region that says when its files are collected may
// lie there until it is of no use any more: nobody got it.
package sent

import (
	"context"
	"embed"

	"miic/internal/engine"
	"miic/internal/table"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

var queries = engine.LoadQueries(sqlFiles)

// Tables are what Notices reads; the caller makes them known to the engine.
var Tables = []*table.Table{table.Notices, table.OpenNotices, table.NoticeResults}

// Notices makes the table sent_notice of the notices that were sent, with sent_on, the day from which each counts.
func Notices(ctx context.Context, e *engine.Engine) error {
	if err := e.Latest(ctx, "latest_notice", table.Notices, table.Notices.Name); err != nil {
		return err
	}
	return e.Materialize(ctx, "sent_notice", queries.Get("sent_notice"))
}
