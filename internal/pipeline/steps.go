package pipeline

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"miic/internal/lake"
	"miic/internal/table"
)

// building is the folder in which a run builds out/<snapshot>.
func building(out, run string) string { return filepath.Join(out, HeldFolder(run)) }

// HeldFolder is the folder below out/ in which a run builds its outputs. Those of a held night lie there until it is
// accepted or another night is committed.
func HeldFolder(run string) string { return ".building-" + run }

// stage brings one stage about: carried over from HEAD, adopted from an uncommitted run, or run and
// sealed.
func (n *night) stage(ctx context.Context, i int, s Stage) error {
	figures := n.keyFigures(i, n.figures)
	key, err := stageKey(s, n.AsOf, n.tables, n.inbox, n.aside, figures)
	if err != nil {
		return err
	}
	done := lake.Stage{
		Name:    s.Name,
		Version: s.Version,
		Key:     key,
		Inputs:  digests(s, n.tables),
		Reads:   s.Reads,
		Prior:   s.Prior,
		Writes:  s.Writes,
	}
	if done.Settings, err = settings(s); err != nil {
		return err
	}
	if s.Inbox {
		if done.After, err = stageKey(s, n.AsOf, n.tables, nil, n.aside, figures); err != nil {
			return err
		}
	}
	start := n.w.Now()
	res := StageResult{Stage: s.Name, How: "run", Rows: map[string]int64{}}
	event := lake.Event{Event: lake.StageDone}
	if was := n.reusable(s, key); was != nil {
		done, res.How, event.Event = *was, "reused", lake.StageReused
	} else if from := n.adoptable(key); from != nil {
		res.How, event.From = "adopted", from.Run
		done, event.Tables, event.Dropped, event.Marks = *from.Stage, from.Tables, from.Dropped, from.Marks
	} else {
		n.Log.Info("stage starts", "run", n.w.Run, "stage", s.Name)
		n.w.Point("start " + s.Name)
		r, err := n.runStage(ctx, s)
		if err != nil {
			return err
		}
		if i == 0 && n.upgrades() {
			r.Note(Note{Kind: "warning", Text: "the lake was upgraded: " + n.upgradeText()})
		}
		if s.Inbox {
			for _, note := range n.foreseen() {
				r.Note(note)
			}
		}
		done.Figures, done.Notes, done.Out = r.counts, encodeNotes(r.notes), r.sealedOut
		event.Tables, event.Dropped, event.Marks = r.sealed, n.droppedFiles(r.dropped), r.marks
	}
	n.take(s, done, event)
	res.Seconds = n.w.Now().Sub(start).Seconds()
	res.Counts, res.Notes = done.Figures, decodeNotes(done.Notes)
	for name, files := range event.Tables {
		res.Rows[name] = lake.Written(files)
	}
	event.Stage, event.Seconds = &done, res.Seconds
	if err := n.w.Append(n.w.Run, event); err != nil {
		return err
	}
	n.stages = append(n.stages, done)
	n.figures = append(
		n.figures,
		StageFigures{Stage: s.Name, Reused: res.How == "reused", Counts: res.Counts, Notes: res.Notes,
			out: lake.Digest(done.Out)},
	)
	n.result.Stages = append(n.result.Stages, res)
	n.Log.Info(
		"stage ends",
		"run",
		n.w.Run,
		"stage",
		s.Name,
		"how",
		res.How,
		"rows",
		total(res.Rows),
		"seconds",
		res.Seconds,
	)
	return nil
}

// take makes what a stage wrote part of the night.
func (n *night) take(s Stage, done lake.Stage, event lake.Event) {
	for name, files := range event.Dropped {
		n.tables[name] = slices.DeleteFunc(slices.Clone(n.tables[name]), func(f lake.File) bool {
			return slices.ContainsFunc(files, func(d lake.File) bool { return d.Path == f.Path })
		})
	}
	for _, name := range s.Writes {
		files := event.Tables[name]
		if len(files) == 0 {
			continue
		}
		if table.Get(name).Kind == table.State && !table.IsKeys(files[0].Path) {
			n.tables[name] = files
		} else {
			n.tables[name] = append(slices.Clone(n.tables[name]), files...)
		}
	}
	for k, v := range event.Marks {
		n.marks[k] = max(n.marks[k], v)
	}
	n.out = append(n.out, done.Out...)
}

// droppedFiles finds the files that lie at the given paths.
func (n *night) droppedFiles(paths map[string][]string) map[string][]lake.File {
	dropped := map[string][]lake.File{}
	for name, list := range paths {
		for _, f := range n.tables[name] {
			if slices.Contains(list, n.w.Path(f.Path)) {
				dropped[name] = append(dropped[name], f)
			}
		}
	}
	return dropped
}

// reusable returns how the stage came out in HEAD if it has the same key there and its outputs still
// are what they were. A stage that reads the inbox is not carried over: its figures are the night's.
func (n *night) reusable(s Stage, key string) *lake.Stage {
	was := headStage(n.head, s.Name)
	if was == nil || was.Key != key || s.Inbox {
		return nil
	}
	if err := n.linkOut(lake.OutFolder(n.Out, n.head.Snapshot), was.Out); err != nil {
		n.Log.Warn(
			"outputs of HEAD are not what they were, the stage runs again",
			"stage",
			s.Name,
			"reason",
			err.Error(),
		)
		return nil
	}
	return was
}

// adoptable returns the stage as an uncommitted run on the same parent has sealed it, if every file
// still has the hash it was sealed with.
func (n *night) adoptable(key string) *lake.Sealed {
next:
	for i := range n.sealed {
		from := &n.sealed[i]
		if from.Stage == nil || from.Stage.Key != key {
			continue
		}
		for name, files := range from.Tables {
			for _, f := range files {
				if err := lake.Verify(n.w.Path(f.Path), f); err != nil {
					n.Log.Warn("a sealed file cannot be adopted", "table", name, "file", f.Path, "reason", err.Error())
					continue next
				}
			}
		}
		if err := n.linkOut(building(n.Out, from.Run), from.Stage.Out); err != nil {
			n.Log.Warn("sealed outputs cannot be adopted", "stage", from.Stage.Name, "reason", err.Error())
			continue
		}
		return from
	}
	return nil
}

// ran is a stage that has run: what it reported and what was sealed of it.
type ran struct {
	*Run
	sealed    map[string][]lake.File
	sealedOut []lake.File
}

// runStage runs a stage and seals what it wrote. On failure nothing of it stays.
func (n *night) runStage(ctx context.Context, s Stage) (_ *ran, err error) {
	e, err := n.session(ctx)
	if err != nil {
		return nil, err
	}
	defer e.Renew() // what one stage leaves behind would be missing on the night that it is adopted or carried over
	scratch, err := n.w.Scratch("stage")
	if err != nil {
		return nil, err
	}
	out := building(n.Out, n.w.Run)
	if err := os.MkdirAll(out, 0o700); err != nil {
		return nil, err
	}
	var prior map[string][]string
	priorRows := map[string]int64{}
	if n.head != nil {
		prior = n.paths(n.head.Tables)
		for name, files := range n.head.Tables {
			priorRows[name] = lake.Rows(files)
		}
	}
	if err := n.prove(ctx, s); err != nil {
		return nil, err
	}
	r := &ran{Run: newRun(s, n.AsOf, n.inbox, n.aside), sealed: map[string][]lake.File{}}
	if err := n.continues(s, r.Run); err != nil {
		return nil, err
	}
	r.Snapshot, r.Engine, r.Scratch = n.parent()+1, e, scratch
	r.dataDir, r.outDir, r.run = n.w.Path("data"), out, n.w.Run
	r.priorRows = priorRows
	r.prior, r.now, r.marks, r.figures = prior, n.paths(n.tables), maps.Clone(n.marks), n.figures
	if n.Progress != nil {
		r.report = func(step string, done, total int64, unit string) { n.Progress(s.Name, step, done, total, unit) }
	}
	defer func() {
		if err != nil {
			n.discard(r)
		}
		os.RemoveAll(scratch)
	}()
	if err := s.Run(ctx, r.Run); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	n.w.Point("wrote " + s.Name)
	return r, n.seal(r)
}

func (n *night) seal(r *ran) error {
	for _, name := range slices.Sorted(maps.Keys(r.written)) {
		t := table.Get(name)
		for _, path := range r.written[name] {
			f, err := n.w.Seal(t, path)
			if err != nil {
				return err
			}
			f.Replaces = r.replaces[path]
			r.sealed[name] = append(r.sealed[name], f)
		}
		if err := n.w.SyncDirs(r.sealed[name]); err != nil {
			return err
		}
		if err := n.dropCopies(r, t); err != nil {
			return err
		}
	}
	fresh, err := n.freshOut()
	if err != nil {
		return err
	}
	for _, rel := range fresh {
		path := filepath.Join(building(n.Out, n.w.Run), filepath.FromSlash(rel))
		if err := os.Chmod(path, 0o600); err != nil {
			return err
		}
		if err := lake.SyncFile(path); err != nil {
			return err
		}
		f := lake.File{Path: rel}
		if f.Bytes, f.SHA256, err = lake.HashFile(path); err != nil {
			return err
		}
		r.sealedOut = append(r.sealedOut, f)
		n.w.Point("sealed out")
	}
	return n.syncBuilding()
}

// dropCopies takes a state back that was written whole and came out as the parent has it, byte for byte: the
// parent's files stay, and nothing that reads them has to be done again.
func (n *night) dropCopies(r *ran, t *table.Table) error {
	files := r.sealed[t.Name]
	if t.Kind != table.State || n.head == nil || len(files) != 1 || len(n.head.Tables[t.Name]) != 1 ||
		files[0].SHA256 != n.head.Tables[t.Name][0].SHA256 {
		return nil
	}
	delete(r.sealed, t.Name)
	return os.Remove(n.w.Path(files[0].Path))
}

// discard removes what a failed stage wrote: nobody names it, and a full disk needs the room.
func (n *night) discard(r *ran) {
	for _, files := range r.written {
		for _, path := range files { // an earlier stage may have added to the same log
			os.Remove(path)
		}
	}
	if fresh, err := n.freshOut(); err == nil {
		for _, rel := range fresh {
			os.Remove(filepath.Join(building(n.Out, n.w.Run), filepath.FromSlash(rel)))
		}
	}
}

// keyFigures are what the key of stage i counts of the figures, notes and outputs of the stages before it: all for
// the last stage, for another the notes of the kinds that it names. Whether a stage was carried over or run again to
// the same end makes no difference.
func (n *night) keyFigures(i int, earlier []StageFigures) []keyFigure {
	last, kinds := i == len(n.Stages)-1, n.Stages[i].Notes
	if !last && len(kinds) == 0 {
		return nil
	}
	out := []keyFigure{}
	for _, f := range earlier {
		k := keyFigure{Stage: f.Stage, Counts: map[string]int64{}, Notes: []Note{}}
		if last {
			maps.Copy(k.Counts, f.Counts)
			k.Out = f.out
		}
		for _, note := range f.Notes {
			if last || slices.Contains(kinds, note.Kind) {
				k.Notes = append(k.Notes, note)
			}
		}
		if last || len(k.Notes) > 0 {
			out = append(out, k)
		}
	}
	return out
}

func total(rows map[string]int64) int64 {
	var n int64
	for _, v := range rows {
		n += v
	}
	return n
}
