package private

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

func TestAFileIsWrittenWholeOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "list.csv")
	text := func(text string, err error) func(io.Writer) error {
		return func(w io.Writer) error {
			_, werr := io.WriteString(w, text)
			return errors.Join(werr, err)
		}
	}
	full := errors.New("the disk is full")
	for _, c := range []struct {
		name  string
		write func(io.Writer) error
		err   error
		want  string
	}{
		{"the first time, in vain", text("half", full), full, ""},
		{"the first time", text("one", nil), nil, "one"},
		{"again, in vain", text("half", full), full, "one"},
		{"again", text("two", nil), nil, "two"},
	} {
		if err := Write(path, c.write); !errors.Is(err, c.err) {
			t.Errorf("%s: %v", c.name, err)
		}
		got, _ := os.ReadFile(path) // none where there is none
		entries, err := os.ReadDir(dir)
		if err != nil || string(got) != c.want || len(entries) > 1 {
			t.Errorf("%s: the file has %q, want %q; there are %v (%v)", c.name, got, c.want, entries, err)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v: the file is for its owner alone", info.Mode(), err)
	}
}
