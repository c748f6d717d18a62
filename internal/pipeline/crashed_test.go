package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"miic/internal/archive"
	"miic/internal/lake"
)

// runChild does a deed in a process of its own and tells whether it was killed.
func runChild(t *testing.T, root, do string, at int, after time.Duration) bool {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "MIIC_CRASH_CHILD="+root, "MIIC_CRASH_DO="+do, "MIIC_CRASH_AT="+strconv.Itoa(at))
	var text strings.Builder
	cmd.Stderr = &text
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if after > 0 {
		timer := time.AfterFunc(after, func() { cmd.Process.Kill() })
		defer timer.Stop()
	}
	err := cmd.Wait()
	if err == nil {
		return false
	}
	if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() && status.Signal() == syscall.SIGKILL {
		return true
	}
	t.Fatalf("%s failed by itself: %v: %s", do, err, text.String())
	return false
}

// afterCrash asks what must be true of what a killed night leaves, and returns HEAD's number.
func afterCrash(t *testing.T, name, root string) int64 {
	t.Helper()
	l, err := lake.Open(filepath.Join(root, "lake"), lake.Options{})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	report, err := l.Check(context.Background(), lake.CheckOptions{Data: true, Out: filepath.Join(root, "out")})
	if err != nil || report.Err() != nil {
		t.Fatalf("%s: check: %v, %v", name, err, report)
	}
	snapshot, err := readWhole(l, root)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if lost := lostFiles(t, root); len(lost) > 0 {
		t.Fatalf("%s: neither in the inbox nor in the archive: %v", name, lost)
	}
	return snapshot
}

// rerun finishes the night and compares it with the undisturbed one.
func rerun(t *testing.T, name, root, want string) *Result {
	t.Helper()
	o := toyOptions(root, nil)
	o.AsOf = day(3)
	res, err := Execute(context.Background(), o)
	if err != nil || res.Outcome != Committed && res.Outcome != NothingToDo {
		t.Fatalf("%s: the rerun: %+v, %v", name, res, err)
	}
	m, err := o.Lake.Head()
	if err != nil || m.Snapshot != 2 {
		t.Fatalf("%s: after the rerun: snapshot %d, %v", name, m.Snapshot, err)
	}
	if got := rows(t, o.Lake, m); got != want {
		t.Fatalf("%s: the rerun committed\n%s\nwant\n%s", name, got, want)
	}
	if done, err := o.Lake.IsPublished(m); !done || err != nil {
		t.Fatalf("%s: the rerun has not published: %v", name, err)
	}
	report, err := o.Lake.Check(context.Background(), lake.CheckOptions{Data: true, Out: o.Out})
	if err != nil || report.Err() != nil {
		t.Fatalf("%s: check after the rerun: %v, %v", name, err, report)
	}
	if left := tree(t, o.Inbox); len(left) > 0 || len(lostFiles(t, root)) > 0 {
		t.Fatalf("%s: after the rerun: inbox %v, lost %v", name, left, lostFiles(t, root))
	}
	entries, err := os.ReadDir(o.Out)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if err != nil || !slices.Equal(names, []string{"000001", "000002", "latest"}) {
		t.Fatalf("%s: out/ holds %v, %v", name, names, err)
	}
	return res
}

// readWhole reads as a reader does: HEAD once, then exactly its files; and the published outputs
// through latest. All must have the hashes of one snapshot.
func readWhole(l *lake.Lake, root string) (int64, error) {
	m, err := l.Head()
	if err != nil || m == nil {
		return 0, fmt.Errorf("HEAD: %v", err)
	}
	for name, files := range m.Tables {
		for _, f := range files {
			if err := lake.Verify(l.Path(f.Path), f); err != nil {
				return 0, fmt.Errorf("snapshot %d, table %s, %s: %w", m.Snapshot, name, f.Path, err)
			}
		}
	}
	target, err := os.Readlink(filepath.Join(root, "out", "latest"))
	if err != nil {
		return 0, err
	}
	id, err := strconv.ParseInt(target, 10, 64)
	if err != nil {
		return 0, err
	}
	pub, err := l.Manifest(id)
	if err != nil {
		return 0, err
	}
	for _, f := range pub.Out {
		if err := lake.Verify(filepath.Join(root, "out", target, filepath.FromSlash(f.Path)), f); err != nil {
			return 0, fmt.Errorf("out/%s/%s: %w", target, f.Path, err)
		}
	}
	return m.Snapshot, nil
}

// watch reads over and over beside the night until stopped; HEAD may only move forward.
func watch(t *testing.T, root string) (stop func() (int, error)) {
	quit, done := make(chan struct{}), make(chan struct{})
	var readings int
	var fault error
	go func() {
		defer close(done)
		l, err := lake.Open(filepath.Join(root, "lake"), lake.Options{})
		if err != nil {
			fault = err
			return
		}
		last := int64(0)
		for {
			id, err := readWhole(l, root)
			if err == nil && id < last {
				err = fmt.Errorf("HEAD went from %d back to %d", last, id)
			}
			if err != nil {
				fault = err
				return
			}
			last = id
			readings++
			select {
			case <-quit:
				return
			case <-time.After(2 * time.Millisecond):
			}
		}
	}()
	return func() (int, error) { close(quit); <-done; return readings, fault }
}

// lostFiles lists delivered files of the second night that are nowhere any more.
func lostFiles(t *testing.T, root string) []string {
	t.Helper()
	bodies := map[string]string{"2,lock\n3,lock\n": "clinic/b.csv", "8,opt_out\n": "plan/m.csv", "8,opt_out\n9,seal\n": "plan/n.csv", "1,opt_out\n2,lock\n": "clinic/a.csv"}
	for _, dir := range []string{"inbox", "archive"} {
		for name, body := range tree(t, filepath.Join(root, dir)) {
			if dir == "archive" {
				in, err := archive.Dir(filepath.Join(root, dir)).Open(strings.TrimSuffix(filepath.Base(name), ".zst"))
				if err != nil {
					continue // being written when the night was killed
				}
				data, err := io.ReadAll(in)
				if in.Close(); err != nil {
					t.Fatal(err)
				}
				body = string(data)
			}
			delete(bodies, body)
		}
	}
	var lost []string
	for _, name := range bodies {
		lost = append(lost, name)
	}
	return lost
}

func copyOf(t *testing.T, from string) string {
	to := filepath.Join(t.TempDir(), "world")
	copyTree(t, from, to)
	return to
}

func copyTree(t *testing.T, from, to string) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(from, path)
		dst := filepath.Join(to, rel)
		switch {
		case d.IsDir():
			return os.MkdirAll(dst, 0o700)
		case d.Type()&fs.ModeSymlink != 0:
			target, err := os.Readlink(path)
			return errors.Join(err, os.Symlink(target, dst))
		}
		data, err := os.ReadFile(path)
		return errors.Join(err, os.WriteFile(dst, data, 0o600))
	})
	if err != nil {
		t.Fatal(err)
	}
}
