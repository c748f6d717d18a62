// Package testdata finds the public test data that lies beside the checkout.
//
// The data is not part of the project: a test that needs it calls Dir.
// Where it is absent the test is skipped, except with CI=true, where it fails: what the
// gate must run may not be skipped.
package testdata

import (
	"os"
	"path/filepath"
	"testing"
)

// Dir returns the folder sub of the shared test data, found beside the module's root.
func Dir(t testing.TB, sub string) string {
	t.Helper()
	path := filepath.Join(filepath.Dir(Root(t)), "shared", "data", filepath.FromSlash(sub))
	if _, err := os.Stat(path); err != nil {
		Missing(t, filepath.Join("../shared/data", sub))
	}
	return path
}

// Root returns the module's root: the working directory of a test, or a folder above it.
func Root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("testdata: no go.mod above the working directory")
		}
		dir = parent
	}
}

// Missing skips a test that needs what is not here, or fails it with CI=true.
func Missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("testdata: %s is required when CI=true", what)
	}
	t.Skipf("testdata: %s is not here", what)
}
