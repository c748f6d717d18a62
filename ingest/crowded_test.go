package ingest_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"miic/ingest"
	"miic/internal/pipeline"
)

// TestCrowdedDays: a file that gives one client more doses on a day than anybody can have is held, and one with more
// lines or messages than a file may have is refused; the night goes on.
func TestCrowdedDays(t *testing.T) {
	limits := ingest.DefaultLimits()
	limits.MostUnits = 20
	cfg := ingest.Config{Deliveries: limits, Senders: []ingest.Sender{{ID: "clinic", Kind: "clinic", Expected: "none",
		Files: []ingest.FilePattern{{Pattern: "*", Layout: "hl7-vxu"}}}}}
	message := func(id string, doses int) string {
		text := "MSH|^~\\&|E|O|M|M|20260201||VXU^V04|" + id + "|P|2.5.1\rPID|1||" + id + "^^^O^MR||DOE^" + id + "||20200101|F\r"
		for i := range doses {
			text += fmt.Sprintf("ORC|RE||%s-%d^O\rRXA|0|1|20260101||20^DTaP^CVX|1|||00||||||L%d\r", id, i, i)
		}
		return text
	}
	many := ""
	for i := range 21 {
		many += message(fmt.Sprint("M", i), 1)
	}
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "clinic"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"a.hl7": message("A", 50), "b.hl7": message("B", 51), "c.hl7": many} {
		if err := os.WriteFile(filepath.Join(dir, "clinic", name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	list, err := pipeline.ScanInbox(dir)
	if err != nil {
		t.Fatal(err)
	}
	o, err := newBench(t).Night(context.Background(), day(t, "2026-03-02"), list, ingest.Stage(cfg))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct{ kind, text string }{{"arrived", "1 units read, 1 accepted"},
		{"held", "one client has 51 doses on one day in it, the first in line 1, and the most is 50"},
		{"refused", "it has more than 20 lines or messages"}} {
		if n := o.Notes[i]; n.Kind != want.kind || !strings.Contains(n.Text, want.text) {
			t.Errorf("%s is noted as %s: %s; want %s: %s", n.File, n.Kind, n.Text, want.kind, want.text)
		}
	}
}

// TestLimitsOfASender: a sender's own limits leave none of those out that keep it from harming others.
func TestLimitsOfASender(t *testing.T) {
	own := ingest.Limits{Times: 20, MostBytes: 7}
	cfg := ingest.Config{Deliveries: ingest.DefaultLimits(), Senders: []ingest.Sender{{ID: "a", Limits: &own}}}
	a, stranger := cfg.Admit("a"), cfg.Admit("nobody")
	if a.MostBytes != 7 || a.MostName != 200 || a.LeastAge.Seconds() != 60 || stranger.MostBytes != 2<<30 {
		t.Errorf("%+v and %+v", a, stranger)
	}
}
