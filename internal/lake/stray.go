package lake

// StrayRefused is the event of a decision about a file that seemed to hold families' requests and lay where nobody
// delivers them; it is all that its run does.
const StrayRefused = "stray refused"

// RefuseStray keeps a decision that a stray file is not to be read.
func (w *Writer) RefuseStray(d Decision) error {
	if d.Reason == "" {
		return Errorf(Usage, "a decision about a file needs a reason")
	}
	parent, _, err := w.headLine()
	if err != nil {
		return err
	}
	if err := w.Claim(Event{Kind: d.Kind, Parent: parent, Snapshot: parent, Operator: d.Operator,
		Text: d.Reason}); err != nil {
		return err
	}
	return w.Append(w.Run, Event{Event: StrayRefused, Decision: &d, Snapshot: parent, Operator: d.Operator,
		Text: d.Reason})
}

// RefusedStrays are the decisions about stray files, by the SHA-256 of their bytes. What is lost with a damaged ledger
// counts as not decided.
func (l *Lake) RefusedStrays() (map[string]*Decision, error) {
	refused := map[string]*Decision{}
	return refused, l.eachEvent(func(_ string, e *Event) {
		if e.Event == StrayRefused && e.Decision != nil {
			e.Decision.Snapshot = e.Snapshot
			refused[e.Decision.SHA256] = e.Decision
		}
	})
}
