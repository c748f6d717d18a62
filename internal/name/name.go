// Package name knows which names are none: what is written for a newborn that has no name yet, for a name that is not
// known, and for people who are made up to test a system; and when two names may be one person's.
//
// It promises one answer to every stage. Such a name is no evidence for or against anybody, and no letter prints it.
package name

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// letters that decomposition does not take apart.
var letters = strings.NewReplacer("Ø", "O", "ø", "o", "Æ", "AE", "æ", "ae", "Œ", "OE", "œ", "oe", "ß", "ss",
	"Ł", "L", "ł", "l", "Đ", "D", "đ", "d", "Ð", "D", "ð", "d", "Þ", "TH", "þ", "th", "ı", "i",
	"’", "'", "‘", "'", "ʼ", "'", "–", "-", "—", "-", "‐", "-")

// ASCII writes s in ASCII capitals: accents are dropped, letters spelt out, and what is left of
// other scripts is removed. The engine's string functions compare bytes, so no other form may reach them.
func ASCII(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			plain = false
			break
		}
	}
	if plain {
		return strings.ToUpper(s)
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(letters.Replace(s)) {
		if r < 0x80 {
			b.WriteRune(unicode.ToUpper(r))
		}
	}
	return b.String()
}

// Words splits a name into its words of letters; an apostrophe or full stop inside a word vanishes.
func Words(s string) []string {
	s = ASCII(s)
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= 'A' && c <= 'Z':
			b.WriteByte(c)
		case c == '\'' || c == '.' || c == '`':
		case c >= '0' && c <= '9':
			b.WriteByte(c)
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Fields(b.String())
}

// Set is a set of words, given with blanks between them.
func Set(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}
