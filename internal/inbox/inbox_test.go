package inbox

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// TestNames: whatever a file is called, what is shown is short, on one line, visible and its alone.
func TestNames(t *testing.T) {
	seen := map[string]string{}
	rapid.Check(t, func(t *rapid.T) {
		raw := string(
			rapid.SliceOfN(rapid.SampledFrom([]byte("ab.\\\n\x1b\xff\xc3\xa9\xe2\x80\xae…")), 1, 255).Draw(t, "name"),
		)
		shown, fault := Name(raw, 100)
		if fault == "" && (shown != raw || len(raw) > 100) {
			t.Fatalf("%q is shown as %q", raw, shown)
		}
		if len(shown) > 110 || !utf8.ValidString(shown) ||
			strings.ContainsFunc(shown, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Fatalf("%q is shown as %q", raw, shown)
		}
		if was, ok := seen[shown]; ok && was != raw {
			t.Fatalf("%q and %q are both shown as %q", was, raw, shown)
		}
		seen[shown] = raw
	})
}

// TestOpen: nothing but a regular file is opened, and nothing is waited for.
func TestOpen(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	for _, err := range []error{os.WriteFile(at("file"), []byte("x"), 0o600), os.Symlink("file", at("link")),
		os.Mkdir(at("folder"), 0o700), syscall.Mkfifo(at("pipe"), 0o600)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]string{"file": "", "link": "is a symbolic link, not a file", "folder": "is a folder, not a file",
		"pipe": "is not a regular file"} {
		f, _, err := Open(at(name))
		var fault Fault
		if want == "" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			} else {
				f.Close()
			}
		} else if !errors.As(err, &fault) || fault.Text != want {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
	root, err := OpenFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if err := os.WriteFile(at("other"), []byte("y"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := root.Move("file", root, "other"); !errors.Is(err, os.ErrExist) {
		t.Errorf("moved onto another file: %v", err)
	}
	if err := os.Chmod(at("folder"), 0o755); err != nil {
		t.Fatal(err)
	}
	if sub, err := root.Private("folder"); err == nil {
		sub.Close()
		t.Error("a folder that others may enter passes for a private one")
	}
}
