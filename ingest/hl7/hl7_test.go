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
		text := strings.Join([]string{`FHS|^~\&|a`, `BHS|^~\&|a`, `MSH|^~\&|a|b`, `PID|1`, `MSH|^~\&|a|c`, `PID|2`,
			`RXA|0`, `BTS|2`, `FTS|1`, ``}, end)
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
	for in, want := range map[string]string{`a\T\b`: "a&b", `\X41C3A9\`: "AÃ©"[:1] + "\xc3\xa9", `a\.br\b`: "a b",
		`a\Zx\b`: "ab", `a\b`: `a\b`, `\H\x\N\`: "x", ``: "",
		`Lot A\Lot B\T\C`: `Lot A\Lot B&C`, `\X4\`: `\X4\`, `\C2842\x`: "x", `a\\b`: `a\\b`, `\XZZ\`: `\XZZ\`} {
		if got, _ := d.Unescape([]byte(in), nil); string(got) != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func TestEnvelopeDamage(t *testing.T) {
	const fhs, bhs, msh = "FHS|^~\\&|a|b|c|d|20260302\r", "BHS|^~\\&\r", "MSH|^~\\&|\rPID|1\r"
	for name, c := range map[string]struct {
		text string
		want Envelope
	}{
		"whole":           {fhs + bhs + msh + msh + "BTS|2\rFTS|1\r", Envelope{Declared: 2}},
		"two batches":     {fhs + bhs + msh + "BTS|1\r" + bhs + msh + "BTS|1\rFTS|2\r", Envelope{Declared: 2}},
		"no counts":       {fhs + bhs + msh + "BTS\rFTS|\r", Envelope{Declared: -1}},
		"no envelope":     {msh, Envelope{Declared: -1}},
		"no trailers":     {fhs + bhs + msh, Envelope{Declared: -1, Open: true}},
		"cut in the line": {fhs + bhs + msh + "PID|1", Envelope{Declared: -1, Open: true, Unended: true}},
		"a batch trailer missing": {fhs + bhs + msh + bhs + msh + "BTS|2\rFTS|1\r",
			Envelope{Declared: 2, Miscounted: true, Unclosed: 1}},
		"no file trailer": {fhs + bhs + msh + "BTS|1\r", Envelope{Declared: 1, Open: true}},
		"no headers":      {msh + "BTS|1\rFTS|1\r", Envelope{Declared: 1, Unopened: 2, Miscounted: true}},
		"fewer than declared": {fhs + bhs + msh + "BTS|2\rFTS|1\r",
			Envelope{Declared: 2, Short: true, Miscounted: true}},
		"short and over": {bhs + msh + "BTS|2\r" + bhs + msh + msh + "BTS|1\r",
			Envelope{Declared: 3, Short: true, Miscounted: true}},
		"more than declared":       {bhs + msh + msh + "BTS|1\r", Envelope{Declared: 1, Miscounted: true}},
		"the count is no number":   {bhs + msh + "BTS|one\r", Envelope{Declared: -1, Miscounted: true}},
		"wrong number of batches":  {fhs + bhs + msh + "BTS|1\rFTS|4\r", Envelope{Declared: 1, Miscounted: true}},
		"another field separator":  {"BHS#^~\\&#\r" + msh + "BTS#1#note\r", Envelope{Declared: 1}},
		"the trailer has no count": {bhs + msh + "BTS||note\r", Envelope{Declared: -1}},
	} {
		_, r := read(t, c.text)
		got := r.Envelope
		if strings.HasPrefix(c.text, fhs) && string(got.Time) != "20260302" {
			t.Errorf("%s: file time %q", name, got.Time)
		}
		if fmt.Sprint(got.Declared, got.Short, got.Miscounted, got.Unclosed, got.Unopened, got.Open, got.Unended) !=
			fmt.Sprint(c.want.Declared, c.want.Short, c.want.Miscounted, c.want.Unclosed, c.want.Unopened, c.want.Open,
				c.want.Unended) {
			t.Errorf("%s: %+v", name, got)
		}
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

// TestPrintedLines: what is done to messages by printing them, by wrapping them and by capturing them from a line.
func TestPrintedLines(t *testing.T) {
	want := "MSH|^~\\&|a|b PID|1||7^c RXA|0|1|20260101||03^MMR^CVX|0.5"
	for name, text := range map[string]string{
		"printed ends":       "MSH|^~\\&|a|b <CR>\r\nPID|1||7^c<CR>\r\nRXA|0|1|20260101||03^MMR^CVX|0.5 <CR>\r\n",
		"broken ends":        "MSH|^~\\&|a|b CR>\nPID|1||7^c<CR\nRXA|0|1|20260101||03^MMR^CVX|0.5<CR>",
		"all in one line":    "MSH|^~\\&|a|b<CR>PID|1||7^c<CR> RXA|0|1|20260101||03^MMR^CVX|0.5<CR>",
		"wrapped":            "MSH|^~\\&|a|b\nPID|1||7^c\nRXA|0|1|20260101|\n|03^MMR\n^CVX|0.5\n",
		"framed":             "\x0BMSH|^~\\&|a|b\rPID|1||7^c\rRXA|0|1|20260101||03^MMR^CVX|0.5\r\x1C\r",
		"indented":           "  MSH|^~\\&|a|b\n  PID|1||7^c\n\tRXA|0|1|20260101||03^MMR^CVX|0.5\n",
		"byte order mark":    "\xEF\xBB\xBFMSH|^~\\&|a|b\nPID|1||7^c\n\nRXA|0|1|20260101||03^MMR^CVX|0.5\n",
		"no end at the last": "MSH|^~\\&|a|b\nPID|1||7^c\nRXA|0|1|20260101||03^MMR^CVX|0.5",
	} {
		list, _ := read(t, text)
		if len(list) != 1 {
			t.Errorf("%s: %d messages", name, len(list))
			continue
		}
		var got []string
		for _, s := range list[0].Segments {
			got = append(got, string(s.Raw))
			if s.Joined != (name == "wrapped" && s.Name() == "RXA") {
				t.Errorf("%s: %s joined: %v", name, s.Name(), s.Joined)
			}
		}
		if strings.Join(got, " ") != want || !list[0].Good {
			t.Errorf("%s: read as %q", name, got)
		}
	}
	list, r := read(t, "MSH|^~\\&|a|O <CR> L\nPID|1||7<CR>NK1|1|ann \n  lee<CR>\nRXA|1\n")
	if s := list[0].Segments; len(s) != 4 || string(s[0].Raw) != "MSH|^~\\&|a|O <CR> L" ||
		string(s[2].Raw) != "NK1|1|ann lee" || s[2].Line != 2 || s[3].Line != 4 {
		t.Errorf("marks inside a value, and lines: %d segments, %+v", len(s), r.line)
	}
}

// TestNationalGuide reads every example of the national guide: what begins with a header is a message with readable
// parts.
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
	f.Add([]byte("\x0BMSH|^~\\&|a<CR>PID|1\n 2<CR>\n\xEF\xBB\xBFMSH#^~\\&#\r\x1C\r"))
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
				if !s.Joined && !bytes.HasPrefix(data[s.Offset:], s.Raw) || s.Raw[0] != data[s.Offset] ||
					s.Line < line {
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
	f.Add([]byte("FHS|^~\\&|\rBHS|^~\\&|\rMSH|^~\\&|A<CR>PID|1\rMSH|^~\\&|B\rBTS|3\rMSH|^~\\&|C\rBHS|^~\\&|||||20260302\rBHS|^~\\&|\rBTS|x\rFTS|1\rBTS|1"), 40)
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
		if fmt.Sprintf("%+v", first.Envelope) != fmt.Sprintf("%+v", whole.Envelope) {
			t.Fatalf("cut at %d: envelope %+v, whole %+v", middle, first.Envelope, whole.Envelope)
		}
	})
}

// FuzzPieces: what is cut by looking at eight bytes at once is what cutting byte by byte gives.
func FuzzPieces(f *testing.F) {
	for _, s := range []string{"", "^", "a^b&c~d|e", "64994-7^Vaccine funding program eligibility category^LN",
		"|||||||||||||||||", "~^^^^^^^^&&&&&&&&", "\x80^\xff|\x00&12345678^"} {
		f.Add([]byte(s), 2)
	}
	f.Fuzz(func(t *testing.T, b []byte, n int) {
		if n < 1 || n > 20 {
			return
		}
		m := &Message{Delimiters: Delimiters{'|', '^', '~', '\\', '&'}}
		nthOf := func(b []byte, mark string, n int) []byte {
			if all := bytes.Split(b, []byte(mark)); n <= len(all) {
				return all[n-1]
			}
			return nil
		}
		if !bytes.HasPrefix(b, []byte("MSH")) {
			if got, want := m.Fields(Segment{Raw: b}, nil),
				bytes.Split(b, []byte("|")); !slices.EqualFunc(got, want, bytes.Equal) {
				t.Fatalf("fields of %q: %q", b, got)
			}
		}
		if got, want := m.Components(b, nil, n),
			bytes.SplitN(b, []byte("^"), n); !slices.EqualFunc(got, want, bytes.Equal) {
			t.Fatalf("%d components of %q: %q", n, b, got)
		}
		rep := nthOf(b, "~", 1)
		if got, want := m.First(b, n), nthOf(nthOf(rep, "^", n), "&", 1); !bytes.Equal(got, want) {
			t.Fatalf("first %d of %q: %q, want %q", n, b, got, want)
		}
		if got, want := m.Part(rep, n, 2), nthOf(nthOf(rep, "^", n), "&", 2); !bytes.Equal(got, want) {
			t.Fatalf("part %d, 2 of %q: %q, want %q", n, rep, got, want)
		}
	})
}
