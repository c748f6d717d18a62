package table

import (
	"errors"
	"hash/maphash"
	"math"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// Most columns of text hold few different values. A scratch file keeps such a column as numbers of its words: what is
// written shrinks to half and less, and the engine reads it faster.

// fewWords is how many different values a column may have in the first batch and still be kept as words.
const fewWords = 8192

// errNotUTF8 is of a text that no reader of Parquet would take.
var errNotUTF8 = errors.New("text is not valid UTF-8")

// wordsType is a column that is kept as numbers of its words: a batch has no more than flushRows.
var wordsType = &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Uint16, ValueType: arrow.BinaryTypes.String}

var wordsSeed = maphash.MakeSeed()

// words are the different texts of one column of a batch, numbered as they came.
type words struct {
	data  []byte
	ends  []int32  // in data
	last  uint16   // the number given last
	slots []uint32 // by hash: a number and 1
}

func newWords() *words { return &words{slots: make([]uint32, 256)} }

func (w *words) reset() {
	w.data, w.ends, w.last = w.data[:0], w.ends[:0], 0
	clear(w.slots)
}

func (w *words) at(i uint16) []byte {
	from := int32(0)
	if i > 0 {
		from = w.ends[i-1]
	}
	return w.data[from:w.ends[i]]
}

// number returns the number of a text.
func (w *words) number(s string) (uint16, error) {
	if len(w.ends) > 0 && string(w.at(w.last)) == s {
		return w.last, nil
	}
	mask := uint64(len(w.slots) - 1)
	slot := maphash.String(wordsSeed, s) & mask
	for ; w.slots[slot] != 0; slot = (slot + 1) & mask {
		if i := uint16(w.slots[slot] - 1); string(w.at(i)) == s {
			w.last = i
			return i, nil
		}
	}
	if !utf8.ValidString(s) {
		return 0, errNotUTF8
	}
	if len(w.data)+len(s) > math.MaxInt32 {
		return 0, errors.New("more than 2 GiB of text in one batch")
	}
	w.last = uint16(len(w.ends))
	w.data = append(w.data, s...)
	w.ends = append(w.ends, int32(len(w.data)))
	w.slots[slot] = uint32(len(w.ends))
	if 2*len(w.ends) > len(w.slots) {
		w.grow()
	}
	return w.last, nil
}

func (w *words) grow() {
	w.slots = make([]uint32, 4*len(w.slots))
	mask := uint64(len(w.slots) - 1)
	for i := range w.ends {
		slot := maphash.Bytes(wordsSeed, w.at(uint16(i))) & mask
		for w.slots[slot] != 0 {
			slot = (slot + 1) & mask
		}
		w.slots[slot] = uint32(i + 1)
	}
}

// array returns the texts by number. It shares their buffers.
func (w *words) array() *array.Data {
	offsets := append(make([]int32, 1, len(w.ends)+1), w.ends...)
	return array.NewData(
		arrow.BinaryTypes.String,
		len(w.ends),
		[]*memory.Buffer{
			nil,
			memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(offsets)),
			memory.NewBufferBytes(w.data),
		},
		nil,
		0,
		0,
	)
}

// spell makes a column that turns out to have many values hold the texts themselves. Its last row, whose bit
// is not set yet, is null or not.
func (c *columnBuffers) spell(last int, lastNull bool) {
	w, numbers := c.words, arrow.Uint16Traits.CastFromBytes(c.data)
	c.words, c.data, c.offsets = nil, nil, append(c.offsets[:0], 0)
	for i, number := range numbers {
		null := i == last && lastNull || i < last && c.nulls > 0 && c.valid[i/8]&(1<<(i%8)) == 0
		if !null {
			c.data = append(c.data, w.at(number)...)
		}
		c.offsets = append(c.offsets, int32(len(c.data)))
	}
}

// withWords makes a builder keep the columns of text that have few values as words.
func (b *builder) withWords() {
	for i := range b.cols {
		if b.codec.fields[i].kind == kindText {
			b.cols[i].words = newWords()
		}
	}
}

// schema returns the columns in the form that they are kept in.
func (b *builder) schema() *arrow.Schema {
	list := b.codec.schema.Fields()
	for i := range list {
		if b.cols[i].words != nil {
			list[i].Type = wordsType
		}
	}
	return arrow.NewSchema(list, nil)
}
