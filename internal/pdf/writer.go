package pdf

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"io"
	"strconv"
	"sync"

	"github.com/klauspost/compress/zlib"
)

// objects writes the numbered objects of a file: streams at once, everything else gathered in compressed object streams.
// It keeps where each one is, twelve bytes an object.
type objects struct {
	w      io.Writer
	hash   hash.Hash // of all bytes written
	offset int64
	places []place // by number; the first is unused
	err    error

	gathered bytes.Buffer // the objects of the open object stream
	numbers  []int        // theirs
	starts   []int        // where each begins
	packed   bytes.Buffer
}

// packers are kept from file to file: a new one takes more memory than most files are long.
var packers = sync.Pool{New: func() any { return zlib.NewWriter(nil) }}

// A place is where an object is: at an offset of the file, or as one of those in an object stream.
type place struct {
	at     int64 // offset, or the number of the object stream
	index  int32
	inside bool
}

// gatherBytes is the size at which an object stream is written.
const gatherBytes = 64 << 10

func newObjects(w io.Writer) *objects {
	o := &objects{w: w, hash: sha256.New(), places: make([]place, 1)}
	// A binary comment in the second line keeps programs from taking the file for text.
	o.write([]byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"))
	return o
}

// next gives a number to an object that is written later.
func (o *objects) next() int {
	o.places = append(o.places, place{})
	return len(o.places) - 1
}

func (o *objects) write(b []byte) {
	if o.err != nil {
		return
	}
	n, err := o.w.Write(b)
	o.hash.Write(b[:n])
	o.offset += int64(n)
	o.err = err
}

// object begins an object in the object stream; what is written to the buffer until the next call is its content.
func (o *objects) object(number int) *bytes.Buffer {
	if o.gathered.Len() >= gatherBytes {
		o.flush()
	}
	o.numbers = append(o.numbers, number)
	o.starts = append(o.starts, o.gathered.Len())
	return &o.gathered
}

// flush writes the open object stream.
func (o *objects) flush() {
	if len(o.numbers) == 0 {
		return
	}
	number := o.next()
	var head bytes.Buffer
	for i, n := range o.numbers {
		o.places[n] = place{int64(number), int32(i), true}
		head.WriteString(strconv.Itoa(n) + " " + strconv.Itoa(o.starts[i]) + " ")
	}
	entries := fmt.Sprintf("/Type/ObjStm/N %d/First %d", len(o.numbers), head.Len())
	o.stream(number, entries, head.Bytes(), o.gathered.Bytes())
	o.gathered.Reset()
	o.numbers, o.starts = o.numbers[:0], o.starts[:0]
}

// stream writes an object with a stream, compressed. The entries are those of its dictionary but for length and filter.
func (o *objects) stream(number int, entries string, parts ...[]byte) {
	packer := packers.Get().(*zlib.Writer)
	defer packers.Put(packer)
	o.packed.Reset()
	packer.Reset(&o.packed)
	for _, p := range parts {
		packer.Write(p)
	}
	if err := packer.Close(); err != nil && o.err == nil {
		o.err = err
	}
	o.places[number] = place{at: o.offset}
	o.write(fmt.Appendf(nil, "%d 0 obj\n<<%s/Filter/FlateDecode/Length %d>>stream\n", number, entries, o.packed.Len()))
	o.write(o.packed.Bytes())
	o.write([]byte("\nendstream\nendobj\n"))
}

// plainStream writes an object with a stream that any program can read without unpacking it.
func (o *objects) plainStream(number int, entries string, data []byte) {
	o.places[number] = place{at: o.offset}
	o.write(fmt.Appendf(nil, "%d 0 obj\n<<%s/Length %d>>stream\n", number, entries, len(data)))
	o.write(data)
	o.write([]byte("\nendstream\nendobj\n"))
}

// entryBytes is the length of one line of the cross-reference: kind, place, index.
const entryBytes = 8

// close writes the cross-reference, and returns the first error of all.
func (o *objects) close(catalog, info int) error {
	o.flush()
	number := o.next()
	o.places[number] = place{at: o.offset}
	id := o.hash.Sum(nil)[:16]
	// Each line is written as the difference to the one above (predictor 12): offsets grow by little.
	lines := make([]byte, 0, len(o.places)*(entryBytes+1))
	var above, line [entryBytes]byte
	for i, p := range o.places {
		clear(line[:])
		switch {
		case i == 0:
			line[6], line[7] = 0xff, 0xff
		case p.inside:
			line[0] = 2
			binary.BigEndian.PutUint32(line[2:], uint32(p.at))
			binary.BigEndian.PutUint16(line[6:], uint16(p.index))
		case p.at > 0:
			line[0] = 1
			line[1] = byte(p.at >> 32)
			binary.BigEndian.PutUint32(line[2:], uint32(p.at))
		}
		lines = append(lines, 2)
		for k := range line {
			lines = append(lines, line[k]-above[k])
		}
		above = line
	}
	start := o.offset
	o.stream(number, fmt.Sprintf("/Type/XRef/Size %d/W[1 5 2]/DecodeParms<</Predictor 12/Columns %d>>"+
		"/Root %d 0 R/Info %d 0 R/ID[<%x><%x>]", len(o.places), entryBytes, catalog, info, id, id), lines)
	o.write(fmt.Appendf(nil, "startxref\n%d\n%%%%EOF\n", start))
	return o.err
}
