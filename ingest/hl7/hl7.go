// Package hl7 cuts HL7 version 2 batch files (ER7 encoding, HL7 v2.5.1 chapter 2) into messages,
// segments, fields, repetitions, components and sub-components.
//
// It reads what senders really write: CR, LF or CR LF between segments, or the <CR> that printed examples
// show; segments that were wrapped onto several lines; with or without the FHS, BHS, BTS and FTS
// envelope, whole or damaged; delimiters as each header segment declares them. It keeps every segment's
// line and byte offset, decodes escapes on demand, and holds one message at a time, up to a limit. It
// knows no segment but the headers and trailers: what a field means is the caller's business.
package hl7

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// Delimiters are the characters that a header segment declares.
type Delimiters struct {
	Field, Component, Repetition, Escape, Sub byte
}

// Segment is one line of a message. Its bytes are good until the reader's next call.
type Segment struct {
	Raw    []byte
	Line   int64 // in the file, from 1
	Offset int64 // of its first byte, from 0
	Joined bool  // it was wrapped: the lines after it that begin no segment were put to it
	Buried bool  // and one of these looks like a dose's (RXA), in small letters or with another separator
}

// Name returns the three letters of the segment, or nothing when the line is not one.
func (s Segment) Name() string {
	if len(s.Raw) < 3 || len(s.Raw) > 3 && isWord(s.Raw[3]) {
		return ""
	}
	for i := range 3 {
		if !isWord(s.Raw[i]) {
			return ""
		}
	}
	return string(s.Raw[:3])
}

func isWord(c byte) bool { return c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' }

// Message is one message with all its segments; the first is MSH, or what is where MSH should be.
type Message struct {
	Segments []Segment
	Delimiters
	Good    bool // the MSH segment declares delimiters
	TooLong bool // more than MaxMessage bytes or segments without end; the rest was passed over
}

// Field returns field n of a segment, from 1, undecoded. MSH-1 is the separator itself.
func (m *Message) Field(s Segment, n int) []byte {
	raw := s.Raw
	if len(raw) >= 3 && string(raw[:3]) == "MSH" {
		if n == 1 {
			return raw[3:min(4, len(raw))]
		}
		n--
	}
	for range n {
		i := bytes.IndexByte(raw, m.Delimiters.Field)
		if i < 0 {
			return nil
		}
		raw = raw[i+1:]
	}
	if i := bytes.IndexByte(raw, m.Delimiters.Field); i >= 0 {
		raw = raw[:i]
	}
	return raw
}

// Fields cuts a segment once into its fields and appends them: the first is the name, and field n lies n behind it.
func (m *Message) Fields(s Segment, fields [][]byte) [][]byte {
	raw := s.Raw
	if len(raw) >= 4 && string(raw[:3]) == "MSH" {
		fields = append(fields, raw[:3], raw[3:4])
		raw = raw[4:]
	}
	return split(raw, m.Delimiters.Field, fields, len(raw)+1)
}

// Most fields and components are empty or short: looking at eight bytes at once takes half the time of looking at
// one after the other.
const ones, low, high = 0x0101010101010101, 0x7f7f7f7f7f7f7f7f, 0x8080808080808080

// marks has the highest bit of each of the first eight bytes of b that is the delimiter, given eight times.
func marks(b []byte, eight uint64) uint64 {
	w := binary.LittleEndian.Uint64(b) ^ eight // a byte of zeros is a delimiter
	return ^((w&low + low) | w) & high
}

// split appends the pieces of b between delimiters, at most n of them: the last holds the rest.
func split(b []byte, delimiter byte, pieces [][]byte, n int) [][]byte {
	from, at, eight := 0, 0, uint64(delimiter)*ones
	for ; at+8 <= len(b); at += 8 {
		for ends := marks(b[at:], eight); ends != 0; ends &= ends - 1 {
			if n--; n == 0 {
				return append(pieces, b[from:])
			}
			end := at + bits.TrailingZeros64(ends)/8
			pieces = append(pieces, b[from:end])
			from = end + 1
		}
	}
	for ; at < len(b); at++ {
		if b[at] == delimiter {
			if n--; n == 0 {
				break
			}
			pieces = append(pieces, b[from:at])
			from = at + 1
		}
	}
	return append(pieces, b[from:])
}

// Next cuts the first repetition off a field.
func (d Delimiters) Next(field []byte) (first, rest []byte) {
	if i := bytes.IndexByte(field, d.Repetition); i >= 0 {
		return field[:i], field[i+1:]
	}
	return field, nil
}

// Components appends the components of a repetition, at most n of them: the last holds the rest.
func (d Delimiters) Components(rep []byte, parts [][]byte, n int) [][]byte {
	return split(rep, d.Component, parts, n)
}

// First returns component n, from 1, of a field's first repetition, undecoded; of its sub-components the first.
func (d Delimiters) First(field []byte, n int) []byte {
	if n == 1 { // most often
		return field[:first(field, d.Component, d.Sub, d.Repetition)]
	}
	rep, _ := d.Next(field)
	return d.Part(rep, n, 1)
}

// Part returns component n of a repetition and of it sub-component sub, both from 1, undecoded.
func (d Delimiters) Part(rep []byte, n, sub int) []byte {
	if sub == 1 && n == 1 {
		return rep[:first(rep, d.Component, d.Sub, d.Sub)]
	}
	return nth(nth(rep, d.Component, n), d.Sub, sub)
}

// first returns how many bytes are before the first of three delimiters.
func first(b []byte, x, y, z byte) int {
	at := 0
	for xs, ys, zs := uint64(x)*ones, uint64(y)*ones, uint64(z)*ones; at+8 <= len(b); at += 8 {
		if ends := marks(b[at:], xs) | marks(b[at:], ys) | marks(b[at:], zs); ends != 0 {
			return at + bits.TrailingZeros64(ends)/8
		}
	}
	for ; at < len(b); at++ {
		if c := b[at]; c == x || c == y || c == z {
			return at
		}
	}
	return len(b)
}

// nth returns piece n of b between delimiters, from 1; nil when there are fewer.
func nth(b []byte, delimiter byte, n int) []byte {
	from, at, eight := 0, 0, uint64(delimiter)*ones
	for ; at+8 <= len(b); at += 8 {
		for ends := marks(b[at:], eight); ends != 0; ends &= ends - 1 {
			end := at + bits.TrailingZeros64(ends)/8
			if n--; n == 0 {
				return b[from:end]
			}
			from = end + 1
		}
	}
	for ; at < len(b); at++ {
		if b[at] == delimiter {
			if n--; n == 0 {
				return b[from:at]
			}
			from = at + 1
		}
	}
	if n > 1 {
		return nil
	}
	return b[from:]
}

// Unescape decodes \F\ \S\ \T\ \R\ \E\ and \Xhh..\ and drops formatting escapes; what is no escape stays
// as it is. A value without escapes is returned as it is; otherwise the result is appended to scratch.
func (d Delimiters) Unescape(b, scratch []byte) (value, _ []byte) {
	if d.Escape == 0 || bytes.IndexByte(b, d.Escape) < 0 {
		return b, scratch
	}
	start := len(scratch)
	for len(b) > 0 {
		if b[0] != d.Escape {
			scratch = append(scratch, b[0])
			b = b[1:]
			continue
		}
		end := bytes.IndexByte(b[1:], d.Escape)
		if end < 0 { // no escape after all
			scratch = append(scratch, b...)
			break
		}
		var ok bool
		if scratch, ok = d.decode(b[1:1+end], scratch); !ok { // neither: a mark that should have been escaped itself
			scratch = append(scratch, d.Escape)
			b = b[1:]
			continue
		}
		b = b[end+2:]
	}
	return scratch[start:len(scratch):len(scratch)], scratch
}

// decode appends what an escape means of HL7 v2.5.1 chapter 2, section 2.7; ok is false when it is none.
func (d Delimiters) decode(body, scratch []byte) (_ []byte, ok bool) {
	if len(body) == 0 {
		return scratch, false
	}
	switch one := len(body) == 1; {
	case one && body[0] == 'F':
		return append(scratch, d.Field), true
	case one && body[0] == 'S':
		return append(scratch, d.Component), true
	case one && body[0] == 'T':
		return append(scratch, d.Sub), true
	case one && body[0] == 'R':
		return append(scratch, d.Repetition), true
	case one && body[0] == 'E':
		return append(scratch, d.Escape), true
	case one && (body[0] == 'H' || body[0] == 'N'): // highlighting
		return scratch, true
	case body[0] == 'X' && len(body) > 1 && len(body)%2 == 1:
		before := len(scratch)
		for i := 1; i < len(body); i += 2 {
			hi, ok1 := hexDigit(body[i])
			lo, ok2 := hexDigit(body[i+1])
			if !ok1 || !ok2 {
				return scratch[:before], false
			}
			scratch = append(scratch, hi<<4|lo)
		}
		return scratch, true
	case body[0] == '.' && len(body) < 8: // a formatting command
		return append(scratch, ' '), true
	case (body[0] == 'C' || body[0] == 'M') && (len(body) == 5 || len(body) == 7) && allHex(body[1:]), body[0] == 'Z' &&
		bytes.IndexByte(body, ' ') < 0:
		return scratch, true // another character set, or a meaning of the sender's own
	}
	return scratch, false
}

func allHex(b []byte) bool {
	for _, c := range b {
		if _, ok := hexDigit(c); !ok {
			return false
		}
	}
	return true
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10, true
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, true
	}
	return 0, false
}
