// Package status works out of every person whose patient the person is, since when and why, and whose they have
// become where clinics have merged.
package status

import (
	"context"
	"embed"
	"slices"

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
	HomeState string   // two letters: an address elsewhere means that the person has moved
	Mergers   []Merger // clinics that have merged or been renamed
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
	if err := write(ctx, r, c); err != nil {
		return err
	}
	rows, err := r.Live(ctx, table.PatientStatuses)
	r.Count("patient_status", rows)
	return err
}

// write writes the rows of the people of whom something changed: of all, where clinics have merged since the
// parent, or the parent's rows were made in another way.
func write(ctx context.Context, r *pipeline.Run, c Config) error {
	changed, some := "", r.Continues && slices.Equal(providersNow(c.Mergers, r.PriorAsOf), providersNow(c.Mergers, r.AsOf))
	for _, t := range []*table.Table{table.Clients, table.Immunizations} {
		if people, ok := r.Changed(t); some && ok {
			changed += people + " UNION "
		} else {
			some = false
		}
	}
	people := "SELECT client_id FROM client"
	if some {
		people = changed + r.Differing(table.Restrictions, "client_id")
	}
	if err := r.Engine.Materialize(ctx, "status_person", people); err != nil {
		return err
	}
	rows := queries.Get("patient_status", "as_of", r.AsOf, "home_state", c.HomeState)
	if !some {
		_, err := r.Copy(ctx, table.PatientStatuses, rows)
		return err
	}
	return r.Replace(ctx, table.PatientStatuses, "SELECT client_id FROM status_person", rows)
}
