package table

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"unsafe"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/metadata"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// Find calls fn for each row of a table's files in which a column of text or 64-bit numbers has one of the
// values, in the order of Scan and without the rows that a later file replaces. It is for looking up a
// few rows without an engine: row groups whose bounds leave a value out are not read, and of the others
// only the rows from the first hit to the last. So it costs little where the files are sorted by the
// column, and one column's reading else.
func Find[T any, V string | int64](paths []string, column string, values []V, fn func(row *T) error) error {
	if len(values) == 0 {
		return nil
	}
	f := finder[T, V]{codec: codecOf(reflect.TypeFor[T]()), column: column,
		wanted: slices.Sorted(slices.Values(values)), fn: fn}
	var err error
	if f.gone, err = replacedIn(paths); err != nil {
		return err
	}
	for place, path := range paths {
		if IsKeys(path) {
			continue
		}
		if err := f.file(place, path); err != nil {
			return fmt.Errorf("read %s: %w", path, err)
		}
	}
	return nil
}

// A finder looks for rows in the files of a table, one after the other.
type finder[T any, V string | int64] struct {
	codec  *codec
	column string
	wanted []V // in order
	gone   *replaced
	fn     func(row *T) error
}

// file looks for rows in the file at a place of the list.
func (f *finder[T, V]) file(place int, path string) error {
	rdr, err := file.OpenParquetFile(path, true)
	if err != nil {
		return err
	}
	defer rdr.Close()
	shape, err := shapeOf(f.codec, rdr, f.gone.owner())
	if err != nil {
		return err
	}
	name := f.column
	if _, from, err := sourcesOf(rdr); err != nil {
		return err
	} else if s, ok := from[name]; ok {
		name = s.In
	}
	key := rdr.MetaData().Schema.ColumnIndexByName(name)
	if key < 0 {
		return fmt.Errorf("no column %s", f.column)
	}
	for g := range rdr.NumRowGroups() {
		meta := rdr.RowGroup(g)
		chunk, err := meta.MetaData().ColumnChunk(key)
		if err != nil {
			return err
		}
		if !mayHold(chunk, f.wanted) {
			continue
		}
		hits, err := rowsWith(meta, key, f.wanted)
		if err != nil {
			return err
		}
		if len(hits) == 0 {
			continue
		}
		if err := f.rows(place, rdr, g, shape, hits); err != nil {
			return err
		}
	}
	return nil
}

// mayHold reports by the bounds of a column chunk whether a value can be in it.
func mayHold[V string | int64](chunk *metadata.ColumnChunkMetaData, wanted []V) bool {
	if set, err := chunk.StatsSet(); err != nil || !set {
		return true
	}
	stats, err := chunk.Statistics()
	if err != nil || stats == nil || !stats.HasMinMax() {
		return true
	}
	var least, most any
	switch s := stats.(type) {
	case *metadata.ByteArrayStatistics:
		least, most = string(s.Min()), string(s.Max())
	case *metadata.Int64Statistics:
		least, most = s.Min(), s.Max()
	}
	from, ok := least.(V)
	if !ok {
		return true
	}
	to := most.(V)
	i, _ := slices.BinarySearch(wanted, from)
	return i < len(wanted) && cmp.Compare(wanted[i], to) <= 0
}

// rowsWith returns the places of the rows of a row group in which a column has one of the values.
func rowsWith[V string | int64](group *file.RowGroupReader, column int, wanted []V) ([]int64, error) {
	chunk, err := group.Column(column)
	if err != nil {
		return nil, err
	}
	has := make(map[V]bool, len(wanted))
	for _, v := range wanted {
		has[v] = true
	}
	switch r := chunk.(type) {
	case *file.ByteArrayColumnChunkReader:
		if texts, ok := any(has).(map[string]bool); ok {
			return placesOf(group.NumRows(), chunk.Descriptor().MaxDefinitionLevel(), r.ReadBatch, func(v parquet.ByteArray) bool { return texts[string(v)] })
		}
	case *file.Int64ColumnChunkReader:
		if numbers, ok := any(has).(map[int64]bool); ok {
			return placesOf(group.NumRows(), chunk.Descriptor().MaxDefinitionLevel(), r.ReadBatch, func(v int64) bool { return numbers[v] })
		}
	}
	return nil, errors.New("the column to find by is of another type")
}

func placesOf[P any](
	rows int64,
	maxDef int16,
	read func(int64, []P, []int16, []int16) (int64, int, error),
	is func(P) bool,
) ([]int64, error) {
	const most = 4096
	values, levels := make([]P, most), make([]int16, most)
	var hits []int64
	for row := int64(0); row < rows; {
		n, _, err := read(most, values, levels, nil)
		if err != nil || n == 0 {
			return hits, err
		}
		k := 0
		for i := range n {
			if maxDef > 0 && levels[i] < maxDef {
				continue
			}
			if is(values[k]) {
				hits = append(hits, row+i)
			}
			k++
		}
		row += n
	}
	return hits, nil
}

// rows calls fn for the rows of a row group at the given places.
func (f *finder[T, V]) rows(place int, rdr *file.Reader, group int, shape *shape, hits []int64) error {
	first, last := hits[0], hits[len(hits)-1]
	props := pqarrow.ArrowReadProperties{BatchSize: min(last-first+1, flushRows)}
	fr, err := pqarrow.NewFileReader(rdr, props, memory.DefaultAllocator)
	if err != nil {
		return err
	}
	rr, err := fr.GetRecordReader(context.Background(), shape.places, []int{group})
	if err != nil {
		return err
	}
	defer rr.Release()
	if err := rr.SeekToRow(first); err != nil {
		return err
	}
	for at := first; len(hits) > 0; {
		rec, err := rr.Read()
		if errors.Is(err, io.EOF) {
			return errors.New("fewer rows than its footer counts")
		}
		if err != nil {
			return err
		}
		n := 0
		for n < len(hits) && hits[n] < at+rec.NumRows() {
			n++
		}
		if err := shape.today(rec, func(rec arrow.RecordBatch) error { return f.hits(place, rec, at, hits[:n]) }); err != nil {
			return err
		}
		hits, at = hits[n:], at+rec.NumRows()
	}
	return nil
}

// hits calls fn for the hits in a batch whose first row is row at of its group.
func (f *finder[T, V]) hits(place int, rec arrow.RecordBatch, at int64, hits []int64) error {
	gone := f.gone.in(place, rec)
	cols, err := f.codec.columns(rec)
	if err != nil {
		return err
	}
	for _, hit := range hits {
		r := int(hit - at)
		if gone != nil && gone(r) {
			continue
		}
		var row T
		f.codec.read(cols, r, unsafe.Pointer(&row), true)
		if err := f.fn(&row); err != nil {
			return err
		}
	}
	return nil
}
