package read

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

// A Arena turns a record's bytes into strings that are good until it is reset: the writer copies
// them, so a record costs no allocation per value.
type Arena struct {
	Buf   []byte
	UTF8  bool // the bytes are UTF-8, else windows-1252
	dirty bool // a value was not valid in its encoding
}

func (a *Arena) Reset() { a.Buf, a.dirty = a.Buf[:0], false }

// Text decodes a value, trims it, folds white space and drops control characters and what nobody sees; otherwise it is
// kept as sent.
func (a *Arena) Text(b []byte) string {
	b = Trim(b)
	plain := true
	for i, c := range b {
		if c < 0x20 || c >= 0x7f || c == ' ' && b[i-1] == ' ' {
			plain = false
			break
		}
	}
	if plain {
		return UnsafeString(b)
	}
	start := len(a.Buf)
	gap := false
	for i := 0; i < len(b); {
		c := b[i]
		n, is := 1, seen
		switch {
		case c <= 0x20 || c == 0x7f:
			is = blank
		case c < 0x80:
		case !a.UTF8:
			is = unseenByte(c)
		default:
			var r rune
			if r, n = utf8.DecodeRune(b[i:]); r == utf8.RuneError && n <= 1 {
				a.dirty, is = true, nothing
			} else {
				is = unseenRune(r)
			}
		}
		if is == blank {
			gap = len(a.Buf) > start
		}
		if is == seen {
			if gap {
				a.Buf, gap = append(a.Buf, ' '), false
			}
			if c >= 0x80 && !a.UTF8 {
				a.Buf = append(a.Buf, cp1252[c-0x80]...)
			} else {
				a.Buf = append(a.Buf, b[i:i+n]...)
			}
		}
		i += n
	}
	return UnsafeString(a.Buf[start:len(a.Buf):len(a.Buf)])
}

// Join writes pieces behind one another and returns them as one string.
func (a *Arena) Join(pieces ...string) string {
	start := len(a.Buf)
	for _, p := range pieces {
		a.Buf = append(a.Buf, p...)
	}
	return UnsafeString(a.Buf[start:len(a.Buf):len(a.Buf)])
}

func (a *Arena) Upper(s string) string {
	for i := 0; i < len(s); i++ {
		if s[i] >= 'a' && s[i] <= 'z' {
			start := len(a.Buf)
			for j := 0; j < len(s); j++ {
				c := s[j]
				if c >= 'a' && c <= 'z' {
					c -= 'a' - 'A'
				}
				a.Buf = append(a.Buf, c)
			}
			return UnsafeString(a.Buf[start:len(a.Buf):len(a.Buf)])
		}
	}
	return s
}

// Number writes n in digits.
func (a *Arena) Number(n int64) string {
	start := len(a.Buf)
	a.Buf = strconv.AppendInt(a.Buf, n, 10)
	return UnsafeString(a.Buf[start:len(a.Buf):len(a.Buf)])
}

// Digits keeps the digits of a value.
func (a *Arena) Digits(b []byte) string {
	start := len(a.Buf)
	for _, c := range b {
		if c >= '0' && c <= '9' {
			a.Buf = append(a.Buf, c)
		}
	}
	return UnsafeString(a.Buf[start:len(a.Buf):len(a.Buf)])
}

func UnsafeString(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	return unsafe.String(&b[0], len(b))
}

func Trim(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t') {
		b = b[1:]
	}
	for len(b) > 0 && (b[len(b)-1] == ' ' || b[len(b)-1] == '\t') {
		b = b[:len(b)-1]
	}
	return b
}

func ASCII(b []byte) bool {
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
