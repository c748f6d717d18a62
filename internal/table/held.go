package table

import (
	"fmt"
	"reflect"
	"unsafe"

	"github.com/apache/arrow-go/v18/arrow"
)

// Held is rows of Parquet files held in memory in columns, as they were read: for a table that is gone through more than
// once. A row is known by its place, from 0, in the order of the files and of the rows in them.
type Held struct {
	batches []arrow.RecordBatch
	rows    int
}

// Hold reads the columns that T names. What is held is given back by Release.
func Hold[T any](paths []string) (*Held, error) {
	h := &Held{}
	c := codecOf(reflect.TypeFor[T]())
	for _, path := range paths {
		if err := readFile(c, path, func(rec arrow.RecordBatch) error {
			rec.Retain()
			h.batches = append(h.batches, rec)
			h.rows += int(rec.NumRows())
			return nil
		}); err != nil {
			h.Release()
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
	}
	return h, nil
}

// Release gives the memory back; rows are no longer to be used.
func (h *Held) Release() {
	for _, b := range h.batches {
		b.Release()
	}
	*h = Held{}
}

// Len is the number of rows.
func (h *Held) Len() int { return h.rows }

// HeldRows reads rows of T out of what is held: T names all of its columns or some. It serves one goroutine at a time.
type HeldRows[T any] struct {
	held    *Held
	codec   *codec
	columns [][]arrow.Array // by batch
	ends    []int           // by batch: the place after its last row
	batch   int             // of the last row read
}

// RowsOf makes a reader of what is held.
func RowsOf[T any](h *Held) (*HeldRows[T], error) {
	r := &HeldRows[T]{held: h, codec: codecOf(reflect.TypeFor[T]())}
	end := 0
	for _, b := range h.batches {
		cols, err := r.codec.columns(b)
		if err != nil {
			return nil, err
		}
		end += int(b.NumRows())
		r.columns, r.ends = append(r.columns, cols), append(r.ends, end)
	}
	return r, nil
}

// Read fills in the row at a place. Its texts lie in what is held: copy one to keep it longer. Going upwards is quick.
func (r *HeldRows[T]) Read(place int, row *T) {
	if r.batch > 0 && place < r.ends[r.batch-1] {
		r.batch = 0
	}
	for place >= r.ends[r.batch] {
		r.batch++
	}
	if r.batch > 0 {
		place -= r.ends[r.batch-1]
	}
	var none T
	*row = none
	r.codec.read(r.columns[r.batch], place, unsafe.Pointer(row), false)
}
