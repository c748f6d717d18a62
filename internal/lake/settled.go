package lake

import (
	"maps"
	"slices"
	"time"
)

// RequestSettled is the event of a decision about a family's request; it is all that its run does.
const RequestSettled = "request settled"

// Settled is what an operator has decided of whom a request is about, or that what restricts a person does so no more. It
// is kept in a ledger of its own, and is an input of every night from then on.
type Settled struct {
	Request string `json:"request"` // of what is lifted: the request, the record, or result: and a result of a notice
	Lifted  bool   `json:"lifted,omitempty"`
	Client  int64  `json:"client,omitempty"` // the person; 0 for nobody
	// The records of that person, and of the others whom the request fitted. Ids of persons may change.
	Records  []string `json:"records,omitempty"`
	Others   []string `json:"others,omitempty"`
	Operator string   `json:"operator"`
	Reason   string   `json:"reason"`

	Snapshot int64     `json:"-"` // HEAD when it was decided
	At       time.Time `json:"-"`
}

// Settle keeps decisions about requests, by one operator and for one reason.
func (w *Writer) Settle(list ...Settled) error {
	if len(list) == 0 || list[0].Reason == "" {
		return Errorf(Usage, "a decision about a request needs a reason")
	}
	parent, _, err := w.headLine()
	if err != nil {
		return err
	}
	kind := "settle"
	if list[0].Lifted {
		kind = "lift"
	}
	if err := w.Claim(Event{Kind: kind, Parent: parent, Snapshot: parent, Operator: list[0].Operator,
		Text: list[0].Reason}); err != nil {
		return err
	}
	for i := range list {
		if err := w.Append(w.Run, Event{Event: RequestSettled, Settled: &list[i], Snapshot: parent,
			Operator: list[i].Operator, Text: list[i].Reason}); err != nil {
			return err
		}
	}
	return nil
}

// Settled lists what was decided about requests, of each the newest, by request. What is lost with a damaged ledger is
// still in the table of settlements, once a night has taken it there.
func (l *Lake) Settled() ([]Settled, error) {
	newest := map[string]Settled{}
	err := l.eachEvent(func(_ string, e *Event) {
		if d := e.Settled; e.Event == RequestSettled && d != nil {
			d.Snapshot, d.At = e.Snapshot, e.Time
			newest[d.Request] = *d
		}
	})
	list := make([]Settled, 0, len(newest))
	for _, id := range slices.Sorted(maps.Keys(newest)) {
		list = append(list, newest[id])
	}
	return list, err
}
