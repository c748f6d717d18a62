package lake

import (
	"maps"
	"slices"
	"time"
)

// Decided is the event of a decision about one delivery; a run that decides does nothing else.
const Decided = "decided"

// Decision is what an operator has decided about one delivery. It is kept in a ledger of its own run, and
// is an input of every night from then on.
type Decision struct {
	Kind   string `json:"kind"`             // release, return, refuse or replay
	Batch  string `json:"batch"`            // the delivery it is about
	SHA256 string `json:"sha256,omitempty"` // of the bytes that it lets in: in a replay those of the corrected lines
	// Where those bytes belong and when they came first: by this the next night takes them from the archive. Older
	// programs left this out, and put the file into the inbox.
	Sender     string `json:"sender,omitempty"`
	Name       string `json:"name,omitempty"`
	Bytes      int64  `json:"bytes,omitempty"`
	ReceivedOn string `json:"received_on,omitempty"`
	Operator   string `json:"operator"`
	Reason     string `json:"reason"`

	Snapshot int64     `json:"-"` // HEAD when it was decided; its line in the ledger records it
	Run      string    `json:"-"` // the run that records it
	At       time.Time `json:"-"` // when
}

// Decide keeps decisions of one kind, by one operator and for one reason.
func (w *Writer) Decide(list ...Decision) error {
	if len(list) == 0 || list[0].Reason == "" {
		return Errorf(Usage, "a decision about a delivery needs a reason")
	}
	parent, _, err := w.headLine()
	if err != nil {
		return err
	}
	first := list[0]
	if err := w.Claim(Event{Kind: first.Kind, Parent: parent, Snapshot: parent, Operator: first.Operator,
		Text: first.Reason}); err != nil {
		return err
	}
	for i := range list {
		if err := w.Append(w.Run, Event{Event: Decided, Decision: &list[i], Snapshot: parent,
			Operator: list[i].Operator, Text: list[i].Reason}); err != nil {
			return err
		}
	}
	return nil
}

// Rolled is what a rollback did to deliveries.
type Rolled struct {
	To        int64         `json:"to"`
	Delivered []RolledBatch `json:"delivered"`
}

// RolledBatch is a delivery that a rollback left out of the tables, or brought back into them.
type RolledBatch struct {
	Batch string `json:"batch"`
	Event string `json:"event"` // as in package delivery
	Delivered
	ReceivedOn string `json:"received_on"` // the night that took it in
	Status     string `json:"status"`      // what that night made of it
	UnitsRead  int64  `json:"units_read"`
	Whole      bool   `json:"whole,omitempty"`  // that night took every unit of it
	Copied     bool   `json:"copied,omitempty"` // the archive has its copy
}

// Past is what the ledgers record about deliveries, oldest first. What is lost with a damaged ledger counts as not
// done: a delivery is held again.
type Past struct {
	AsOf      map[int64]string // the date of each snapshot
	Decisions []Decision
	Nights    []TakenIn    // committed
	Rollbacks []RolledBack // committed
	Deleted   []Deleted
}

// TakenIn is what a committed night found in the inbox.
type TakenIn struct {
	Snapshot int64
	AsOf     string
	Inbox    []Delivered
}

// RolledBack is one rollback.
type RolledBack struct {
	Snapshot       int64
	AsOf           string
	Operator, Text string
	Rolled         *Rolled // nil where an older program rolled back
}

// Deleted is what the retention deleted after a night.
type Deleted struct {
	Snapshot int64
	Copies   []string
}

// Past reads what the ledgers record about deliveries. The run that made HEAD has committed, even if it was killed
// before its ledger recorded that.
func (l *Lake) Past(head *Manifest) (*Past, error) {
	runs, err := l.Runs()
	if err != nil {
		return nil, err
	}
	p := &Past{AsOf: map[int64]string{}}
	for _, run := range runs {
		events, _ := l.Ledger(run)
		var start Event
		for _, e := range events {
			switch e.Event {
			case RunStarted:
				start = e
			case Decided:
				if e.Decision != nil {
					d := *e.Decision
					d.Snapshot, d.Run, d.At = e.Snapshot, run, e.Time
					p.Decisions = append(p.Decisions, d)
				}
			case Committed, Published:
				p.committed(start, e.Snapshot)
			case Expired:
				p.Deleted = append(p.Deleted, Deleted{start.Snapshot, e.Copies})
			case Purged: // what was delivered lies there no more
				p.Deleted = append(p.Deleted, Deleted{start.Snapshot, slices.Sorted(maps.Keys(e.Purged.Rewritten))})
			}
		}
		if head != nil && run == head.Run {
			p.committed(start, head.Snapshot)
		}
	}
	return p, nil
}

func (p *Past) committed(start Event, snapshot int64) {
	if _, known := p.AsOf[snapshot]; known {
		return
	}
	p.AsOf[snapshot] = start.AsOf
	switch start.Kind {
	case "night":
		p.Nights = append(p.Nights, TakenIn{snapshot, start.AsOf, start.Inbox})
	case "rollback":
		p.Rollbacks = append(p.Rollbacks, RolledBack{snapshot, start.AsOf, start.Operator, start.Text, start.Rolled})
	}
}
