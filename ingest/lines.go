package ingest

import (
	"bytes"
	"errors"
	"io"
	"os"
)

// A lineReader cuts a stream into lines that end in LF, CR LF or, where the file has no LF, CR. It
// knows each line's number and byte offset, and holds no more than one block and one line.
type lineReader struct {
	src    io.Reader
	buf    []byte
	start  int   // of the next line in buf
	end    int   // of what is read in buf
	offset int64 // in the file, of buf[start]
	number int64 // of the last line returned
	max    int   // the longest line that is kept; the rest of a longer one is passed over
	mark   byte  // what ends a line
	eof    bool
}

// A line is one line without its end. Its bytes are good until the next call.
type line struct {
	text    []byte
	number  int64 // from 1
	offset  int64 // of its first byte, from 0
	ended   bool  // an end of line follows: false only for a last line that may have been cut
	tooLong bool  // longer than the reader's limit; text holds its beginning
}

const blockSize = 1 << 20

func newLineReader(src io.Reader, maxLine int) *lineReader {
	return &lineReader{src: src, buf: make([]byte, max(blockSize, 2*maxLine)), max: maxLine}
}

// behind starts a new reader in the middle of a file, behind so many bytes and so many lines that end in LF.
func (r *lineReader) behind(bytes, lines int64) {
	if r.offset, r.number = bytes, lines; lines > 0 {
		r.mark = '\n'
	}
}

// next returns the next line, or io.EOF.
func (r *lineReader) next() (line, error) {
	if r.mark == 0 {
		if err := r.fill(); err != nil {
			return line{}, err
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
				return line{}, io.EOF
			}
			return r.take(r.end, r.end, false), nil
		}
		if r.end-r.start > r.max {
			return r.skip()
		}
		seen := r.end - r.start
		if err := r.fill(); err != nil {
			return line{}, err
		}
		from = r.start + seen
	}
}

func (r *lineReader) take(end, next int, ended bool) line {
	r.number++
	l := line{text: r.buf[r.start:end], number: r.number, offset: r.offset, ended: ended}
	if r.mark == '\n' && len(l.text) > 0 && l.text[len(l.text)-1] == '\r' {
		l.text = l.text[:len(l.text)-1]
	}
	if len(l.text) > r.max {
		l.text, l.tooLong = l.text[:r.max], true
	}
	r.offset += int64(next - r.start)
	r.start = next
	return l
}

// skip returns the beginning of a line that is too long and passes over the rest of it.
func (r *lineReader) skip() (line, error) {
	r.number++
	l := line{text: append([]byte(nil), r.buf[r.start:r.start+r.max]...), number: r.number, offset: r.offset, tooLong: true}
	for {
		if i := bytes.IndexByte(r.buf[r.start:r.end], r.mark); i >= 0 {
			r.offset += int64(i + 1)
			r.start += i + 1
			l.ended = true
			return l, nil
		}
		r.offset += int64(r.end - r.start)
		r.start, r.end = 0, 0
		if r.eof {
			return l, nil
		}
		if err := r.fill(); err != nil {
			return line{}, err
		}
	}
}

// fill moves what is left to the front of the buffer and reads on.
func (r *lineReader) fill() error {
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

const maxLine = 1 << 16

func ioReason(err error) string {
	var pathErr *os.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err.Error()
	}
	return err.Error()
}
