// Package status says of every person whose patient the person is, since when and why, and whose they have
// become where clinics have merged.
package status

import (
	"context"
	"embed"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

var queries = engine.LoadQueries(sqlFiles)

// Write writes patient_status and makes it known to the engine. An address outside homeState, two letters, means that
// the person has moved.
func Write(ctx context.Context, r *pipeline.Run, homeState string) error {
	rows, err := r.Copy(ctx, table.PatientStatuses, queries.Get("patient_status", "as_of", r.AsOf, "home_state", homeState))
	if err != nil {
		return err
	}
	r.Count("patient_status", rows)
	return r.View(ctx, table.PatientStatuses)
}
