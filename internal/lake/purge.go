package lake

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"slices"

	"miic/internal/prose"
)

// Purged is the event of a purge that is complete: nothing below the lake, the archive and out/ has the person any more.
const Purged = "purged"

// PurgeOf is what a purge did, by numbers only.
type PurgeOf struct {
	Client    int64             `json:"client"`
	Rows      map[string]int64  `json:"rows"`                // that were left out or blanked, by table
	Rewritten map[string]string `json:"rewritten,omitempty"` // copies of deliveries: the SHA-256 before and after; after: "" where the copy was removed
}

// journalPath is the plan of a purge that is not complete. It holds personal data for that long: what is to be found.
const journalPath = "purge.json"

// StartPurge makes a purge certain to end: from here on the next writer finishes it.
func (w *Writer) StartPurge(plan any) error {
	data, err := json.Marshal(plan)
	if err != nil {
		return err
	}
	return w.writeFile(w.Path(journalPath), data)
}

// Purging reads the plan of a purge that is not complete; false where there is none.
func (l *Lake) Purging(plan any) (bool, error) {
	data, err := os.ReadFile(l.Path(journalPath))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := json.Unmarshal(data, plan); err != nil {
		return true, Errorf(Damaged, "%s cannot be read (%v): restore it from a backup, or purge again and remove it", journalPath, err)
	}
	return true, nil
}

// finishPurge finishes the purge that another writer has begun.
func (w *Writer) finishPurge() error {
	if _, err := os.Lstat(w.Path(journalPath)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if w.purge == nil {
		return Errorf(NeedsPerson, "a purge was interrupted, and this program cannot finish it: run `miic lake status`")
	}
	return w.purge(w)
}

// EndPurge records that a purge is complete, and forgets its plan.
func (w *Writer) EndPurge(run string, snapshot int64, p PurgeOf) error {
	events, err := w.Ledger(run)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(events, func(e Event) bool { return e.Event == Purged }) {
		if err := w.Append(run, Event{Event: Purged, Snapshot: snapshot, Purged: &p}); err != nil {
			return err
		}
	}
	if err := os.Remove(w.Path(journalPath)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return SyncDir(w.dir)
}

// Rewritten gives the copies that purges have written in the place of others, by the SHA-256 of what was delivered.
func (l *Lake) Rewritten() (map[string]string, error) {
	now := map[string]string{}
	return now, l.eachEvent(func(_ string, e *Event) {
		if e.Purged == nil {
			return
		}
		for first, last := range now { // a copy may have been rewritten before
			if to, again := e.Purged.Rewritten[last]; again {
				now[first] = to
			}
		}
		maps.Copy(now, e.Purged.Rewritten)
	})
}

// Redact takes records of a purged person out of decisions in ledgers. It is the one exception to the rule that a ledger
// only grows; the lines of that ledger get new check values.
func (w *Writer) Redact(records []string) error {
	gone := func(id string) bool { return slices.Contains(records, id) }
	runs, err := w.Runs()
	if err != nil {
		return err
	}
	for _, run := range runs {
		data, err := os.ReadFile(w.Path(ledgerPath(run)))
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(records, func(id string) bool { return bytes.Contains(data, []byte(`"`+id+`"`)) }) {
			continue
		}
		if _, err := w.Ledger(run); err != nil {
			return err // a damaged ledger is restored, and then the purge goes on
		}
		lines, _ := ledgerLines(data)
		value := run
		var text []byte
		for _, line := range lines {
			event, check := splitCheck(line)
			var e Event
			if err := json.Unmarshal(event, &e); err != nil {
				return err
			}
			if e.Settled != nil {
				e.Settled.Records = slices.DeleteFunc(e.Settled.Records, gone)
				e.Settled.Others = slices.DeleteFunc(e.Settled.Others, gone)
				if gone(e.Settled.Request) {
					e.Settled.Request = "purged"
				}
				if event, err = json.Marshal(e); err != nil {
					return err
				}
				event = prose.JSON(event)
			}
			value = checkValue(value, event)
			if check != "" {
				event = joinCheck(event, value)
			}
			text = append(append(text, event...), '\n')
		}
		if err := w.writeFile(w.Path(ledgerPath(run)), text); err != nil {
			return err
		}
	}
	return nil
}
