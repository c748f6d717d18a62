package hl7

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"miic/internal/testdata"
)

func read(t *testing.T, text string) (list []*Message, r *Reader) {
	t.Helper()
	r = NewReader(strings.NewReader(text))
	for {
		m, err := r.Next()
		if errors.Is(err, io.EOF) {
			return list, r
		}
		if err != nil {
			t.Fatal(err)
		}
		c := *m
		c.Segments = nil
		for _, s := range m.Segments {
			s.Raw = bytes.Clone(s.Raw)
			c.Segments = append(c.Segments, s)
		}
		list = append(list, &c)
	}
}

func TestLineEndsAndPlaces(t *testing.T) {
	for name, end := range map[string]string{"CR": "\r", "LF": "\n", "CRLF": "\r\n"} {
		text := strings.Join([]string{`FHS|^~\&|a`, `BHS|^~\&|a`, `MSH|^~\&|a|b`, `PID|1`, `MSH|^~\&|a|c`, `PID|2`, `RXA|0`, `BTS|2`, `FTS|1`, ``}, end)
		list, r := read(t, text)
		if len(list) != 2 || len(list[0].Segments) != 2 || len(list[1].Segments) != 3 {
			t.Fatalf("%s: %d messages", name, len(list))
		}
		for _, m := range list {
			for _, s := range m.Segments {
				if !strings.HasPrefix(text[s.Offset:], string(s.Raw)) {
					t.Errorf("%s: segment at %d is not there", name, s.Offset)
				}
			}
		}
		if got := list[1].Segments[2]; got.Line != 7 || got.Name() != "RXA" {
			t.Errorf("%s: %s stands in line %d", name, got.Name(), got.Line)
		}
		if r.Declared != 2 || r.Open {
			t.Errorf("%s: %d declared, open %v", name, r.Declared, r.Open)
		}
	}
}

func TestDelimitersComeFromTheHeader(t *testing.T) {
	list, _ := read(t, "MSH#*~%@#app#\rPID#1##77*a*b@c*X%S%Y%F%Z%E%%T%~78\r")
	m := list[0]
	f := m.Fields(m.Segments[1], nil)
	first, rest := m.Next(f[3])
	if got := string(m.Part(first, 3, 2)); got != "c" {
		t.Errorf("sub-component is %q", got)
	}
	v, _ := m.Unescape(m.Part(first, 4, 1), nil)
	if string(v) != "X*Y#Z%@" {
		t.Errorf("unescaped to %q", v)
	}
	if second, rest := m.Next(rest); string(second) != "78" || rest != nil {
		t.Errorf("second repetition is %q", second)
	}
	if got := string(m.Field(m.Segments[0], 2)); got != "*~%@" {
		t.Errorf("MSH-2 is %q", got)
	}
	if got := string(m.Field(m.Segments[0], 3)); got != "app" {
		t.Errorf("MSH-3 is %q", got)
	}
	if got := string(f[1]); got != "1" {
		t.Errorf("PID-1 is %q", got)
	}
}

func TestEscapes(t *testing.T) {
	d := Delimiters{'|', '^', '~', '\\', '&'}
	for in, want := range map[string]string{`a\T\b`: "a&b", `\X41C3A9\`: "AÃ©"[:1] + "\xc3\xa9", `a\.br\b`: "a b", `a\Zx\b`: "ab", `a\b`: `a\b`, `\H\x\N\`: "x", ``: ""} {
		if got, _ := d.Unescape([]byte(in), nil); string(got) != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func TestEnvelopeDamage(t *testing.T) {
	if _, r := read(t, "FHS|^~\\&\rBHS|^~\\&\rMSH|^~\\&|\rPID|1\r"); !r.Open {
		t.Error("a header without a trailer is not told")
	}
	list, _ := read(t, "PID|1\rMSH|^~\\&|x|\rPID|2\r")
	if len(list) != 2 || list[0].Good || !list[1].Good {
		t.Errorf("segments before the first header: %d messages", len(list))
	}
	list, _ = read(t, "MSH|^~\\&|x|\r"+strings.Repeat("OBX|"+strings.Repeat("x", 1000)+"\r", 2000)+"MSH|^~\\&|y|\r")
	if len(list) != 2 || !list[0].TooLong || list[1].TooLong {
		t.Error("a message over the limit is not told, or spoils the next one")
	}
}

// TestNationalGuide reads every example of the national guide: what begins with a header is a message with readable parts.
func TestNationalGuide(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(testdata.Dir(t, "ingest/hl7-national-guide"), "*.hl7"))
	if err != nil || len(files) < 30 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	messages := 0
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		list, r := read(t, string(text))
		// One fragment has a header that is only hinted at: no delimiters, no message.
		want := strings.Count("\n"+strings.ReplaceAll(string(text), "\r", "\n"), "\nMSH|^~")
		good := 0
		for _, m := range list {
			if m.Good {
				good++
				if kind := m.Part(m.Field(m.Segments[0], 9), 1, 1); len(kind) != 3 {
					t.Errorf("%s: message type %q", filepath.Base(f), kind)
				}
			}
		}
		if good != want {
			t.Errorf("%s: %d messages, want %d", filepath.Base(f), good, want)
		}
		if r.NUL {
			t.Errorf("%s: zero bytes", filepath.Base(f))
		}
		messages += good
	}
	if messages < 10 {
		t.Errorf("only %d messages in the guide's examples", messages)
	}
}

// FuzzReader: any bytes, no panic, every segment where it says it is, memory bounded.
func FuzzReader(f *testing.F) {
	f.Add([]byte("FHS|^~\\&\rMSH|^~\\&|a\rPID|1||2^^&c~3\r\nBTS|1\nFTS|1"))
	f.Add([]byte("MSH"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := NewReader(bytes.NewReader(data))
		line := int64(0)
		for {
			m, err := r.Next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			total := 0
			for _, s := range m.Segments {
				total += len(s.Raw)
				if !bytes.HasPrefix(data[s.Offset:], s.Raw) || s.Line <= line {
					t.Fatalf("segment of line %d is not at %d", s.Line, s.Offset)
				}
				line = s.Line
				for _, field := range m.Fields(s, nil) {
					rep, rest := m.Next(field)
					if len(rep)+len(rest) > len(field) {
						t.Fatal("repetitions are longer than their field")
					}
					m.Unescape(m.Part(rep, 2, 2), nil)
				}
				m.Field(s, 3)
			}
			if total > MaxMessage {
				t.Fatalf("a message of %d bytes", total)
			}
		}
	})
}

// FuzzParts reads any bytes in one stretch and cut at a message: the same messages in the same places.
func FuzzParts(f *testing.F) {
	f.Add([]byte("FHS|^~\\&|\rMSH|^~\\&|A\rPID|1\rMSH|^~\\&|B\rPID|2\rBTS|2\rFTS|1\r"), 3)
	f.Add([]byte("MSH|^~\\&|A\r\n\r\nPID|1\r\nMSH|^~\\&|B\r\nPID|2"), 20)
	f.Add([]byte("MSH|^~\\&|A\nPID\n\r\nMSH|^~\\&|B\n"), 1)
	f.Fuzz(func(t *testing.T, data []byte, at int) {
		if at < 0 || at >= len(data) {
			return
		}
		i := FindMessage(data[at:])
		if i < 0 {
			return
		}
		middle := at + i
		say := func(r *Reader) (said []string) {
			for {
				m, err := r.Next()
				if err != nil {
					return said
				}
				for _, s := range m.Segments {
					said = append(said, fmt.Sprintf("%d %d %q", s.Line, s.Offset, s.Raw))
				}
				said = append(said, fmt.Sprint(m.Good, m.TooLong))
			}
		}
		whole := NewReader(bytes.NewReader(data))
		want := say(whole)
		first, second := NewReader(bytes.NewReader(data[:middle])), NewReader(bytes.NewReader(data[middle:]))
		second.Behind(int64(middle), CountLines(0, data[:middle]))
		got := append(say(first), say(second)...)
		first.Join(second)
		if !slices.Equal(want, got) {
			t.Fatalf("cut at %d:\n%q\nwhole:\n%q", middle, got, want)
		}
		if first.Open != whole.Open || first.Declared != whole.Declared || first.NUL != whole.NUL {
			t.Fatalf("cut at %d: envelope %+v, whole %+v", middle, first.Envelope, whole.Envelope)
		}
	})
}
