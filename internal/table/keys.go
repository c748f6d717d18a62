package table

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// What changes in a state is written beside it: a file of keys lists owners, and replaces all the rows
// of these owners in the files before it; the rows that the owners have from then on are in the files
// after it. An owner without such rows is deleted.

// keysPrefix begins the name of a file of keys.
const keysPrefix = "keys-"

// IsKeys reports whether a file holds keys and not rows.
func IsKeys(path string) bool { return strings.HasPrefix(filepath.Base(path), keysPrefix) }

// A replaced knows which rows of a list of files a later file replaces. Nil knows of none.
type replaced struct {
	column  string
	numbers map[int64]int // of each owner, the place in the list of the last file of keys that names it
	texts   map[string]int
}

// replacedIn reads the files of keys in a list.
func replacedIn(paths []string) (*replaced, error) {
	var x *replaced
	for place, path := range paths {
		if !IsKeys(path) {
			continue
		}
		if x == nil {
			x = &replaced{numbers: map[int64]int{}, texts: map[string]int{}}
		}
		err := readKeys(path, func(column string, owners arrow.Array) error {
			x.column = column
			for r := range owners.Len() {
				switch owners := owners.(type) {
				case *array.Int64:
					x.numbers[owners.Value(r)] = place
				case *array.String:
					x.texts[strings.Clone(owners.Value(r))] = place
				default:
					return fmt.Errorf("column %s of type %s cannot own rows", column, owners.DataType())
				}
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
	}
	return x, nil
}

// owner names the column that must be read with the rows; none where nothing is replaced.
func (x *replaced) owner() string {
	if x == nil {
		return ""
	}
	return x.column
}

// in returns which rows of a batch of the file at a place are replaced; nil where none can be.
func (x *replaced) in(place int, rec arrow.RecordBatch) func(row int) bool {
	if x == nil {
		return nil
	}
	switch owners := rec.Column(rec.Schema().FieldIndices(x.column)[0]).(type) {
	case *array.Int64:
		return func(row int) bool { return x.numbers[owners.Value(row)] > place }
	case *array.String:
		return func(row int) bool { return x.texts[owners.Value(row)] > place }
	}
	return nil
}

// readKeys calls fn with each batch of the one column of a file of keys.
func readKeys(path string, fn func(column string, owners arrow.Array) error) error {
	rdr, err := file.OpenParquetFile(path, false)
	if err != nil {
		return err
	}
	defer rdr.Close()
	fr, err := pqarrow.NewFileReader(rdr, pqarrow.ArrowReadProperties{BatchSize: flushRows}, memory.DefaultAllocator)
	if err != nil {
		return err
	}
	rr, err := fr.GetRecordReader(context.Background(), nil, nil)
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
		if rec.NumCols() != 1 {
			return fmt.Errorf("a file of keys has one column, and this one has %d", rec.NumCols())
		}
		if err := fn(rec.ColumnName(0), rec.Column(0)); err != nil {
			return err
		}
	}
}
