package ingest_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"miic/ingest"
	"miic/internal/pipeline"
)

// BenchmarkLoad reads the first night of a state, one kind of file at a time: units a second.
func BenchmarkLoad(b *testing.B) {
	dir, cfg, dates := state(b, 20000, 1)
	all := lying(b, filepath.Join(dir, "nights", dates[0]))
	largest := pipeline.Delivery{}
	for _, d := range all {
		if strings.Contains(d.Name, "claims_") && d.Bytes > largest.Bytes {
			largest = d
		}
	}
	for _, kind := range []string{"", "largest", "births_", "_CL_", "_IM_", "vxu_", "members_", "claims_"} {
		b.Run(strings.Trim(kind, "_")+"Files", func(b *testing.B) {
			var some []pipeline.Delivery
			for _, d := range all {
				if kind == "largest" && d.Sender == largest.Sender || strings.Contains(d.Name, kind) ||
					kind == "_IM_" && strings.Contains(d.Name, "_CL_") || kind == "claims_" &&
					strings.Contains(d.Name, "members_") {
					some = append(some, d)
				}
			}
			for range b.N {
				bench := newBench(b)
				start := time.Now()
				o, err := bench.Night(context.Background(), day(b, dates[0]), some, ingest.Stage(cfg))
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(o.Counts["ingest.units_read"])/time.Since(start).Seconds(), "units/s")
				b.ReportMetric(float64(o.Counts["ingest.units_read"]), "units")
				b.ReportMetric(float64(o.Counts["ingest.vaccination_event_new"])/time.Since(start).Seconds(),
					"events/s")
			}
		})
	}
}
