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

// PruneOptions are what to keep. HEAD is always kept.
type PruneOptions struct {
	Nights    int    // the newest snapshots
	MonthEnds int    // the last snapshot of each of so many months
	Out       string // folder of the published outputs: those of pruned snapshots go too; empty to leave them
	DryRun    bool
}

// Pruned is what a prune removed, or would remove. Sizes are in bytes. A file that several pruned snapshots name counts
// with the oldest of them, so that the sizes add up.
type Pruned struct {
	Snapshots []PrunedSnapshot `json:"snapshots"`
	Unnamed   PrunedFiles      `json:"unnamed"` // data files that no snapshot names, such as those of killed runs
	Held      []string         `json:"held"`    // runs that were held and can no longer be accepted
	Files     int              `json:"files"`   // of data, in all
	Bytes     int64            `json:"bytes"`   // of data and outputs, in all
}

// PrunedSnapshot is one snapshot that goes.
type PrunedSnapshot struct {
	Snapshot int64  `json:"snapshot"`
	AsOf     string `json:"as_of"`
	Run      string `json:"run"`
	Kind     string `json:"kind"`
	PrunedFiles
	Out      string `json:"out,omitempty"` // its folder of published outputs, where there is one
	OutBytes int64  `json:"out_bytes"`
}

// PrunedFiles are data files that go.
type PrunedFiles struct {
	Files int   `json:"files"`
	Bytes int64 `json:"bytes"`
}

func (p *PrunedFiles) add(bytes int64) {
	p.Files++
	p.Bytes += bytes
}

// prunedPath lists, one number a line, the snapshots that were removed on purpose: so that a check
// can distinguish them from lost ones.
const prunedPath = "snapshots/PRUNED"

// Prune removes old snapshots, held nights that can no longer be accepted, and every data file that
// nothing names any more, such as those of killed runs. What a run on the present HEAD has sealed
// stays, to be adopted. The list of what is pruned is written first, then manifests go, then data: a
// kill between leaves files that nobody names.
func (w *Writer) Prune(o PruneOptions) (*Pruned, error) {
	p := &Pruned{Snapshots: []PrunedSnapshot{}, Held: []string{}}
	head, err := w.Head()
	if err != nil || head == nil {
		return p, err
	}
	plan, err := w.planPrune(head, o)
	if err != nil {
		return nil, err
	}
	p.Held = append(p.Held, plan.held...)
	for _, m := range plan.drop {
		s := PrunedSnapshot{Snapshot: m.Snapshot, AsOf: m.AsOf, Run: m.Run, Kind: m.Kind}
		if s.Out, s.OutBytes, err = outputs(o.Out, m.Snapshot); err != nil {
			return nil, err
		}
		p.Snapshots = append(p.Snapshots, s)
		p.Bytes += s.OutBytes
	}
	if !o.DryRun {
		if err := w.recordPrune(head, plan); err != nil {
			return nil, err
		}
		if err := w.dropManifests(plan); err != nil {
			return nil, err
		}
		for _, s := range p.Snapshots {
			if s.Out == "" {
				continue
			}
			if err := os.RemoveAll(s.Out); err != nil {
				return nil, err
			}
		}
	}
	return p, w.dropData(plan, p, o.DryRun)
}

// recordPrune writes into a ledger what goes, before it goes.
func (w *Writer) recordPrune(head *Manifest, plan *prunePlan) error {
	if len(plan.drop)+len(plan.held) == 0 {
		return nil
	}
	if w.Run == "" {
		if err := w.Claim(Event{Kind: "prune", Parent: head.Snapshot, Snapshot: head.Snapshot, AsOf: head.AsOf}); err != nil {
			return err
		}
	}
	e := Event{Event: Removed, Snapshot: head.Snapshot, Text: fmt.Sprintf("%d snapshots and %d held nights", len(plan.drop), len(plan.held))}
	for _, m := range plan.drop {
		e.Gone = append(e.Gone, m.Snapshot)
	}
	return w.Append(w.Run, e)
}

// dropData removes, unless it is a dry run, the data files that nothing names any more, and adds up what goes.
func (w *Writer) dropData(plan *prunePlan, p *Pruned, dry bool) error {
	first := map[string]*PrunedSnapshot{} // by file: the oldest pruned snapshot that names it
	for i, m := range plan.drop {
		for _, files := range m.Tables {
			for _, f := range files {
				if first[f.Path] == nil {
					first[f.Path] = &p.Snapshots[i]
				}
			}
		}
	}
	err := w.dataFiles(func(rel string, info fs.FileInfo) error {
		if plan.named[rel] {
			return nil
		}
		p.Files++
		p.Bytes += info.Size()
		if s := first[rel]; s != nil {
			s.add(info.Size())
		} else {
			p.Unnamed.add(info.Size())
		}
		if dry {
			return nil
		}
		return os.Remove(w.Path(rel))
	})
	if err != nil || dry {
		return err
	}
	return w.dropEmpty()
}

// outputs returns the folder of a snapshot's published outputs and its size, or "" when there is none.
func outputs(out string, snapshot int64) (string, int64, error) {
	if out == "" {
		return "", 0, nil
	}
	dir, bytes := OutFolder(out, snapshot), int64(0)
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			bytes += info.Size()
		}
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return "", 0, nil
	}
	return dir, bytes, err
}

// A prunePlan is what goes and what must stay.
type prunePlan struct {
	drop  []*Manifest     // ascending
	never []int64         // manifests above HEAD, which never became it
	held  []string        // runs
	named map[string]bool // data files that something kept names
}

func (p *prunePlan) keep(tables map[string][]File) {
	for _, files := range tables {
		for _, f := range files {
			p.named[f.Path] = true
		}
	}
}

func (w *Writer) planPrune(head *Manifest, o PruneOptions) (*prunePlan, error) {
	p := &prunePlan{named: map[string]bool{}}
	if err := w.chooseSnapshots(p, head, o); err != nil {
		return nil, err
	}
	held, err := w.HeldRuns()
	if err != nil {
		return nil, err
	}
	for _, run := range held {
		if m, err := w.Held(run); err != nil || m.Parent != head.Snapshot {
			p.held = append(p.held, run)
		} else {
			p.keep(m.Tables)
		}
	}
	sealed, err := w.Sealed(head.Snapshot)
	if err != nil {
		return nil, err
	}
	for _, s := range sealed {
		p.keep(s.Tables)
	}
	return p, nil
}

// chooseSnapshots parts the manifests into those to keep and those to drop.
func (w *Writer) chooseSnapshots(p *prunePlan, head *Manifest, o PruneOptions) error {
	ids, err := w.snapshots()
	if err != nil {
		return err
	}
	nights, months := 0, map[string]bool{}
	for _, id := range slices.Backward(ids) {
		if id > head.Snapshot {
			p.never = append(p.never, id)
			continue
		}
		m, err := w.Manifest(id)
		if err != nil {
			return fmt.Errorf("prune removes nothing from a lake that is not sound: %w", err)
		}
		month := m.AsOf[:min(len(m.AsOf), 7)]
		lastOfMonth := !months[month] && len(months) < o.MonthEnds
		months[month] = true
		nights++
		if id == head.Snapshot || nights <= o.Nights || lastOfMonth {
			p.keep(m.Tables)
		} else {
			p.drop = append(p.drop, m)
		}
	}
	slices.Reverse(p.drop)
	slices.Reverse(p.never)
	return nil
}

func (w *Writer) dropManifests(plan *prunePlan) error {
	if len(plan.drop) > 0 {
		old, err := os.ReadFile(w.Path(prunedPath))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		text := string(old)
		for _, m := range plan.drop {
			text += number(m.Snapshot) + "\n"
		}
		if err := w.writeFile(w.Path(prunedPath), []byte(text)); err != nil {
			return err
		}
	}
	var gone []int64
	for _, m := range plan.drop {
		gone = append(gone, m.Snapshot)
	}
	for _, id := range append(gone, plan.never...) {
		if err := os.Remove(w.Path(manifestPath(id))); err != nil {
			return err
		}
		w.Point("pruned manifest")
	}
	for _, run := range plan.held {
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
