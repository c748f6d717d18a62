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
	"errors"
	"io"
	"math/bits"
	"strings"
)

// MaxMessage is the largest message that is read, in bytes. Longer ones are returned cut, with TooLong set.
const MaxMessage = 1 << 20

// maxSegments is how many segments a message may have; one with more is cut as a longer one is.
const maxSegments = 1 << 16

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

// Message is one message with all its segments; the first is MSH, or what stood where MSH should.
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

// Fields cuts a segment once into its fields: fields[n] is field n; fields[0] the name. The slice is
// reused when it is handed back.
func (m *Message) Fields(s Segment, fields [][]byte) [][]byte {
	fields = fields[:0]
	raw := s.Raw
	if len(raw) >= 4 && string(raw[:3]) == "MSH" {
		fields = append(fields, raw[:3])
		raw = raw[3:]
		fields = append(fields, raw[:1])
		raw = raw[1:]
	}
	// Most fields are empty or short: looking at eight bytes at once takes half the time of looking at one after the other.
	const low, high = 0x7f7f7f7f7f7f7f7f, 0x8080808080808080
	from, at, marks := 0, 0, uint64(m.Delimiters.Field)*0x0101010101010101
	for ; at+8 <= len(raw); at += 8 {
		w := binary.LittleEndian.Uint64(raw[at:]) ^ marks // a byte of zeros is a separator
		for ends := ^((w&low + low) | w) & high; ends != 0; ends &= ends - 1 {
			end := at + bits.TrailingZeros64(ends)/8
			fields = append(fields, raw[from:end])
			from = end + 1
		}
	}
	for ; at < len(raw); at++ {
		if raw[at] == m.Delimiters.Field {
			fields = append(fields, raw[from:at])
			from = at + 1
		}
	}
	return append(fields, raw[from:])
}

// Next cuts the first repetition off a field.
func (d Delimiters) Next(field []byte) (first, rest []byte) {
	if i := bytes.IndexByte(field, d.Repetition); i >= 0 {
		return field[:i], field[i+1:]
	}
	return field, nil
}

// Part returns component n of a repetition and of it sub-component sub, both from 1, undecoded.
func (d Delimiters) Part(rep []byte, n, sub int) []byte {
	if sub == 1 && n == 1 { // most often
		for i, c := range rep {
			if c == d.Component || c == d.Sub {
				return rep[:i]
			}
		}
		return rep
	}
	return nth(nth(rep, d.Component, n), d.Sub, sub)
}

func nth(b []byte, delimiter byte, n int) []byte {
	from := 0
	for i, c := range b {
		if c == delimiter {
			if n--; n == 0 {
				return b[from:i]
			}
			from = i + 1
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

// decode appends what stands for an escape of HL7 v2.5.1 chapter 2, section 2.7; ok is false when it is none.
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
	case (body[0] == 'C' || body[0] == 'M') && (len(body) == 5 || len(body) == 7) && allHex(body[1:]), body[0] == 'Z' && bytes.IndexByte(body, ' ') < 0:
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

// A Reader reads the messages of a file.
type Reader struct {
	src    io.Reader
	buf    []byte
	start  int // of the next line in buf
	end    int
	offset int64
	line   int64
	length int  // of the next line, as peek found it; -1 when no end is in sight
	skip   int  // bytes of a printed end after it
	cut    bool // it ends where a message begins without a line end before it
	inside bool // the line before ended inside the file's line: the next one has its number
	cr, lf int  // where in buf the next CR and LF stood when last looked up; -1: not known
	eof    bool
	lastCR bool // the last line ended in CR: an LF right after it belongs to it
	text   []byte
	msg    Message
	Envelope
}

// NewReader reads messages from src.
func NewReader(src io.Reader) *Reader {
	return &Reader{src: src, buf: make([]byte, 1<<20), text: make([]byte, 0, 1<<16), Envelope: Envelope{Declared: -1}}
}

// Behind tells a new reader how much of the file lies before what it reads: bytes and lines. Behind lines, what its
// headers and trailers come to is told by the reader of those, once it has joined this one.
func (r *Reader) Behind(bytes, lines int64) { r.offset, r.line, r.behind = bytes, lines, lines > 0 }

// Join adds to the envelope what the reader of the rest of the file found.
func (r *Reader) Join(rest *Reader) { r.join(&rest.Envelope) }

// FindMessage returns where the first line of b that is an MSH segment in good order begins, the line that b begins in
// apart; -1 when there is none.
func FindMessage(b []byte) int {
	for at := 0; ; {
		i := bytes.Index(b[at:], []byte("MSH"))
		if i < 0 {
			return -1
		}
		at += i
		if at > 0 && (b[at-1] == '\r' || b[at-1] == '\n') {
			if _, good := headerDelimiters(b[at:]); good && (Segment{Raw: b[at:]}).Name() == "MSH" {
				return at
			}
		}
		at++
	}
}

// CountLines counts the line ends of b as a Reader does, where last is the byte before b: CR, LF, or both as one.
func CountLines(last byte, b []byte) int64 {
	n := bytes.Count(b, []byte{'\r'})
	if lf := bytes.Count(b, []byte{'\n'}); lf > 0 {
		n += lf - bytes.Count(b, []byte("\r\n"))
		if last == '\r' && b[0] == '\n' {
			n--
		}
	}
	return int64(n)
}

// Next returns the next message, or io.EOF. Lines before the first MSH that are no envelope come as a
// message that is not Good. The message is good until the next call.
func (r *Reader) Next() (*Message, error) {
	m := &r.msg
	*m = Message{Segments: m.Segments[:0]}
	r.text = r.text[:0]
	for {
		raw, at, err := r.peek()
		if errors.Is(err, io.EOF) {
			if len(m.Segments) > 0 {
				return r.whole(m)
			}
			return nil, io.EOF
		}
		if err != nil {
			return nil, err
		}
		before := lead(raw)
		raw, at = raw[before:], at+int64(before)
		if i := messageInside(raw); i > 0 {
			raw, r.length, r.skip, r.cut = raw[:i], before+i, 0, true
		}
		name := Segment{Raw: raw}.Name()
		switch name {
		case "FHS", "BHS", "BTS", "FTS", "MSH":
			if len(m.Segments) > 0 {
				return r.whole(m)
			}
		}
		r.take()
		line := r.line
		raw, blank := trimEnd(raw)
		if len(raw) == 0 {
			continue
		}
		if bytes.IndexByte(raw, 0) >= 0 {
			r.NUL = true
		}
		switch name {
		case "FHS", "BHS", "BTS", "FTS":
			r.envelope(name, raw)
			continue
		case "MSH":
			m.Delimiters, m.Good = headerDelimiters(raw)
		}
		last := len(m.Segments) - 1
		joins := last >= 0 && !m.begins(raw)
		if joins && (blank || before > 0) {
			r.text = append(r.text, ' ')
			m.Segments[last].Raw = r.text[len(r.text)-1-len(m.Segments[last].Raw):]
		}
		if len(r.text)+len(raw) > MaxMessage || !joins && len(m.Segments) == maxSegments {
			m.TooLong = true
			continue
		}
		// The message's bytes are copied into one buffer that never moves while it is being filled.
		if len(r.text)+len(raw)+1 > cap(r.text) {
			r.grow(m, len(raw)+1)
		}
		from := len(r.text)
		r.text = append(r.text, raw...)
		if joins {
			s := &m.Segments[last]
			from -= len(s.Raw)
			s.Raw, s.Joined, s.Buried = r.text[from:len(r.text):len(r.text)], true, s.Buried || len(raw) > 3 && !isWord(raw[3]) && strings.EqualFold(string(raw[:3]), "RXA")
			continue
		}
		m.Segments = append(m.Segments, Segment{Raw: r.text[from:len(r.text):len(r.text)], Line: line, Offset: at})
	}
}

// whole hands out a message that has all its segments.
func (r *Reader) whole(m *Message) (*Message, error) {
	r.messages++
	return m, nil
}

// begins reports a line that begins a segment: three letters or digits, the first a letter, and the
// field separator. Any other line goes on with the segment before it.
func (m *Message) begins(raw []byte) bool {
	separator := m.Delimiters.Field
	if separator == 0 {
		separator = '|'
	}
	return len(raw) >= 3 && raw[0] >= 'A' && isWord(raw[0]) && isWord(raw[1]) && isWord(raw[2]) && (len(raw) == 3 || raw[3] == separator)
}

var byteOrderMark = []byte("\xEF\xBB\xBF")

// messageInside returns where in a line another message begins, because a line end was lost before it; -1 when none
// does. The three letters may stand in a value, so the header's marks must follow them.
func messageInside(raw []byte) int {
	for at := 1; at < len(raw); {
		i := bytes.Index(raw[at:], []byte("MSH"))
		if i < 0 {
			return -1
		}
		at += i
		head := raw[at:min(at+16, len(raw))]
		if d, good := headerDelimiters(head); good && d.Field != ' ' && d.Field != d.Component && d.Component != d.Repetition {
			if n := bytes.IndexByte(head[4:], d.Field); n >= 2 && n <= 5 {
				return at
			}
		}
		at += 3
	}
	return -1
}

// lead counts the bytes before a segment that are none of it: blanks, a byte order mark where files were
// put behind one another, and the frame of a message that was captured from a line.
func lead(raw []byte) int {
	for i := 0; i < len(raw); i++ {
		switch raw[i] {
		case ' ', '\t', 0x0B, 0x1C:
		case byteOrderMark[0]:
			if !bytes.HasPrefix(raw[i:], byteOrderMark) {
				return i
			}
			i += len(byteOrderMark) - 1
		default:
			return i
		}
	}
	return len(raw)
}

// printedEnd is how printed examples of the national guide show the end of a segment; some have lost a bracket.
var printedEnd = []byte("<CR>")

// trimEnd takes off blanks and a printed end. blank tells that it took something.
func trimEnd(raw []byte) (_ []byte, blank bool) {
	n := len(raw)
	raw = trimRight(raw)
	if len(raw) > 0 && (raw[len(raw)-1] == '>' || raw[len(raw)-1] == 'R') {
		for _, end := range [...]string{"<CR>", "<CR", "CR>"} {
			if bytes.HasSuffix(raw, []byte(end)) {
				raw = trimRight(raw[:len(raw)-len(end)])
				break
			}
		}
	}
	return raw, len(raw) < n
}

func trimRight(b []byte) []byte {
	for len(b) > 0 && (b[len(b)-1] == ' ' || b[len(b)-1] == '\t' || b[len(b)-1] == 0x1C) {
		b = b[:len(b)-1]
	}
	return b
}

func (r *Reader) grow(m *Message, more int) {
	bigger := make([]byte, len(r.text), 2*(len(r.text)+more))
	copy(bigger, r.text)
	from := 0
	for i := range m.Segments {
		n := len(m.Segments[i].Raw)
		m.Segments[i].Raw = bigger[from : from+n : from+n]
		from += n
	}
	r.text = bigger
}

func headerDelimiters(raw []byte) (Delimiters, bool) {
	if len(raw) < 8 {
		return Delimiters{Field: '|', Component: '^', Repetition: '~', Escape: '\\', Sub: '&'}, false
	}
	d := Delimiters{Field: raw[3]}
	marks := nth(raw[4:], raw[3], 1)
	if len(marks) < 2 {
		return Delimiters{Field: '|', Component: '^', Repetition: '~', Escape: '\\', Sub: '&'}, false
	}
	d.Component, d.Repetition = marks[0], marks[1]
	if len(marks) > 2 {
		d.Escape = marks[2]
	}
	if len(marks) > 3 {
		d.Sub = marks[3]
	}
	for _, c := range []byte{d.Field, d.Component, d.Repetition} {
		if isWord(c) || c >= 'a' && c <= 'z' || c < ' ' {
			return d, false
		}
	}
	return d, true
}

// peek finds the next line without taking it. A line longer than the buffer is cut to its size.
func (r *Reader) peek() (raw []byte, at int64, err error) {
	for {
		if r.lastCR && r.start < r.end {
			if r.buf[r.start] == '\n' {
				r.start++
				r.offset++
			}
			r.lastCR = false
		}
		window := r.buf[r.start:r.end]
		r.skip, r.cut = 0, false
		if r.length = r.lineEnd(); r.length >= 0 {
			return r.printed(window[:r.length]), r.offset, nil
		}
		if r.eof {
			if len(window) == 0 {
				return nil, 0, io.EOF
			}
			return r.printed(window), r.offset, nil
		}
		if len(window) == len(r.buf) {
			return window, r.offset, nil
		}
		if err := r.fill(); err != nil {
			return nil, 0, err
		}
	}
}

// printed cuts a line at a printed end that another segment follows.
func (r *Reader) printed(line []byte) []byte {
	for from := 0; ; from++ {
		i := bytes.IndexByte(line[from:], printedEnd[0])
		if i < 0 {
			return line
		}
		from += i
		rest, ok := bytes.CutPrefix(line[from:], printedEnd)
		if !ok {
			continue
		}
		rest = rest[lead(rest):]
		if len(rest) > 3 && !isWord(rest[3]) && rest[3] != ' ' && (Segment{Raw: rest[:3]}).Name() != "" {
			r.length, r.skip = from, len(printedEnd)
			return line[:from]
		}
	}
}

// take passes over the line that peek found.
func (r *Reader) take() {
	window := r.buf[r.start:r.end]
	i := r.length
	if !r.inside {
		r.line++
	}
	if r.inside = r.skip > 0 || r.cut; r.inside {
		r.cut = false
		r.offset += int64(i + r.skip)
		r.start += i + r.skip
		return
	}
	if i < 0 {
		r.offset += int64(len(window))
		r.start = r.end
		r.Unended = r.eof
		return
	}
	r.lastCR = window[i] == '\r'
	r.offset += int64(i + 1)
	r.start += i + 1
}

// lineEnd returns the length of the next line, or -1 when its end is not in the buffer. Where the next CR
// and the next LF stand is looked up once for each: most files have but one of them.
func (r *Reader) lineEnd() int {
	r.cr, r.lf = r.mark(r.cr, '\r'), r.mark(r.lf, '\n')
	if first := min(r.cr, r.lf); first < r.end {
		return first - r.start
	}
	return -1
}

// mark returns where a byte stands next, given where it did when last looked up; the end of the buffer when it is not in it.
func (r *Reader) mark(at int, c byte) int {
	if at >= r.start {
		return at
	}
	if i := bytes.IndexByte(r.buf[r.start:r.end], c); i >= 0 {
		return r.start + i
	}
	return r.end
}

func (r *Reader) fill() error {
	copy(r.buf, r.buf[r.start:r.end])
	r.start, r.end = 0, r.end-r.start
	r.cr, r.lf = -1, -1
	n, err := io.ReadFull(r.src, r.buf[r.end:])
	r.end += n
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		r.eof = true
		return nil
	}
	return err
}
