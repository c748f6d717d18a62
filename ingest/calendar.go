package ingest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"miic/internal/pipeline"
	"miic/internal/table"
)

// A calendar knows the days on which a sender's file is due.
type calendar struct {
	form     string // none, daily, weekdays, weekly or monthly
	weekday  int    // of weekly: 0 is Sunday
	day      int    // of monthly; where the month is shorter, its last day
	holidays map[table.Date]bool
}

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// parseCalendar reads a sender's setting "expected".
func parseCalendar(s string, holidays map[table.Date]bool) (calendar, error) {
	c := calendar{holidays: holidays}
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
func (c calendar) planned(d table.Date) bool {
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
func (c calendar) due(d table.Date) bool {
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

// missed counts the days after the last arrival, up to tonight, on which a file was due, and returns the first of them.
func (c calendar) missed(last, tonight table.Date) (n int, since table.Date) {
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

func (c Config) holidays() (map[table.Date]bool, error) {
	days := map[table.Date]bool{}
	for _, s := range c.Holidays {
		d, err := table.ParseDate(s)
		if err != nil {
			return nil, fmt.Errorf("holidays: %q: %w", s, err)
		}
		days[d] = true
	}
	return days, nil
}

// missing notes the senders of which a file is due and has not come, and pairs of which one half came.
func (n *night) missing() error {
	holidays, err := n.cfg.holidays()
	if err != nil {
		return err
	}
	due, silent := 0, 0 // senders of whom a file was due since the last night, and those of them who sent nothing
	for i := range n.cfg.Senders {
		s := &n.cfg.Senders[i]
		came := map[string]bool{}
		for _, b := range n.batches {
			if b.sender == s && !b.replay() {
				came[b.layout] = true
			}
		}
		for id := range came {
			if l := n.layouts[id]; l != nil && l.Paired && !came[l.Clients] {
				n.run.Note(pipeline.Note{Kind: "missing", Sender: s.ID,
					Text: "sent an immunization file without its client file: ask for it"})
			}
		}
		c, err := parseCalendar(s.Expected, holidays)
		if err != nil {
			return err
		}
		if tonight, _ := c.missed(n.lastNight(), n.run.AsOf); tonight > 0 {
			due++
			if len(came) == 0 {
				silent++
			}
		}
		if len(came) > 0 {
			continue
		}
		last, known := n.lastCame[s.ID]
		if !known { // it has never sent anything: counted from the first night
			if last = n.firstNight - 1; n.firstNight == 0 {
				last = n.run.AsOf - 1
			}
		}
		missed, since := c.missed(last, n.run.AsOf)
		if missed == 0 {
			continue
		}
		n.run.Count("senders_missing", 1)
		text := fmt.Sprintf("a file was due on %s and has not come", since)
		if missed > 1 {
			text = fmt.Sprintf("%d files have not come, the first was due on %s", missed, since)
		}
		if known {
			text += fmt.Sprintf("; the last came on %s", last)
		} else {
			text += "; none has ever come"
		}
		n.run.Note(pipeline.Note{Kind: "missing", Sender: s.ID, Text: text +
			": ask for it; the night goes on without it, and its people are held back from recall"})
	}
	n.noteSilence(due, silent)
	return nil
}

// lastNight is the date of the night before; on the first night there was one the day before.
func (n *night) lastNight() table.Date {
	if n.run.PriorAsOf == 0 {
		return n.run.AsOf - 1
	}
	return n.run.PriorAsOf
}

// noteSilence notes that the night is without deliveries, which is not a quiet night. One sender that is late is that sender's matter; when all
// are, or most, it is the way to here that is broken.
func (n *night) noteSilence(due, silent int) {
	if silent == 0 || silent < due && float64(100*silent) < n.cfg.MissingPercent*float64(due) ||
		silent < due && n.cfg.MissingPercent == 0 {
		return
	}
	text := fmt.Sprintf("nothing has come from any of the %d senders whose files were due", due)
	if due == 1 {
		text = "nothing has come from the only sender whose file was due"
	}
	if silent < due {
		text = fmt.Sprintf("nothing has come from %d of the %d senders whose files were due", silent, due)
	}
	advice := ": look whether the inbox is mounted and is the folder that transfers write to, before asking the senders; " +
		"then run the night again"
	if len(n.batches) > 0 {
		advice = ": other files came, so the inbox is there"
	}
	n.run.Note(pipeline.Note{Kind: pipeline.Silence, Exit3: true, Text: text + advice})
}
