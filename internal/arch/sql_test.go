package arch

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// forbidden lists what no SQL file may contain, so that the same files can run on another engine
// (docs/architecture.md, "SQL"). damerau_levenshtein is portable and forbidden for its speed.
var forbidden = []struct {
	pattern *regexp.Regexp
	why     string
}{
	{regexp.MustCompile(`::`), "write CAST(x AS T)"},
	{regexp.MustCompile(`(?i)\bQUALIFY\b`), "number rows in a subquery"},
	{regexp.MustCompile(`(?i)\bEXCLUDE\b`), "name the columns"},
	{regexp.MustCompile(`(?i)GROUP\s+BY\s+ALL`), "name the columns"},
	{regexp.MustCompile(`(?i)\blist_\w+\(|\bstruct_\w+\(|\bunnest\(`), "no list or struct functions"},
	{regexp.MustCompile(`(?i)\bhash\(`), "hashes are computed in Go"},
	{regexp.MustCompile(`(?i)\bconcat(_ws)?\(`), "write ||"},
	{regexp.MustCompile(`(?i)\bregexp_\w+\(|\bSIMILAR TO\b`), "no regular expressions"},
	{regexp.MustCompile(`(?i)damerau_levenshtein`), "seventeen times slower than Jaro-Winkler"},
}

func TestSQLFilesArePortable(t *testing.T) {
	seen := 0
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == ".git" || d.Name() == "var") {
			return filepath.SkipDir
		}
		if filepath.Ext(path) != ".sql" {
			return nil
		}
		seen++
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		statement := ""
		for n, line := range strings.Split(string(text), "\n") {
			line, _, _ = strings.Cut(line, "--")
			statement += line + "\n"
			for _, f := range forbidden {
				if f.pattern.MatchString(line) {
					t.Errorf("%s:%d: %s: %s", path, n+1, f.pattern, f.why)
				}
			}
		}
		if s := strings.TrimSuffix(strings.TrimSpace(statement), ";"); strings.Contains(s, ";") {
			t.Errorf("%s: one file is one SELECT", path)
		}
		if !regexp.MustCompile(`(?is)^\s*(SELECT|WITH)\b`).MatchString(statement) {
			t.Errorf("%s: one file is one SELECT", path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen == 0 {
		t.Error("no SQL files found: the test would hold for nothing")
	}
}
