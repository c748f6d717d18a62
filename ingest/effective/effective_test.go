package effective

import (
	"testing"

	"miic/internal/table"
)

// Values are dated by when they were true: each rule believes its own day of a record, and none after receipt.
func TestWhichDayIsBelieved(t *testing.T) {
	day := table.NewDate
	received := day(2026, 3, 2)
	born := day(2010, 7, 11)
	for _, c := range []struct {
		name string
		rule Rule
		days Days
		want table.Date
	}{
		{"a certificate is of the birth", Certificate, Days{Birth: born, Updated: received}, born},
		{"an amended one has no day but its delivery's", Certificate, Days{Birth: born, Amended: true}, 0},
		{"an update time", Record, Days{Birth: born, Updated: day(2025, 6, 1), Event: day(2020, 1, 1)}, day(2025, 6, 1)},
		{"an update time after receipt", Record, Days{Updated: day(2026, 3, 9)}, received},
		{"a message sent a week after its dose", Record, Days{Event: day(2025, 6, 1), Sent: day(2025, 6, 8)},
			day(2025, 6, 8)},
		{"a message sent years after its dose", Record, Days{Event: day(2019, 6, 1), Sent: received}, day(2019, 6, 1)},
		{"the last day that is near", Record, Days{Event: received - Near, Sent: received}, received},
		{"the first that is not", Record, Days{Event: received - Near - 1, Sent: received}, received - Near - 1},
		{"a message sent before its dose", Record, Days{Event: day(2025, 6, 8), Sent: day(2025, 6, 1)}, day(2025, 6, 8)},
		{"neither update nor event", Record, Days{Birth: born, Sent: received}, 0},
		{"the layout names no rule", "", Days{Updated: day(2025, 6, 1)}, day(2025, 6, 1)},
		{"an update time that is the export's", Doses, Days{Updated: received, Event: received, Sent: received}, 0},
		{"returned mail is of its day", Delivery, Days{Birth: born, Event: day(2019, 6, 1), Sent: day(2026, 2, 27)},
			day(2026, 2, 27)},
		{"a file of tomorrow", Delivery, Days{Sent: received + 1}, received},
	} {
		c.days.Received = received
		if got := c.rule.On(c.days); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	if Check("record") != nil || Check("") != nil || Check("file") == nil {
		t.Error("a rule that does not exist is taken, or one that does is not")
	}
}
