package record

import (
	"context"
	"fmt"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"miic/fixtures"
	"miic/ingest/read"
	"miic/internal/table"
)

// BenchmarkRead reads one file of a layout into scratch files on one core, without what the night makes of them.
func BenchmarkRead(b *testing.B) {
	dir := b.TempDir()
	for _, layout := range []string{"wir-client", "wir-immunization", "plan-members", "plan-claims", "hl7-vxu",
		"ije-natality"} {
		path := filepath.Join(dir, layout)
		f, err := fixtures.Bulk(context.Background(), fixtures.Options{Clients: 20000, Seed: 1}, layout, path, nil)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(layout, func(b *testing.B) {
			b.SetBytes(f.Bytes)
			b.ReportAllocs()
			before := processorTime(b)
			for range b.N {
				one, err := Load(context.Background(), &File{No: 1, Snapshot: 1, BatchID: "0123456789abcdef",
					Path: path, Sender: "s", Kind: "clinic",
					Layout: read.Builtin[layout], AsOf: table.NewDate(2026, 3, 2),
					Time: table.NewDate(2026, 3, 1).Midnight()}, b.TempDir(), 1)
				if err != nil || one.Accepted != int64(f.Units) {
					b.Fatal(fmt.Sprint(one.Accepted, " of ", f.Units, " units accepted: ", err))
				}
			}
			units := float64(f.Units) * float64(b.N)
			b.ReportMetric(units/b.Elapsed().Seconds(), "units/s")
			b.ReportMetric(float64((processorTime(b)-before).Nanoseconds())/units/1e3, "cpu-µs/unit")
		})
	}
}

// processorTime is what this process has used, which what else runs on the machine touches least.
func processorTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
