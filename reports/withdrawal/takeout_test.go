package withdrawal

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"miic/internal/lake"
	"miic/internal/table"
	"miic/reports/bundle"
	"miic/reports/recipient"
)

// killed is what the lake's steps throw where a kill could fall.
type killed struct{}

// A site has out/ of two nights, with a bundle for the metro board and one for the north board in each.
type site struct {
	out      string
	l        *lake.Lake
	m        *lake.Manifest
	killAt   int // at which step; 0: at none
	step     int
	withdraw []table.Withdrawal
}

func newSite(t *testing.T, rows ...table.Withdrawal) *site {
	t.Helper()
	dir := t.TempDir()
	s := &site{out: filepath.Join(dir, "out"), withdraw: rows}
	var err error
	if s.l, err = lake.Create(filepath.Join(dir, "lake"), lake.Options{Now: time.Now, Point: func(string) {
		if s.step++; s.step == s.killAt {
			panic(killed{})
		}
	}}); err != nil {
		t.Fatal(err)
	}
	day := table.NewDate(2026, 3, 2)
	book := &recipient.Book{}
	for _, id := range []string{"metro", "north"} {
		key, err := age.GenerateX25519Identity()
		if err != nil {
			t.Fatal(err)
		}
		book.Recipients = append(book.Recipients, recipient.Recipient{ID: id, Name: id, Keys: []string{key.Recipient().String()},
			Receives: []string{"regions/" + id}, Agreement: recipient.Agreement{ID: "A", Ends: day}})
	}
	for _, night := range []string{"000001", "000002"} {
		out := filepath.Join(s.out, night)
		for _, name := range []string{"regions/metro/recall.csv", "regions/metro/open/recall.csv", "regions/metro/letters.pdf",
			"regions/north/recall.csv", "state/summary.csv", "run.html"} {
			put(t, filepath.Join(out, name), night)
		}
		if _, err := bundle.Plan(out, book, day); err != nil {
			t.Fatal(err)
		}
		if _, err := bundle.Seal(out, ""); err != nil {
			t.Fatal(err)
		}
	}
	rel := "data/withdrawal/000001/part-0000.parquet"
	if err := os.MkdirAll(filepath.Dir(s.l.Path(rel)), 0o700); err != nil {
		t.Fatal(err)
	}
	w, err := table.NewWriter[table.Withdrawal](table.Withdrawals, s.l.Path(rel))
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		if err := w.Append(&rows[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	s.m = &lake.Manifest{Snapshot: 3, Parent: 2, Tables: map[string][]lake.File{"withdrawal": {{Path: rel}}}}
	return s
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// takeOut takes out what is to go, and reports whether it was killed on the way.
func (s *site) takeOut(t *testing.T, killAt int) (dead bool) {
	t.Helper()
	s.killAt = 0
	w, err := s.l.Lock()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Unlock()
	if s.m.Run == "" {
		if err := w.Claim(lake.Event{Kind: "night", Parent: 2, Snapshot: 3}); err != nil {
			t.Fatal(err)
		}
		s.m.Run = w.Run
	}
	s.step, s.killAt = 0, killAt
	defer func() {
		if caught := recover(); caught != nil {
			if _, ok := caught.(killed); !ok {
				panic(caught)
			}
			dead = true
		}
		s.killAt = 0
	}()
	if err := TakeOut(w, s.m, s.out); err != nil {
		t.Fatal(err)
	}
	return false
}

// files lists the files of out/ but for the plans of bundles.
func (s *site) files(t *testing.T) []string {
	t.Helper()
	var list []string
	err := filepath.WalkDir(s.out, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && filepath.Ext(path) != ".json" {
			rel, _ := filepath.Rel(s.out, path)
			list = append(list, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// lines are the folders that the run's ledger has, in the order of its lines.
func (s *site) lines(t *testing.T) [][]lake.Withdrawn {
	t.Helper()
	events, err := s.l.Ledger(s.m.Run)
	if err != nil {
		t.Fatal(err)
	}
	var list [][]lake.Withdrawn
	for _, e := range events {
		if e.Event == lake.OutputsWithdrawn {
			list = append(list, e.Withdrawn)
		}
	}
	return list
}

var left = []string{"000001/bundles/north.zip.age", "000001/regions/metro/WITHDRAWN.txt", "000001/regions/north/recall.csv",
	"000001/run.html", "000001/state/summary.csv", "000002/bundles/metro.zip.age", "000002/bundles/north.zip.age",
	"000002/regions/metro/letters.pdf", "000002/regions/metro/open/recall.csv", "000002/regions/metro/recall.csv",
	"000002/regions/north/recall.csv", "000002/run.html", "000002/state/summary.csv"}

// TestOnlyWhatIsWithdrawnGoes: the folder and the bundle that holds it, and nothing else; neither what a prune has removed,
// nor what was handed out on demand, nor tonight's own folder is touched.
func TestOnlyWhatIsWithdrawnGoes(t *testing.T) {
	s := newSite(t, table.Withdrawal{Snapshot: 3, Of: 1, Folder: "regions/metro", Why: "opt_out"},
		table.Withdrawal{Snapshot: 3, Of: 1, Folder: "on-demand/000001/lot", Why: "opt_out"},
		table.Withdrawal{Snapshot: 2, Of: 0, Folder: "regions/metro", Why: "opt_out"}, // pruned
		table.Withdrawal{Snapshot: 2, Of: 1, Folder: "clinics/oak", Why: "opt_out"},   // there was none
		table.Withdrawal{Snapshot: 2, Of: 9, Folder: "regions/metro", Why: "opt_out"},
		table.Withdrawal{Snapshot: 3, Of: 1, Folder: "../000002/regions/north", Why: "opt_out"})
	put(t, filepath.Join(s.out, "000009/regions/metro/recall.csv"), "another's") // not older than the snapshot
	s.takeOut(t, 0)
	if got := s.files(t); !slices.Equal(got, append(slices.Clone(left), "000009/regions/metro/recall.csv")) {
		t.Errorf("left are %q", got)
	}
	if lines := s.lines(t); len(lines) != 1 || !slices.Equal(lines[0], []lake.Withdrawn{{Snapshot: 1, Folder: "regions/metro"}}) {
		t.Errorf("the ledger has %v", lines)
	}
	s.takeOut(t, 0)
	if lines := s.lines(t); len(lines) != 1 {
		t.Errorf("the second time the ledger has %v", lines)
	}
	put(t, filepath.Join(s.out, "000001/regions/metro/recall.csv"), "from a backup")
	s.takeOut(t, 0)
	if _, err := os.Stat(filepath.Join(s.out, "000001/regions/metro/recall.csv")); err == nil || len(s.lines(t)) != 2 {
		t.Errorf("what came back lies there still, %v", err)
	}
	if err := os.RemoveAll(filepath.Join(s.out, "000001")); err != nil { // as a purge does, or out_days
		t.Fatal(err)
	}
	s.takeOut(t, 0)
	if _, err := os.Stat(filepath.Join(s.out, "000001")); err == nil || len(s.lines(t)) != 2 {
		t.Errorf("of a night whose outputs are gone: %v, %v", err, s.lines(t))
	}
}

// TestAWithdrawalThatIsKilled: at no step is a part of the folder to be found, and the next run goes on to the end.
func TestAWithdrawalThatIsKilled(t *testing.T) {
	whole := []string{"000001/regions/metro/letters.pdf", "000001/regions/metro/open/recall.csv", "000001/regions/metro/recall.csv"}
	kills := 0
	for at := 1; ; at++ {
		s := newSite(t, table.Withdrawal{Snapshot: 3, Of: 1, Folder: "regions/metro", Why: "opt_out"})
		dead := s.takeOut(t, at)
		var found []string
		for _, name := range s.files(t) {
			if strings.HasPrefix(name, "000001/regions/metro/") && !strings.HasSuffix(name, "WITHDRAWN.txt") {
				found = append(found, name)
			}
		}
		if len(found) > 0 && !slices.Equal(found, whole) {
			t.Errorf("killed at step %d: a part is left: %q", at, found)
		}
		if !dead {
			break
		}
		kills++
		s.takeOut(t, 0)
		if got := s.files(t); !slices.Equal(got, left) {
			t.Errorf("killed at step %d, and run again: left are %q", at, got)
		}
		if lines := s.lines(t); len(lines) == 0 || !slices.Equal(lines[0], []lake.Withdrawn{{Snapshot: 1, Folder: "regions/metro"}}) {
			t.Errorf("killed at step %d: the ledger has %v", at, lines)
		}
	}
	if kills < 5 {
		t.Errorf("%d kills only", kills)
	}
}

// TestALinkedNightIsLeftAlone: a rehearsal sees the published folder through a link.
func TestALinkedNightIsLeftAlone(t *testing.T) {
	s := newSite(t, table.Withdrawal{Snapshot: 3, Of: 1, Folder: "regions/metro", Why: "opt_out"})
	linked := t.TempDir()
	if err := os.Symlink(filepath.Join(s.out, "000001"), filepath.Join(linked, "000001")); err != nil {
		t.Fatal(err)
	}
	out := s.out
	s.out = linked
	s.takeOut(t, 0)
	s.out = out
	if _, err := os.Stat(filepath.Join(out, "000001/regions/metro/recall.csv")); err != nil {
		t.Error(err)
	}
}

// TestWhatCannotGoIsAnError: the error names folder and night, and what to do.
func TestWhatCannotGoIsAnError(t *testing.T) {
	s := newSite(t, table.Withdrawal{Snapshot: 3, Of: 1, Folder: "regions/metro", Why: "opt_out"})
	w, err := s.l.Lock()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Unlock()
	if err := w.Claim(lake.Event{Kind: "night", Parent: 2, Snapshot: 3}); err != nil {
		t.Fatal(err)
	}
	s.m.Run = w.Run
	if err := os.RemoveAll(filepath.Join(s.out, "000001/bundles/metro.zip.age")); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(s.out, "000001/bundles/metro.zip.age/x"), "a folder in the bundle's place")
	if err := TakeOut(w, s.m, s.out); err == nil || !strings.Contains(err.Error(), "regions/metro of snapshot 1") ||
		!strings.Contains(err.Error(), "by hand") {
		t.Errorf("%v", err)
	}
}
