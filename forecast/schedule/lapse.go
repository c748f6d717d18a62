package schedule

import (
	"cmp"
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"miic/forecast/cdsi"
)

//go:embed lapse.txt
var lapseText string

// A lapseRule is what holds for a vaccine group whose last season is over.
type lapseRule struct{ repeat, required bool }

// lapseRules reads lapse.txt, by vaccine group.
func lapseRules() map[string]lapseRule {
	rules := map[string]lapseRule{}
	for line := range strings.Lines(lapseText) {
		words := strings.Fields(line)
		if len(words) > 0 && words[0] != "#" {
			rules[words[0]] = lapseRule{slices.Contains(words, "repeat"), slices.Contains(words, "required")}
		}
	}
	return rules
}

// A Lapse is a season that has run out: the last one that the schedule has for some series of a vaccine group.
type Lapse struct {
	Group   string
	Series  []string      // those whose season it was; none: all series of the group that have one
	Last    cdsi.Validity // the season; of one without an end, a year from its start
	Open    bool          // the schedule gives no end
	Since   cdsi.Day      // the first day after it
	Assumed cdsi.Validity // the season that is assumed in its place; NoDay: none, what holds is not known
	Missed  bool          // by the calendar the next season has begun
	version string
}

// Text is one clause that says what has run out, since when, and what holds in its place.
func (l Lapse) Text() string {
	name := l.Group
	if len(l.Series) > 0 {
		name += " (" + strings.Join(l.Series, ", ") + ")"
	}
	last := fmt.Sprintf("the last season of schedule %s, %s to %s, is over since %s", l.version, l.Last.From, l.Last.Until,
		l.Since)
	if l.Open {
		last = fmt.Sprintf("the last season of schedule %s began on %s, has no end and is a year old since %s", l.version,
			l.Last.From, l.Since)
	}
	if l.Assumed.From == cdsi.NoDay {
		return fmt.Sprintf("%s: %s; what holds now is unknown", name, last)
	}
	return fmt.Sprintf("%s: %s; %s to %s is assumed, the same season by the calendar", name, last, l.Assumed.From,
		l.Assumed.Until)
}

// Current is a schedule as of a day: where the last season of an antigen series is over, it is repeated by the calendar
// or not known, as lapse.txt has it. The engine is made from its Schedule; Settle then says of each forecast
// what it rests on.
type Current struct {
	Schedule *cdsi.Schedule // seasons that are repeated have their assumed dates
	Lapses   []Lapse        // by vaccine group and season

	of   map[seriesName]int  // index of the lapse of each series whose season is over
	last map[seriesName]bool // of them, those that end in a recurring dose: complete is only said of the season
	next map[string]cdsi.Day // by vaccine group: the next day on which one of its seasons runs out
}

type seriesName struct{ group, series string }

// AsOf returns the schedule as it holds on a day. It is the same one while no season has run out.
func AsOf(s *cdsi.Schedule, day cdsi.Day) *Current {
	c := &Current{Schedule: s, of: map[seriesName]int{}, last: map[seriesName]bool{}, next: map[string]cdsi.Day{}}
	rules := lapseRules()
	seasonal := map[string]int{} // series with a season, by group
	for i := range s.Antigens {
		for k := range s.Antigens[i].Series {
			sr := &s.Antigens[i].Series[k]
			windows := seasonsOf(sr)
			if len(windows) == 0 {
				continue
			}
			seasonal[sr.VaccineGrp]++
			end := lastDay(windows[0])
			if day > end {
				l := c.lapse(sr, windows[0], day, rules[sr.VaccineGrp].repeat, s.Version)
				if end = l.Assumed.Until; end == cdsi.NoDay {
					continue
				}
				c.repeat(i, k, windows, yearsTo(windows[0], day))
			}
			if n, known := c.next[sr.VaccineGrp]; !known || end+1 < n {
				c.next[sr.VaccineGrp] = end + 1
			}
		}
	}
	for i := range c.Lapses {
		if l := &c.Lapses[i]; len(l.Series) == seasonal[l.Group] {
			l.Series = nil
		}
	}
	return c
}

// LapsesBetween reports that a season runs out after one day and by another, so that the schedule as it holds is another.
func LapsesBetween(s *cdsi.Schedule, before, day cdsi.Day) bool {
	for _, ends := range AsOf(s, before).next {
		if ends <= day {
			return true
		}
	}
	return false
}

// lapse records that a series' season is over.
func (c *Current) lapse(sr *cdsi.Series, season cdsi.Validity, day cdsi.Day, repeat bool, version string) *Lapse {
	l := Lapse{Group: sr.VaccineGrp, Last: cdsi.Validity{From: season.From, Until: lastDay(season)},
		Open: season.Until == cdsi.NoDay, Since: lastDay(season) + 1, version: version,
		Assumed: cdsi.Validity{From: cdsi.NoDay, Until: cdsi.NoDay}}
	again := later(season, yearsTo(season, day))
	l.Missed = again.From <= day
	if repeat {
		l.Assumed = again
	}
	i := slices.IndexFunc(c.Lapses, func(o Lapse) bool { return o.Group == l.Group && o.Last == l.Last && o.Open == l.Open })
	if i < 0 {
		i = len(c.Lapses)
		c.Lapses = append(c.Lapses, l)
	}
	c.Lapses[i].Series = append(c.Lapses[i].Series, sr.Name)
	name := seriesName{sr.VaccineGrp, sr.Name}
	c.of[name], c.last[name] = i, sr.Doses[len(sr.Doses)-1].Recurring
	return &c.Lapses[i]
}

// repeat moves the seasons of a series by years, in a copy of the schedule. The last one moves first, so that
// a season is not moved again when it comes to lie where a later one was.
func (c *Current) repeat(antigen, series int, windows []cdsi.Validity, years int) {
	out := *c.Schedule
	out.Antigens = slices.Clone(out.Antigens)
	a := &out.Antigens[antigen]
	a.Series = slices.Clone(a.Series)
	for _, w := range windows {
		move{old: w, new: later(w, years)}.apply(&a.Series[series])
	}
	c.Schedule = &out
}

// seasonsOf lists the seasons of a series, the last one first.
func seasonsOf(sr *cdsi.Series) []cdsi.Validity {
	var list []cdsi.Validity
	for i := range sr.Doses {
		if w := sr.Doses[i].Season; (w.From != cdsi.NoDay || w.Until != cdsi.NoDay) && !slices.Contains(list, w) {
			list = append(list, w)
		}
	}
	slices.SortFunc(list, func(a, b cdsi.Validity) int { return cmp.Compare(lastDay(b), lastDay(a)) })
	return list
}

// lastDay is the last day of a season. One without an end lasts a year at most: what it is about is decided every year.
func lastDay(w cdsi.Validity) cdsi.Day {
	if w.Until != cdsi.NoDay {
		return w.Until
	}
	return w.From.Add(cdsi.Duration{Months: 12, Given: true}) - 1
}

// later is a season some years on, with an end.
func later(w cdsi.Validity, years int) cdsi.Validity {
	by := cdsi.Duration{Months: int16(12 * years), Given: true}
	return cdsi.Validity{From: w.From.Add(by), Until: lastDay(w).Add(by)}
}

// yearsTo is by how many years a season must be moved so that it is not over on a day.
func yearsTo(w cdsi.Validity, day cdsi.Day) int {
	years := 0
	for later(w, years).Until < day {
		years++
	}
	return years
}

// Settle says of the forecasts of a result what a season that has run out makes of them, and by when they are to be made
// again as one runs out. The engine that made them must be of Schedule. A nil Current knows of no season.
func (c *Current) Settle(r *cdsi.Result) {
	if c == nil {
		return
	}
	for i := range r.Forecasts {
		f := &r.Forecasts[i]
		if day, ends := c.next[f.Group]; ends && (f.RecomputeOn == cdsi.NoDay || day < f.RecomputeOn) {
			f.RecomputeOn = day
		}
		if f.RecomputeOn != cdsi.NoDay && (r.RecomputeOn == cdsi.NoDay || f.RecomputeOn < r.RecomputeOn) {
			r.RecomputeOn = f.RecomputeOn
		}
		l, name := c.lapseOf(f), seriesName{f.Group, f.Series}
		switch {
		case l == nil || f.Status == cdsi.Immune || f.Status == cdsi.Contraindicated || f.Status == cdsi.AgedOut:
		case l.Assumed.From != cdsi.NoDay:
			f.Assumed = true
		case f.Status == cdsi.Complete && !c.last[name]: // for good, whatever the season
		default:
			*f = cdsi.Forecast{Group: f.Group, Kind: f.Kind, Status: cdsi.NotKnown, Earliest: cdsi.NoDay,
				Recommended: cdsi.NoDay, PastDue: cdsi.NoDay, Latest: cdsi.NoDay, Series: f.Series, RecomputeOn: f.RecomputeOn}
		}
	}
}

// lapseOf is the lapse that a forecast rests on, nil if there is none.
func (c *Current) lapseOf(f *cdsi.Forecast) *Lapse {
	if i, over := c.of[seriesName{f.Group, f.Series}]; over {
		return &c.Lapses[i]
	}
	return nil
}

// Why is the text of the lapse that a forecast rests on, once it is settled; empty if it rests on none.
func (c *Current) Why(f *cdsi.Forecast) string {
	if f.Assumed || f.Status == cdsi.NotKnown {
		return c.lapseOf(f).Text()
	}
	return ""
}
