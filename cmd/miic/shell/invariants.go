package shell

import (
	"embed"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports"
	"miic/reports/privacy"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

var queries = engine.LoadQueries(sqlFiles)

// invariants are what must hold on a finished night; one broken fails it.
func invariants(c reports.Config) []pipeline.Invariant {
	return append(conservation(), reports.Invariants(c)...)
}

// conservation states that nothing delivered is lost between the stages.
func conservation() []pipeline.Invariant {
	var list []pipeline.Invariant
	for _, x := range []struct {
		name, query string
		of          []*table.Table // what a night may have changed, so that it is enough to look at that
	}{
		{"a client id is not given twice", "invariant_client", nil},
		{"an event is one dose", "invariant_event", []*table.Table{table.ImmunizationSources}},
		{"every dose belongs to a person", "invariant_dose", nil},
		{"every dose source names a dose", "invariant_source", []*table.Table{table.Immunizations, table.ImmunizationSources}},
		{"every forecast is about a person", "invariant_forecast", nil},
		{"every link names a person", "invariant_link", nil},
		{privacy.Live, "invariant_live_record", []*table.Table{table.StandardRecords, table.ClientLinks}},
		{privacy.Kept, "invariant_restriction", nil},
		{"units read = accepted + rejected + held", "invariant_units", nil},
	} {
		inv := pipeline.Invariant{Name: x.name, SQL: queries.Get(x.query), Of: x.of}
		if x.of != nil {
			inv.Changes = queries.Get(x.query + "_changed")
		}
		list = append(list, inv)
	}
	return append(list, pipeline.Invariant{Name: "no antigen of a report is lost", Check: antigensKept})
}
