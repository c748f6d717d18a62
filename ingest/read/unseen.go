package read

import (
	"unicode"
	"unicode/utf8"
)

// What nobody sees: spreadsheets and web pages put no-break spaces, zero-width characters and marks of direction into
// what people copy. Those that take room mean a blank; the others mean nothing.
type unseen int

const (
	seen unseen = iota
	blank
	nothing
)

func unseenRune(r rune) unseen {
	switch {
	case r < 0x80:
		return seen
	case unicode.In(r, unicode.Zs, unicode.Zl, unicode.Zp), r == 0x85:
		return blank
	case unicode.In(r, unicode.Cf, unicode.Cc):
		return nothing
	}
	return seen
}

// unseenByte is the same of a byte of windows-1252.
func unseenByte(c byte) unseen {
	switch c {
	case 0xA0:
		return blank
	case 0xAD, 0x81, 0x8D, 0x8F, 0x90, 0x9D: // the soft hyphen, and places without a character
		return nothing
	}
	return seen
}

// Clean returns text in which what nobody sees is a blank or gone: text itself where there is none, else written into
// scratch, which is returned for the next call. Bytes that are no UTF-8 stay as they are.
func Clean(text, scratch []byte, isUTF8 bool) (clean, _ []byte) {
	if ASCII(text) {
		return text, scratch
	}
	start, found := len(scratch), false
	for i := 0; i < len(text); {
		c, n, is := text[i], 1, seen
		switch {
		case c < 0x80:
		case isUTF8:
			var r rune
			if r, n = utf8.DecodeRune(text[i:]); r != utf8.RuneError || n > 1 {
				is = unseenRune(r)
			}
		default:
			is = unseenByte(c)
		}
		switch found = found || is != seen; is {
		case seen:
			scratch = append(scratch, text[i:i+n]...)
		case blank:
			scratch = append(scratch, ' ')
		}
		i += n
	}
	if !found {
		return text, scratch[:start]
	}
	return scratch[start:len(scratch):len(scratch)], scratch
}

// Blank reports a line that holds no record: nothing, an old end-of-file mark, or only blanks, what nobody sees,
// delimiters and empty quotes, as spreadsheets leave below a table.
func Blank(text []byte) bool {
	quotes := 0
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == ' ', c == '\t', c == ',', c == ';', c == '|', c == 0x1A && len(text) == 1:
		case c == '"':
			quotes++
		case c < 0x80:
			return false
		default:
			r, n := utf8.DecodeRune(text[i:])
			if r == utf8.RuneError && n <= 1 && c != 0xA0 || r != utf8.RuneError && unseenRune(r) == seen {
				return false
			}
			i += n - 1
		}
		i++
	}
	return quotes%2 == 0
}
