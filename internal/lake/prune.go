package lake

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// PruneOptions say what to keep. HEAD is always kept.
type PruneOptions struct {
	Nights    int    // the newest snapshots
	MonthEnds int    // the last snapshot of each of so many months
	Out       string // folder of the published outputs: those of pruned snapshots go too; empty to leave them
	DryRun    bool
}

// Pruned is what a prune removed, or would remove.
type Pruned struct {
	Snapshots []int64  `json:"snapshots"`
	Held      []string `json:"held"`
	Files     int      `json:"files"`
	Bytes     int64    `json:"bytes"`
}

// prunedPath lists, one number a line, the snapshots that were removed on purpose: so that a check
// can tell them from lost ones.
const prunedPath = "snapshots/PRUNED"

// Prune removes old snapshots, held nights that can no longer be accepted, and every data file that
// nothing names any more, such as those of killed runs. What a run on the present HEAD has sealed
// stays, to be adopted. The list of what is pruned is written first, then manifests go, then data: a
// kill between leaves files that nobody names.
func (w *Writer) Prune(o PruneOptions) (*Pruned, error) {
	head, err := w.Head()
	if err != nil {
		return nil, err
	}
	if head == nil {
		return &Pruned{}, nil
	}
	keep, drop, err := w.choose(head, o)
	if err != nil {
		return nil, err
	}
	p := &Pruned{}
	named := map[string]bool{}
	name := func(tables map[string][]File) {
		for _, files := range tables {
			for _, f := range files {
				named[f.Path] = true
			}
		}
	}
	for _, m := range keep {
		name(m.Tables)
	}
	for _, id := range drop {
		if id < head.Snapshot {
			p.Snapshots = append(p.Snapshots, id)
		}
	}
	held, err := w.HeldRuns()
	if err != nil {
		return nil, err
	}
	for _, run := range held {
		if m, err := w.Held(run); err != nil || m.Parent != head.Snapshot {
			p.Held = append(p.Held, run)
		} else {
			name(m.Tables)
		}
	}
	sealed, err := w.Sealed(head.Snapshot)
	if err != nil {
		return nil, err
	}
	for _, s := range sealed {
		name(s.Tables)
	}
	if !o.DryRun {
		if err := w.dropManifests(drop, p); err != nil {
			return nil, err
		}
		for _, id := range p.Snapshots {
			if o.Out == "" {
				break
			}
			if err := os.RemoveAll(filepath.Join(o.Out, number(id))); err != nil {
				return nil, err
			}
		}
	}
	err = w.dataFiles(func(rel string, info fs.FileInfo) error {
		if named[rel] {
			return nil
		}
		p.Files++
		p.Bytes += info.Size()
		if o.DryRun {
			return nil
		}
		return os.Remove(w.Path(rel))
	})
	if err == nil && !o.DryRun {
		err = w.dropEmpty()
	}
	return p, err
}

// choose parts the manifests into those to keep and the numbers of those to drop, among which are
// the ones that never became HEAD.
func (w *Writer) choose(head *Manifest, o PruneOptions) (keep []*Manifest, drop []int64, err error) {
	ids, err := w.snapshots()
	if err != nil {
		return nil, nil, err
	}
	nights, months := 0, map[string]bool{}
	for i := len(ids) - 1; i >= 0; i-- {
		if ids[i] > head.Snapshot {
			drop = append(drop, ids[i])
			continue
		}
		m, err := w.Manifest(ids[i])
		if err != nil {
			return nil, nil, fmt.Errorf("prune removes nothing from a lake that is not sound: %w", err)
		}
		month := m.AsOf[:min(len(m.AsOf), 7)]
		lastOfMonth := !months[month] && len(months) < o.MonthEnds
		months[month] = true
		nights++
		if ids[i] == head.Snapshot || nights <= o.Nights || lastOfMonth {
			keep = append(keep, m)
		} else {
			drop = append(drop, ids[i])
		}
	}
	slices.Sort(drop)
	return keep, drop, nil
}

func (w *Writer) dropManifests(drop []int64, p *Pruned) error {
	if len(p.Snapshots) > 0 {
		old, err := os.ReadFile(w.Path(prunedPath))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		text := string(old)
		for _, id := range p.Snapshots {
			text += number(id) + "\n"
		}
		if err := w.writeFile(w.Path(prunedPath), []byte(text)); err != nil {
			return err
		}
	}
	for _, id := range drop {
		if err := os.Remove(w.Path(manifestPath(id))); err != nil {
			return err
		}
		w.Point("pruned manifest")
	}
	for _, run := range p.Held {
		if err := os.Remove(w.Path("held/" + run + ".json")); err != nil {
			return err
		}
	}
	for _, dir := range []string{"snapshots", "held"} {
		if err := SyncDir(w.Path(dir)); err != nil {
			return err
		}
	}
	return nil
}

// dropEmpty removes the run folders that hold nothing any more.
func (w *Writer) dropEmpty() error {
	dirs, err := filepath.Glob(w.Path("data/*/*"))
	if err != nil {
		return err
	}
	for _, dir := range dirs {
		if entries, err := os.ReadDir(dir); err == nil && len(entries) == 0 {
			if err := os.Remove(dir); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *Lake) isPruned(id int64) bool {
	data, err := os.ReadFile(l.Path(prunedPath))
	if err != nil {
		return false
	}
	for line := range strings.Lines(string(data)) {
		if n, err := strconv.ParseInt(strings.TrimSpace(line), 10, 64); err == nil && n == id {
			return true
		}
	}
	return false
}
