package lake

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestPrune keeps so many nights and month-ends, and what a run on HEAD has sealed.
func TestPrune(t *testing.T) {
	l := testLake(t)
	w := lock(t, l)
	for _, asOf := range []string{"2025-12-30", "2025-12-31", "2026-01-30", "2026-01-31", "2026-02-01", "2026-02-02", "2026-02-03"} {
		commitNight(t, w, asOf, 2, nil)
	}
	// A dead run, a run that sealed a stage on HEAD, and a stale held night.
	writeLinks(t, l.Path("data/client_link/000099/part-0000.parquet"), 2)
	if err := w.Claim(Event{Kind: "night", Parent: 7, Snapshot: 8}); err != nil {
		t.Fatal(err)
	}
	f := sealLinks(t, w, 5)
	if err := w.Append(w.Run, Event{Event: StageDone, Stage: &Stage{Name: "link", Key: "k"}, Tables: map[string][]File{"client_link": {f}}}); err != nil {
		t.Fatal(err)
	}
	if err := w.Hold(&Manifest{Run: "000003", Parent: 2, Snapshot: 3, Tables: map[string][]File{}}); err != nil {
		t.Fatal(err)
	}

	out := t.TempDir()
	for id := int64(1); id <= 7; id++ {
		if err := os.MkdirAll(filepath.Join(out, number(id), "regions"), 0o700); err != nil {
			t.Fatal(err)
		}
	}

	o := PruneOptions{Nights: 2, MonthEnds: 2, Out: out}
	want := "snapshots [1 2 3 5], held [000003], 5 files"
	for _, dry := range []bool{true, false} {
		o.DryRun = dry
		p, err := w.Prune(o)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprintf("snapshots %v, held %v, %d files", p.Snapshots, p.Held, p.Files); got != want {
			t.Errorf("dry run %v: %s; want %s", dry, got, want)
		}
	}
	ids, err := l.snapshots()
	if err != nil || !slices.Equal(ids, []int64{4, 6, 7}) {
		t.Errorf("kept %v, %v", ids, err)
	}
	if left, err := filepath.Glob(filepath.Join(out, "*")); err != nil || len(left) != 3 {
		t.Errorf("of the outputs there are left %v, %v", left, err)
	}
	if _, err := os.Stat(l.Path(f.Path)); err != nil {
		t.Errorf("sealed work on HEAD is gone: %v", err)
	}
	r, err := l.Check(context.Background(), CheckOptions{Data: true})
	if err != nil || r.Err() != nil || r.Files != 3 {
		t.Errorf("after the prune: %+v, %v", r, err)
	}
	if p, err := w.Prune(o); err != nil || p.Files != 0 || len(p.Snapshots) != 0 {
		t.Errorf("a second prune: %+v, %v", p, err)
	}
	log, err := l.Log()
	if err != nil || len(log) != 3 || log[0].Snapshot != 7 || log[2].AsOf != "2026-01-31" {
		t.Errorf("the log: %v, %v", log, err)
	}
}

func TestPruneLeavesADamagedLakeAlone(t *testing.T) {
	l := soundLake(t)
	if err := os.WriteFile(l.Path("snapshots/000001.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	w := lock(t, l)
	if _, err := w.Prune(PruneOptions{Nights: 1}); CodeOf(err) != Damaged {
		t.Errorf("pruned: %v", err)
	}
	if ids, _ := l.snapshots(); len(ids) != 3 {
		t.Errorf("left %v", ids)
	}
}
