package main

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"miic/cmd/miic/shell"
)

// TestANightSealsItsBundles: a region's bundle opens with its key and holds the region's files; a check knows it.
func TestANightSealsItsBundles(t *testing.T) {
	t.Parallel()
	dir := stateAfterANight(t, "250", "2")
	config := filepath.Join(dir, "miic.yaml")
	out := filepath.Join(dir, "out", "latest")
	key, err := os.ReadFile(filepath.Join(dir, "region-metro.key"))
	if err != nil {
		t.Fatal(err)
	}
	who, err := age.ParseIdentities(bytes.NewReader(key))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(out, "bundles", "region-metro.zip.age")
	sealed, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := age.Decrypt(bytes.NewReader(sealed), who...)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(plain)
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	held := map[string]bool{}
	for _, f := range z.File {
		held[f.Name] = true
		if f.Name == "MANIFEST.txt" {
			continue
		}
		got, err := z.Open(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		a, err := io.ReadAll(got)
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(filepath.Join(out, f.Name))
		if err != nil || !bytes.Equal(a, b) || !strings.HasPrefix(f.Name, "regions/metro/") {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
	files, err := filepath.Glob(filepath.Join(out, "regions", "metro", "*.*"))
	if err != nil || len(files) < 3 || len(held) <= len(files) {
		t.Errorf("the bundle holds %d files of %d, %v", len(held)-1, len(files), err)
	}
	miic(t, shell.ExitDone, "--config", config, "lake", "check", "--data")
	if err := os.WriteFile(path, append(sealed[:len(sealed)-1], sealed[len(sealed)-1]^1), 0o600); err != nil {
		t.Fatal(err)
	}
	found, _ := miic(t, shell.ExitDamaged, "--config", config, "lake", "check", "--data")
	if !strings.Contains(found, "out/bundles/region-metro.zip.age") {
		t.Errorf("a spoilt bundle is not named:\n%s", found)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	miic(t, shell.ExitDamaged, "--config", config, "lake", "check")
}
