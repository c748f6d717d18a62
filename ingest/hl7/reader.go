package hl7

import (
	"bytes"
	"errors"
	"io"
	"strings"
)

// maxSegments is how many segments a message may have; one with more is cut as a longer one is.
const maxSegments = 1 << 16

// MaxMessage is the largest message that is read, in bytes. Longer ones are returned cut, with TooLong set.
const MaxMessage = 1 << 20

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
	// where in buf the next CR and LF were when last looked up, and the next of what most files have none of; -1:
	// not known
	cr, lf  int
	nul, lt int
	// where in buf the next printed end is that another segment follows, and up to where that is known; the same as that
	// when there is none
	printedAt, known int
	eof              bool
	lastCR           bool // the last line ended in CR: an LF right after it belongs to it
	text             []byte
	msg              Message
	Envelope
}

// NewReader reads messages from src.
func NewReader(src io.Reader) *Reader {
	return &Reader{src: src, buf: make([]byte, 1<<20), text: make([]byte, 0, 1<<16), Envelope: Envelope{Declared: -1}}
}

// Behind lets a new reader know how much of the file lies before what it reads: bytes and lines. Behind lines, what its
// headers and trailers come to is known to the reader of those, once it has joined this one.
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
		r.nul = r.mark(r.nul, 0)
		r.NUL = r.NUL || r.nul < r.start+before+len(raw)
		r.take()
		line := r.line
		raw, blank := trimEnd(raw)
		if len(raw) == 0 {
			continue
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
			s.Raw, s.Joined, s.Buried = r.text[from:len(r.text):len(r.text)], true, s.Buried || len(raw) > 3 &&
				!isWord(raw[3]) && strings.EqualFold(string(raw[:3]), "RXA")
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
	return len(raw) >= 3 && raw[0] >= 'A' && isWord(raw[0]) && isWord(raw[1]) && isWord(raw[2]) &&
		(len(raw) == 3 || raw[3] == separator)
}

var byteOrderMark, noBreakSpace = []byte("\xEF\xBB\xBF"), []byte("\u00A0")

// messageInside returns where in a line another message begins, because a line end was lost before it; -1 when none
// does. The three letters may be in a value, so the header's marks must follow them.
func messageInside(raw []byte) int {
	for at := 1; at < len(raw); {
		i := bytes.Index(raw[at:], []byte("MSH"))
		if i < 0 {
			return -1
		}
		at += i
		head := raw[at:min(at+16, len(raw))]
		if d, good := headerDelimiters(head); good && d.Field != ' ' && d.Field != d.Component &&
			d.Component != d.Repetition {
			if n := bytes.IndexByte(head[4:], d.Field); n >= 2 && n <= 5 {
				return at
			}
		}
		at += 3
	}
	return -1
}

// lead counts the bytes before a segment that are none of it: blanks, no-break ones too, a byte order mark where files were
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
		case noBreakSpace[0]:
			if !bytes.HasPrefix(raw[i:], noBreakSpace) {
				return i
			}
			i += len(noBreakSpace) - 1
		default:
			return i
		}
	}
	return len(raw)
}

// printedEnd is how printed examples of the national guide show the end of a segment; some have lost a bracket.
var printedEnd = []byte("<CR>")

// trimEnd takes off blanks and a printed end. blank reports that it took something.
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

// printed cuts the next line at a printed end that another segment follows.
func (r *Reader) printed(line []byte) []byte {
	if r.lt = r.mark(r.lt, printedEnd[0]); r.lt >= r.start+len(line) {
		return line
	}
	// A line may be taken in many pieces: what was found behind the first of them holds for the others.
	if end := r.start + len(line); r.printedAt < r.start || r.known < end {
		r.printedAt, r.known = r.start+findPrinted(line), end
	}
	if at := r.printedAt - r.start; at < len(line) {
		r.length, r.skip = at, len(printedEnd)
		return line[:at]
	}
	return line
}

// findPrinted returns where in a line a printed end is that another segment follows; the line's length if there is none.
func findPrinted(line []byte) int {
	for from := 0; ; from += len(printedEnd) {
		i := bytes.Index(line[from:], printedEnd)
		if i < 0 {
			return len(line)
		}
		from += i
		rest := line[from+len(printedEnd):]
		rest = rest[lead(rest):]
		if len(rest) > 3 && !isWord(rest[3]) && rest[3] != ' ' && (Segment{Raw: rest[:3]}).Name() != "" {
			return from
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

// lineEnd returns the length of the next line, or -1 when its end is not in the buffer. The places of the next CR and
// the next LF are looked up once for each: most files have but one of them.
func (r *Reader) lineEnd() int {
	r.cr, r.lf = r.mark(r.cr, '\r'), r.mark(r.lf, '\n')
	if first := min(r.cr, r.lf); first < r.end {
		return first - r.start
	}
	return -1
}

// mark returns where a byte is next, given where it did when last looked up; the end of the buffer when it is
// not in it.
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
	r.cr, r.lf, r.nul, r.lt, r.printedAt = -1, -1, -1, -1, -1
	n, err := io.ReadFull(r.src, r.buf[r.end:])
	r.end += n
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		r.eof = true
		return nil
	}
	return err
}
