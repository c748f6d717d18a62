package table

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"unsafe"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
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
	arrowTypes = [...]arrow.DataType{
		arrow.BinaryTypes.String,
		arrow.FixedWidthTypes.Boolean,
		arrow.PrimitiveTypes.Int16,
		arrow.PrimitiveTypes.Int32,
		arrow.PrimitiveTypes.Int64,
		arrow.PrimitiveTypes.Float64,
		arrow.FixedWidthTypes.Date32,
		&arrow.TimestampType{Unit: arrow.Microsecond},
	}
)

func (f field) sql() string { return sqlTypes[f.kind] }

// ArrowType returns the Arrow type of a column's SQL type; nil for one that no column has.
func ArrowType(sqlType string) arrow.DataType {
	if kind := slices.Index(sqlTypes[:], sqlType); kind >= 0 {
		return arrowTypes[kind]
	}
	return nil
}

type codec struct {
	fields []field
	schema *arrow.Schema
}

// codecOf reads the tags of a struct type: `col:"name,null" doc:"meaning"`. The columns of an embedded
// struct come in its place.
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
