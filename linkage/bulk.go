package linkage

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"miic/internal/engine"
	"miic/internal/table"
)

// bulkChunk is how many records are standardised side by side, and handed to the engine at once.
const bulkChunk = 1 << 14

// standardiseAll writes the rows that source gives in linkage form, on all cores, and hands them on in
// their order. Reading a chunk, writing the one before in linkage form, and handing on the one before
// that go side by side.
func standardiseAll(model *Model, source func(func(*sourceRow) error) error, sink func(*table.StandardRecord) error) error {
	group, ctx := errgroup.WithContext(context.Background())
	read := make(chan []sourceRow)
	written := make(chan []table.StandardRecord)
	group.Go(func() error {
		defer close(read)
		rows := make([]sourceRow, 0, bulkChunk)
		send := func() error {
			if err := pass(ctx, read, rows); err != nil {
				return err
			}
			rows = make([]sourceRow, 0, bulkChunk)
			return nil
		}
		if err := source(func(r *sourceRow) error {
			if rows = append(rows, *r); len(rows) == bulkChunk {
				return send()
			}
			return nil
		}); err != nil {
			return err
		}
		return send()
	})
	group.Go(func() error {
		defer close(written)
		workers := make([]*Standardiser, runtime.GOMAXPROCS(0))
		for i := range workers {
			workers[i] = NewStandardiser(model)
		}
		for rows := range read {
			out := make([]table.StandardRecord, len(rows))
			var wg sync.WaitGroup
			part := (len(rows) + len(workers) - 1) / len(workers)
			for w, standard := range workers {
				wg.Go(func() {
					for i := w * part; i < min((w+1)*part, len(rows)); i++ {
						out[i] = standard.Standardise(rows[i].record(), rows[i].SenderKind, rows[i].Doses)
					}
				})
			}
			wg.Wait()
			if err := pass(ctx, written, out); err != nil {
				return err
			}
		}
		return nil
	})
	group.Go(func() error {
		for rows := range written {
			for i := range rows {
				if err := sink(&rows[i]); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return group.Wait()
}

// pass sends a value unless the others have given up.
func pass[T any](ctx context.Context, to chan<- T, value T) error {
	select {
	case to <- value:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// load codes records that are all dirty. They must come in the order of their ids; those that were
// withdrawn are left out. n is how many there are at most.
func (m *matcher) load(n int, each func(func(*table.StandardRecord) error) error) error {
	m.index, m.forms = newIndex(len(m.model.Rules), n), newForms(n)
	m.ids = make([]string, 0, n)
	if err := each(func(r *table.StandardRecord) error {
		if r.Withdrawn {
			return nil
		}
		m.ids = append(m.ids, r.RecordID)
		m.index.add(&indexRow{Street: r.Street, ZIP: r.ZIP, Phone: r.Phone, Email: r.Email, SSN: r.SSN, MedicaidID: r.MedicaidID, RuleKeys: r.RuleKeys})
		m.forms.add(int32(len(m.ids)), r)
		return nil
	}); err != nil {
		return err
	}
	m.ready()
	for rid := range m.records {
		m.forms.drop(int32(rid+1), &m.stop)
	}
	return nil
}

// FromFiles links the client records of a first night from nothing, with the model estimated from them
// first, as Batch does with records in memory. files lists those of a table: client_record, vaccination_event
// and batch are read, each key once. It is how a whole state is measured.
func FromFiles(ctx context.Context, e *engine.Engine, files func(table string) []string, model *Model, done func(step string)) (*Result, error) {
	for name, t := range map[string]*table.Table{"newest_record": table.ClientRecords, "newest_event": table.VaccinationEvents, "batch": table.Batches} {
		if err := e.View(ctx, name, t, files(t.Name)); err != nil {
			return nil, err
		}
	}
	for _, name := range []string{"batch_kind", "record_doses"} {
		if err := e.Materialize(ctx, name, query(name)); err != nil {
			return nil, err
		}
	}
	n, err := e.Int(ctx, "SELECT count(*) FROM newest_record")
	if err != nil {
		return nil, err
	}
	m := &matcher{model: model.clone()}
	if err := m.load(int(n), func(yield func(*table.StandardRecord) error) error {
		return standardiseAll(m.model, func(yield func(*sourceRow) error) error {
			return engine.Stream(ctx, e, query("source_record"), yield)
		}, yield)
	}); err != nil {
		return nil, err
	}
	return m.batch(ctx, true, done)
}

// loadAll loads records that lie in memory.
func (m *matcher) loadAll(records []table.StandardRecord) error {
	order := make([]*table.StandardRecord, len(records))
	for i := range records {
		order[i] = &records[i]
	}
	slices.SortFunc(order, func(a, b *table.StandardRecord) int { return strings.Compare(a.RecordID, b.RecordID) })
	return m.load(len(records), func(yield func(*table.StandardRecord) error) error {
		for _, r := range order {
			if err := yield(r); err != nil {
				return err
			}
		}
		return nil
	})
}
