package lake

// Decided is the event of a decision about one delivery; it is all that its run does.
const Decided = "decided"

// Decision is what an operator has decided about one delivery. It is kept in a ledger of its own, and
// is an input of every night from then on.
type Decision struct {
	Kind     string `json:"kind"`             // release, refuse or replay
	Batch    string `json:"batch"`            // the delivery it is about
	SHA256   string `json:"sha256,omitempty"` // of the bytes that it lets in: in a replay those of the corrected lines
	Operator string `json:"operator"`
	Reason   string `json:"reason"`
	Snapshot int64  `json:"-"` // HEAD when it was decided; its line in the ledger records it
}

// Decide keeps a decision.
func (w *Writer) Decide(d Decision) error {
	if d.Reason == "" {
		return Errorf(Usage, "a decision about a delivery needs a reason")
	}
	parent, _, err := w.headLine()
	if err != nil {
		return err
	}
	if err := w.Claim(Event{Kind: d.Kind, Parent: parent, Snapshot: parent, Operator: d.Operator,
		Text: d.Reason}); err != nil {
		return err
	}
	return w.Append(w.Run, Event{Event: Decided, Decision: &d, Snapshot: parent, Operator: d.Operator, Text: d.Reason})
}

// Decisions lists what was decided about deliveries, oldest first. What is lost with a damaged ledger counts as
// not decided: the delivery is held again.
func (l *Lake) Decisions() ([]Decision, error) {
	runs, err := l.Runs()
	if err != nil {
		return nil, err
	}
	var list []Decision
	for _, run := range runs {
		events, _ := l.Ledger(run)
		for _, e := range events {
			if e.Event == Decided && e.Decision != nil {
				d := *e.Decision
				d.Snapshot = e.Snapshot
				list = append(list, d)
			}
		}
	}
	return list, nil
}
