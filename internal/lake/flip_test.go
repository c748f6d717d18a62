package lake

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"miic/internal/table"
)

// keepCopy puts the copy of a delivery into an archive and returns its SHA-256.
func keepCopy(t *testing.T, archive string, body []byte) string {
	t.Helper()
	sum := sha256.Sum256(body)
	name := hex.EncodeToString(sum[:])
	path := filepath.Join(archive, filepath.FromSlash(CopyPath(name)))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	z, err := zstd.NewWriter(&out) // as a stream: the archive's writer does not know the size before
	if err == nil {
		_, err = z.Write(body)
	}
	if err == nil {
		err = z.Close()
	}
	if err == nil {
		err = os.WriteFile(path, out.Bytes(), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// archivedLake is a lake of three nights, each of which took in one delivery, with a held night after them. The
// deliveries of the first two are named by the table batch of HEAD, all by the snapshots.
func archivedLake(t *testing.T) (l *Lake, archive string) {
	t.Helper()
	l, archive = testLake(t), filepath.Join(t.TempDir(), "archive")
	w := lock(t, l)
	var batches []table.Batch
	for i := range 3 {
		lines := ""
		for n := range 200 {
			lines += fmt.Sprintf("%d,%d,lock,%x\n", i, n, sha256.Sum256([]byte{byte(i), byte(n)}))
		}
		sum := keepCopy(t, archive, []byte(lines))
		night := int64(i + 1)
		commitNight(t, w, fmt.Sprintf("2026-03-0%d", i+2), 50+i, func(m *Manifest) {
			m.Inbox = []Delivered{{Sender: "clinic", Name: "a.csv", Bytes: int64(len(lines)), SHA256: sum}}
			m.Tables["batch"] = []File{sealBatches(t, w, batches)}
		})
		batches = append(batches, table.Batch{BatchID: sum[:16], SHA256: sum, Snapshot: night, Sender: "clinic"})
	}
	if err := w.Claim(Event{Kind: "night", Parent: 3, Snapshot: 4, AsOf: "2026-03-05"}); err != nil {
		t.Fatal(err)
	}
	if err := w.Hold(&Manifest{Run: w.Run, Snapshot: 4, Parent: 3, Kind: "night",
		Tables: map[string][]File{}}); err != nil {
		t.Fatal(err)
	}
	if err := w.Claim(Event{Kind: "night", Parent: 3, Snapshot: 4, AsOf: "2026-03-05"}); err != nil { // and was killed
		t.Fatal(err)
	}
	w.Unlock()
	return l, archive
}

func sealBatches(t *testing.T, w *Writer, rows []table.Batch) File {
	t.Helper()
	path := w.Path("data/batch/" + w.Run + "/part-0000.parquet")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	out, err := table.NewWriter[table.Batch](table.Batches, path)
	if err != nil {
		t.Fatal(err)
	}
	if err := out.AppendAll(rows); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := w.Seal(table.Batches, path)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestFlippedBits flips bits at random all over a lake and its archive; the check must name the file each time, or, for
// HEAD and the manifests, one that they are tied to. (A few bits of zstd's own framing change nothing of what a copy
// holds, and are no fault; the seed meets none.)
func TestFlippedBits(t *testing.T) {
	l, archive := archivedLake(t)
	root := l.Dir()
	o := CheckOptions{Data: true, Archive: archive}
	r, err := l.Check(context.Background(), o)
	if err != nil || r.Err() != nil {
		t.Fatalf("the sound lake: %+v, %v", r, err)
	}
	if r.Ledgers != 5 || r.Unproved != 0 || r.Copies != 3 || r.Files != 6 {
		t.Errorf("the sound lake: %+v", r)
	}
	files := func(pattern string) []string {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) == 0 {
			t.Fatalf("no file %s: %v", pattern, err)
		}
		return paths
	}
	for _, c := range []struct {
		what  string
		paths []string
		named bool // by its own name
	}{
		{"copies", files(archive + "/*/*.zst"), true},
		{"ledgers", files(root + "/runs/*.jsonl"), true},
		{"manifests", files(root + "/snapshots/*.json"), false},
		{"held nights", files(root + "/held/*.json"), true},
		{"HEAD", files(root + "/HEAD"), false},
		{"data", files(root + "/data/*/*/*.parquet"), true},
	} {
		t.Run(c.what, func(t *testing.T) {
			chance := rand.New(rand.NewPCG(7, uint64(len(c.what))))
			for range 60 {
				path := c.paths[chance.IntN(len(c.paths))]
				whole, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				at, bit := chance.IntN(len(whole)), chance.IntN(8)
				spoilt := slices.Clone(whole)
				spoilt[at] ^= 1 << bit
				if err := os.WriteFile(path, spoilt, 0o600); err != nil {
					t.Fatal(err)
				}
				r, err := l.Check(context.Background(), o)
				if err != nil {
					t.Fatal(err)
				}
				found := !c.named && len(r.Faults) > 0
				for _, f := range r.Faults {
					found = found || strings.HasSuffix(path, f.File)
				}
				if !found {
					t.Errorf("%s, byte %d of %d, bit %d: found %v", path, at, len(whole), bit, r.Faults)
				}
				if err := os.WriteFile(path, whole, 0o600); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// TestLinesThatAreGone: any line of a ledger that is missing is found, but for the last ones of a run that is not
// needed.
func TestLinesThatAreGone(t *testing.T) {
	l := soundLake(t)
	path := l.Path("runs/000002.jsonl")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(strings.TrimSuffix(string(whole), "\n"), "\n")
	if len(lines) != 3 {
		t.Fatalf("%d lines", len(lines))
	}
	for name, c := range map[string]struct{ text, want string }{
		"the first":     {strings.Join(lines[1:], ""), "line 1 does not have its check value"},
		"one within":    {lines[0] + lines[2] + "\n", "line 2 does not have its check value"},
		"two swapped":   {lines[0] + lines[2] + "\n" + lines[1], "line 2 does not have its check value"},
		"the last ones": {lines[0], "last lines are missing"},
		"all":           {"", "last lines are missing"},
		"a line feed":   {string(whole[:len(whole)-1]) + "\v", "line 3 does not end in a line feed"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			r, err := l.Check(context.Background(), CheckOptions{})
			if err != nil || len(r.Faults) != 1 || r.Faults[0].File != "runs/000002.jsonl" ||
				!strings.Contains(r.Faults[0].Text, c.want) {
				t.Errorf("found %v, %v; want %q", r.Faults, err, c.want)
			}
		})
	}
	if err := os.WriteFile(path, []byte(lines[0]+lines[1]+lines[2]), 0o600); err != nil { // torn, as a kill leaves it
		t.Fatal(err)
	}
	if r, err := l.Check(context.Background(), CheckOptions{}); err != nil || r.Err() != nil {
		t.Errorf("a torn last line: %v, %v", r.Faults, err)
	}
	for run, want := range map[string]string{"000002": "numbered without a gap", "000003": "is missing"} {
		l := soundLake(t)
		if err := os.Remove(l.Path(ledgerPath(run))); err != nil {
			t.Fatal(err)
		}
		r, err := l.Check(context.Background(), CheckOptions{})
		if err != nil || len(r.Faults) != 1 || !strings.Contains(r.Faults[0].Text, want) {
			t.Errorf("without the ledger of run %s: %v, %v", run, r.Faults, err)
		}
	}
}

// TestLedgersOfOlderPrograms: lines without check values are read, and counted; a line that is added proves them.
func TestLedgersOfOlderPrograms(t *testing.T) {
	l := soundLake(t)
	path := l.Path("runs/000003.jsonl")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	old := ""
	for line := range strings.Lines(string(whole)) {
		event, _ := splitCheck([]byte(strings.TrimSuffix(line, "\n")))
		old += string(event) + "\n"
	}
	check := func(unproved, faults int) {
		t.Helper()
		r, err := l.Check(context.Background(), CheckOptions{})
		if err != nil || r.Unproved != unproved || len(r.Faults) != faults {
			t.Errorf("%d ledgers not proved, faults %v, %v", r.Unproved, r.Faults, err)
		}
	}
	if err := os.WriteFile(path, []byte(old), 0o600); err != nil {
		t.Fatal(err)
	}
	check(1, 0)
	w := lock(t, l)
	if err := w.Append("000003", Event{Event: Published, Snapshot: 3}); err != nil {
		t.Fatal(err)
	}
	check(0, 0)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(text), "2026-03-04", "2026-03-05", 1)
	if err := os.WriteFile(path, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	check(0, 1)
	if err := os.WriteFile(path, append(text, old[:strings.Index(old, "\n")+1]...), 0o600); err != nil {
		t.Fatal(err)
	}
	check(0, 1)
}

// TestMissingCopies: a copy that is gone is a fault, unless it is past its retention and was deleted.
func TestMissingCopies(t *testing.T) {
	l, archive := archivedLake(t)
	paths, err := filepath.Glob(archive + "/*/*.zst")
	if err != nil || len(paths) != 3 {
		t.Fatalf("%v, %v", paths, err)
	}
	faults := func(data bool) []Finding {
		t.Helper()
		r, err := l.Check(context.Background(), CheckOptions{Archive: archive, Data: data})
		if err != nil {
			t.Fatal(err)
		}
		return r.Faults
	}
	gone := strings.TrimSuffix(filepath.Base(paths[1]), ".zst")
	if err := os.Remove(paths[1]); err != nil {
		t.Fatal(err)
	}
	for _, data := range []bool{false, true} {
		f := faults(data)
		if len(f) != 1 || f[0].File != "archive/"+CopyPath(gone) || f[0].Kind != "missing" || f[0].Snapshot == 0 {
			t.Errorf("without a copy: %v", f)
		}
	}
	w := lock(t, l)
	if err := w.Append("000003", Event{Event: Expired, Copies: []string{gone}}); err != nil {
		t.Fatal(err)
	}
	if f := faults(true); len(f) > 0 {
		t.Errorf("after its retention: %v", f)
	}
	// The snapshots that took the deliveries in are pruned: the table of batches still names the first two.
	if _, err := w.Prune(PruneOptions{Nights: 1}); err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		os.Remove(path)
	}
	if f := faults(true); len(f) != 2 {
		t.Errorf("without any copy: %v", f)
	}
	// It came again after that: now it is needed.
	commitNight(t, w, "2026-03-06", 5, func(m *Manifest) { m.Inbox = []Delivered{{Sender: "clinic", SHA256: gone}} })
	again := func(f Finding) bool { return f.File == "archive/"+CopyPath(gone) && f.Snapshot == 4 }
	if f := faults(true); !slices.ContainsFunc(f, again) {
		t.Errorf("after it came again: %v", f)
	}
	if _, err := HashCopy(paths[0]); err == nil {
		t.Error("a copy that is not there has a hash")
	}
}
