package pipeline

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestFileChangesWhileItIsRead: a night reads the bytes that it has hashed, whatever becomes of the file meanwhile.
func TestFileChangesWhileItIsRead(t *testing.T) {
	for what, change := range map[string]func(h *house, path string) error{
		"it grows": func(h *house, _ string) error { h.deliver("clinic", "a.csv", "1,lock", "2,lock"); return nil },
		"it goes":  func(_ *house, path string) error { return os.Remove(path) },
		"a link takes its place": func(_ *house, path string) error {
			return errors.Join(os.Remove(path), os.Symlink("/etc/hostname", path))
		},
		"a pipe takes its place": func(_ *house, path string) error {
			return errors.Join(os.Remove(path), syscall.Mkfifo(path, 0o600))
		},
		"a folder takes its place": func(_ *house, path string) error {
			return errors.Join(os.Remove(path), os.Mkdir(path, 0o700))
		},
	} {
		t.Run(what, func(t *testing.T) {
			h := newHouse(t)
			h.deliver("clinic", "a.csv", "1,lock")
			h.deliver("plan", "b.csv", "3,lock")
			h.swap("ingest", func(ctx context.Context, r *Run) error {
				return errors.Join(change(h, filepath.Join(h.opts.Inbox, "clinic", "a.csv")), toyIngest(ctx, r))
			})
			h.night(2, Committed, 0)
			if got := len(h.clients()); got != 2 {
				t.Errorf("%d requests are loaded, want those of both files as they were", got)
			}
			h.sound()
			h.opts.Stages = toyStages()
			if what == "it grows" {
				h.night(2, Committed, 0)
				if got := len(h.clients()); got != 3 {
					t.Errorf("%d requests after the next night, want 3", got)
				}
			}
		})
	}
}

// TestNewerFileStaysInTheInbox: a sender replaces a file after the night has read it.
func TestNewerFileStaysInTheInbox(t *testing.T) {
	h := newHouse(t)
	h.deliver("clinic", "a.csv", "1,lock")
	h.swap("report", func(ctx context.Context, r *Run) error {
		h.deliver("clinic", "a.csv", "1,lock", "2,lock")
		return toyReport(ctx, r)
	})
	h.night(2, Committed, 0)
	if got := tree(t, h.opts.Inbox); got["clinic/a.csv"] != "1,lock\n2,lock\n" {
		t.Errorf("the inbox holds %v", got)
	}
	h.night(2, Committed, 0)
	if got := tree(t, h.opts.Inbox); len(got) != 0 {
		t.Errorf("the inbox still holds %v", got)
	}
}

func TestSameBytesUnderTwoNames(t *testing.T) {
	h := newHouse(t)
	h.deliver("clinic", "a.csv", "1,lock")
	h.deliver("plan", "z.csv", "1,lock")
	h.night(2, Committed, 0)
	if in, arch := tree(t, h.opts.Inbox), tree(t, h.opts.Archive); len(in) != 0 || len(arch) != 1 {
		t.Errorf("inbox %v, archive %v", in, arch)
	}
}
