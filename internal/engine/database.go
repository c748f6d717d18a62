package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"
	"unsafe"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/cdata"
	"github.com/duckdb/duckdb-go/v2/arrowmapping"
	"github.com/duckdb/duckdb-go/v2/mapping"

	"miic/internal/parallel"
)

// A database is DuckDB in memory and the one connection to it, which has its own temporary tables and views. It is used
// through DuckDB's C interface: the driver for database/sql prepares each statement, and DuckDB plans a prepared
// statement that reads Parquet files a second time before it runs.
type database struct {
	db   mapping.Database
	conn mapping.Connection
	open bool // conn is
}

// startDatabase starts DuckDB and locks its configuration.
func startDatabase(ctx context.Context, o Options) (*database, error) {
	var config mapping.Config
	if mapping.CreateConfig(&config) == mapping.StateError {
		return nil, errors.New("engine: DuckDB makes no configuration")
	}
	defer mapping.DestroyConfig(&config)
	for _, s := range [][2]string{
		{"autoinstall_known_extensions", "false"},
		{"autoload_known_extensions", "false"},
		{"memory_limit", fmt.Sprintf("%dMiB", o.MemoryMiB)},
		{"threads", fmt.Sprint(parallel.Workers())},
		{"temp_directory", o.Temp},
		{"preserve_insertion_order", "false"},
		{"enable_external_file_cache", "false"}, // a scratch file may be written again under its old name
	} {
		if mapping.SetConfig(config, s[0], s[1]) == mapping.StateError {
			return nil, fmt.Errorf("engine: DuckDB does not know the setting %s", s[0])
		}
	}
	d := new(database)
	var message string
	if mapping.OpenExt("", &d.db, config, &message) == mapping.StateError {
		return nil, fmt.Errorf("engine: %w", clean(errors.New(message)))
	}
	err := d.connect()
	if err == nil {
		err = d.run(ctx, strings.Join(prelude, "; "), nil)
	}
	if err != nil {
		d.close()
		return nil, err
	}
	return d, nil
}

// prelude is run once: settings that DuckDB knows only when it runs, and what differs between SQL engines, under one
// name each.
var prelude = []string{
	"SET GLOBAL parquet_metadata_cache = true", // a footer is parsed once; a file of the last ten seconds is not cached
	"SET GLOBAL TimeZone = 'UTC'",
	"CREATE MACRO days_between(a, b) AS date_diff('day', a, b)",
	"CREATE MACRO add_months(d, n) AS CAST(d + to_months(CAST(n AS INTEGER)) AS DATE)",
	"CREATE MACRO add_days(d, n) AS d + CAST(n AS INTEGER)",
	"CREATE MACRO completed_months(a, b) AS date_diff('month', a, b) - CASE WHEN day(b) < day(a) THEN 1 ELSE 0 END",
	// A period of n months is cut on the day of the month of as_of, its last day being as_of n, 2n... months before.
	// A shorter month ends on its last day, after which it has no day.
	"CREATE MACRO periods_ago(d, as_of, n) AS CAST(floor((date_diff('month', d, as_of)" +
		" - CASE WHEN day(d) > day(as_of) THEN 1 ELSE 0 END) / (1.0 * n)) AS INTEGER)",
	"CREATE MACRO period_start(d, as_of, n) AS add_days(add_months(as_of, -n * (1 + periods_ago(d, as_of, n))), 1)",
	"CREATE MACRO join_days(d) AS array_to_string(CAST(list_sort(list_distinct(list(d))) AS VARCHAR[]), '|')",
	"SET lock_configuration = true",
}

func (d *database) connect() error {
	if mapping.Connect(d.db, &d.conn) == mapping.StateError {
		return errors.New("engine: DuckDB gives no connection")
	}
	d.open = true
	return nil
}

// disconnect ends the connection; its temporary tables and views go with it.
func (d *database) disconnect() {
	if d.open {
		mapping.Disconnect(&d.conn)
		d.open = false
	}
}

func (d *database) close() {
	d.disconnect()
	mapping.Close(&d.db)
}

// interruptEvery is how often a statement is told to stop: DuckDB forgets it where it just begins one.
const interruptEvery = 10 * time.Millisecond

// run runs statements, separated by semicolons, and hands over the result of the last one.
func (d *database) run(ctx context.Context, statements string, use func(*mapping.Result) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	done, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		select {
		case <-done:
			return
		case <-ctx.Done():
		}
		for {
			mapping.Interrupt(d.conn)
			select {
			case <-done:
				return
			default:
				time.Sleep(interruptEvery)
			}
		}
	}()
	var result mapping.Result
	state := mapping.Query(d.conn, statements, &result)
	close(done)
	<-stopped // an interrupt must not hit the next statement
	defer mapping.DestroyResult(&result)
	if state == mapping.StateError {
		return cmp.Or(ctx.Err(), clean(errors.New(mapping.ResultError(&result))))
	}
	if use == nil {
		return nil
	}
	return use(&result)
}

// batches runs statements and calls fn for each batch of the rows that the last one gives.
func (d *database) batches(ctx context.Context, statements string, fn func(arrow.RecordBatch) error) error {
	return d.run(ctx, statements, func(result *mapping.Result) error {
		options := arrowmapping.ResultGetArrowOptions(result)
		defer arrowmapping.DestroyArrowOptions(&options)
		schema, err := schemaOf(result, options)
		if err != nil {
			return err
		}
		for {
			chunk := mapping.FetchChunk(*result)
			if chunk.Ptr == nil {
				return nil
			}
			batch, failed := arrowmapping.DataChunkToArrowArray(options, schema, chunk)
			mapping.DestroyDataChunk(&chunk)
			if err := asError(failed); err != nil {
				return err
			}
			err := fn(batch)
			batch.Release()
			if err != nil {
				return err
			}
		}
	})
}

// schemaOf is the Arrow schema of a result.
func schemaOf(result *mapping.Result, options arrowmapping.ArrowOptions) (*arrow.Schema, error) {
	n := mapping.ColumnCount(result)
	names, types := make([]string, n), make([]mapping.LogicalType, n)
	for i := range n {
		names[i], types[i] = mapping.ColumnName(result, i), mapping.ColumnLogicalType(result, i)
		defer mapping.DestroyLogicalType(&types[i])
	}
	schema, failed := arrowmapping.NewArrowSchema(options, types, names)
	return schema, asError(failed)
}

// lend makes a batch of rows known under a name while fn runs.
func (d *database) lend(name string, batch arrow.RecordBatch, fn func() error) error {
	reader, err := array.NewRecordReader(batch.Schema(), []arrow.RecordBatch{batch})
	if err != nil {
		return err
	}
	defer reader.Release()
	stream := new(cdata.CArrowArrayStream)
	var pin runtime.Pinner
	pin.Pin(stream)
	defer pin.Unpin()
	cdata.ExportRecordReader(reader, stream)
	defer cdata.ReleaseCArrowArrayStream(stream)
	if arrowmapping.ArrowScan(d.conn, name, arrowmapping.ArrowStream{Ptr: unsafe.Pointer(stream)}) == mapping.StateError {
		return fmt.Errorf("DuckDB does not take the rows of %s", name)
	}
	return fn()
}

func asError(failed mapping.ErrorData) error {
	defer mapping.DestroyErrorData(&failed)
	if !mapping.ErrorDataHasError(failed) {
		return nil
	}
	return clean(errors.New(mapping.ErrorDataMessage(failed)))
}
