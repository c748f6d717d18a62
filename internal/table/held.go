package table

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"sort"
	"unsafe"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
)

// Held is rows of tables held in memory in columns, as they were read: for a table that is gone through
// more than once. A row is known by its place, from 0.
type Held struct {
	batches []arrow.RecordBatch
	ends    []int   // by batch: the number of rows up to its end
	order   []int32 // by place: the number of the row; nil where places are numbers
}

// Hold reads the columns that T names of one table after the other, given the files of each. The rows of
// a table have places in the order of its files and of the rows in them; where later files replace rows
// of earlier ones, what is left has places in the order of the table's owners, by which each file must be
// sorted. What is held is given back by Release.
func Hold[T any](tables ...[]string) (*Held, error) {
	h := &Held{}
	c := codecOf(reflect.TypeFor[T]())
	for _, paths := range tables {
		if err := h.table(c, paths); err != nil {
			h.Release()
			return nil, err
		}
	}
	return h, nil
}

func (h *Held) table(c *codec, paths []string) error {
	gone, err := replacedIn(paths)
	if err != nil {
		return err
	}
	var rows []ownedRow // that count, of files after the first
	first := -1         // the number of rows of the first file that has been held
	before := h.all()
	for place, path := range paths {
		if IsKeys(path) {
			continue
		}
		err := readFile(c, path, gone.owner(), func(rec arrow.RecordBatch) error {
			start := h.all()
			rec.Retain()
			h.batches = append(h.batches, rec)
			h.ends = append(h.ends, start+int(rec.NumRows()))
			if gone == nil {
				return nil
			}
			owners, ok := rec.Column(rec.Schema().FieldIndices(gone.column)[0]).(*array.String)
			if !ok {
				return fmt.Errorf("column %s is no text", gone.column)
			}
			replaced := gone.in(place, rec)
			for r := range owners.Len() {
				if !replaced(r) {
					rows = append(rows, ownedRow{owners.Value(r), int32(start + r)})
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("read %s: %w", path, err)
		}
		if first < 0 {
			first = len(rows)
		}
	}
	if gone == nil {
		if h.order != nil {
			h.number(before)
		}
		return nil
	}
	if h.order == nil {
		h.order = []int32{}
		h.numberUpTo(0, before)
	}
	for _, r := range merged(rows[:max(first, 0)], rows[max(first, 0):]) {
		h.order = append(h.order, r.number)
	}
	return nil
}

// ownedRow is a row and whose it is. The text lies in what is held.
type ownedRow struct {
	owner  string
	number int32
}

// merged puts rows that are in the order of their owners, and others in any order, into one order.
func merged(base, others []ownedRow) []ownedRow {
	slices.SortFunc(others, func(a, b ownedRow) int {
		return cmp.Or(cmp.Compare(a.owner, b.owner), cmp.Compare(a.number, b.number))
	})
	out := make([]ownedRow, 0, len(base)+len(others))
	for _, r := range base {
		for len(others) > 0 && others[0].owner < r.owner {
			out, others = append(out, others[0]), others[1:]
		}
		out = append(out, r)
	}
	return append(out, others...)
}

// all is the number of rows, those without a place among them.
func (h *Held) all() int {
	if len(h.ends) == 0 {
		return 0
	}
	return h.ends[len(h.ends)-1]
}

// number gives the rows from a number on places in their order.
func (h *Held) number(from int) { h.numberUpTo(from, h.all()) }

func (h *Held) numberUpTo(from, to int) {
	for n := from; n < to; n++ {
		h.order = append(h.order, int32(n))
	}
}

// Release gives the memory back; rows are no longer to be used.
func (h *Held) Release() {
	for _, b := range h.batches {
		b.Release()
	}
	*h = Held{}
}

// Len is the number of rows that have a place.
func (h *Held) Len() int {
	if h.order != nil {
		return len(h.order)
	}
	return h.all()
}

// HeldRows reads rows of T out of what is held: T names all of its columns or some. It serves one
// goroutine at a time.
type HeldRows[T any] struct {
	held    *Held
	codec   *codec
	columns [][]arrow.Array // by batch
	batch   int             // of the last row read
}

// RowsOf makes a reader of what is held.
func RowsOf[T any](h *Held) (*HeldRows[T], error) {
	r := &HeldRows[T]{held: h, codec: codecOf(reflect.TypeFor[T]())}
	for _, b := range h.batches {
		cols, err := r.codec.columns(b)
		if err != nil {
			return nil, err
		}
		r.columns = append(r.columns, cols)
	}
	return r, nil
}

// Read fills in the row at a place. Its texts lie in what is held: copy one to keep it longer. Reading
// rows near one another is quick.
func (r *HeldRows[T]) Read(place int, row *T) {
	n := place
	if r.held.order != nil {
		n = int(r.held.order[place])
	}
	ends := r.held.ends
	if n >= ends[r.batch] || r.batch > 0 && n < ends[r.batch-1] {
		r.batch = sort.SearchInts(ends, n+1)
	}
	if r.batch > 0 {
		n -= ends[r.batch-1]
	}
	var none T
	*row = none
	r.codec.read(r.columns[r.batch], n, unsafe.Pointer(row), false)
}
