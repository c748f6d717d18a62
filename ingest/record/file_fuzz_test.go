package record

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"miic/ingest/read"
	"miic/internal/table"
)

// FuzzLayouts feeds any bytes to every layout: no panic, every unit counted, and what is set down can be read again.
func FuzzLayouts(f *testing.F) {
	ids := append(slices.Sorted(maps.Keys(read.Builtin)), read.HL7Layout)
	seeds, _ := filepath.Glob("../testdata/*/in/*/*/*")
	for _, s := range seeds {
		if data, err := os.ReadFile(s); err == nil {
			for i := range ids {
				f.Add(data[:min(len(data), 5000)], uint8(i))
			}
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, which uint8) {
		dir := t.TempDir()
		path := filepath.Join(dir, "delivery")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		id := ids[int(which)%len(ids)]
		b, err := Load(context.Background(), &File{No: 1, Snapshot: 1, Path: path, Sender: "s", Kind: "clinic",
			Layout: read.Builtin[id],
			AsOf:   table.NewDate(2026, 3, 2), Time: table.NewDate(2026, 3, 1).Midnight()}, dir, 1)
		if whole := (Refusal{}); err != nil && !errors.As(err, &whole) {
			t.Fatalf("layout %s: %v", id, err)
		}
		if err == nil && b.Read != b.Accepted+b.Refused {
			t.Fatalf("layout %s: %d read, %d accepted, %d refused", id, b.Read, b.Accepted, b.Refused)
		}
		if _, err := table.ReadAll[stagedClient](b.Files[StagedClients]); err != nil {
			t.Fatalf("layout %s: %v", id, err)
		}
	})
}
