package read

import (
	"bytes"
	"errors"
	"io"

	"miic/ingest/hl7"
)

// MiddleOf returns where the line that follows the middle begins; 0 when the file is not one of lines that end in LF.
func MiddleOf(f io.ReaderAt, start, end int64) (int64, error) {
	head := make([]byte, BlockSize)
	n, err := f.ReadAt(head, start)
	if err != nil && !errors.Is(err, io.EOF) || bytes.IndexByte(head[:n], '\n') < 0 {
		return 0, eofIsFine(err)
	}
	middle := start + (end-start)/2
	n, err = f.ReadAt(head[:2*MaxLine], middle)
	if i := bytes.IndexByte(head[:n], '\n'); i >= 0 && middle+int64(i)+1 < end {
		return middle + int64(i) + 1, nil
	}
	return 0, eofIsFine(err)
}

// Blank reports a line that holds no record: nothing, or an old end-of-file mark.
func Blank(text []byte) bool { return len(text) == 0 || len(text) == 1 && text[0] == 0x1A }

func eofIsFine(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// MiddleMessage returns where the first message after the middle of the file begins and how many lines
// stand before it; 0 when the file is not to be cut: no message begins there, or a line is so long that
// the reader would cut it.
func MiddleMessage(f io.ReaderAt, start, end int64) (middle, before int64, err error) {
	buf := make([]byte, 2*hl7.MaxMessage)
	middle = start + (end-start)/2
	n, err := f.ReadAt(buf, middle)
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, 0, err
	}
	i := hl7.FindMessage(buf[:n])
	if i < 0 {
		return 0, 0, nil
	}
	middle += int64(i)
	var last byte
	block := buf[:hl7.MaxMessage/2]
	for at := start; at < middle; at += int64(len(block)) {
		block = block[:min(int64(len(block)), middle-at)]
		if _, err := f.ReadAt(block, at); err != nil {
			return 0, 0, err
		}
		lines := hl7.CountLines(last, block)
		if lines == 0 && len(block) == hl7.MaxMessage/2 {
			return 0, 0, nil
		}
		before += lines
		last = block[len(block)-1]
	}
	return middle, before, nil
}
