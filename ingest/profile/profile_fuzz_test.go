package profile

import (
	"os"
	"path/filepath"
	"testing"

	"miic/ingest/read"
	"miic/internal/table"
)

// FuzzProfile looks at any bytes: no panic, and a draft is a layout that can be read.
func FuzzProfile(f *testing.F) {
	seeds, _ := filepath.Glob("../testdata/*/in/*/*/*")
	for _, s := range seeds {
		if data, err := os.ReadFile(s); err == nil {
			f.Add(data[:min(len(data), 5000)])
		}
	}
	f.Add([]byte("MRN,First \"Name\",DOB,sex\nA1,Eva,2020-01-31,F\n"))
	f.Add([]byte("id|dob|x: y\n1|01/31/2020|z\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		p, err := Of(path, table.NewDate(2026, 3, 2), nil)
		if err != nil {
			t.Fatal(err)
		}
		if p.Draft == "" {
			return
		}
		if _, err := read.ParseLayout([]byte(p.Draft)); err != nil {
			t.Fatalf("%v in the draft\n%s", err, p.Draft)
		}
	})
}
