package table

import (
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"unsafe"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// Scan reads the columns that T names from the files of a table, in the order of the files and of the
// rows in them, without the rows that a later file replaces, and calls fn for each row. Files of
// earlier schema versions are read under today's columns. The row is reused: copy it to keep it (its
// strings may be kept).
func Scan[T any](paths []string, fn func(row *T) error) error {
	c := codecOf(reflect.TypeFor[T]())
	gone, err := replacedIn(paths)
	if err != nil {
		return err
	}
	for place, path := range paths {
		if IsKeys(path) {
			continue
		}
		err := readFile(c, path, gone.owner(), func(rec arrow.RecordBatch) error {
			return scanBatch(c, rec, gone.in(place, rec), fn)
		})
		if err != nil {
			return fmt.Errorf("read %s: %w", path, err)
		}
	}
	return nil
}

// ReadAll returns the rows of a table's files as a slice: for tables that are small by nature.
func ReadAll[T any](paths []string) ([]T, error) {
	var rows []T
	err := Scan(paths, func(row *T) error { rows = append(rows, *row); return nil })
	return rows, err
}

// ScanBatch calls fn for each row of an Arrow record batch that has T's columns.
func ScanBatch[T any](rec arrow.RecordBatch, fn func(row *T) error) error {
	return scanBatch(codecOf(reflect.TypeFor[T]()), rec, nil, fn)
}

// scanBatch calls fn for each row of a batch but those that are gone.
func scanBatch[T any](c *codec, rec arrow.RecordBatch, gone func(row int) bool, fn func(row *T) error) error {
	cols, err := c.columns(rec)
	if err != nil {
		return err
	}
	var row, none T
	for r := range int(rec.NumRows()) {
		if gone != nil && gone(r) {
			continue
		}
		row = none
		c.read(cols, r, unsafe.Pointer(&row), true)
		if err := fn(&row); err != nil {
			return err
		}
	}
	return nil
}

// readFile calls fn for each batch of a file: the columns of c, and one more if more names one. A batch
// lives until fn returns, or is retained.
func readFile(c *codec, path, more string, fn func(arrow.RecordBatch) error) error {
	rdr, err := file.OpenParquetFile(path, false)
	if err != nil {
		return err
	}
	defer rdr.Close()
	shape, err := shapeOf(c, rdr, more)
	if err != nil {
		return err
	}
	props := pqarrow.ArrowReadProperties{BatchSize: flushRows, Parallel: true}
	fr, err := pqarrow.NewFileReader(rdr, props, memory.DefaultAllocator)
	if err != nil {
		return err
	}
	rr, err := fr.GetRecordReader(context.Background(), shape.places, nil)
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
		if err := shape.today(rec, fn); err != nil {
			return err
		}
	}
}

// RowsIn returns the number of rows in a file, by its footer.
func RowsIn(path string) (int64, error) {
	rdr, err := file.OpenParquetFile(path, false)
	if err != nil {
		return 0, err
	}
	defer rdr.Close()
	return rdr.NumRows(), nil
}

// A shape is how columns of today are read from one file.
type shape struct {
	places []int    // in the file, of the columns that it has
	fields []field  // of today, in the order asked for
	from   []Source // for each of them
	older  bool     // some column is not in the file as it is today
}

// shapeOf finds the columns of c, and one more if more names one, in a file of whatever schema version.
func shapeOf(c *codec, rdr *file.Reader, more string) (*shape, error) {
	t, from, err := sourcesOf(rdr)
	if err != nil {
		return nil, err
	}
	s := &shape{fields: c.fields}
	if more != "" && !c.has(more) {
		f, ok := fieldOf(t, more)
		if !ok {
			return nil, fmt.Errorf("no column %s", more)
		}
		s.fields = append(s.fields[:len(s.fields):len(s.fields)], f)
	}
	for _, f := range s.fields {
		source, ok := from[f.name]
		if !ok {
			source = Source{Column: f.name, In: f.name, SQL: f.sql()}
		}
		s.from = append(s.from, source)
		s.older = s.older || source.In != f.name || source.SQL != f.sql()
		if source.In == "" {
			continue
		}
		place := rdr.MetaData().Schema.ColumnIndexByName(source.In)
		if place < 0 {
			return nil, fmt.Errorf("no column %s", source.In)
		}
		s.places = append(s.places, place)
	}
	return s, nil
}

// sourcesOf returns the table whose rows a file holds and, when its schema version is an earlier one,
// where today's columns come from. Files that are no table's have neither.
func sourcesOf(rdr *file.Reader) (*Table, map[string]Source, error) {
	kv := rdr.MetaData().KeyValueMetadata()
	name, version := kv.FindValue(TableName), kv.FindValue(SchemaVersion)
	if name == nil || version == nil || Get(*name) == nil {
		return nil, nil, nil
	}
	t := Get(*name)
	v, err := strconv.Atoi(*version)
	if err != nil || v == t.Version {
		return t, nil, err
	}
	list, err := t.At(v)
	if err != nil {
		return nil, nil, err
	}
	from := make(map[string]Source, len(list))
	for _, s := range list {
		from[s.Column] = s
	}
	return t, from, nil
}

// today calls fn with a batch under today's names, types and columns.
func (s *shape) today(rec arrow.RecordBatch, fn func(arrow.RecordBatch) error) error {
	if !s.older {
		return fn(rec)
	}
	cols := make([]arrow.Array, len(s.fields))
	list := make([]arrow.Field, len(s.fields))
	for i, f := range s.fields {
		var err error
		if cols[i], err = s.column(rec, i); err != nil {
			return err
		}
		defer cols[i].Release()
		list[i] = arrow.Field{Name: f.name, Type: cols[i].DataType(), Nullable: true}
	}
	now := array.NewRecordBatch(arrow.NewSchema(list, nil), cols, rec.NumRows())
	defer now.Release()
	return fn(now)
}

// column returns column i of today for the rows of a batch. The caller releases it.
func (s *shape) column(rec arrow.RecordBatch, i int) (arrow.Array, error) {
	f, from := s.fields[i], s.from[i]
	if from.In == "" {
		return constant(f, from.Value, int(rec.NumRows()))
	}
	at := rec.Schema().FieldIndices(from.In)
	if len(at) == 0 {
		return nil, fmt.Errorf("no column %s", from.In)
	}
	col := rec.Column(at[0])
	if from.SQL == f.sql() {
		col.Retain()
		return col, nil
	}
	return widened(f, col)
}

// constant makes a column that has the same value in each of n rows; nil is null.
func constant(f field, value any, n int) (arrow.Array, error) {
	b := array.NewBuilder(memory.DefaultAllocator, arrowTypes[f.kind])
	defer b.Release()
	for range n {
		switch v := value.(type) {
		case nil:
			b.AppendNull()
		case string:
			b.(*array.StringBuilder).Append(v)
		case bool:
			b.(*array.BooleanBuilder).Append(v)
		case float64:
			b.(*array.Float64Builder).Append(v)
		case Date:
			b.(*array.Date32Builder).Append(arrow.Date32(v.UnixDay()))
		case int64:
			if err := appendInt(b, v); err != nil {
				return nil, fmt.Errorf("column %s: %w", f.name, err)
			}
		default:
			return nil, fmt.Errorf("column %s: older rows cannot have a value of type %T", f.name, value)
		}
	}
	return b.NewArray(), nil
}

// widened makes a column of whole numbers one of a wider type.
func widened(f field, col arrow.Array) (arrow.Array, error) {
	b := array.NewBuilder(memory.DefaultAllocator, arrowTypes[f.kind])
	defer b.Release()
	for r := range col.Len() {
		var v int64
		switch col := col.(type) {
		case *array.Int16:
			v = int64(col.Value(r))
		case *array.Int32:
			v = int64(col.Value(r))
		default:
			return nil, fmt.Errorf("column %s is %s, which has no wider type", f.name, col.DataType())
		}
		if col.IsNull(r) {
			b.AppendNull()
		} else if err := appendInt(b, v); err != nil {
			return nil, fmt.Errorf("column %s: %w", f.name, err)
		}
	}
	return b.NewArray(), nil
}

func appendInt(b array.Builder, v int64) error {
	switch b := b.(type) {
	case *array.Int16Builder:
		b.Append(int16(v))
	case *array.Int32Builder:
		b.Append(int32(v))
	case *array.Int64Builder:
		b.Append(v)
	default:
		return fmt.Errorf("a whole number in a column of type %s", b.Type())
	}
	return nil
}

// has reports whether a column of that name is read.
func (c *codec) has(name string) bool {
	for _, f := range c.fields {
		if f.name == name {
			return true
		}
	}
	return false
}

// fieldOf returns a column of a table as a field that no struct has.
func fieldOf(t *Table, name string) (field, bool) {
	if t == nil || t.Column(name) == nil {
		return field{}, false
	}
	for kind, sqlType := range sqlTypes {
		if sqlType == t.Column(name).SQL {
			return field{name: name, null: true, kind: fieldKind(kind)}, true
		}
	}
	return field{}, false
}
