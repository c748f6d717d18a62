package forecast

import "miic/internal/table"

// visitYears is how many whole years before the night's own the visits are worked out of: all visits of whoever is younger
// than three are among them. The schedule is today's: of older visits it would say what was due by rules of later years.
const visitYears = 3

// VisitsFrom is the first day of which visits are worked out on a night.
func VisitsFrom(night table.Date) table.Date {
	year, _, _ := night.YMD()
	return table.NewDate(year-visitYears, 1, 1)
}

// visits finds what could have been given on each visit, by the schedule as it is: a season that is assumed makes no
// missed opportunity.
func (j *judge) visits(w worker, h *history, out *rows) {
	if h.deceased {
		return
	}
	out.needs = j.known.Needs(w.visit, h.patient(forever), DayOf(VisitsFrom(j.asOf)), out.needs[:0])
	for i := range out.needs {
		n := &out.needs[i]
		day := DateOf(n.Visit)
		out.visits = append(out.visits, table.VisitGroup{ClientID: h.clientID, VisitedOn: day, Group: n.Group,
			Clinic: h.clinic(day), Given: n.Given, AllowedSince: DateOf(n.AllowedSince), DueSince: DateOf(n.DueSince),
			Refused: !n.Given && j.refusedOn(h, n.Group, day) != 0, Seasonal: j.known.Seasonal(n.Group), Schedule: j.version})
	}
}

// clinic is who gave a dose on a day: of several the first by name; empty if nobody reports to have.
func (h *history) clinic(day table.Date) string {
	first := ""
	for _, d := range h.doses {
		if d.on == day && d.provider != "" && (first == "" || d.provider < first) {
			first = d.provider
		}
	}
	return first
}
