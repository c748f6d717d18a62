package prose

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Name writes a name that came from outside, such as a file's, so that it can be shown anywhere: on a terminal, in a
// log, a ledger, a CSV file or a page. Bytes that are no UTF-8, control characters (a line end could forge a line of
// its own, an escape sequence rewrite the screen) and characters that cannot be seen or that turn the direction of
// writing become \n, \xff, \u202e and the like. Everything else stays as it is, and so does what Name has written: it
// may be applied at each place that shows a name.
func Name(s string) string {
	clean := true
	for _, r := range s {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		if part := s[:size]; unicode.IsPrint(r) && (r != utf8.RuneError || size > 1) {
			b.WriteString(part)
		} else {
			quoted := strconv.Quote(part)
			b.WriteString(quoted[1 : len(quoted)-1])
		}
		s = s[size:]
	}
	return b.String()
}

// Text is Name for a text of several lines: line ends and tabs stay.
func Text(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		cells := strings.Split(line, "\t")
		for j, cell := range cells {
			cells[j] = Name(cell)
		}
		lines[i] = strings.Join(cells, "\t")
	}
	return strings.Join(lines, "\n")
}

// JSON escapes in a JSON document what may be in its strings as it is, and should not get into a terminal: a ledger is
// read by people too. It stays the same document.
func JSON(doc []byte) []byte {
	if !bytes.ContainsFunc(doc, unseen) {
		return doc
	}
	var b bytes.Buffer
	for _, r := range string(doc) {
		switch {
		case !unseen(r):
			b.WriteRune(r)
		case r > 0xffff:
			r -= 0x10000
			fmt.Fprintf(&b, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.Bytes()
}

func unseen(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }

// Cause is why something could not be done to a file, without its path: what is said must not depend on where things lie.
func Cause(err error) string {
	var p *fs.PathError
	var l *os.LinkError
	switch {
	case errors.As(err, &p):
		return p.Err.Error()
	case errors.As(err, &l):
		return l.Err.Error()
	}
	return err.Error()
}
