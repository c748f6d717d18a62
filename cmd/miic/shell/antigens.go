package shell

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/linkage/dedupe"
)

// namedAntigen is what a code protects against.
type namedAntigen struct {
	CVX     int16  `col:"cvx"`
	Antigen string `col:"antigen"`
}

// antigensKept states that no antigen is lost where reports are put together: the real dose of each set of reports has
// every antigen that one of them names. On a night that changed some people's doses those are looked at.
func antigensKept(ctx context.Context, r *pipeline.Run) error {
	sources := "audited_source_changed"
	for _, t := range []*table.Table{table.Immunizations, table.ImmunizationSources} {
		owners, ok := r.Changed(t)
		if !ok {
			sources = "audited_source"
			break
		}
		if err := r.Engine.Materialize(ctx, "changed_"+t.Name, owners); err != nil {
			return err
		}
	}
	return lostAntigens(ctx, r.Engine, sources)
}

// lostAntigens fails when a report that the query selects names an antigen that its real dose lacks.
func lostAntigens(ctx context.Context, e *engine.Engine, sources string) error {
	var names []namedAntigen
	dedupe.EachAntigen(func(cvx int16, antigen string) { names = append(names, namedAntigen{cvx, antigen}) })
	slices.SortFunc(names, func(a, b namedAntigen) int {
		return cmp.Or(cmp.Compare(a.CVX, b.CVX), cmp.Compare(a.Antigen, b.Antigen))
	})
	if err := engine.Load(ctx, e, "named_antigen", names); err != nil {
		return err
	}
	if err := e.Materialize(ctx, "audited_source", queries.Get(sources)); err != nil {
		return err
	}
	if err := e.Materialize(ctx, "audited_event", queries.Get("audited_event")); err != nil {
		return err
	}
	if err := e.Latest(ctx, "audited_report", table.VaccinationEvents, "audited_event"); err != nil {
		return err
	}
	n, err := e.Int(ctx, "SELECT count(*) FROM ("+queries.Get("invariant_antigen")+") AS breaches")
	if err == nil && n > 0 {
		err = fmt.Errorf("broken by %d antigens of reports", n)
	}
	return err
}
