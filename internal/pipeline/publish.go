package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"miic/internal/archive"
	"miic/internal/inbox"
	"miic/internal/lake"
	"miic/internal/prose"
)

// publish puts a committed snapshot's outputs in place, swings latest and archives the files that
// the night took in. Every step may have been done before: a run that was killed on the way is
// finished by the next one. What it cannot move out of the inbox it leaves to a person, and returns.
func publish(w *lake.Writer, m *lake.Manifest, o Options) ([]lake.Unmoved, error) {
	done, err := w.IsPublished(m)
	if err != nil {
		return nil, err
	}
	if done {
		return settle(w, m, o)
	}
	sealed, err := publishOut(w, m, o)
	if err != nil {
		return nil, err
	}
	if o.Withdraw != nil {
		if err := o.Withdraw(w, m, o.Out); err != nil {
			return nil, err
		}
	}
	before, err := unmovedBefore(w, m)
	if err != nil {
		return nil, err
	}
	list, unmoved := inbox.StillThere(o.Inbox, before)
	unmoved = append(unmoved, inbox.Take(w, o.Inbox, archive.Dir(o.Archive), m.Run, append(slices.Clone(m.Inbox), list...))...)
	if err := expire(w, m, o); err != nil {
		unmoved = append(unmoved, lake.Unmoved{Why: "copies past their retention cannot be deleted from the archive: " +
			prose.Cause(err)})
	}
	if err := os.Remove(w.Path("held/" + m.Run + ".json")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err := dropBuildings(o.Out); err != nil {
		return nil, err
	}
	return unmoved, w.Append(m.Run, lake.Event{Event: lake.Published, Snapshot: m.Snapshot, Unmoved: unmoved, Sealed: sealed})
}

// settle tries again to move what a published night could not.
func settle(w *lake.Writer, m *lake.Manifest, o Options) ([]lake.Unmoved, error) {
	was, err := w.Unmoved(m)
	if err != nil || len(was) == 0 {
		return nil, err
	}
	list, lost := inbox.StillThere(o.Inbox, was)
	now := append(lost, inbox.Take(w, o.Inbox, archive.Dir(o.Archive), m.Run, list)...)
	if slices.Equal(was, now) {
		return now, nil
	}
	return now, w.Append(m.Run, lake.Event{Event: lake.Published, Snapshot: m.Snapshot, Unmoved: now})
}

// unmovedBefore lists what the nights before have taken in and could not move.
func unmovedBefore(w *lake.Writer, m *lake.Manifest) ([]lake.Unmoved, error) {
	if m.Parent == 0 {
		return nil, nil
	}
	parent, err := w.Manifest(m.Parent)
	if err != nil {
		return nil, err
	}
	return w.Unmoved(parent)
}

// publishOut swings latest to the outputs of a snapshot, once they are in place, and returns what was sealed of them.
func publishOut(w *lake.Writer, m *lake.Manifest, o Options) (sealed []lake.File, err error) {
	out := o.Out
	latest := filepath.Join(out, "latest")
	if len(m.Out) == 0 {
		// A snapshot without outputs, as after a rollback: nothing is better than what was withdrawn.
		if err := os.Remove(latest); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		return nil, nil
	}
	final := lake.OutFolder(out, m.Snapshot)
	if _, err := os.Stat(final); err == nil {
		for _, f := range m.Out {
			if err := lake.Verify(filepath.Join(final, filepath.FromSlash(f.Path)), f); err != nil {
				return nil, lake.Errorf(
					lake.Damaged,
					"%s holds other files than snapshot %d has (%s): move the folder away and run again",
					filepath.Base(final),
					m.Snapshot,
					f.Path,
				)
			}
		}
		if o.Bundles.Made != nil {
			if sealed, err = o.Bundles.Made(final); err != nil {
				return nil, err
			}
		}
	} else {
		if o.Bundles.Seal != nil && exists(building(out, m.Run)) {
			if sealed, err = o.Bundles.Seal(building(out, m.Run), lake.OutFolder(out, m.Parent)); err != nil {
				return nil, err
			}
			w.Point("bundles sealed")
		}
		if err := os.Rename(building(out, m.Run), final); err != nil {
			return nil, lake.Errorf(lake.Damaged, "the finished outputs of snapshot %d are gone from %s: run `miic lake rollback` to its parent and then `miic nightly`: %w", m.Snapshot, filepath.Base(building(out, m.Run)), errors.New(prose.Cause(err)))
		}
	}
	if err := lake.SyncDir(out); err != nil {
		return nil, err
	}
	w.Point("out in place")
	tmp := filepath.Join(out, ".latest"+".tmp")
	if err := os.Remove(tmp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err := os.Symlink(filepath.Base(final), tmp); err != nil {
		return nil, err
	}
	if err := os.Rename(tmp, latest); err != nil {
		return nil, err
	}
	w.Point("latest swung")
	return sealed, lake.SyncDir(out)
}

// dropBuildings removes the output folders that dead runs were building. After a commit no run can
// be adopted any more, and a held one no longer be accepted.
func dropBuildings(out string) error {
	entries, err := os.ReadDir(out)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".building-") {
			if err := os.RemoveAll(filepath.Join(out, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// Accept makes a held night HEAD, with a reason, and publishes it.
func Accept(ctx context.Context, o Options, run, reason string) (*lake.Manifest, error) {
	return change(ctx, o, func(w *lake.Writer) (*lake.Manifest, error) { return w.Accept(run, o.Operator, reason) })
}

// Rollback brings back the tables of an earlier snapshot, as a new one, and withdraws the outputs
// that latest points at: the next night makes new ones.
func Rollback(ctx context.Context, o Options, to int64, reason string) (*lake.Manifest, error) {
	return change(ctx, o, func(w *lake.Writer) (*lake.Manifest, error) {
		return w.Rollback(to, o.Operator, reason, func(head, old *lake.Manifest) (*lake.Rolled, error) {
			return rolled(o.Lake, head, old)
		})
	})
}

// change makes a snapshot other than by a night. What the last one left unpublished is published
// first, so that its files reach the archive.
func change(ctx context.Context, o Options, make func(*lake.Writer) (*lake.Manifest, error)) (*lake.Manifest, error) {
	w, err := o.Lake.Lock()
	if err != nil {
		return nil, err
	}
	defer w.Unlock()
	head, err := w.Head()
	if err != nil {
		return nil, err
	}
	if head != nil {
		// Outputs that are lost cannot be published, and to roll back is the way out of that.
		if _, err := publish(w, head, o); err != nil && lake.CodeOf(err) != lake.Damaged {
			return nil, err
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m, err := make(w)
	if err != nil {
		return nil, err
	}
	unmoved, err := publish(w, m, o)
	if err == nil && len(unmoved) > 0 {
		err = lake.Errorf(lake.NeedsPerson, "snapshot %d is committed and published, but the inbox or the archive needs "+
			"a person: %s", m.Snapshot, unmovedText(unmoved))
	} else {
		err = afterCommit(m, err)
	}
	return m, err
}

// afterCommit is an error in what comes after a commit: the snapshot is HEAD, and its outputs may be damaged.
func afterCommit(m *lake.Manifest, err error) error {
	if err == nil {
		return nil
	}
	code := lake.CodeOf(err)
	if code != lake.Damaged {
		code = lake.NeedsPerson
	}
	return lake.Errorf(code, "snapshot %d is committed but not published, the next run will publish it: %w", m.Snapshot,
		err)
}

// unmovedText names up to five files that need a person.
func unmovedText(list []lake.Unmoved) string {
	var b strings.Builder
	for i, u := range list {
		if i == 5 {
			fmt.Fprintf(&b, "; and %d more", len(list)-i)
			break
		}
		if i > 0 {
			b.WriteString("; ")
		}
		if u.Name != "" {
			fmt.Fprintf(&b, "%s of %s: ", u.Name, u.Sender)
		}
		b.WriteString(u.Why)
	}
	return b.String()
}
