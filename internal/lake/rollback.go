package lake

import (
	"fmt"
	"maps"
	"slices"
)

// forward are the tables that no rollback takes back: what families asked for, who has died, what persons decided,
// what has left the house and by which numbers, and what was published.
var forward = []string{"request", "death", "restriction", "settlement", "review_item", "notice", "open_notice", "withdrawal",
	"control_notice", "household", "disclosure", "newborn_notice", "record_answer", "publication"}

// Rollback makes a new snapshot with the tables of an earlier one. Requests, death certificates, restrictions, review
// verdicts, notices, disclosures and the marks of ids stay as HEAD has them; a stage that touches
// one of these, or writes outputs, loses its key and so runs again the next night. The new snapshot
// has no outputs: those of the earlier one may hold people who have opted out since.
//
// What becomes of the deliveries is kept in the ledger: the caller works it out, given HEAD and the earlier snapshot.
func (w *Writer) Rollback(to int64, operator, reason string, deliveries func(head, old *Manifest) (*Rolled, error),
) (*Manifest, error) {
	if reason == "" {
		return nil, Errorf(Usage, "a rollback needs a reason")
	}
	head, err := w.Head()
	if err != nil {
		return nil, err
	}
	if head == nil || to < 1 || to >= head.Snapshot {
		return nil, Errorf(
			Usage,
			"cannot roll back to snapshot %d: name one before HEAD; `miic lake log` lists them",
			to,
		)
	}
	old, err := w.Manifest(to)
	if err != nil {
		return nil, Errorf(Usage, "cannot roll back to snapshot %d: %w", to, err)
	}
	m := &Manifest{
		Snapshot: head.Snapshot + 1, Parent: head.Snapshot, Kind: "rollback", AsOf: old.AsOf, RollbackTo: to,
		Operator: operator, Reason: reason, ConfigSHA256: old.ConfigSHA256, Schedule: old.Schedule,
		Marks: raise(old.Marks, head.Marks), Tables: maps.Clone(old.Tables), Inbox: []Delivered{}, Out: []File{},
	}
	for _, name := range forward {
		if files := head.Tables[name]; len(files) > 0 {
			m.Tables[name] = files
		}
	}
	for _, s := range old.Stages {
		if len(s.Out) > 0 || touches(s, forward) {
			s.Key, s.After = "", ""
		}
		s.Out = nil
		m.Stages = append(m.Stages, s)
	}
	if err := w.verifyTables(m); err != nil {
		return nil, fmt.Errorf("cannot roll back to snapshot %d: %w", to, err)
	}
	rolled, err := deliveries(head, old)
	if err != nil {
		return nil, err
	}
	return m, w.commitAs(m, Event{Kind: "rollback", Parent: m.Parent, Snapshot: m.Snapshot, AsOf: m.AsOf,
		Operator: operator, Text: reason, Rolled: rolled})
}

// Accept makes a held night HEAD. Its parent must still be HEAD.
func (w *Writer) Accept(run, operator, reason string) (*Manifest, error) {
	if reason == "" {
		return nil, Errorf(Usage, "accepting a held night needs a reason")
	}
	m, err := w.Held(run)
	if err != nil {
		return nil, err
	}
	head, _, err := w.headLine()
	if err != nil {
		return nil, err
	}
	if m.Parent != head {
		return nil, Errorf(
			Usage,
			"held run %s was built on snapshot %d and HEAD is now %d: run `miic nightly` again, it takes in the same files",
			run,
			m.Parent,
			head,
		)
	}
	if d, err := w.decidedSince(run, m); err != nil {
		return nil, err
	} else if d != nil {
		return nil, Errorf(Usage, "held run %s took in batch %s, and since then it was decided about: %s, by %s (%s): "+
			"run `miic nightly` again, it acts on that", run, d.Batch, d.Kind, d.Operator, d.Reason)
	}
	if err := w.verifyTables(m); err != nil {
		return nil, fmt.Errorf("cannot accept run %s: %w", run, err)
	}
	m.Operator, m.Reason = operator, reason
	w.Run = run
	if err := w.Append(run, Event{Event: Accepted, Operator: operator, Text: reason}); err != nil {
		return nil, err
	}
	return m, w.Commit(m)
}

// decidedSince returns a decision about a delivery that a held run took in, if one came after the run: what the night
// made of the delivery is not what was decided.
func (l *Lake) decidedSince(run string, m *Manifest) (*Decision, error) {
	past, err := l.Past(nil)
	if err != nil {
		return nil, err
	}
	took := map[string]bool{}
	for _, d := range m.Inbox {
		if len(d.SHA256) == 64 {
			took[d.SHA256[:16]] = true
		}
	}
	for i := range past.Decisions {
		if d := &past.Decisions[i]; took[d.Batch] && runNumber(d.Run) > runNumber(run) {
			return d, nil
		}
	}
	return nil, nil
}

// commitAs claims a run for a manifest that no stage had to be run for, and commits it.
func (w *Writer) commitAs(m *Manifest, start Event) error {
	if err := w.Claim(start); err != nil {
		return err
	}
	m.Run = w.Run
	return w.Commit(m)
}

func (w *Writer) verifyTables(m *Manifest) error {
	for _, name := range slices.Sorted(maps.Keys(m.Tables)) {
		for _, f := range m.Tables[name] {
			if err := Verify(w.Path(f.Path), f); err != nil {
				return Errorf(Damaged, "table %s, file %s: %w: restore it from a backup", name, f.Path, err)
			}
		}
	}
	return nil
}

func touches(s Stage, tables []string) bool {
	for _, list := range [][]string{s.Reads, s.Prior, s.Writes} {
		for _, name := range list {
			if slices.Contains(tables, name) {
				return true
			}
		}
	}
	return false
}

func raise(a, b map[string]int64) map[string]int64 {
	m := map[string]int64{}
	for _, from := range []map[string]int64{a, b} {
		for k, v := range from {
			m[k] = max(m[k], v)
		}
	}
	return m
}
