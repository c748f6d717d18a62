// Package effective gives what a sender reports the day on which it was true, where the sender has a word on that.
//
// A file of today holds what was true years ago. Which of its days is to be believed is data: a layout names the rule,
// and a sender's own configuration goes before it. Where there is no day, survivorship looks at what the sender
// reported before, and at the doses that it gave (linkage/survive).
package effective

import (
	"fmt"
	"strings"

	"miic/internal/table"
)

// A Rule is which day of a record is believed.
type Rule string

const (
	// Record is the record's own update time, else the event that comes with it: the default.
	Record Rule = "record"
	// Certificate is the birth; what an amended certificate changes has no day but the delivery's.
	Certificate Rule = "certificate"
	// Doses is no day of the record: its update time is that of the export.
	Doses Rule = "doses"
	// Delivery is the day of the sender's file or message: each is news of that day.
	Delivery Rule = "delivery"
)

var rules = []Rule{Record, Certificate, Doses, Delivery}

// Near is how many days after an event a message about it may be sent and still be of its time. A later one is a copy
// from a history: its time says nothing about the person.
const Near = 30

// Check returns what is wrong with a rule's name; none is the default.
func Check(name Rule) error {
	if name == "" {
		return nil
	}
	var known []string
	for _, r := range rules {
		if name == r {
			return nil
		}
		known = append(known, string(r))
	}
	return fmt.Errorf("dated %q is not one of %s", name, strings.Join(known, ", "))
}

// Days are the days of a record; what it does not have is no date.
type Days struct {
	Birth    table.Date
	Updated  table.Date // its own update time
	Event    table.Date // the newest thing done at the sender's that comes with it
	Sent     table.Date // of the message, else of the file
	Received table.Date
	Amended  bool // a certificate that takes the place of another
}

// On is the day on which what a record reports was true, by its sender's word; no date where it has none.
func (r Rule) On(d Days) table.Date {
	on := table.Date(0)
	switch r {
	case Certificate:
		if !d.Amended {
			on = d.Birth
		}
	case Delivery:
		on = d.Sent
	case Doses:
	default:
		on = d.Updated
		if on == 0 && d.Event != 0 {
			on = d.Event
			if d.Sent > on && d.Sent-on <= Near {
				on = d.Sent
			}
		}
	}
	if on == 0 {
		return 0
	}
	return min(on, d.Received)
}
