// Package replay cuts deliveries into their units, to give out those that were refused and to take them in corrected.
//
// Refused lines are replayed after correction: from the sender, or by hand from an extract of the protected copy. What
// goes in is a file of its own that holds only units which the delivery did not hold as they are.
package replay

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"miic/ingest/hl7"
	"miic/ingest/read"
)

// A pieceReader cuts a file into its units: lines, or messages.
type pieceReader struct {
	head func([]byte) // takes a delimited file's header line, and each line before it that holds for all
	unit func(text []byte, offset int64) error
}

func (p pieceReader) read(known map[string]*read.Layout, layoutID string, src io.Reader) error {
	if layoutID == read.HL7Layout {
		r := hl7.NewReader(src)
		var text []byte
		for {
			m, err := r.Next()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
			text = text[:0]
			for _, s := range m.Segments {
				text = append(append(text, s.Raw...), '\r')
			}
			if err := p.unit(text, m.Segments[0].Offset); err != nil {
				return err
			}
		}
	}
	l := known[layoutID]
	if l == nil {
		return fmt.Errorf("there is no layout %q any more: without it the lines cannot be read", layoutID)
	}
	r := read.NewLineReader(src, read.MaxLine)
	headed := l.Form != "csv"
	for {
		ln, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		text := ln.Text
		if ln.Offset == 0 {
			text = bytes.TrimPrefix(text, []byte{0xEF, 0xBB, 0xBF})
		}
		switch {
		case read.Blank(text):
		case !headed:
			_, _, shared := l.SharedValue(text)
			headed = !shared
			p.head(text)
		default:
			if err := p.unit(append(append([]byte(nil), text...), '\n'), ln.Offset); err != nil {
				return err
			}
		}
	}
}

// Refused writes those units of a delivery that begin at the given offsets, under the header of the file: what is
// to be corrected. It holds what records hold about people. layouts is the folder of the site's own, or empty.
func Refused(
	layouts, layoutID string, delivery io.Reader, at map[int64]bool, out io.Writer,
) (units int, err error) {
	all, err := read.Layouts(layouts)
	if err != nil {
		return 0, err
	}
	write := func(b []byte) {
		if _, werr := out.Write(b); err == nil {
			err = werr
		}
	}
	p := pieceReader{
		head: func(text []byte) { write(append(append([]byte(nil), text...), '\n')) },
		unit: func(text []byte, offset int64) error {
			if at[offset] || at[offset-3] || offset == 3 && at[0] {
				units++
				write(text)
			}
			return err
		},
	}
	if rerr := p.read(all, layoutID, delivery); err == nil {
		err = rerr
	}
	return units, err
}

// Corrected returns, under the first file's header, the units of corrected files that the delivery does not hold as
// they are. A line of the delivery that was left as it was is not taken again.
func Corrected(
	layouts, layoutID string, delivery io.Reader, files []io.Reader,
) (text []byte, units int, err error) {
	all, err := read.Layouts(layouts)
	if err != nil {
		return nil, 0, err
	}
	known := map[int64]bool{}
	fingerprintOf := func(b []byte) int64 { return read.Seed.Text(read.UnsafeString(b)).Sum() }
	var header []byte
	err = pieceReader{
		head: func(b []byte) { header = append(append(header, b...), '\n') },
		unit: func(b []byte, _ int64) error { known[fingerprintOf(b)] = true; return nil },
	}.read(all, layoutID, delivery)
	if err != nil {
		return nil, 0, fmt.Errorf("the delivery: %w", err)
	}
	var out bytes.Buffer
	out.Write(header)
	for i, f := range files {
		var head []byte
		err := pieceReader{
			head: func(b []byte) { head = append(append(head, b...), '\n') },
			unit: func(b []byte, _ int64) error {
				if k := fingerprintOf(b); !known[k] {
					known[k] = true
					units++
					out.Write(b)
				}
				return nil
			},
		}.read(all, layoutID, f)
		if err == nil && !bytes.Equal(head, header) {
			err = errors.New("its header line is not that of the delivery")
		}
		if err != nil {
			return nil, 0, fmt.Errorf("file %d: %w", i+1, err)
		}
	}
	return out.Bytes(), units, nil
}
