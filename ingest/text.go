package ingest

import (
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

// A fingerprint tells two contents apart in 64 bits.
type fingerprint uint64

const fingerprintSeed fingerprint = 0x6d6969635f763031

func (h fingerprint) mix(w uint64) fingerprint {
	x := (uint64(h) ^ w) * 0x9e3779b97f4a7c15
	x ^= x >> 29
	return fingerprint(x * 0xbf58476d1ce4e5b9)
}

// text adds a value and its length, so that neighbours do not run together.
func (h fingerprint) text(s string) fingerprint {
	n := uint64(len(s))
	for len(s) >= 8 {
		h = h.mix(uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56)
		s = s[8:]
	}
	return h.mix(tail(s)).mix(n)
}

// tail is what fewer than eight bytes come to, the first one lowest. Its pieces may overlap: they agree there.
func tail(s string) uint64 {
	n := len(s)
	switch {
	case n >= 4:
		low := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24
		high := uint64(s[n-4]) | uint64(s[n-3])<<8 | uint64(s[n-2])<<16 | uint64(s[n-1])<<24
		return low | high<<(8*(n-4))
	case n > 0:
		return uint64(s[0]) | uint64(s[n/2])<<(8*(n/2)) | uint64(s[n-1])<<(8*(n-1))
	}
	return 0
}

func (h fingerprint) number(n int64) fingerprint { return h.mix(uint64(n)) }

func (h fingerprint) sum() int64 { return int64(uint64(h) ^ uint64(h)>>31) }

// hex writes the fingerprint as sixteen hex digits.
func (h fingerprint) hex(a *textArena) string {
	const digit = "0123456789abcdef"
	start := len(a.buf)
	n := uint64(h.sum())
	for shift := 60; shift >= 0; shift -= 4 {
		a.buf = append(a.buf, digit[n>>shift&15])
	}
	return unsafeString(a.buf[start:len(a.buf):len(a.buf)])
}
