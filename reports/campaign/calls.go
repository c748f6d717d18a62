package campaign

import "miic/internal/table"

// CallsFor is the kind of notice that needs call for: recall, reminder or none. It is the choice about a person whom
// nothing keeps out and who has had no letter yet, for a measurement of whom a night should have written to.
func (c *Campaign) CallsFor(asOf table.Date, needs []Need) string {
	calls := c.calls(asOf, &Person{Needs: needs}, nil)
	switch {
	case calls.recall.open > 0:
		return Recall
	case calls.reminder.open > 0:
		return Reminder
	}
	return ""
}

// Permits reports whether a contact word allows a notice of the kind.
func Permits(word, kind string) bool { return permits(word, kind) }
