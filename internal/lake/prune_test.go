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
	for _, asOf := range []string{"2025-12-30", "2025-12-31", "2026-01-30", "2026-01-31",
		"2026-02-01", "2026-02-02", "2026-02-03"} {
		commitNight(t, w, asOf, 2, nil)
	}
	// A dead run, a run that sealed a stage on HEAD, and a stale held night.
	writeLinks(t, l.Path("data/client_link/000099/part-0000.parquet"), 2)
	if err := w.Claim(Event{Kind: "night", Parent: 7, Snapshot: 8}); err != nil {
		t.Fatal(err)
	}
	f := sealLinks(t, w, 5)
	done := Event{Event: StageDone, Stage: &Stage{Name: "link", Key: "k"}, Tables: map[string][]File{"client_link": {f}}}
	if err := w.Append(w.Run, done); err != nil {
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
		if err := os.WriteFile(filepath.Join(out, number(id), "regions", "letters"), make([]byte, id), 0o600); err != nil {
			t.Fatal(err)
		}
	}

	o := PruneOptions{Nights: 2, MonthEnds: 2, Out: out}
	want := "1 of 2025-12-30, run 000001, 1 files, out 1; 2 of 2025-12-31, run 000002, 1 files, out 2; " +
		"3 of 2026-01-30, run 000003, 1 files, out 3; 5 of 2026-02-01, run 000005, 1 files, out 5; " +
		"held [000003], 1 files without a name, 5 in all"
	for _, dry := range []bool{true, false} {
		o.DryRun = dry
		p, err := w.Prune(o)
		if err != nil {
			t.Fatal(err)
		}
		got, bytes := "", p.Unnamed.Bytes
		for _, s := range p.Snapshots {
			got += fmt.Sprintf("%d of %s, run %s, %d files, out %d; ", s.Snapshot, s.AsOf, s.Run, s.Files, s.OutBytes)
			bytes += s.Bytes + s.OutBytes
			if s.Bytes == 0 || s.Out != filepath.Join(out, number(s.Snapshot)) {
				t.Errorf("snapshot %d: %+v", s.Snapshot, s)
			}
		}
		got += fmt.Sprintf("held %v, %d files without a name, %d in all", p.Held, p.Unnamed.Files, p.Files)
		if got != want {
			t.Errorf("dry run %v: %s; want %s", dry, got, want)
		}
		if bytes != p.Bytes {
			t.Errorf("dry run %v: the parts are %d bytes, the whole is %d", dry, bytes, p.Bytes)
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
