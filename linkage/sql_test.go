package linkage

import (
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden SQL")

// What is not portable, or slow: see the design of SQL files.
var forbidden = regexp.MustCompile(`(?i)::|\b(qualify|exclude|hash|concat|damerau_levenshtein|regexp_\w+|list_\w+|` +
	`struct_\w+|unnest|group\s+by\s+all)\b`)

func TestSQLIsPortable(t *testing.T) {
	files, err := fs.Glob(sqlFiles, "sql/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no SQL files: %v", err)
	}
	for _, f := range files {
		data, err := sqlFiles.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		_, text, _ := strings.Cut(string(data), "\n") // after the header
		if w := forbidden.FindString(text); w != "" {
			t.Errorf("%s uses %s", f, w)
		}
		if text = strings.TrimSpace(text); !strings.HasPrefix(text, "SELECT") && !strings.HasPrefix(text, "WITH") ||
			strings.Contains(text, ";") {
			t.Errorf("%s is not one SELECT", f)
		}
	}
	if w := forbidden.FindString(flaggedSQL()); w != "" {
		t.Errorf("generated SQL uses %s", w)
	}
}

func TestGoldenSQL(t *testing.T) {
	for name, got := range map[string]string{
		"client": flaggedSQL(),
	} {
		path := filepath.Join("testdata", name+".sql")
		if *update {
			if err := os.WriteFile(path, []byte(got+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got+"\n" != string(want) {
			t.Errorf("%s is not the golden text; if the change is meant, run the test with -update "+
				"and read the difference", name)
		}
	}
}
