package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"miic/internal/archive"
	"miic/internal/inbox"
	"miic/internal/lake"
	"miic/internal/table"
)

// A sender may put another file in the place of one at any moment. These tests do so at every step of a night, with and
// without a kill, and ask each time: is any byte lost that was delivered.

// replacements are what a sender may do to a file that it has delivered, given its path and other bytes of the same
// length.
var replacements = map[string]func(path, other string) error{
	"renamed onto": func(path, other string) error {
		if err := os.WriteFile(path+".part", []byte(other), 0o600); err != nil {
			return err
		}
		return os.Rename(path+".part", path)
	},
	"written over": func(path, other string) error { return os.WriteFile(path, []byte(other), 0o600) },
	"made longer":  func(path, other string) error { return os.WriteFile(path, []byte(other+"6,lock\n"), 0o600) },
}

const (
	firstBytes = "2,lock\n"
	otherBytes = "3,seal\n"
)

// swapWorld makes a house whose second night takes in clinic/b.csv and plan/m.csv.
func swapWorld(t *testing.T) *house {
	h := newHouse(t)
	h.deliver("clinic", "a.csv", "1,lock")
	h.night(2, Committed, 0)
	h.deliver("clinic", "b.csv", "2,lock")
	h.deliver("plan", "m.csv", "5,lock")
	return h
}

// nightPoints lists the points that a night passes.
func nightPoints(t *testing.T, root string) (points []string) {
	t.Helper()
	o := toyOptions(root, func(name string) { points = append(points, name) })
	o.AsOf = day(3)
	if res, err := Execute(context.Background(), o); err != nil || res.Outcome != Committed || res.Exit != 0 {
		t.Fatalf("the undisturbed night: %+v, %v", res, err)
	}
	return points
}

// everywhere returns the bytes of all that lies in the inbox and the archive.
func everywhere(t *testing.T, root string) []string {
	t.Helper()
	var all []string
	for _, body := range tree(t, filepath.Join(root, "inbox")) {
		all = append(all, body)
	}
	for name := range tree(t, filepath.Join(root, "archive")) {
		in, err := archive.Dir(filepath.Join(root, "archive")).Open(strings.TrimSuffix(filepath.Base(name), ".zst"))
		if err != nil {
			continue // being written when the night was killed
		}
		data, err := io.ReadAll(in)
		if in.Close(); err != nil {
			t.Fatal(err)
		}
		all = append(all, string(data))
	}
	return all
}

// settled runs nights until nothing is left to do and asks that everything delivered is loaded and archived.
func settled(t *testing.T, name, root string, want ...string) {
	t.Helper()
	o := toyOptions(root, nil)
	for d := 3; ; d++ {
		o.AsOf = day(d)
		res, err := Execute(context.Background(), o)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(tree(t, o.Inbox)) == 0 {
			break
		}
		if d > 8 {
			t.Fatalf("%s: the inbox still holds %v after %d nights: %+v", name, tree(t, o.Inbox), d, res.Unmoved)
		}
	}
	m, err := o.Lake.Head()
	if err != nil {
		t.Fatal(err)
	}
	loaded := map[string]bool{}
	if err := table.Scan(o.Lake.Files(m, "batch"), func(b *table.Batch) error {
		loaded[strings.Clone(b.SHA256)] = true
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	all := everywhere(t, root)
	for _, body := range want {
		sum := sha256.Sum256([]byte(body))
		if !loaded[hex.EncodeToString(sum[:])] {
			t.Fatalf("%s: %q was never loaded", name, body)
		}
		if !slices.Contains(all, body) {
			t.Fatalf("%s: %q has no copy in the archive", name, body)
		}
	}
	r, err := o.Lake.Check(context.Background(), lake.CheckOptions{Data: true, Out: o.Out, Archive: o.Archive})
	if err != nil || r.Err() != nil {
		t.Fatalf("%s: check: %v, %+v", name, err, r)
	}
}

// wasRead reports whether the night has read the first bytes: else the sender took them back before anybody saw them.
func wasRead(points []string, at int) bool { return slices.Index(points, "start ingest") <= at }

func TestSwapAtEveryStep(t *testing.T) {
	world := swapWorld(t).root
	points := nightPoints(t, copyOf(t, world))
	committed := slices.Index(points, "ledger committed")
	for how, replace := range replacements {
		for at := range points {
			if at < committed && how != "renamed onto" && at%5 > 0 {
				continue // before the commit the files in the inbox are not touched
			}
			name := fmt.Sprintf("%s at point %d (%s)", how, at, points[at])
			root := copyOf(t, world)
			path := filepath.Join(root, "inbox", "clinic", "b.csv")
			passed := 0
			o := toyOptions(root, func(string) {
				if passed == at {
					if err := replace(path, otherBytes); err != nil {
						t.Fatal(err)
					}
				}
				passed++
			})
			o.AsOf = day(3)
			if res, err := Execute(context.Background(), o); err != nil || res.Outcome != Committed {
				t.Fatalf("%s: %+v, %v", name, res, err)
			}
			other := otherBytes
			if how == "made longer" {
				other += "6,lock\n"
			}
			if !slices.Contains(everywhere(t, root), other) {
				t.Fatalf("%s: what came meanwhile is gone", name)
			}
			want := []string{other}
			if wasRead(points, at) {
				want = append(want, firstBytes)
			}
			settled(t, name, root, want...)
			os.RemoveAll(root)
		}
	}
}

// TestKillWhileSwapped kills a night at every step after its commit, right after another file took the place of the one
// that it was taking in; and once more at every step of the run that finds this.
func TestKillWhileSwapped(t *testing.T) {
	defer lowerLimits()() // as the child does
	world := swapWorld(t).root
	points := nightPoints(t, copyOf(t, world))
	for at := slices.Index(points, "ledger committed"); at < len(points); at++ {
		name := fmt.Sprintf("swapped and killed at point %d (%s)", at, points[at])
		root := copyOf(t, world)
		if !runChild(t, root, "swap", at+1, 0) {
			t.Fatalf("%s: was not killed", name)
		}
		if at%3 == 0 {
			runChild(t, root, "night", 2+at%7, 0)
		}
		settled(t, name, root, firstBytes, otherBytes)
		os.RemoveAll(root)
	}
}

// inaccessible lets nobody change the names in a folder until the test ends, or the function is called: as root by its
// attribute, else by its mode.
func inaccessible(t *testing.T, dir string) (restore func()) {
	t.Helper()
	set := func(mode os.FileMode, flag int) {
		if os.Geteuid() != 0 {
			if err := os.Chmod(dir, mode); err != nil {
				t.Fatal(err)
			}
			return
		}
		f, err := os.Open(dir)
		if err != nil {
			return // it is gone with the test
		}
		defer f.Close()
		if err := unix.IoctlSetPointerInt(int(f.Fd()), unix.FS_IOC_SETFLAGS, flag); err != nil {
			t.Skipf("this system lets root change any folder: %v", err) // neither the mode nor the attribute holds
		}
	}
	set(0o500, 0x10 /* FS_IMMUTABLE_FL */)
	restore = func() { set(0o700, 0) }
	t.Cleanup(restore)
	return restore
}

// TestFolderOfAnother: a file in a folder that is another user's cannot be moved. It is taken in once,
// and does not stop the nights after.
func TestFolderOfAnother(t *testing.T) {
	h := newHouse(t)
	h.deliver("clinic", "a.csv", "1,lock")
	h.deliver("plan", "m.csv", "5,lock")
	restore := inaccessible(t, filepath.Join(h.opts.Inbox, "clinic"))
	res := h.night(2, Committed, 14)
	if len(res.Unmoved) != 1 || res.Unmoved[0].Name != "a.csv" || !res.Unmoved[0].Copied {
		t.Errorf("not moved: %+v", res.Unmoved)
	}
	noted := slices.ContainsFunc(res.Stages[0].Notes, func(n Note) bool { return n.Kind == "unmoved" && n.File == "a.csv" })
	if !noted {
		t.Errorf("the night's own page does not know: %+v", res.Stages[0].Notes)
	}
	h.sound()
	h.night(2, NothingToDo, 14)
	h.deliver("plan", "n.csv", "6,lock")
	if res := h.night(3, Committed, 14); res.Stages[0].Counts["read"] != 1 || len(res.Unmoved) != 1 {
		t.Errorf("the next night read %d requests, want 1; not moved: %+v", res.Stages[0].Counts["read"], res.Unmoved)
	}
	restore()
	h.night(3, NothingToDo, 0)
	if left := tree(t, h.opts.Inbox); len(left) > 0 {
		t.Errorf("once it can be moved, the inbox holds %v", left)
	}
	if got := len(h.clients()); got != 3 {
		t.Errorf("%d requests, want 3", got)
	}
	h.sound()
}

// TestAFileThatCannotBeMovedIsReplaced: the same name with other bytes, and the same bytes once more, are deliveries.
func TestAFileThatCannotBeMovedIsReplaced(t *testing.T) {
	for what, body := range map[string]string{"other bytes": "2,lock", "the same bytes, later": "1,lock"} {
		t.Run(what, func(t *testing.T) {
			h := newHouse(t)
			h.deliver("clinic", "a.csv", "1,lock")
			path := filepath.Join(h.opts.Inbox, "clinic", "a.csv")
			restore := inaccessible(t, filepath.Dir(path))
			h.night(2, Committed, 14)
			restore()
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			h.deliver("clinic", "a.csv", body)
			if res := h.night(3, Committed, 0); res.Files != 1 || res.Stages[0].Counts["read"] != 1 {
				t.Errorf("%d files, %d requests; want 1 and 1", res.Files, res.Stages[0].Counts["read"])
			}
			h.sound()
		})
	}
}

// TestFullArchive: the night is committed, the file waits where it is, and its copy is made once there is room.
func TestFullArchive(t *testing.T) {
	h := newHouse(t)
	h.deliver("clinic", "a.csv", "1,lock")
	h.deliver("plan", "m.csv", "5,lock")
	sum := sha256.Sum256([]byte("1,lock\n"))
	full := archive.Dir(h.opts.Archive).Path(hex.EncodeToString(sum[:])) + ".tmp"
	if err := errors.Join(os.MkdirAll(filepath.Dir(full), 0o700), os.Symlink("/dev/full", full)); err != nil {
		t.Fatal(err)
	}
	keep := func(name string) { // the name goes with each attempt
		if name == "ledger committed" || name == "locked" {
			_ = os.Symlink("/dev/full", full)
		}
	}
	good := h.opts.Lake
	var err error
	if h.opts.Lake, err = lake.Open(good.Dir(), lake.Options{Now: toyClock(), Point: keep}); err != nil {
		t.Fatal(err)
	}
	res := h.night(2, Committed, 14)
	if len(res.Unmoved) != 1 || res.Unmoved[0].Copied || !strings.Contains(res.Unmoved[0].Why, "no space left") {
		t.Errorf("without a copy: %+v", res.Unmoved)
	}
	if got := tree(t, h.opts.Inbox); len(got) != 1 || got["clinic/a.csv"] != "1,lock\n" {
		t.Errorf("the inbox holds %v, want the file without a copy", got)
	}
	h.sound()
	h.night(2, NothingToDo, 14)
	h.opts.Lake = good
	h.night(2, NothingToDo, 0)
	if got := tree(t, h.opts.Inbox); len(got) != 0 || !slices.Contains(everywhere(t, h.root), "1,lock\n") {
		t.Errorf("once there is room: the inbox holds %v, the archive and it %v", got, everywhere(t, h.root))
	}
	h.sound()
}

// TestBeingWritten: what another program has open for writing, or was written to a moment ago, is left for the next
// night; what an operator has put in is not.
func TestBeingWritten(t *testing.T) {
	h := newHouse(t)
	h.deliver("clinic", "a.csv", "1,lock")
	h.deliver("clinic", "b.csv", "2,lock")
	path := filepath.Join(h.opts.Inbox, "clinic", "a.csv")
	w, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	var fsys unix.Statfs_t
	if err := unix.Fstatfs(int(w.Fd()), &fsys); err != nil {
		t.Fatal(err)
	}
	res := h.night(2, Committed, 3)
	if n := res.Stages[0].Notes; len(n) != 1 || n[0].File != "a.csv" || !strings.Contains(n[0].Text, "still being written") {
		t.Errorf("noted: %+v", n)
	}
	if _, err := w.WriteString("3,lock\n"); err != nil {
		t.Fatal(err)
	}
	w.Close()
	if res := h.night(2, Committed, 0); res.Stages[0].Counts["read"] != 2 {
		t.Errorf("once it is whole, %d requests were read, want 2", res.Stages[0].Counts["read"])
	}

	// the toy clock stands in March 2026
	h.opts.Admit = func(string) inbox.Admission { return inbox.Admission{LeastAge: 60e9} }
	h.deliver("clinic", "c.csv", "4,lock")
	young := toyClock()()
	path = filepath.Join(h.opts.Inbox, "clinic", "c.csv")
	if err := os.Chtimes(path, young, young); err != nil {
		t.Fatal(err)
	}
	h.opts.Lake, err = lake.Open(h.opts.Lake.Dir(), lake.Options{Now: toyClock()})
	if err != nil {
		t.Fatal(err)
	}
	if res := h.night(3, Committed, 3); !strings.Contains(res.Stages[0].Notes[0].Text, "a moment ago") {
		t.Errorf("noted: %+v", res.Stages[0].Notes)
	}
	old := young.Add(-3600e9)
	if err := os.Chtimes(path, old, old); err != nil {
		t.Fatal(err)
	}
	h.night(3, Committed, 0)
	if left := tree(t, h.opts.Inbox); len(left) > 0 {
		t.Errorf("the inbox holds %v", left)
	}
}
