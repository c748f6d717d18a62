package lake

// TablesShown is the event that an operator looks at all tables as they are; it is all that its run does.
const TablesShown = "tables shown"

// Look keeps that an operator looks at all tables as they are, personal data included, and why.
func (w *Writer) Look(operator, reason string) error {
	parent, _, err := w.headLine()
	if err != nil {
		return err
	}
	if err := w.Claim(Event{Kind: "looked", Parent: parent, Snapshot: parent, Operator: operator, Text: reason}); err != nil {
		return err
	}
	return w.Append(w.Run, Event{Event: TablesShown, Snapshot: parent, Operator: operator, Text: reason})
}
