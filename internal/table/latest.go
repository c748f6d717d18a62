package table

import (
	"cmp"
	"fmt"
	"reflect"
	"unsafe"
)

// Latest returns the newest version of each key among a log's rows, in the order in which the keys first come. It is the
// engine's rule for rows that were looked up without one.
func Latest[T any](t *Table, rows []T) []T {
	c := codecOf(reflect.TypeFor[T]())
	key, order := c.named(t.Key), c.named(t.Newest)
	at := map[string]int{}
	var list []T
	for i := range rows {
		row := unsafe.Pointer(&rows[i])
		id := ""
		for _, f := range key {
			id += fmt.Sprintf("%v\x00", f.value(row))
		}
		place, known := at[id]
		if !known {
			at[id], list = len(list), append(list, rows[i])
			continue
		}
		for _, f := range order {
			if by := f.compare(row, unsafe.Pointer(&list[place])); by != 0 {
				if by > 0 {
					list[place] = rows[i]
				}
				break
			}
		}
	}
	return list
}

// named are the fields of columns; one that the row lacks is a mistake in the program, and panics.
func (c *codec) named(columns []string) []field {
	var list []field
	for _, column := range columns {
		found := false
		for _, f := range c.fields {
			if f.name == column {
				list, found = append(list, f), true
			}
		}
		if !found {
			panic("table: a row without the column " + column)
		}
	}
	return list
}

// value is a row's value of a column of text or whole numbers.
func (f field) value(row unsafe.Pointer) any {
	p := unsafe.Add(row, f.offset)
	switch f.kind {
	case kindText:
		return *(*string)(p)
	case kindInt16:
		return int64(*(*int16)(p))
	case kindInt32:
		return int64(*(*int32)(p))
	case kindInt64:
		return *(*int64)(p)
	case kindDate:
		return int64(*(*Date)(p))
	case kindTime:
		return int64(*(*Time)(p))
	}
	panic("table: no version is known by the column " + f.name)
}

// compare orders two rows by a column; what is not known comes first.
func (f field) compare(a, b unsafe.Pointer) int {
	x, y := f.value(a), f.value(b)
	if s, ok := x.(string); ok {
		return cmp.Compare(s, y.(string))
	}
	return cmp.Compare(x.(int64), y.(int64))
}
