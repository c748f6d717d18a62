// Package due knows on which days a sender's file is due.
package due

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"miic/internal/table"
)

// A Calendar knows the days on which a sender's file is due.
type Calendar struct {
	form     string // none, daily, weekdays, weekly or monthly
	weekday  int    // of weekly: 0 is Sunday
	day      int    // of monthly; where the month is shorter, its last day
	holidays map[table.Date]bool
}

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// Parse reads a sender's setting "expected".
func Parse(s string, holidays map[table.Date]bool) (Calendar, error) {
	c := Calendar{holidays: holidays}
	words := strings.Fields(strings.ToLower(s))
	wrong := fmt.Errorf("expected %q is not daily, weekdays, weekly and a day (weekly fri), monthly and a day "+
		"(monthly 15), or none", s)
	switch {
	case len(words) == 0:
		c.form = "none"
	case len(words) == 1 && slices.Contains([]string{"none", "daily", "weekdays"}, words[0]):
		c.form = words[0]
	case len(words) == 2 && words[0] == "weekly" && len(words[1]) >= 3:
		c.form, c.weekday = "weekly", -1
		for i, w := range weekdays {
			if strings.HasPrefix(words[1], w) {
				c.weekday = i
			}
		}
		if c.weekday < 0 {
			return c, wrong
		}
	case len(words) == 2 && words[0] == "monthly":
		n, err := strconv.Atoi(words[1])
		if err != nil || n < 1 || n > 31 {
			return c, wrong
		}
		c.form, c.day = "monthly", n
	default:
		return c, wrong
	}
	return c, nil
}

// weekday returns 0 for a Sunday: day 0 of the Unix calendar was a Thursday.
func weekday(d table.Date) int { return int(((int64(d.UnixDay())+4)%7 + 7) % 7) }

// planned reports that the calendar names the day, holidays apart.
func (c Calendar) planned(d table.Date) bool {
	switch c.form {
	case "daily":
		return true
	case "weekdays":
		return weekday(d) >= 1 && weekday(d) <= 5
	case "weekly":
		return weekday(d) == c.weekday
	case "monthly":
		_, _, day := d.YMD()
		_, _, next := (d + 1).YMD()
		return day == c.day || next == 1 && day < c.day
	}
	return false
}

// due reports that a file is due on a day. One that would be due once a week or month and on a holiday is due on the
// next day that is none.
func (c Calendar) due(d table.Date) bool {
	if c.holidays[d] {
		return false
	}
	if c.planned(d) {
		return true
	}
	if c.form == "weekly" || c.form == "monthly" {
		for before := d - 1; c.holidays[before]; before-- {
			if c.planned(before) {
				return true
			}
		}
	}
	return false
}

// maxMissed is as far as missed files are counted.
const maxMissed = 99

// Missed counts the days after the last arrival, up to tonight, on which a file was due, and returns the first of them.
func (c Calendar) Missed(last, tonight table.Date) (n int, since table.Date) {
	if c.form == "none" {
		return 0, 0
	}
	for d := tonight; d > last && n < maxMissed && tonight-d < 4000; d-- {
		if c.due(d) {
			n++
			since = d
		}
	}
	return n, since
}

// Holidays reads the days on which nobody is expected to send.
func Holidays(list []string) (map[table.Date]bool, error) {
	days := map[table.Date]bool{}
	for _, s := range list {
		d, err := table.ParseDate(s)
		if err != nil {
			return nil, fmt.Errorf("holidays: %q: %w", s, err)
		}
		days[d] = true
	}
	return days, nil
}
