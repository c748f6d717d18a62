// Package status says of every person whose patient the person is, since when and why, and whose they have
// become where clinics have merged.
package status

import (
	"context"
	"embed"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/privacy"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

var queries = engine.LoadQueries(sqlFiles)

// Config is what a site decides about whose patients people are.
type Config struct {
	HomeState string // two letters: an address elsewhere means that the person has moved
	Mergers   []Merger
}

// Run writes patient_status of everybody who may be shown.
func Run(ctx context.Context, r *pipeline.Run, c Config) error {
	if err := View(ctx, r, c.Mergers, table.Clients, table.Immunizations); err != nil {
		return err
	}
	if merged := providersNow(c.Mergers, r.AsOf); len(merged) > 0 {
		r.Count("providers_merged", int64(len(merged)))
	}
	if err := r.ViewPrior(ctx, table.PatientStatuses); err != nil {
		return err
	}
	if _, err := privacy.HideRestricted(ctx, r); err != nil {
		return err
	}
	rows, err := write(ctx, r, c.HomeState)
	r.Count("patient_status", rows)
	return err
}

// write writes the table and returns its rows.
func write(ctx context.Context, r *pipeline.Run, homeState string) (int64, error) {
	return r.Copy(ctx, table.PatientStatuses, queries.Get("patient_status", "as_of", r.AsOf, "home_state", homeState))
}
