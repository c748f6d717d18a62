// Package hl7 cuts HL7 version 2 batch files (ER7 encoding, HL7 v2.5.1 chapter 2) into messages,
// segments, fields, repetitions, components and sub-components.
//
// It reads what senders really write: CR, LF or CR LF between segments, with or without the FHS, BHS,
// BTS and FTS envelope, delimiters as each header segment declares them. It keeps every segment's
// line and byte offset, decodes escapes on demand, and holds one message at a time, up to a limit. It
// knows no segment but the headers and trailers: what a field means is the caller's business.
package hl7

import (
	"bytes"
	"errors"
	"io"
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
	// Most fields are empty or short: looking at byte after byte takes half the time of searching for each end.
	from, mark := 0, m.Delimiters.Field
	for i, c := range raw {
		if c == mark {
			fields = append(fields, raw[from:i])
			from = i + 1
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

// Unescape decodes \F\ \S\ \T\ \R\ \E\ and \Xhh..\ and drops formatting escapes. A value without
// escapes is returned as it is; otherwise the result is appended to scratch.
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
		body := b[1 : 1+end]
		b = b[end+2:]
		switch {
		case len(body) == 1:
			switch body[0] {
			case 'F':
				scratch = append(scratch, d.Field)
			case 'S':
				scratch = append(scratch, d.Component)
			case 'T':
				scratch = append(scratch, d.Sub)
			case 'R':
				scratch = append(scratch, d.Repetition)
			case 'E':
				scratch = append(scratch, d.Escape)
			}
		case len(body) > 1 && body[0] == 'X' && len(body)%2 == 1:
			for i := 1; i < len(body); i += 2 {
				hi, ok1 := hexDigit(body[i])
				lo, ok2 := hexDigit(body[i+1])
				if ok1 && ok2 {
					scratch = append(scratch, hi<<4|lo)
				}
			}
		case len(body) > 0 && body[0] == '.':
			scratch = append(scratch, ' ')
		}
	}
	return scratch[start:len(scratch):len(scratch)], scratch
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

// Envelope is what the file's header and trailer segments say.
type Envelope struct {
	Open     bool  // an FHS or BHS was read and its trailer was not
	Declared int64 // messages, by BTS-1; -1 when no trailer counts them
	Time     []byte
	NUL      bool // the file holds a zero byte: it is not HL7 text
}

// A Reader reads the messages of a file.
type Reader struct {
	src    io.Reader
	buf    []byte
	start  int // of the next line in buf
	end    int
	offset int64
	line   int64
	length int // of the next line, as peek found it; -1 when no end is in sight
	cr, lf int // where in buf the next CR and LF stood when last looked up; -1: not known
	eof    bool
	lastCR bool // the last line ended in CR: an LF right after it belongs to it
	text   []byte
	msg    Message
	Envelope
	batches, files int
}

// NewReader reads messages from src.
func NewReader(src io.Reader) *Reader {
	return &Reader{src: src, buf: make([]byte, 1<<20), text: make([]byte, 0, 1<<16), Envelope: Envelope{Declared: -1}}
}

// Behind tells a new reader how much of the file lies before what it reads: bytes and lines.
func (r *Reader) Behind(bytes, lines int64) { r.offset, r.line = bytes, lines }

// Join adds to the envelope what the reader of the rest of the file found.
func (r *Reader) Join(rest *Reader) {
	r.files += rest.files
	r.batches += rest.batches
	r.Open = r.files > 0 || r.batches > 0
	if rest.Declared >= 0 {
		r.Declared = max(r.Declared, 0) + rest.Declared
	}
	if len(r.Time) == 0 {
		r.Time = rest.Time
	}
	r.NUL = r.NUL || rest.NUL
}

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
				return m, nil
			}
			return nil, io.EOF
		}
		if err != nil {
			return nil, err
		}
		name := Segment{Raw: raw}.Name()
		switch name {
		case "FHS", "BHS", "BTS", "FTS", "MSH":
			if len(m.Segments) > 0 {
				return m, nil
			}
		}
		r.take()
		line := r.line
		raw = trimRight(raw)
		// Printed examples of the national guide end their segments in this text.
		if bytes.HasSuffix(raw, []byte("<CR>")) {
			raw = trimRight(raw[:len(raw)-4])
		}
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
		if len(r.text)+len(raw) > MaxMessage || len(m.Segments) == maxSegments {
			m.TooLong = true
			continue
		}
		// The message's bytes are copied into one buffer that never moves while it is being filled.
		if len(r.text)+len(raw) > cap(r.text) {
			r.grow(m, len(raw))
		}
		from := len(r.text)
		r.text = append(r.text, raw...)
		m.Segments = append(m.Segments, Segment{Raw: r.text[from:len(r.text):len(r.text)], Line: line, Offset: at})
	}
}

func trimRight(b []byte) []byte {
	for len(b) > 0 && (b[len(b)-1] == ' ' || b[len(b)-1] == '\t') {
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

func (r *Reader) envelope(name string, raw []byte) {
	separator := byte('|')
	if len(raw) > 3 {
		separator = raw[3]
	}
	switch name {
	case "FHS":
		r.files++
	case "BHS":
		r.batches++
	case "FTS":
		r.files--
	case "BTS":
		r.batches--
		if n, ok := count(nth(raw, separator, 2)); ok {
			r.Declared = max(r.Declared, 0) + n
		}
	}
	if name == "FHS" || name == "BHS" {
		// FHS-7 and BHS-7, the time: like MSH, the separator itself is field 1.
		if t := nth(raw, separator, 7); len(t) > 0 && len(r.Time) == 0 {
			r.Time = append([]byte(nil), t...)
		}
	}
	r.Open = r.files > 0 || r.batches > 0
}

func count(b []byte) (int64, bool) {
	if len(b) == 0 || len(b) > 12 {
		return 0, false
	}
	var n int64
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
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
		if r.length = r.lineEnd(); r.length >= 0 {
			return window[:r.length], r.offset, nil
		}
		if r.eof {
			if len(window) == 0 {
				return nil, 0, io.EOF
			}
			return window, r.offset, nil
		}
		if len(window) == len(r.buf) {
			return window, r.offset, nil
		}
		if err := r.fill(); err != nil {
			return nil, 0, err
		}
	}
}

// take passes over the line that peek found.
func (r *Reader) take() {
	window := r.buf[r.start:r.end]
	i := r.length
	if i < 0 {
		r.offset += int64(len(window))
		r.start = r.end
		r.line++
		return
	}
	r.lastCR = window[i] == '\r'
	r.offset += int64(i + 1)
	r.start += i + 1
	r.line++
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
