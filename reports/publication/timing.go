package publication

import (
	"fmt"
	"strconv"
	"strings"

	"miic/internal/table"
)

// A Timing says when figures are published: on the first night of each month, or of each year, from a day on.
type Timing struct {
	Yearly     bool
	Month, Day int // the month only where it is yearly
}

// ParseTiming reads a setting such as "monthly 5" or "yearly 08-05".
func ParseTiming(text string) (Timing, error) {
	every, day, _ := strings.Cut(text, " ")
	switch every {
	case "monthly":
		if n, err := strconv.Atoi(day); err == nil && n >= 1 && n <= 28 {
			return Timing{Day: n}, nil
		}
	case "yearly":
		if d, err := table.ParseDate("2001-" + day); err == nil {
			_, m, n := d.YMD()
			return Timing{Yearly: true, Month: m, Day: n}, nil
		}
	}
	return Timing{}, fmt.Errorf("publish is %q: write \"monthly 5\" (a day from 1 to 28) or \"yearly 08-05\" (month and day)", text)
}

// Next is the first day from a night on that may publish, given when that was done last; 0: never yet.
func (t Timing) Next(night, last table.Date) table.Date {
	y, m, _ := night.YMD()
	lastYear, lastMonth := 0, 0
	if last != 0 {
		lastYear, lastMonth, _ = last.YMD()
	}
	if t.Yearly {
		if lastYear >= y {
			y = lastYear + 1
		}
		return max(night, table.NewDate(y, t.Month, t.Day))
	}
	if lastYear > y || lastYear == y && lastMonth >= m {
		return max(night, table.NewDate(lastYear, lastMonth, 1).AddMonths(1)+table.Date(t.Day-1))
	}
	return max(night, table.NewDate(y, m, t.Day))
}
