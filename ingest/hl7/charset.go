package hl7

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// A Charset is what a message declares its text to be in (MSH-18, table 0211).
type Charset struct {
	kind    charsetKind
	decoder encoding.Encoding // nil: its bytes are read as they are, or cannot be
}

type charsetKind int

const (
	plainASCII charsetKind = iota // says nothing of other bytes
	utf8Text
	latin1     // and windows-1252, which has characters where Latin 1 has none that anybody writes
	decoded    // by its decoder
	escapes    // by its decoder; bytes are ASCII, and escape characters change what they mean
	unreadable // known, and not read
)

// latinParts are the parts of ISO 8859 by their number; part 1 is read like windows-1252.
var latinParts = map[string]encoding.Encoding{"2": charmap.ISO8859_2, "3": charmap.ISO8859_3, "4": charmap.ISO8859_4,
	"5": charmap.ISO8859_5, "6": charmap.ISO8859_6, "7": charmap.ISO8859_7, "8": charmap.ISO8859_8, "9": charmap.ISO8859_9,
	"10": charmap.ISO8859_10, "13": charmap.ISO8859_13, "14": charmap.ISO8859_14, "15": charmap.ISO8859_15,
	"16": charmap.ISO8859_16}

var windowsPages = map[string]encoding.Encoding{"1250": charmap.Windows1250, "1251": charmap.Windows1251,
	"1253": charmap.Windows1253, "1254": charmap.Windows1254, "1255": charmap.Windows1255, "1256": charmap.Windows1256,
	"1257": charmap.Windows1257, "1258": charmap.Windows1258, "874": charmap.Windows874}

// charsets are the names of the table, and those in use beside them, without case, blanks and punctuation.
var charsets = func() map[string]Charset {
	m := map[string]Charset{}
	add := func(c Charset, names ...string) {
		for _, name := range names {
			m[charsetName(name)] = c
		}
	}
	add(Charset{}, "ASCII", "US-ASCII", "ANSI X3.4", "ANSI X3.4-1968", "ISO 646", "ISO646-US", "ISO IR6", "7BIT")
	add(Charset{kind: utf8Text}, "UNICODE UTF-8", "UTF-8", "UNICODE", "UTF")
	add(Charset{kind: unreadable}, "UNICODE UTF-16", "UTF-16", "UTF-16LE", "UTF-16BE", "UNICODE UTF-32", "UTF-32", "JAS2020",
		"CNS 11643-1992", "ISO IR159", "JIS X 0212")
	add(Charset{kind: latin1}, "8859/1", "ISO 8859/1", "ISO IR100", "ISO IR 100", "Latin1", "L1", "IBM819", "CP819",
		"WINDOWS-1252", "CP1252", "WIN1252", "WE8MSWIN1252", "ANSI")
	for part, e := range latinParts {
		add(Charset{decoded, e}, "8859/"+part, "ISO 8859/"+part)
	}
	for name, part := range map[string]string{"Latin2": "2", "Latin3": "3", "Latin4": "4", "Latin5": "9", "Latin6": "10",
		"Latin7": "13", "Latin8": "14", "Latin9": "15", "Latin10": "16", "ISO IR101": "2", "ISO IR109": "3", "ISO IR110": "4",
		"ISO IR144": "5", "ISO IR127": "6", "ISO IR126": "7", "ISO IR138": "8", "ISO IR148": "9", "ISO IR203": "15"} {
		add(Charset{decoded, latinParts[part]}, name)
	}
	for page, e := range windowsPages {
		add(Charset{decoded, e}, "WINDOWS-"+page, "CP"+page, "WIN"+page)
	}
	add(Charset{decoded, simplifiedchinese.GB18030}, "GB 18030-2000", "GB 18030", "GBK", "GB 2312")
	add(Charset{decoded, traditionalchinese.Big5}, "BIG-5", "BIG5")
	add(Charset{decoded, korean.EUCKR}, "KS X 1001", "EUC-KR", "KSC 5601")
	add(Charset{escapes, japanese.ISO2022JP}, "ISO IR14", "ISO IR87", "JIS X 0202", "JIS X 0201", "JIS X 0208", "ISO-2022-JP")
	return m
}()

func charsetName(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			return r
		}
		return -1
	}, s)
}

// CharsetNamed returns the character set of a name, exactly: 8859/15 is not 8859/1.
func CharsetNamed(name string) (c Charset, known bool) {
	key := charsetName(name)
	if year, ok := strings.CutSuffix(key, "1987"); ok && strings.HasPrefix(year, "ISO8859") { // ISO 8859-1:1987
		key = year
	}
	c, known = charsets[key]
	return c, known
}

// Silent reports that the name says nothing of bytes outside ASCII.
func (c Charset) Silent() bool { return c.kind == plainASCII }

// UTF8 reports that a message is in UTF-8 once Decode has been there; else it is in windows-1252.
func (c Charset) UTF8() bool { return c.kind != latin1 && c.kind != plainASCII }

// Decode makes the message's text UTF-8 where it is in another set than that and windows-1252. It reports false when the
// text is in a set that is not read, or is not valid in it.
func (c Charset) Decode(m *Message) bool {
	if c.kind < decoded {
		return true
	}
	for i := range m.Segments {
		s := &m.Segments[i]
		if !bytes.ContainsFunc(s.Raw, func(r rune) bool { return r >= 0x80 || r == 0x1B }) {
			continue
		}
		if c.kind == unreadable {
			return false
		}
		text, err := c.decoder.NewDecoder().Bytes(s.Raw)
		if err != nil || bytes.ContainsRune(text, utf8.RuneError) {
			return false
		}
		s.Raw = text
	}
	return true
}
