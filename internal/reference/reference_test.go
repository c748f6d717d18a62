package reference

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the fingerprints")

// fingerprint is made of the names and bytes of the files, and of all files of folders among them.
func fingerprint(t *testing.T, files []string) string {
	t.Helper()
	sum := sha256.New()
	for _, name := range files {
		err := filepath.WalkDir(filepath.Join("..", "..", name), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			content, err := os.ReadFile(path)
			sum.Write([]byte(filepath.Base(path) + "\n"))
			sum.Write(content)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return hex.EncodeToString(sum.Sum(nil))[:16]
}

// Item 9: each reference has a release date, and cannot be renewed without it.
func TestEachReferenceHasTheDateOfItsFiles(t *testing.T) {
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range All() {
		if _, err := time.Parse(time.DateOnly, r.Released); err != nil || r.Limit < 1 || r.Renew == "" || len(r.files) == 0 {
			t.Errorf("%s: %+v", r.Name, r)
		}
		is := fingerprint(t, r.files)
		if is != r.sha256 && !*update {
			t.Errorf("%s: the files are others (%s) than those of %s: set the release date in references.csv, "+
				"if they are of another release, then run\ngo test ./internal/reference -update", r.Name, is, r.Released)
		}
		rows[i+1][4] = is
	}
	if *update {
		f, err := os.Create("references.csv")
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := csv.NewWriter(f).WriteAll(rows); err != nil {
			t.Fatal(err)
		}
	}
}

// Item 9: a reference is too old from the day after its limit on.
func TestTooOld(t *testing.T) {
	list := []Reference{{Name: "codes", Released: "2024-02-28", Limit: 2}, {Name: "places", Released: "2024-02-28", Limit: 366}}
	for day, want := range map[string]string{
		"2024-02-27": "", "2024-03-01": "",
		"2024-03-02": "codes: of 2024-02-28, 3 days old, over the limit of 2 days since 2024-03-02",
		"2025-02-28": "codes: of 2024-02-28, 366 days old, over the limit of 2 days since 2024-03-02",
		"2025-03-01": "codes: of 2024-02-28, 367 days old, over the limit of 2 days since 2024-03-02|places: of 2024-02-28, 367 days old, over the limit of 366 days since 2025-03-01",
	} {
		var texts []string
		for _, o := range TooOld(list, day) {
			texts = append(texts, o.Text())
		}
		if got := strings.Join(texts, "|"); got != want {
			t.Errorf("on %s: %q, want %q", day, got, want)
		}
	}
	if old := TooOld(All(), "2026-03-02"); len(old) != 0 {
		t.Errorf("in March 2026: %v", old)
	}
	if old := TooOld(All(), "2032-01-01"); len(old) != len(All()) {
		t.Errorf("in 2032 only these are too old: %v", old)
	}
}
