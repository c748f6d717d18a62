package shell

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"
	"unicode"

	"pgregory.net/rapid"
)

// hostile is a file's name that would clear the screen, forge a line, and turn the direction of writing.
const hostile = "a\x1b[2J\nsnapshot 9 is committed\r\u202e\x9b\x7f\U000e0041.csv"

func TestNothingDrivesTheTerminal(t *testing.T) {
	var out, errs bytes.Buffer
	a := &App{Stdout: Shown(&out), Stderr: Shown(&errs)}
	a.Say("%s of %d: %v", hostile, 3, errors.New(hostile))
	a.Finish(t.Context(), errors.New("read "+hostile))
	a.Log(false).Warn("read "+hostile, "file", hostile)
	for _, text := range []string{out.String(), errs.String()} {
		if i := strings.IndexFunc(text, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }); i >= 0 {
			t.Errorf("a character gets through: %q", text)
		}
		if strings.HasPrefix(text, "snapshot 9") || strings.Contains(text, "\nsnapshot 9") {
			t.Errorf("a line is forged:\n%s", text)
		}
	}
}

func TestJSONStaysTheSameDocument(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text") + rapid.SampledFrom([]string{"", hostile}).Draw(t, "more")
		want := strings.ToValidUTF8(text, "\ufffd")
		var out bytes.Buffer
		if err := (&App{Stdout: Shown(&out)}).Document(map[string]string{"x": want}); err != nil {
			t.Fatal(err)
		}
		var back map[string]string
		if err := json.Unmarshal(out.Bytes(), &back); err != nil || back["x"] != want {
			t.Fatalf("%q came back as %q, %v", want, back["x"], err)
		}
		if strings.ContainsFunc(out.String(), func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }) {
			t.Fatalf("a character gets through: %q", out.String())
		}
	})
}

// However a text is cut into writes, what is shown is the same.
func TestWritesMayCutCharacters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := []byte(rapid.String().Draw(t, "text") + "é" + hostile)
		var whole, cut bytes.Buffer
		if _, err := Shown(&whole).Write(text); err != nil {
			t.Fatal(err)
		}
		w := Shown(&cut)
		for rest := text; len(rest) > 0; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "n")
			if got, err := w.Write(rest[:n]); err != nil || got != n {
				t.Fatal(got, err)
			}
			rest = rest[n:]
		}
		if whole.String() != cut.String() {
			t.Fatalf("%q, cut %q", whole.String(), cut.String())
		}
	})
}

func TestBarsHaveUnits(t *testing.T) {
	for _, c := range []struct {
		unit  string
		total int64
		want  []string
		lacks string
	}{
		{"bytes", 64 << 20, []string{"ingest · read", "50%", "/67 MB", "MB/s"}, "it/s"},
		{"people", 4000, []string{"2000/4000", "people/"}, "it/"},
		{"records", 0, []string{"records/"}, "it/"},
		{"", 0, []string{"ingest · read"}, "it/"},
	} {
		var out bytes.Buffer
		p := &Progress{app: &App{Stderr: &out}, bars: true}
		half := int64(2000)
		if c.unit == "bytes" {
			half = c.total / 2
		}
		p.At("ingest", "read", half/2, c.total, c.unit)
		time.Sleep(150 * time.Millisecond) // bars are drawn ten times a second at most
		p.At("ingest", "read", half, c.total, c.unit)
		for _, want := range c.want {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%q: no %s in %q", c.unit, want, out.String())
			}
		}
		if strings.Contains(out.String(), c.lacks) {
			t.Errorf("%q: %s in %q", c.unit, c.lacks, out.String())
		}
	}
}

// A terminal that cannot move its cursor gets lines, not a bar; so does what is no terminal.
func TestBarsOnlyWhereTheyCanBeDrawn(t *testing.T) {
	f, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("no terminal to try: %v", err)
	}
	defer f.Close()
	for kind, want := range map[string]bool{"xterm-256color": true, "dumb": false, "": false} {
		t.Setenv("TERM", kind)
		if p := NewProgress(&App{Stderr: Shown(f)}); p.bars != want {
			t.Errorf("TERM=%s: bars %t, want %t", kind, p.bars, want)
		}
		if p := NewProgress(&App{Stderr: Shown(f), JSON: true}); p.bars {
			t.Error("bars with --json")
		}
	}
	if p := NewProgress(&App{Stderr: Shown(&bytes.Buffer{})}); p.bars {
		t.Error("bars where there is no terminal")
	}
}
