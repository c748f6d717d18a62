package pipeline

import (
	"os"
	"path/filepath"
	"testing"
)

// TestUnchanged: a delivery that is not what it was when the night began is noticed, whatever happened to it.
func TestUnchanged(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "clinic", "a.csv")
	if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	write := func(text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("1,one")
	list, err := ScanInbox(dir)
	if err != nil || len(list) != 1 {
		t.Fatal(len(list), err)
	}
	if err := unchanged(list); err != nil {
		t.Error(err)
	}
	for what, change := range map[string]func(){
		"other bytes": func() { write("1,two") },
		"more bytes":  func() { write("1,one\n") },
		"no bytes":    func() { write("") },
		"no file":     func() { os.Remove(path) },
	} {
		change()
		if unchanged(list) == nil {
			t.Errorf("%s: not noticed", what)
		}
		write("1,one")
	}
	if err := unchanged(list); err != nil {
		t.Error(err)
	}
}
