package table

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"reflect"
	"strconv"
	"strings"
	"unsafe"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// A field ties a struct field to a column. Rows are read and written through its offset, so that
// a row costs no reflection and no allocation but its strings.
type field struct {
	name   string
	doc    string
	null   bool
	kind   fieldKind
	offset uintptr
}

type fieldKind int

const (
	kindText fieldKind = iota
	kindBool
	kindInt16
	kindInt32
	kindInt64
	kindFloat
	kindDate
	kindTime
)

var (
	sqlTypes   = [...]string{"VARCHAR", "BOOLEAN", "SMALLINT", "INTEGER", "BIGINT", "DOUBLE", "DATE", "TIMESTAMP"}
	arrowTypes = [...]arrow.DataType{arrow.BinaryTypes.String, arrow.FixedWidthTypes.Boolean, arrow.PrimitiveTypes.Int16,
		arrow.PrimitiveTypes.Int32, arrow.PrimitiveTypes.Int64, arrow.PrimitiveTypes.Float64, arrow.FixedWidthTypes.Date32,
		&arrow.TimestampType{Unit: arrow.Microsecond}}
)

func (f field) sql() string { return sqlTypes[f.kind] }

type codec struct {
	fields []field
	schema *arrow.Schema
}

// codecOf reads the tags of a struct type: `col:"name,null" doc:"meaning"`. The columns of an embedded
// struct stand where it stands.
func codecOf(t reflect.Type) *codec {
	c := &codec{}
	c.add(t, 0)
	list := make([]arrow.Field, len(c.fields))
	for i, f := range c.fields {
		list[i] = arrow.Field{Name: f.name, Type: arrowTypes[f.kind], Nullable: f.null}
	}
	c.schema = arrow.NewSchema(list, nil)
	return c
}

func (c *codec) add(t reflect.Type, base uintptr) {
	for i := range t.NumField() {
		sf := t.Field(i)
		if sf.Anonymous {
			c.add(sf.Type, base+sf.Offset)
			continue
		}
		tag, ok := sf.Tag.Lookup("col")
		if !ok {
			continue
		}
		f := field{doc: sf.Tag.Get("doc"), offset: base + sf.Offset}
		f.name, _, f.null = strings.Cut(tag, ",null")
		switch {
		case sf.Type == reflect.TypeFor[Date]():
			f.kind, f.null = kindDate, true
		case sf.Type == reflect.TypeFor[Time]():
			f.kind, f.null = kindTime, true
		case sf.Type.Kind() == reflect.String:
			f.kind = kindText
		case sf.Type.Kind() == reflect.Bool:
			f.kind = kindBool
		case sf.Type.Kind() == reflect.Int16:
			f.kind = kindInt16
		case sf.Type.Kind() == reflect.Int32:
			f.kind = kindInt32
		case sf.Type.Kind() == reflect.Int64:
			f.kind = kindInt64
		case sf.Type.Kind() == reflect.Float64:
			f.kind = kindFloat
		default:
			panic(fmt.Sprintf("table: field %s.%s has a type no column has", t, sf.Name))
		}
		c.fields = append(c.fields, f)
	}
}

// Records returns rows as one Arrow record batch of T's columns. The caller releases it.
func Records[T any](rows []T) (arrow.RecordBatch, error) {
	b := newBuilder(codecOf(reflect.TypeFor[T]()))
	if err := b.append(unsafe.Pointer(unsafe.SliceData(rows)), len(rows), unsafe.Sizeof(*new(T))); err != nil {
		return nil, err
	}
	return b.batch(), nil
}

// SchemaVersion is the key under which a file's metadata tells the version of its table's schema.
const SchemaVersion = "miic.schema_version"

// Meta returns the key-value metadata that every file of the table carries.
func (t *Table) Meta() map[string]string {
	return map[string]string{"miic.table": t.Name, SchemaVersion: strconv.Itoa(t.Version)}
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
	props := []parquet.WriterProperty{parquet.WithCompression(compress.Codecs.Zstd), parquet.WithMaxRowGroupLength(int64(cmp.Or(w.table.RowGroup(), 1<<18)))}
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
	props := []parquet.WriterProperty{parquet.WithCompression(compress.Codecs.Uncompressed), parquet.WithStats(false), parquet.WithDictionaryDefault(false),
		parquet.WithDictionaryPageSizeLimit(math.MaxInt32), parquet.WithMaxRowGroupLength(flushRows), parquet.WithBatchSize(flushRows)}
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

// Scan reads the columns that T names from Parquet files, in the order of the files and of the rows
// in them, and calls fn for each row. The row is reused: copy it to keep it (its strings may be kept).
func Scan[T any](paths []string, fn func(row *T) error) error {
	c := codecOf(reflect.TypeFor[T]())
	for _, path := range paths {
		if err := scanFile(c, path, fn); err != nil {
			return fmt.Errorf("read %s: %w", path, err)
		}
	}
	return nil
}

// ReadAll returns the rows of Parquet files as a slice: for tables that are small by nature.
func ReadAll[T any](paths []string) ([]T, error) {
	var rows []T
	err := Scan(paths, func(row *T) error { rows = append(rows, *row); return nil })
	return rows, err
}

func scanFile[T any](c *codec, path string, fn func(row *T) error) error {
	return readFile(c, path, func(rec arrow.RecordBatch) error { return scanBatch(c, rec, fn) })
}

// readFile calls fn for each batch of the columns of a file. A batch lives until fn returns, or is retained.
func readFile(c *codec, path string, fn func(arrow.RecordBatch) error) error {
	rdr, err := file.OpenParquetFile(path, false)
	if err != nil {
		return err
	}
	defer rdr.Close()
	fr, err := pqarrow.NewFileReader(rdr, pqarrow.ArrowReadProperties{BatchSize: flushRows, Parallel: true}, memory.DefaultAllocator)
	if err != nil {
		return err
	}
	cols, err := columnsOf(c, rdr)
	if err != nil {
		return err
	}
	rr, err := fr.GetRecordReader(context.Background(), cols, nil)
	if err != nil {
		return err
	}
	defer rr.Release()
	for {
		rec, err := rr.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := fn(rec); err != nil {
			return err
		}
	}
}

// columnsOf gives the places of the columns in a file.
func columnsOf(c *codec, rdr *file.Reader) ([]int, error) {
	cols := make([]int, len(c.fields))
	for i, f := range c.fields {
		if cols[i] = rdr.MetaData().Schema.ColumnIndexByName(f.name); cols[i] < 0 {
			return nil, fmt.Errorf("no column %s", f.name)
		}
	}
	return cols, nil
}

// ScanBatch calls fn for each row of an Arrow record batch that has T's columns.
func ScanBatch[T any](rec arrow.RecordBatch, fn func(row *T) error) error {
	return scanBatch(codecOf(reflect.TypeFor[T]()), rec, fn)
}

func scanBatch[T any](c *codec, rec arrow.RecordBatch, fn func(row *T) error) error {
	cols, err := c.columns(rec)
	if err != nil {
		return err
	}
	var row, none T
	for r := range int(rec.NumRows()) {
		row = none
		c.read(cols, r, unsafe.Pointer(&row), true)
		if err := fn(&row); err != nil {
			return err
		}
	}
	return nil
}

// columns finds the columns in a batch.
func (c *codec) columns(rec arrow.RecordBatch) ([]arrow.Array, error) {
	cols := make([]arrow.Array, len(c.fields))
	for i, f := range c.fields {
		at := rec.Schema().FieldIndices(f.name)
		if len(at) == 0 {
			return nil, fmt.Errorf("no column %s", f.name)
		}
		cols[i] = rec.Column(at[0])
		if !arrow.TypeEqual(cols[i].DataType(), arrowTypes[f.kind]) && f.kind != kindTime {
			return nil, fmt.Errorf("column %s is %s, want %s", f.name, cols[i].DataType(), arrowTypes[f.kind])
		}
	}
	return cols, nil
}

// read fills in the fields of an empty row from row r of the columns. Unless they are copied, its texts lie in the batch.
func (c *codec) read(cols []arrow.Array, r int, base unsafe.Pointer, copied bool) {
	for i := range c.fields {
		if cols[i].IsNull(r) {
			if c.fields[i].kind == kindFloat {
				*(*float64)(unsafe.Add(base, c.fields[i].offset)) = math.NaN()
			}
			continue
		}
		p := unsafe.Add(base, c.fields[i].offset)
		switch col := cols[i].(type) {
		case *array.String:
			text := col.Value(r)
			if copied {
				text = strings.Clone(text)
			}
			*(*string)(p) = text
		case *array.Boolean:
			*(*bool)(p) = col.Value(r)
		case *array.Int16:
			*(*int16)(p) = col.Value(r)
		case *array.Int32:
			*(*int32)(p) = col.Value(r)
		case *array.Int64:
			*(*int64)(p) = col.Value(r)
		case *array.Float64:
			*(*float64)(p) = col.Value(r)
		case *array.Date32:
			*(*Date)(p) = FromUnixDay(int32(col.Value(r)))
		case *array.Timestamp:
			*(*Time)(p) = Time(col.Value(r))
		}
	}
}
