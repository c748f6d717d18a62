package lake

import (
	"maps"
	"slices"
	"time"
)

// RequestSettled is the event of a decision about a family's request; it is all that its run does.
const RequestSettled = "request settled"

// Settled is what an operator has decided of whom a request is about. It is kept in a ledger of its own, and is an
// input of every night from then on.
type Settled struct {
	Request string `json:"request"`
	Client  int64  `json:"client,omitempty"` // the person; 0 for nobody
	// The records of that person, and of the others whom the request fitted. Ids of persons may change.
	Records  []string `json:"records,omitempty"`
	Others   []string `json:"others,omitempty"`
	Operator string   `json:"operator"`
	Reason   string   `json:"reason"`

	Snapshot int64     `json:"-"` // HEAD when it was decided
	At       time.Time `json:"-"`
}

// Settle keeps a decision about a request.
func (w *Writer) Settle(d Settled) error {
	if d.Reason == "" {
		return Errorf(Usage, "a decision about a request needs a reason")
	}
	parent, _, err := w.headLine()
	if err != nil {
		return err
	}
	if err := w.Claim(Event{Kind: "settle", Parent: parent, Snapshot: parent, Operator: d.Operator,
		Text: d.Reason}); err != nil {
		return err
	}
	return w.Append(w.Run, Event{Event: RequestSettled, Settled: &d, Snapshot: parent, Operator: d.Operator,
		Text: d.Reason})
}

// Settled lists what was decided about requests, of each the newest, by request. What is lost with a damaged ledger is
// still in the table of settlements, once a night has taken it there.
func (l *Lake) Settled() ([]Settled, error) {
	runs, err := l.Runs()
	if err != nil {
		return nil, err
	}
	newest := map[string]Settled{}
	for _, run := range runs {
		events, _ := l.Ledger(run)
		for _, e := range events {
			if e.Event == RequestSettled && e.Settled != nil {
				d := *e.Settled
				d.Snapshot, d.At = e.Snapshot, e.Time
				newest[d.Request] = d
			}
		}
	}
	list := make([]Settled, 0, len(newest))
	for _, id := range slices.Sorted(maps.Keys(newest)) {
		list = append(list, newest[id])
	}
	return list, nil
}
