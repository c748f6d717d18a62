package ingest

import (
	"encoding/binary"
	"strconv"
	"unicode/utf8"
	"unsafe"

	"golang.org/x/text/encoding/charmap"
)

// cp1252 holds the UTF-8 form of every byte of windows-1252 from 0x80 on.
var cp1252 = func() (table [128]string) {
	for i := range table {
		table[i] = string(charmap.Windows1252.DecodeByte(byte(0x80 + i)))
	}
	return table
}()

// A textArena turns a record's bytes into strings that are good until it is reset: the writer copies
// them, so a record costs no allocation per value.
type textArena struct {
	buf   []byte
	utf8  bool // the bytes are UTF-8, else windows-1252
	dirty bool // a value was not valid in its encoding
}

func (a *textArena) reset() { a.buf, a.dirty = a.buf[:0], false }

// text decodes a value, trims it, folds white space and drops control characters; otherwise it is
// kept as sent.
func (a *textArena) text(b []byte) string {
	b = trim(b)
	plain := true
	for i, c := range b {
		if c < 0x20 || c >= 0x7f || c == ' ' && b[i-1] == ' ' {
			plain = false
			break
		}
	}
	if plain {
		return unsafeString(b)
	}
	start := len(a.buf)
	blank := false
	for i := 0; i < len(b); {
		c := b[i]
		if c <= 0x20 || c == 0x7f {
			blank = len(a.buf) > start
			i++
			continue
		}
		if blank {
			a.buf, blank = append(a.buf, ' '), false
		}
		switch {
		case c < 0x80:
			a.buf = append(a.buf, c)
			i++
		case !a.utf8:
			a.buf = append(a.buf, cp1252[c-0x80]...)
			i++
		default:
			r, n := utf8.DecodeRune(b[i:])
			if r == utf8.RuneError && n <= 1 {
				a.dirty = true
				i++
				continue
			}
			a.buf = append(a.buf, b[i:i+n]...)
			i += n
		}
	}
	return unsafeString(a.buf[start:len(a.buf):len(a.buf)])
}

// join writes pieces behind one another and returns them as one string.
func (a *textArena) join(pieces ...string) string {
	start := len(a.buf)
	for _, p := range pieces {
		a.buf = append(a.buf, p...)
	}
	return unsafeString(a.buf[start:len(a.buf):len(a.buf)])
}

func (a *textArena) upper(s string) string {
	for i := 0; i < len(s); i++ {
		if s[i] >= 'a' && s[i] <= 'z' {
			start := len(a.buf)
			for j := 0; j < len(s); j++ {
				c := s[j]
				if c >= 'a' && c <= 'z' {
					c -= 'a' - 'A'
				}
				a.buf = append(a.buf, c)
			}
			return unsafeString(a.buf[start:len(a.buf):len(a.buf)])
		}
	}
	return s
}

// number writes n in digits.
func (a *textArena) number(n int64) string {
	start := len(a.buf)
	a.buf = strconv.AppendInt(a.buf, n, 10)
	return unsafeString(a.buf[start:len(a.buf):len(a.buf)])
}

// digits keeps the digits of a value.
func (a *textArena) digits(b []byte) string {
	start := len(a.buf)
	for _, c := range b {
		if c >= '0' && c <= '9' {
			a.buf = append(a.buf, c)
		}
	}
	return unsafeString(a.buf[start:len(a.buf):len(a.buf)])
}

func unsafeString(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	return unsafe.String(&b[0], len(b))
}

func trim(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t') {
		b = b[1:]
	}
	for len(b) > 0 && (b[len(b)-1] == ' ' || b[len(b)-1] == '\t') {
		b = b[:len(b)-1]
	}
	return b
}

func ascii(b []byte) bool {
	for ; len(b) >= 8; b = b[8:] {
		if binary.LittleEndian.Uint64(b)&0x8080808080808080 != 0 {
			return false
		}
	}
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}
