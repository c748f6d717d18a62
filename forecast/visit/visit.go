// Package visit works out what could have been given on each day on which a person was given something.
//
// A visit is a day on which a dose of a vaccine that the schedule knows was given: a registry sees no others, so who came
// and was given nothing is not in any of its figures. Each visit is forecast as of its own day, from the doses of earlier
// days and from what was observed by then. In a vaccine group a dose was due if the recommended date had come, and
// allowed if the earliest date had come: interval, age and live vaccines permit it, nothing contraindicates it, and the
// series is not complete. A group that was due and was not given is a missed opportunity.
package visit

import (
	"cmp"
	"slices"

	"miic/forecast/cdsi"
)

// A Need is what one vaccine group was on a visit: given, allowed, or both.
type Need struct {
	Visit        cdsi.Day
	Group        string
	Given        bool
	DueSince     cdsi.Day // the recommended date; NoDay: nothing was due
	AllowedSince cdsi.Day // the earliest date; NoDay: nothing was allowed
}

// A Schedule is what is asked of a schedule beside its forecasts. Many goroutines may share one.
type Schedule struct {
	groups map[int16][]string // vaccine groups of each vaccine, each once
	dates  map[string]dates
}

// dates are the calendar dates that decide when a group is due.
type dates struct {
	seasonal bool
	last     cdsi.Day // NoDay: there are none
}

// NewSchedule looks at a schedule.
func NewSchedule(s *cdsi.Schedule) *Schedule {
	x := &Schedule{groups: s.GroupsByVaccine(), dates: map[string]dates{}}
	for _, g := range s.Groups {
		x.dates[g.Name] = dates{last: cdsi.NoDay}
	}
	of := s.GroupOf()
	for i := range s.Antigens {
		group := of[s.Antigens[i].Name]
		for j := range s.Antigens[i].Series {
			x.dates[group] = x.dates[group].with(&s.Antigens[i].Series[j])
		}
	}
	return x
}

// Seasonal reports whether the group has seasons. Of these a schedule knows the newest alone, so earlier winters seem to
// have needed nothing.
func (x *Schedule) Seasonal(group string) bool { return x.dates[group].seasonal }

// Dated reports whether a calendar date, of a season or of a rule that begins or ends, decides from a day on when the group
// is due.
func (x *Schedule) Dated(group string, from cdsi.Day) bool {
	last := x.dates[group].last
	return last != cdsi.NoDay && last >= from
}

// with adds the dates of a series; NoDay is earlier than any day.
func (d dates) with(s *cdsi.Series) dates {
	window := func(v cdsi.Validity) { d.last = max(d.last, v.From, v.Until) }
	for i := range s.Doses {
		dose := &s.Doses[i]
		window(dose.Season)
		d.seasonal = d.seasonal || dose.Season != cdsi.Validity{From: cdsi.NoDay, Until: cdsi.NoDay}
		for _, a := range dose.Ages {
			window(a.Valid)
		}
		for _, v := range dose.Intervals {
			window(v.Valid)
		}
		for _, skip := range dose.Skips {
			for _, set := range skip.Sets {
				window(set.Valid)
				for _, c := range set.Conditions {
					window(cdsi.Validity{From: c.Start, Until: c.End})
				}
			}
		}
	}
	return d
}

// Needs appends to out what was given and what was allowed on each visit of the person from a day on, by day and group. The
// person's doses are in the order of their days.
func (x *Schedule) Needs(w *cdsi.Worker, p *cdsi.Person, from cdsi.Day, out []Need) []Need {
	then := *p
	for first := 0; first < len(p.Doses); {
		day, last := p.Doses[first].Date, first+1
		for last < len(p.Doses) && p.Doses[last].Date == day {
			last++
		}
		given := p.Doses[first:last]
		if day >= max(from, p.Birth) && slices.ContainsFunc(given, func(d cdsi.Dose) bool { return len(x.groups[d.CVX]) > 0 }) {
			then.Doses = p.Doses[:first]
			then.Observations = then.Observations[:0:0]
			for _, o := range p.Observations {
				if o.Date <= day { // one without a day too
					then.Observations = append(then.Observations, o)
				}
			}
			out = x.needs(w, &then, day, given, out)
		}
		first = last
	}
	return out
}

// needs appends what was given and allowed on one visit.
func (x *Schedule) needs(w *cdsi.Worker, then *cdsi.Person, day cdsi.Day, given []cdsi.Dose, out []Need) []Need {
	begin := len(out)
	find := func(group string) *Need {
		for i := begin; i < len(out); i++ {
			if out[i].Group == group {
				return &out[i]
			}
		}
		out = append(out, Need{Visit: day, Group: group, DueSince: cdsi.NoDay, AllowedSince: cdsi.NoDay})
		return &out[len(out)-1]
	}
	for _, d := range given {
		for _, g := range x.groups[d.CVX] {
			find(g).Given = true
		}
	}
	result := w.Forecast(then, day)
	for i := range result.Forecasts {
		f := &result.Forecasts[i]
		if f.Kind != cdsi.StandardKind || f.Status != cdsi.NotComplete || f.Earliest == cdsi.NoDay || f.Earliest > day {
			continue
		}
		n := find(f.Group)
		n.AllowedSince = f.Earliest
		if f.Recommended != cdsi.NoDay && f.Recommended <= day {
			n.DueSince = f.Recommended
		}
	}
	slices.SortFunc(out[begin:], func(a, b Need) int { return cmp.Compare(a.Group, b.Group) })
	return out
}
