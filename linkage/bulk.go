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

// keyRow is what the engine must know of a record of a batch: what it blocks on, and what may be a default value.
type keyRow struct {
	RID         int32  `col:"rid"`
	RecordID    string `col:"record_id"`
	ContentHash string `col:"content_hash"`
	SenderKind  string `col:"sender_kind"`
	First       string `col:"first,null"`
	FirstCode   string `col:"first_code,null"`
	Last        string `col:"last,null"`
	LastCode    string `col:"last_code,null"`
	BirthISO    string `col:"birth_iso,null"`
	BirthOrder  int32  `col:"birth_order,null"`
	Multiple    string `col:"multiple,null"`
	BirthCert   string `col:"birth_cert,null"`
	Street      string `col:"street,null"`
	City        string `col:"city,null"`
	ZIP         string `col:"zip,null"`
	Phone       string `col:"phone,null"`
	Email       string `col:"email,null"`
	SSN         string `col:"ssn,null"`
	MedicaidID  string `col:"medicaid_id,null"`
	Key00       int64  `col:"key_00,null"`
	Key01       int64  `col:"key_01,null"`
	Key02       int64  `col:"key_02,null"`
	Key03       int64  `col:"key_03,null"`
	Key04       int64  `col:"key_04,null"`
	Key05       int64  `col:"key_05,null"`
	Key06       int64  `col:"key_06,null"`
	Key07       int64  `col:"key_07,null"`
	Key08       int64  `col:"key_08,null"`
	Key09       int64  `col:"key_09,null"`
	Key10       int64  `col:"key_10,null"`
	Key11       int64  `col:"key_11,null"`
	Key12       int64  `col:"key_12,null"`
	Key13       int64  `col:"key_13,null"`
	Key14       int64  `col:"key_14,null"`
	Key15       int64  `col:"key_15,null"`
	Key16       int64  `col:"key_16,null"`
	Key17       int64  `col:"key_17,null"`
	Key18       int64  `col:"key_18,null"`
	Key19       int64  `col:"key_19,null"`
	Key20       int64  `col:"key_20,null"`
	Key21       int64  `col:"key_21,null"`
	Key22       int64  `col:"key_22,null"`
	Key23       int64  `col:"key_23,null"`
}

func keysOf(rid int32, r *table.StandardRecord) keyRow {
	return keyRow{RID: rid, RecordID: r.RecordID, ContentHash: r.ContentHash, SenderKind: r.SenderKind, First: r.First, FirstCode: r.FirstCode, Last: r.Last, LastCode: r.LastCode,
		BirthISO: r.BirthISO, BirthOrder: r.BirthOrder, Multiple: r.Multiple, BirthCert: r.BirthCert, Street: r.Street, City: r.City, ZIP: r.ZIP, Phone: r.Phone,
		Email: r.Email, SSN: r.SSN, MedicaidID: r.MedicaidID,
		Key00: r.Key00, Key01: r.Key01, Key02: r.Key02, Key03: r.Key03, Key04: r.Key04, Key05: r.Key05, Key06: r.Key06, Key07: r.Key07,
		Key08: r.Key08, Key09: r.Key09, Key10: r.Key10, Key11: r.Key11, Key12: r.Key12, Key13: r.Key13, Key14: r.Key14, Key15: r.Key15,
		Key16: r.Key16, Key17: r.Key17, Key18: r.Key18, Key19: r.Key19, Key20: r.Key20, Key21: r.Key21, Key22: r.Key22, Key23: r.Key23}
}

// load makes standard_now of records that are all dirty, and codes them. They must come in the order of
// their ids; those that were withdrawn are left out. n is how many there are at most.
func (m *matcher) load(ctx context.Context, n int, each func(func(*table.StandardRecord) error) error) error {
	m.forms = newForms(n)
	keys := make([]keyRow, 0, bulkChunk)
	made := false
	flush := func() error {
		if err := engine.Load(ctx, m.e, "standard_chunk", keys); err != nil {
			return err
		}
		keys = keys[:0]
		if made {
			return m.e.Exec(ctx, "INSERT INTO standard_loaded SELECT * FROM standard_chunk")
		}
		made = true
		return m.e.Materialize(ctx, "standard_loaded", "SELECT * FROM standard_chunk")
	}
	rid := int32(0)
	err := each(func(r *table.StandardRecord) error {
		if r.Withdrawn {
			return nil
		}
		rid++
		m.forms.add(&formRow{RID: rid, First: r.First, Middle: r.Middle, Last: r.Last, Last1: r.Last1, Last2: r.Last2, AliasFirst: r.AliasFirst, AliasLast: r.AliasLast,
			Suffix: r.Suffix, MotherFirst: r.MotherFirst, MotherMaiden: r.MotherMaiden, GuardianFirst: r.GuardianFirst, GuardianLast: r.GuardianLast,
			BirthISO: r.BirthISO, BirthOrder: r.BirthOrder, Multiple: r.Multiple, Sex: r.Sex, Street: r.Street, City: r.City, ZIP: r.ZIP, Phone: r.Phone,
			Phone2: r.Phone2, Email: r.Email, SSN: r.SSN, MedicaidID: r.MedicaidID, Chart: r.Chart, BirthCert: r.BirthCert, Sender: r.Sender, Doses: r.Doses})
		if keys = append(keys, keysOf(rid, r)); len(keys) == bulkChunk {
			return flush()
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := flush(); err != nil {
		return err
	}
	return m.e.Exec(ctx, "CREATE OR REPLACE TEMP VIEW standard_now AS SELECT *, false AS withdrawn, true AS dirty FROM standard_loaded")
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
	m := &matcher{e: e, model: model.clone()}
	if err := m.load(ctx, int(n), func(yield func(*table.StandardRecord) error) error {
		return standardiseAll(m.model, func(yield func(*sourceRow) error) error {
			return engine.Stream(ctx, e, query("source_record"), yield)
		}, yield)
	}); err != nil {
		return nil, err
	}
	return m.batch(ctx, true, done)
}

// loadAll loads records that lie in memory.
func (m *matcher) loadAll(ctx context.Context, records []table.StandardRecord) error {
	order := make([]*table.StandardRecord, len(records))
	for i := range records {
		order[i] = &records[i]
	}
	slices.SortFunc(order, func(a, b *table.StandardRecord) int { return strings.Compare(a.RecordID, b.RecordID) })
	return m.load(ctx, len(records), func(yield func(*table.StandardRecord) error) error {
		for _, r := range order {
			if err := yield(r); err != nil {
				return err
			}
		}
		return nil
	})
}
