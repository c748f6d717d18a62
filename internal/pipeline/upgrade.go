package pipeline

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"miic/internal/lake"
	"miic/internal/table"
)

// upgrades reports a night on a snapshot of an earlier schema generation.
func (n *night) upgrades() bool {
	return n.head != nil && n.head.SchemaGeneration() < table.Generation
}

// upgradeText describes what an upgrade night does, for the ledger and the run page.
func (n *night) upgradeText() string {
	text := fmt.Sprintf(
		"from schema generation %d to %d; older files stay and are read as they are",
		n.head.SchemaGeneration(),
		table.Generation,
	)
	var again []string
	for _, s := range n.Stages {
		if was := headStage(n.head, s.Name); was == nil || was.Version != s.Version {
			again = append(again, s.Name)
		}
	}
	if len(again) > 0 {
		text += "; worked out again for everybody from what is stored: " + strings.Join(again, ", ")
	}
	return text
}

// A Rehearsal is a night that was run beside the lake, on HEAD's date and with nothing delivered: what this
// program makes of what is stored.
type Rehearsal struct {
	Before, After *lake.Manifest // After is nil when there was nothing to do
	Lake          *lake.Lake     // the copy in which After is; it shares HEAD's data
	Tripped       []lake.Tripped // the brakes that would hold the night
}

// Rehearse runs a night in dir, an empty folder, without touching the lake: HEAD's files are linked into a
// copy of the lake there. Brakes are tried, and do not hold.
func Rehearse(ctx context.Context, o Options, dir string) (*Rehearsal, error) {
	head, err := o.Lake.Head()
	if err != nil {
		return nil, err
	}
	if head == nil {
		return nil, lake.Errorf(lake.NoLake, "no night was committed yet: there is nothing to upgrade")
	}
	for _, sub := range []string{"inbox", "out"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o700); err != nil {
			return nil, err
		}
	}
	copied, err := copyHead(o.Lake, head, filepath.Join(dir, "lake"))
	if err != nil {
		return nil, fmt.Errorf("link the lake's files: %w", err)
	}
	published := lake.OutFolder(o.Out, head.Snapshot)
	if abs, err := filepath.Abs(published); err == nil && exists(published) {
		if err := os.Symlink(abs, lake.OutFolder(filepath.Join(dir, "out"), head.Snapshot)); err != nil {
			return nil, err
		}
	}
	r := &Rehearsal{Before: head, Lake: copied}
	brakes := o.Brakes
	o.Lake, o.Inbox, o.Out, o.Archive = copied, filepath.Join(
		dir,
		"inbox",
	), filepath.Join(
		dir,
		"out",
	), filepath.Join(
		dir,
		"archive",
	)
	o.Brakes, o.UpTo, o.DryRun, o.RetainDays, o.OutDays, o.rehearsal = nil, "", false, 0, 0, true
	if o.AsOf, err = head.Date(); err != nil {
		return nil, err
	}
	result, err := Execute(ctx, o)
	if err != nil || result.Outcome == NothingToDo {
		return r, err
	}
	if r.After, err = copied.Head(); err != nil {
		return nil, err
	}
	n := &night{Options: o, head: head, stages: r.After.Stages}
	n.Brakes = brakes
	r.Tripped = n.brakes()
	return r, nil
}

// copyHead makes a lake in dir that has HEAD alone. Its data are the lake's own, by links to folders, which
// nobody writes into again.
func copyHead(l *lake.Lake, head *lake.Manifest, dir string) (*lake.Lake, error) {
	copied, err := lake.Create(dir, lake.Options{Now: l.Now})
	if err != nil {
		return nil, err
	}
	files := []string{"HEAD", fmt.Sprintf("snapshots/%06d.json", head.Snapshot)}
	ledgers, err := fs.Glob(os.DirFS(l.Dir()), "runs/*.jsonl")
	if err != nil {
		return nil, err
	}
	for _, rel := range append(files, ledgers...) {
		if err := copyFile(l.Path(rel), copied.Path(rel)); err != nil {
			return nil, err
		}
	}
	var linked []string
	for _, list := range head.Tables {
		for _, f := range list {
			folder := filepath.Dir(f.Path)
			if slices.Contains(linked, folder) {
				continue
			}
			linked = append(linked, folder)
			from, err := filepath.Abs(l.Path(folder))
			if err != nil {
				return nil, err
			}
			if err := os.MkdirAll(filepath.Dir(copied.Path(folder)), 0o700); err != nil {
				return nil, err
			}
			if err := os.Symlink(from, copied.Path(folder)); err != nil {
				return nil, err
			}
		}
	}
	return copied, nil
}
