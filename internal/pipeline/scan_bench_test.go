package pipeline

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"miic/internal/inbox"
)

// BenchmarkScan reads an inbox of 300 MB in 140 files, with copies and without.
func BenchmarkScan(b *testing.B) {
	dir := b.TempDir()
	line := bytes.Repeat([]byte("A123456|SMITH|JANE|2019-04-03|20|2026-03-02|L1234\n"), 43_000)
	for i := range 140 {
		folder := filepath.Join(dir, "inbox", fmt.Sprintf("clinic-%d", i))
		if err := os.MkdirAll(folder, 0o700); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, "a.csv"), line, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	for _, copies := range []string{"", filepath.Join(dir, "copies")} {
		b.Run("copies="+fmt.Sprint(copies != ""), func(b *testing.B) {
			b.SetBytes(int64(140 * len(line)))
			for b.Loop() {
				if copies != "" {
					if err := os.MkdirAll(copies, 0o700); err != nil {
						b.Fatal(err)
					}
				}
				s := &inbox.Scan{Dir: filepath.Join(dir, "inbox"), Copies: copies}
				if list, err := s.Run(context.Background()); err != nil || len(list) != 140 || list[0].SHA256 == "" {
					b.Fatal(list, err)
				}
				if copies != "" {
					os.RemoveAll(copies)
				}
			}
		})
	}
}
