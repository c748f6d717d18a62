package care

import (
	"fmt"
	"slices"
	"strings"

	"miic/internal/table"
)

// A Need is one vaccine group of which a person needs a dose, now or one day.
type Need struct {
	Group       string     `col:"vaccine_group" doc:"vaccine group"`
	Dose        int16      `col:"dose_number,null" doc:"number of the dose"`
	Earliest    table.Date `col:"earliest_on" doc:"first day on which it may be given"`
	Recommended table.Date `col:"recommended_on" doc:"recommended day"`
	PastDue     table.Date `col:"past_due_on" doc:"last day in time"`
	Refused     table.Date `col:"refused_on" doc:"day of a refusal that was not taken back"`
}

func (n *Need) text() string {
	if n.Dose == 0 {
		return n.Group
	}
	return fmt.Sprintf("%s dose %d", n.Group, n.Dose)
}

// A visit is what somebody who makes the appointment has to know.
type visit struct {
	Status    string     // late, due, or refused where nothing else is due
	LateSince table.Date // the first day on which a dose was late
	Next      string     // what a visit tonight, or tomorrow, may give
	Later     string     // what it may not give yet, and from when
	Refused   string     // what the family has refused, and when
}

// plan puts a person's needs into what the next visit can give: every dose that may be given by now and is recommended
// by the end of the window. What is recommended by then but may not be given yet is named with the first day on which
// it may. A vaccine that the family has refused makes nobody late, and is named apart: the visit is the place to talk.
func plan(asOf table.Date, window int, needs []Need) visit {
	v := visit{Status: "due"}
	var next, later, refused []string
	for _, n := range needs {
		switch {
		case n.Recommended > asOf+table.Date(window):
			continue
		case n.Refused != 0:
			refused = append(refused, fmt.Sprintf("%s on %s", n.Group, n.Refused))
			continue
		case n.Earliest > asOf:
			later = append(later, fmt.Sprintf("%s from %s", n.text(), n.Earliest))
		default:
			next = append(next, n.text())
		}
		if n.PastDue < asOf && (v.LateSince == 0 || n.PastDue+1 < v.LateSince) {
			v.Status, v.LateSince = "late", n.PastDue+1
		}
	}
	if len(next)+len(later) == 0 && len(refused) > 0 {
		v.Status = "refused"
	}
	v.Next, v.Later, v.Refused = strings.Join(next, "; "), strings.Join(later, "; "), strings.Join(refused, "; ")
	return v
}

// Findings about a dose.
const (
	tooEarly = "given too early"
	inExcess = "one too many"
)

// judgement is what an evaluation reports about one antigen of a dose.
type judgement struct{ Antigen, Status, Reasons string }

// finding is what a clinic can learn from how a dose was judged: it was too early, by age or interval, for some of its
// antigens; or none of its antigens was needed. A dose of several antigens of which one was needed is not one too many.
func finding(judged []judgement) (what string, antigens []string) {
	var early, excess []string
	for _, j := range judged {
		reasons := strings.Split(j.Reasons, "|")
		switch {
		case j.Status == "Not Valid" && (slices.Contains(reasons, "too young") || slices.Contains(reasons, "too soon")):
			early = append(early, j.Antigen)
		case j.Status == "Extraneous":
			excess = append(excess, j.Antigen)
		}
	}
	switch {
	case len(early) > 0:
		return tooEarly, early
	case len(excess) > 0 && len(excess) == len(judged):
		return inExcess, excess
	}
	return "", nil
}
