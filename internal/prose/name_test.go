package prose

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestNamesAreShownWhole(t *testing.T) {
	for in, want := range map[string]string{
		"elm_20260302.csv": "elm_20260302.csv", "Ñandú müller 日本.txt": "Ñandú müller 日本.txt", "": "",
		"a\nsnapshot 9 is committed":   `a\nsnapshot 9 is committed`,
		"\x1b[2J\x1b]0;x\x07.csv":      `\x1b[2J\x1b]0;x\a.csv`,
		"a\rb\tc\x00\x7f\u0085":        `a\rb\tc\x00\x7f\u0085`,
		"\xffa\xc3(":                   `\xffa\xc3(`,
		"fdp\u202etxt.exe":             `fdp\u202etxt.exe`,
		"a\u200bb\u2028c\u00a0d\ufeff": `a\u200bb\u2028c\u00a0d\ufeff`,
		"tag\U000e0041":                `tag\U000e0041`,
		"\ufffd":                       "\ufffd",
	} {
		if got := Name(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func TestNamesCannotDriveATerminal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"))
		if rapid.Bool().Draw(t, "text") {
			name = rapid.String().Draw(t, "name")
		}
		got := Name(name)
		if !utf8.ValidString(got) || strings.ContainsFunc(got, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Fatalf("%q became %q", name, got)
		}
		if Name(got) != got {
			t.Fatalf("%q became %q, and that %q", name, got, Name(got))
		}
	})
}

func TestTextKeepsItsLines(t *testing.T) {
	if got, want := Text("one\n\ttwo\x1b[2J\r\n"), "one\n\ttwo\\x1b[2J\\r\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
