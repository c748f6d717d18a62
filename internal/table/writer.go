package table

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"reflect"
	"strconv"
	"strings"
	"unsafe"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// SchemaVersion is the key under which a file's metadata has the version of its table's schema.
const SchemaVersion = "miic.schema_version"

// TableName is the key under which a file's metadata names its table.
const TableName = "miic.table"

// Meta returns the key-value metadata that every file of the table carries.
func (t *Table) Meta() map[string]string {
	meta := map[string]string{TableName: t.Name, SchemaVersion: strconv.Itoa(t.Version)}
	maps.Copy(meta, t.Metadata)
	return meta
}

const flushRows = 65536

// A Writer writes rows of T as one Parquet file. It does not sync: sealing does.
type Writer[T any] struct {
	table   *Table
	build   *builder
	file    *os.File
	out     *pqarrow.FileWriter // made with the first batch
	scratch bool
	Rows    int64
}

// NewWriter creates the file path, which must not exist, for rows of table t.
func NewWriter[T any](t *Table, path string) (*Writer[T], error) {
	return newWriter[T](t, path)
}

// NewScratchWriter is NewWriter for files that are read once and thrown away: larger, and written faster.
func NewScratchWriter[T any](t *Table, path string) (*Writer[T], error) {
	w, err := newWriter[T](t, path)
	if err == nil {
		w.scratch = true
		w.build.withWords()
	}
	return w, err
}

func newWriter[T any](t *Table, path string) (*Writer[T], error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	return &Writer[T]{table: t, file: f, build: newBuilder(codecOf(reflect.TypeFor[T]()))}, nil
}

// begin begins the file, once it is known what the columns are like.
func (w *Writer[T]) begin() error {
	schema := w.build.schema()
	more := pqarrow.NewArrowWriterProperties(pqarrow.WithStoreSchema())
	props := w.properties()
	if w.scratch {
		more, props = pqarrow.NewArrowWriterProperties(), w.scratchProperties(schema)
	}
	meta := arrow.MetadataFrom(w.table.Meta())
	schema = arrow.NewSchema(schema.Fields(), &meta)
	var err error
	if w.out, err = pqarrow.NewFileWriter(schema, w.file, parquet.NewWriterProperties(props...), more); err != nil {
		return err
	}
	for i, k := range meta.Keys() { // in one order: the same rows must have the same bytes
		if err := w.out.AppendKeyValueMetadata(k, meta.Values()[i]); err != nil {
			return err
		}
	}
	return nil
}

func (w *Writer[T]) properties() []parquet.WriterProperty {
	props := []parquet.WriterProperty{
		parquet.WithCompression(compress.Codecs.Zstd),
		parquet.WithMaxRowGroupLength(int64(cmp.Or(w.table.RowGroup(), 1<<18))),
	}
	for _, f := range w.build.codec.fields {
		// An id has too many values for a dictionary; a writer that gives one up midway writes its
		// footer in an order of chance, and the same rows must have the same bytes.
		if f.kind == kindText && (strings.HasSuffix(f.name, "_id") || strings.Contains(f.name, "hash")) {
			props = append(props, parquet.WithDictionaryFor(f.name, false))
		}
	}
	return props
}

// scratchProperties: a batch is a row group, which is held in memory until it is whole, and a column of it one page.
func (w *Writer[T]) scratchProperties(schema *arrow.Schema) []parquet.WriterProperty {
	props := []parquet.WriterProperty{
		parquet.WithCompression(compress.Codecs.Uncompressed),
		parquet.WithStats(false),
		parquet.WithDictionaryDefault(false),
		parquet.WithDictionaryPageSizeLimit(
			math.MaxInt32,
		),
		parquet.WithMaxRowGroupLength(flushRows),
		parquet.WithBatchSize(flushRows),
	}
	for _, f := range schema.Fields() {
		if f.Type == arrow.DataType(wordsType) {
			props = append(props, parquet.WithDictionaryFor(f.Name, true))
		}
	}
	return props
}

// Append adds one row.
func (w *Writer[T]) Append(row *T) error { return w.AppendAll(unsafe.Slice(row, 1)) }

// AppendAll adds rows: several at once cost less than one by one.
func (w *Writer[T]) AppendAll(rows []T) error {
	for len(rows) > 0 {
		n := min(len(rows), flushRows-w.build.rows)
		if err := w.build.append(unsafe.Pointer(&rows[0]), n, unsafe.Sizeof(rows[0])); err != nil {
			return fmt.Errorf("table %s: %w", w.table.Name, err)
		}
		rows = rows[n:]
		w.Rows += int64(n)
		if w.build.rows >= flushRows {
			if err := w.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *Writer[T]) flush() error {
	if w.build.rows == 0 {
		return nil
	}
	if w.out == nil {
		if err := w.begin(); err != nil {
			return err
		}
	}
	rec := w.build.batch()
	defer rec.Release()
	defer w.build.reset() // the Parquet writer has copied the values
	if w.scratch {
		return w.out.Write(rec)
	}
	return w.out.WriteBuffered(rec)
}

// Close writes what is held and the footer.
func (w *Writer[T]) Close() error {
	err := w.flush()
	if err == nil && w.out == nil { // no rows
		err = w.begin()
	}
	if err != nil && w.out == nil {
		w.file.Close()
		return err
	}
	// pqarrow closes the file with the footer; closing again only reports that it is closed.
	if cerr := w.out.Close(); err == nil {
		err = cerr
	}
	if cerr := w.file.Close(); err == nil && cerr != nil && !errors.Is(cerr, os.ErrClosed) {
		err = cerr
	}
	return err
}
