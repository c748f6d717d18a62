package table

import (
	"fmt"
	"reflect"
	"testing"
	"unsafe"
)

// BenchmarkBuilder measures the rows of every kind of column that one core adds, many at once and one by one,
// to files that stay and to scratch files.
func BenchmarkBuilder(b *testing.B) {
	rows := make([]everyKind, 1<<12)
	for i := range rows {
		n := int64(i)
		rows[i] = everyKind{Text: fmt.Sprint("text ", i%500), Flag: i%3 == 0, Int: int32(i), Big: n, Real: float64(i),
			NeverNull: n + 1, Many: fmt.Sprint("many ", i)}
		if i%4 != 0 {
			rows[i].NullText, rows[i].Small, rows[i].NullInt, rows[i].NullBig = "some", int16(i), int32(i), n
			rows[i].Day, rows[i].Moment = NewDate(2026, 3, 1), Time(n+1)
		}
	}
	codec := codecOf(reflect.TypeFor[everyKind]())
	for _, scratch := range []bool{false, true} {
		for _, at := range []int{len(rows), 1} {
			b.Run(fmt.Sprintf("scratch=%t/rows=%d", scratch, at), func(b *testing.B) {
				build := newBuilder(codec)
				if scratch {
					build.withWords()
				}
				b.ReportAllocs()
				for b.Loop() {
					for i := 0; i < len(rows); i += at {
						if err := build.append(unsafe.Pointer(&rows[i]), at, unsafe.Sizeof(rows[0])); err != nil {
							b.Fatal(err)
						}
					}
					build.settled = true
					build.reset()
				}
				b.ReportMetric(float64(b.N)*float64(len(rows))/b.Elapsed().Seconds(), "rows/s")
			})
		}
	}
}
