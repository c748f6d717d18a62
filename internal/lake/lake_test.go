package lake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"miic/internal/table"
)

// testLake makes an empty lake whose clock does not move.
func testLake(t *testing.T) *Lake {
	t.Helper()
	l, err := Create(filepath.Join(t.TempDir(), "lake"),
		Options{Now: func() time.Time { return time.Date(2026, 3, 2, 3, 0, 0, 0, time.UTC) }})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func lock(t *testing.T, l *Lake) *Writer {
	t.Helper()
	w, err := l.Lock()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Unlock() })
	return w
}

// sealLinks writes and seals one part of client_link with so many rows.
func sealLinks(t *testing.T, w *Writer, rows int) File {
	t.Helper()
	path := filepath.Join(w.Path("data/client_link/"+w.Run), "part-0000.parquet")
	writeLinks(t, path, rows)
	f, err := w.Seal(table.ClientLinks, path)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func writeLinks(t *testing.T, path string, rows int) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	out, err := table.NewWriter[table.ClientLink](table.ClientLinks, path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		if err := out.Append(&table.ClientLink{RecordID: fmt.Sprintf("clinic/%d/1", i), ClientID: int64(100 + i),
			Since: 1}); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}

// commitNight claims a run, writes client_link whole with so many rows and commits. The change, if
// any, falsifies the manifest before it is written.
func commitNight(t *testing.T, w *Writer, asOf string, rows int, change func(*Manifest)) *Manifest {
	t.Helper()
	head, _, err := w.headLine()
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Claim(Event{Kind: "night", Parent: head, Snapshot: head + 1, AsOf: asOf}); err != nil {
		t.Fatal(err)
	}
	m := &Manifest{Snapshot: head + 1, Parent: head, Run: w.Run, Kind: "night", AsOf: asOf,
		Marks:  map[string]int64{"client_id": int64(rows)},
		Tables: map[string][]File{"client_link": {sealLinks(t, w, rows)}}}
	if change != nil {
		change(m)
	}
	if err := w.Commit(m); err != nil {
		t.Fatal(err)
	}
	if err := w.Append(w.Run, Event{Event: Published, Snapshot: m.Snapshot}); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestCommitAndRead(t *testing.T) {
	l := testLake(t)
	if m, err := l.Head(); m != nil || err != nil {
		t.Fatalf("an empty lake has HEAD %v, %v", m, err)
	}
	w := lock(t, l)
	commitNight(t, w, "2026-03-02", 3, nil)
	commitNight(t, w, "2026-03-03", 4, nil)
	m, err := l.Head()
	if err != nil {
		t.Fatal(err)
	}
	f := m.Tables["client_link"][0]
	if m.Snapshot != 2 || f.Rows != 4 || f.Path != "data/client_link/000002/part-0000.parquet" {
		t.Errorf("HEAD is %+v", m)
	}
	for _, c := range f.Columns {
		switch {
		case c.Name == "client_id" && (*c.Min != 100 || *c.Max != 103):
			t.Errorf("client_id is recorded as between %d and %d", *c.Min, *c.Max)
		case c.Name == "record_id" && c.Min != nil:
			t.Error("the manifest records the bounds of a text column")
		}
	}
	parent, err := l.Manifest(1)
	if err != nil || parent.SHA256() != m.ParentSHA256 {
		t.Errorf("the parent's hash is %s, the manifest records %s (%v)", parent.SHA256(), m.ParentSHA256, err)
	}
	if err := w.Commit(&Manifest{Snapshot: 2, Parent: 1, Run: w.Run}); err == nil {
		t.Error("a manifest whose parent is not HEAD was committed")
	}
}

func TestModes(t *testing.T) {
	l := testLake(t)
	w := lock(t, l)
	commitNight(t, w, "2026-03-02", 3, nil)
	err := filepath.Walk(l.Dir(), func(path string, info os.FileInfo, err error) error {
		if err != nil {
			return err
		}
		want := os.FileMode(0o600)
		if info.IsDir() {
			want = 0o700
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s has mode %o, want %o", path, info.Mode().Perm(), want)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestOneWriter(t *testing.T) {
	l := testLake(t)
	w := lock(t, l)
	if err := w.Claim(Event{Kind: "night"}); err != nil {
		t.Fatal(err)
	}
	_, err := l.Lock()
	if CodeOf(err) != Locked {
		t.Fatalf("a second writer: %v", err)
	}
	for _, want := range []string{fmt.Sprintf("pid %d", os.Getpid()), "run 000001", "since 2026-03-02T03:00:00Z",
		"host "} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not name %q: %v", want, err)
		}
	}
	if s, err := l.Status(); err != nil || !strings.Contains(s.Writer, "run 000001") {
		t.Errorf("status names as writer %q, %v", s.Writer, err)
	}
	if err := w.Unlock(); err != nil {
		t.Fatal(err)
	}
	if s, err := l.Status(); err != nil || s.Writer != "" {
		t.Errorf("status still names a writer: %q, %v", s.Writer, err)
	}
	again, err := l.Lock()
	if err != nil {
		t.Fatalf("after the first has ended: %v", err)
	}
	again.Unlock()
}

func TestNoLake(t *testing.T) {
	if _, err := Open(t.TempDir(), Options{}); CodeOf(err) != NoLake {
		t.Errorf("an empty folder: %v", err)
	}
}

func TestExitCodes(t *testing.T) {
	for _, c := range []struct {
		err  error
		want Code
	}{
		{nil, OK},
		{errors.New("x"), Failed},
		{fmt.Errorf("stage: %w", Errorf(Usage, "bad date")), Usage},
		{fmt.Errorf("write: %w", &os.PathError{Op: "write", Path: "p", Err: syscall.ENOSPC}), NoSpace},
		{Errorf(Failed, "stage: %w", errors.New("IO Error: Could not write file: No space left on device")), NoSpace},
		{errors.New("Out of Memory Error: failed to offload data block: this limit was set by the 'max_temp_directory_size' setting"), NoSpace},
		{fmt.Errorf("stage: %w", context.Canceled), Interrupted},
		{Errorf(Damaged, "HEAD is missing"), Damaged},
	} {
		if got := CodeOf(c.err); got != c.want {
			t.Errorf("%v: code %d, want %d", c.err, got, c.want)
		}
	}
}

func TestSealRefuses(t *testing.T) {
	l := testLake(t)
	w := lock(t, l)
	dir := l.Path("data/client_link/000001")
	whole := filepath.Join(dir, "whole.parquet")
	writeLinks(t, whole, 5)
	if _, err := w.Seal(table.ClientLinks, whole); err != nil {
		t.Fatalf("a sound file: %v", err)
	}
	if _, err := w.Seal(table.Coverages, whole); err == nil || !strings.Contains(err.Error(), "miic.table") {
		t.Errorf("another table's file: %v", err)
	}
	data, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{0, 3, len(data) / 2, len(data) - 1} { // as a killed COPY leaves it
		cut := filepath.Join(dir, fmt.Sprintf("cut-%d.parquet", n))
		if err := os.WriteFile(cut, data[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Seal(table.ClientLinks, cut); err == nil {
			t.Errorf("a file cut to %d of %d bytes was sealed", n, len(data))
		}
	}
}

func TestTornLedger(t *testing.T) {
	l := testLake(t)
	w := lock(t, l)
	if err := w.Claim(Event{Kind: "night"}); err != nil {
		t.Fatal(err)
	}
	path := l.Path("runs/000001.jsonl")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(whole, `{"time":"2026-03-02T0`...), 0o600); err != nil {
		t.Fatal(err)
	}
	if events, err := l.Ledger("000001"); len(events) != 1 || err != nil {
		t.Fatalf("a torn last line: %d events, %v", len(events), err)
	}
	if err := w.Append("000001", Event{Event: Audited}); err != nil {
		t.Fatal(err)
	}
	events, err := l.Ledger("000001")
	if err != nil || len(events) != 2 || events[1].Event != Audited {
		t.Errorf("after the next line: %v, %v", events, err)
	}
}

func TestDigestSurvivesCompaction(t *testing.T) {
	a, b, c := File{SHA256: "aa"}, File{SHA256: "bb"}, File{SHA256: "cc"}
	one := File{SHA256: "dd", Digest: Digest([]File{a, b})}
	if Digest([]File{a, b, c}) != Digest([]File{one, c}) {
		t.Error("a compacted file changes the digest")
	}
	for _, other := range [][]File{{a, c, b}, {a, b}, {c, a, b}, nil} {
		if Digest(other) == Digest([]File{a, b, c}) {
			t.Errorf("%v has the same digest", other)
		}
	}
}

func TestSweep(t *testing.T) {
	l := testLake(t)
	for _, rel := range []string{"HEAD.tmp", "snapshots/000009.json.tmp", "held/000001.json.tmp"} {
		if err := os.WriteFile(l.Path(rel), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(l.Path(".scratch/spill"), 0o700); err != nil {
		t.Fatal(err)
	}
	report, err := l.Check(context.Background(), CheckOptions{})
	if err != nil || report.Err() != nil || len(report.Infos) != 3 {
		t.Errorf("leftovers: %+v, %v", report, err)
	}
	lock(t, l)
	left, err := l.tmpFiles()
	if err != nil || len(left) > 0 {
		t.Errorf("after a writer has come: %v, %v", left, err)
	}
	if _, err := os.Stat(l.Path(".scratch")); err == nil {
		t.Error("scratch is still there")
	}
}

// TestManifestIsStable: what is read and written again has the same bytes, so a rerun after a kill
// may replace a manifest that never became HEAD.
func TestManifestIsStable(t *testing.T) {
	l := testLake(t)
	w := lock(t, l)
	commitNight(t, w, "2026-03-02", 3, func(m *Manifest) {
		m.Stages = []Stage{{Name: "link", Key: "k", Figures: map[string]int64{"b": 1, "a": 2},
			Notes: json.RawMessage(`[{"kind":"x"}]`)}}
	})
	m, err := l.Head()
	if err != nil {
		t.Fatal(err)
	}
	data, err := m.encode()
	if err != nil || hashBytes(data) != m.sum {
		t.Errorf("written again it differs: %v", err)
	}
}
