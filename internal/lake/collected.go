package lake

import "time"

// FilesCollected is the event that a region's files were collected; it is all that its run does.
const FilesCollected = "files collected"

// Collected is what an operator has noted about the files of a region: that they were collected, as of a snapshot. It is
// kept in a ledger of its own, and is an input of every night from then on.
type Collected struct {
	Region   string `json:"region"`
	Through  int64  `json:"through"` // the snapshot whose files were collected
	Operator string `json:"operator"`

	Snapshot int64     `json:"-"` // HEAD when it was noted
	At       time.Time `json:"-"`
}

// Collect keeps that a region's files were collected.
func (w *Writer) Collect(c Collected) error {
	parent, _, err := w.headLine()
	if err != nil {
		return err
	}
	if c.Region == "" || c.Through < 1 || c.Through > parent {
		return Errorf(Usage, "snapshot %d of region %q cannot have been collected: HEAD is snapshot %d", c.Through, c.Region, parent)
	}
	if err := w.Claim(Event{Kind: "collected", Parent: parent, Snapshot: parent, Operator: c.Operator}); err != nil {
		return err
	}
	return w.Append(w.Run, Event{Event: FilesCollected, Collected: &c, Snapshot: parent, Operator: c.Operator})
}

// Collections lists what was noted about collected files, in the order in which it was noted.
func (l *Lake) Collections() ([]Collected, error) {
	var list []Collected
	err := l.eachEvent(func(_ string, e *Event) {
		if one := e.Collected; e.Event == FilesCollected && one != nil {
			one.Snapshot, one.At = e.Snapshot, e.Time
			list = append(list, *one)
		}
	})
	return list, err
}
