package read

import (
	"bytes"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"

	"miic/ingest/hl7"
)

// allocated returns how many bytes fn allocates.
func allocated(fn func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	fn()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// endless is a text that repeats itself.
func endless(bytesTotal int64, text string) io.Reader {
	return io.LimitReader(&repeating{text: []byte(text)}, bytesTotal)
}

type repeating struct {
	text []byte
	at   int
}

func (r *repeating) Read(b []byte) (int, error) {
	n := 0
	for n < len(b) {
		k := copy(b[n:], r.text[r.at:])
		n, r.at = n+k, (r.at+k)%len(r.text)
	}
	return n, nil
}

// TestReadersHoldOneRecord: however long a file or a line of it is, a reader takes memory for its longest record only.
func TestReadersHoldOneRecord(t *testing.T) {
	const size = 24 << 20
	for name, text := range map[string]string{"one endless line": "x", "short lines": "abc\r\n", "blank lines": "\n",
		"CR only": "abc\r", "quotes": "\"a,b\"\",", "zeros": "\x00"} {
		var lines int64
		got := allocated(func() {
			r := NewLineReader(endless(size, text), MaxLine)
			for {
				if _, err := r.Next(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Fatal(err)
				}
				lines++
			}
		})
		if got > 4<<20 {
			t.Errorf("%s: the line reader took %d MiB for %d lines", name, got>>20, lines)
		}
	}
	message := "MSH|^~\\&|E|O|M|M|20260201||VXU^V04|1|P|2.5.1\rPID|1||K^^^O^MR\r"
	for name, text := range map[string]string{"one endless segment": "x", "one endless message": "PID|" +
		strings.Repeat("x", 900) + "\r", "short segments": "A\n",
		"messages": message, "headers": "MSH|\r", "envelopes": "BHS|^~\\&|\rBTS|1\r", "blank": "\r\n",
		"zeros": "\x00"} {
		got := allocated(func() {
			r := hl7.NewReader(io.MultiReader(bytes.NewReader([]byte(message)), endless(size, text)))
			for {
				if _, err := r.Next(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Fatal(err)
				}
			}
		})
		if got > 20<<20 { // a message and its segments, and what slices leave behind as they grow
			t.Errorf("%s: the message reader took %d MiB", name, got>>20)
		}
	}
}
