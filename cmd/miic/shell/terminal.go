package shell

import (
	"bytes"
	"io"
	"unicode/utf8"

	"miic/internal/prose"
)

// What comes from outside, such as a file's name, must not drive a terminal, nor look like a line of ours. Say escapes
// what it is given to fill in; Shown is the last gate, for whatever else is written. Line ends and tabs pass it, so that a
// text from outside goes through Say, prose.Name or prose.Columns before.

// shownWriter writes text with everything escaped that is no visible character.
type shownWriter struct {
	to   io.Writer
	rest []byte // the beginning of a character whose end has not come yet
}

// Shown returns a writer to a terminal, log or pipe that shows control characters instead of sending them.
func Shown(w io.Writer) io.Writer { return &shownWriter{to: w} }

func (s *shownWriter) Write(p []byte) (int, error) {
	text := append(s.rest, p...)
	end := len(text)
	for n := 1; n <= min(utf8.UTFMax-1, len(text)); n++ {
		if tail := text[len(text)-n:]; utf8.RuneStart(tail[0]) {
			if !utf8.FullRune(tail) {
				end = len(text) - n
			}
			break
		}
	}
	_, err := io.WriteString(s.to, prose.Text(string(text[:end])))
	s.rest = bytes.Clone(text[end:])
	return len(p), err
}

// plain returns the writer that a Shown one writes to: for a bar, which moves the cursor, and for JSON, which has its own
// way to escape.
func plain(w io.Writer) io.Writer {
	if s, ok := w.(*shownWriter); ok {
		return s.to
	}
	return w
}

// filled are the arguments of a message, those that are text made safe.
func filled(args []any) []any {
	list := make([]any, len(args))
	for i, a := range args {
		switch a := a.(type) {
		case string:
			list[i] = prose.Name(a)
		case error:
			list[i] = prose.Name(a.Error())
		default:
			list[i] = a
		}
	}
	return list
}
