package linkage

import (
	"context"

	"miic/internal/engine"
	"miic/internal/table"
	"miic/linkage/cluster"
	"miic/linkage/match"
	"miic/linkage/standard"
)

// FromFiles links the client records of a first night from nothing, with the model estimated from them
// first, as cluster.Batch does with records in memory. files lists those of a table: client_record, vaccination_event
// and batch are read, each key once. It is how a whole state is measured.
func FromFiles(ctx context.Context, e *engine.Engine, files func(table string) []string, model *match.Model,
	done func(step string)) (*cluster.Result, error) {
	for name, t := range map[string]*table.Table{
		"newest_record": table.ClientRecords, "client_record": table.ClientRecords,
		"newest_event": table.VaccinationEvents, "batch": table.Batches,
	} {
		if err := e.View(ctx, name, t, files(t.Name)); err != nil {
			return nil, err
		}
	}
	for _, name := range []string{"batch_kind", "record_doses"} {
		if err := e.Materialize(ctx, name, queries.Get(name)); err != nil {
			return nil, err
		}
	}
	n, err := e.Int(ctx, "SELECT count(*) FROM newest_record")
	if err != nil {
		return nil, err
	}
	m := match.New(model)
	m.Population = DefaultPopulation
	if err := m.Load(int(n), func(yield func(*table.StandardRecord) error) error {
		return standard.Stream(ctx, model.Keys(), func(yield func(*standard.Source) error) error {
			return engine.Stream(ctx, e, queries.Get("source_record"), yield)
		}, yield)
	}); err != nil {
		return nil, err
	}
	return cluster.LinkLoaded(ctx, m, true, done)
}
