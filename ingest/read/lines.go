package read

import (
	"bytes"
	"errors"
	"io"
)

// A LineReader cuts a stream into lines that end in LF, CR LF or, where the file has no LF, CR. It
// knows each line's number and byte offset, and holds no more than one block and one line.
type LineReader struct {
	src    io.Reader
	buf    []byte
	start  int   // of the next line in buf
	end    int   // of what is read in buf
	Offset int64 // in the file, of buf[start]
	Number int64 // of the last line returned
	max    int   // the longest line that is kept; the rest of a longer one is passed over
	mark   byte  // what ends a line
	eof    bool
}

// A Line is one line without its end. Its bytes are good until the next call.
type Line struct {
	Text    []byte
	Number  int64 // from 1
	Offset  int64 // of its first byte, from 0
	Ended   bool  // an end of line follows: false only for a last line that may have been cut
	TooLong bool  // longer than the reader's limit; text holds its beginning
}

const BlockSize = 1 << 20

func NewLineReader(src io.Reader, maxLine int) *LineReader {
	return &LineReader{src: src, buf: make([]byte, max(BlockSize, 2*maxLine)), max: maxLine}
}

// NewPartReader reads the lines of a part of a file.
func NewPartReader(f io.ReaderAt, p Part) *LineReader {
	r := NewLineReader(io.NewSectionReader(f, p.From, p.To-p.From), MaxLine)
	r.Offset, r.Number, r.mark = p.From, p.Before, p.mark
	return r
}

// Rest is what the reader has not read of the file, up to an end.
func (r *LineReader) Rest(end int64) Part {
	return Part{From: r.Offset, To: end, Before: r.Number, mark: r.mark}
}

// Next returns the next line, or io.EOF.
func (r *LineReader) Next() (Line, error) {
	if r.mark == 0 {
		if err := r.fill(); err != nil {
			return Line{}, err
		}
		r.mark = '\n'
		head := r.buf[r.start:r.end]
		if bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(head, '\r') >= 0 {
			r.mark = '\r'
		}
	}
	from := r.start
	for {
		if i := bytes.IndexByte(r.buf[from:r.end], r.mark); i >= 0 {
			return r.take(from+i, from+i+1, true), nil
		}
		if r.eof {
			if r.start == r.end {
				return Line{}, io.EOF
			}
			return r.take(r.end, r.end, false), nil
		}
		if r.end-r.start > r.max {
			return r.skip()
		}
		seen := r.end - r.start
		if err := r.fill(); err != nil {
			return Line{}, err
		}
		from = r.start + seen
	}
}

func (r *LineReader) take(end, next int, ended bool) Line {
	r.Number++
	l := Line{Text: r.buf[r.start:end], Number: r.Number, Offset: r.Offset, Ended: ended}
	if r.mark == '\n' && len(l.Text) > 0 && l.Text[len(l.Text)-1] == '\r' {
		l.Text = l.Text[:len(l.Text)-1]
	}
	if len(l.Text) > r.max {
		l.Text, l.TooLong = l.Text[:r.max], true
	}
	r.Offset += int64(next - r.start)
	r.start = next
	return l
}

// skip returns the beginning of a line that is too long and passes over the rest of it.
func (r *LineReader) skip() (Line, error) {
	r.Number++
	l := Line{Text: append([]byte(nil), r.buf[r.start:r.start+r.max]...), Number: r.Number, Offset: r.Offset,
		TooLong: true}
	for {
		if i := bytes.IndexByte(r.buf[r.start:r.end], r.mark); i >= 0 {
			r.Offset += int64(i + 1)
			r.start += i + 1
			l.Ended = true
			return l, nil
		}
		r.Offset += int64(r.end - r.start)
		r.start, r.end = 0, 0
		if r.eof {
			return l, nil
		}
		if err := r.fill(); err != nil {
			return Line{}, err
		}
	}
}

// fill moves what is left to the front of the buffer and reads on.
func (r *LineReader) fill() error {
	copy(r.buf, r.buf[r.start:r.end])
	r.start, r.end = 0, r.end-r.start
	n, err := io.ReadFull(r.src, r.buf[r.end:])
	r.end += n
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		r.eof = true
		return nil
	}
	return err
}

const MaxLine = 1 << 16
