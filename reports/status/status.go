// Package status works out of every person whose patient the person is, and whether the person is the state's at all:
// by a table of rules, each with its reason and its day; and whose they have become where clinics have merged.
package status

import (
	"cmp"
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
	HomeState string   // two letters: who lives elsewhere is outside the jurisdiction
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
	if err := r.View(ctx, table.ClientRecords, table.ClientLinks); err != nil {
		return err
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
	people, keys := "SELECT client_id FROM client", ""
	if some {
		people, keys = changed+r.Differing(table.Restrictions, "client_id"), "SELECT client_id FROM status_person"
	}
	if err := r.Engine.Materialize(ctx, "status_person", people); err != nil {
		return err
	}
	w, err := pipeline.Rewrite[table.PatientStatus](ctx, r, table.PatientStatuses, keys)
	if err != nil || w.Writer == nil {
		return err
	}
	if err := eachPerson(ctx, r, c, w); err != nil {
		w.Writer.Close()
		return err
	}
	return w.Close()
}

// factRow is a person and one clinic, as fact.sql gives them.
type factRow struct {
	Person
	Clinic
}

// eachPerson judges each person of status_person, in their order, and writes the rows.
func eachPerson(ctx context.Context, r *pipeline.Run, c Config, w *pipeline.Rewriting[table.PatientStatus]) error {
	var clinics []Clinic
	query := queries.Get("fact", "home_state", c.HomeState)
	return engine.Groups(ctx, r.Engine, query, func(f *factRow) int64 { return f.ClientID }, func(facts []factRow) error {
		clinics = clinics[:0]
		for _, f := range facts {
			if f.Clinic.Provider != "" {
				clinics = append(clinics, f.Clinic)
			}
		}
		rows := Judge(r.AsOf, c.HomeState, &facts[0].Person, clinics)
		slices.SortFunc(rows[1:], func(a, b table.PatientStatus) int { return cmp.Compare(a.Provider, b.Provider) })
		for i := range rows {
			if err := w.Append(&rows[i]); err != nil {
				return err
			}
		}
		return nil
	})
}
