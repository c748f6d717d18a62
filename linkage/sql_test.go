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
var forbidden = regexp.MustCompile(`(?i)::|\b(qualify|exclude|hash|concat|damerau_levenshtein|regexp_\w+|list_\w+|struct_\w+|unnest|group\s+by\s+all)\b`)

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
		if w := forbidden.FindString(string(data)); w != "" {
			t.Errorf("%s uses %s", f, w)
		}
		if text := strings.TrimSpace(string(data)); !strings.HasPrefix(text, "SELECT") && !strings.HasPrefix(text, "WITH") || strings.Contains(text, ";") {
			t.Errorf("%s is not one SELECT", f)
		}
	}
	m := DefaultModel()
	for _, text := range []string{blockSQL(m, true, make([]bool, len(m.Rules))), hotMemberSQL(m, 2)} {
		if w := forbidden.FindString(text); w != "" {
			t.Errorf("generated SQL uses %s", w)
		}
	}
}

// tinyModel has a plain rule and one that is refined.
func tinyModel() *Model {
	return &Model{BlockCap: 20, Rules: []Rule{{Name: "a", Key: []string{"first"}}, {Name: "b", Key: []string{"zip"}, Cap: 5, Refine: []string{"birth_year", "last_3"}}}}
}

func TestGoldenSQL(t *testing.T) {
	m := tinyModel()
	for name, got := range map[string]string{
		"block_all":   blockSQL(m, false, []bool{false, false}),
		"block_dirty": blockSQL(m, true, []bool{false, true}),
		"hot_keys":    hotKeysSQL(1, true, m.cap(1)),
		"hot_member":  hotMemberSQL(m, 1),
		"client":      flaggedSQL(),
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
			t.Errorf("%s is not the golden text; if the change is meant, run the test with -update and read the difference", name)
		}
	}
}
