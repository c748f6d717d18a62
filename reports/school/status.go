package school

import (
	"slices"
	"strings"

	"miic/internal/table"
)

// Grades are the grades of a school in their order; PK is any program below kindergarten.
var Grades = []string{"PK", "K", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"}

// A Student is what a school tells of a child for the law.
type Student struct {
	Grade      string // of Grades; empty: not told, or none that there is
	Born       table.Date
	EnrolledOn table.Date
	Exemptions []Exemption
}

// An Exemption is a statement that the school has on file.
type Exemption struct {
	Kind    string // medical, nonmedical or history
	On      table.Date
	Vaccine string // in the school's words; "all"
}

// Kinds of exemption.
const (
	Medical    = "medical"
	NonMedical = "nonmedical" // a belief that is conscientiously held
	History    = "history"    // of the disease
)

// A Dose is a dose that the registry knows.
type Dose struct {
	On  table.Date
	CVX int16
}

// Evidence is what the registry knows of one vaccine group beside the doses.
type Evidence struct {
	Group           string
	Immune          bool // immunity, or a past disease, is recorded
	Contraindicated bool
	NextOn          table.Date // when the forecast recommends the next dose
}

// Status is how a student stands to one vaccine of the law.
type Status string

// The statuses, in the order of the tallies. Each student has exactly one a vaccine.
const (
	Complete         Status = "complete"
	HadDisease       Status = "history of disease"
	ExemptMedical    Status = "exempt medical"
	ExemptNonMedical Status = "exempt non-medical"
	InProgress       Status = "in progress"
	Overdue          Status = "overdue"
	Unknown          Status = "unknown"
	NotRequired      Status = "not required"
)

// Statuses are all of them.
var Statuses = []Status{Complete, HadDisease, ExemptMedical, ExemptNonMedical, InProgress, Overdue, Unknown, NotRequired}

// A Verdict is a student's status for one vaccine, and what it rests on.
type Verdict struct {
	Vaccine  string // id in the law
	Status   Status
	Reason   string     // in words; never a person's data
	Doses    int        // that count
	Deadline table.Date // by which a series in progress must be complete
	NextOn   table.Date // when the next dose is recommended, where one is missing
}

// Judge returns a verdict for every vaccine of the law, in its order. Of a student whom the registry does not know, known
// is false: then only what the school itself has told counts.
func (l *Law) Judge(s *Student, known bool, doses []Dose, evidence []Evidence, day table.Date) []Verdict {
	row, why := l.row(s, day)
	list := make([]Verdict, 0, len(l.Vaccines))
	for i := range l.Vaccines {
		v := &l.Vaccines[i]
		verdict := Verdict{Vaccine: v.ID, Status: Unknown, Reason: why}
		switch {
		case row == nil:
		case row.Needs[v.ID] == nil:
			verdict.Status, verdict.Reason = NotRequired, "not asked of "+row.Who
		case !v.NeededUntil.zero() && day >= v.NeededUntil.after(s.Born):
			verdict.Status, verdict.Reason = NotRequired, "not asked from this age on"
		default:
			l.judge(&verdict, v, row.Needs[v.ID], s, known, doses, evidence, day)
		}
		list = append(list, verdict)
	}
	return list
}

// row is what the law asks of a student, or why that cannot be known.
func (l *Law) row(s *Student, day table.Date) (*Row, string) {
	if s.Born == 0 {
		return nil, "no birth date"
	}
	graded := false
	for i := range l.Rows {
		r := &l.Rows[i]
		if len(r.Grades) > 0 {
			graded = true
			if !slices.Contains(r.Grades, s.Grade) {
				continue
			}
		}
		if day >= r.From.after(s.Born) && (r.Until.zero() || day < r.Until.after(s.Born)) {
			return r, ""
		}
	}
	if graded && s.Grade == "" {
		return nil, "no grade is told, or none that there is"
	}
	return nil, "the law has no rule for this grade and age"
}

// judge finds the status for a vaccine that is asked for.
func (l *Law) judge(out *Verdict, v *Vaccine, needs []Enough, s *Student, known bool, doses []Dose, evidence []Evidence,
	day table.Date) {
	counted := l.counted(v, s.Born, doses, day)
	out.Doses = len(counted)
	var about Evidence
	for _, e := range evidence {
		if e.Group == v.Group {
			about = e
		}
	}
	exempt := map[string]bool{}
	for _, e := range s.Exemptions {
		if e.On <= day && v.meant(e.Vaccine) {
			exempt[e.Kind] = true
		}
	}
	deadline := l.InProgress.after(s.EnrolledOn)
	switch {
	case slices.ContainsFunc(needs, func(e Enough) bool { return e.met(counted, s.Born) }):
		out.Status, out.Reason = Complete, ""
	case v.History && (about.Immune || exempt[History]):
		out.Status, out.Reason = HadDisease, from(about.Immune, "immunity is in the registry")
	case about.Immune || about.Contraindicated || exempt[Medical]:
		out.Status, out.Reason = ExemptMedical, from(!exempt[Medical], "immunity or a contraindication is in the registry")
	case exempt[NonMedical]:
		out.Status, out.Reason = ExemptNonMedical, from(false, "")
	case !known:
		out.Status, out.Reason = Unknown, "not matched to the registry"
	case s.EnrolledOn == 0:
		out.Status, out.Reason = Unknown, "doses are missing, and no enrolment date is told"
	case len(counted) == 0:
		out.Status, out.Reason, out.NextOn = Overdue, "no dose that counts", about.NextOn
	case day > deadline:
		out.Status, out.Reason, out.NextOn, out.Deadline = Overdue, "the time in progress is over", about.NextOn, deadline
	default:
		out.Status, out.Reason, out.NextOn, out.Deadline = InProgress, "begun, doses are missing", about.NextOn, deadline
	}
}

// from says where a reason comes from.
func from(registry bool, text string) string {
	if registry {
		return text
	}
	return "the school has a statement on file"
}

// counted are the doses that count for a vaccine, in the order of their days: none before its least age, too soon after
// the last one, or after the day.
func (l *Law) counted(v *Vaccine, born table.Date, doses []Dose, day table.Date) []Dose {
	var list []Dose
	sorted := slices.Clone(doses)
	slices.SortStableFunc(sorted, func(a, b Dose) int { return int(a.On) - int(b.On) })
	grace := table.Date(l.Grace)
	for _, d := range sorted {
		switch {
		case !slices.Contains(v.Products, d.CVX), d.On > day, d.On < born, d.On+grace < v.NotBefore.after(born):
		case len(list) > 0 && (d.On == list[len(list)-1].On || d.On+grace < v.Apart.after(list[len(list)-1].On)):
		default:
			list = append(list, d)
		}
	}
	return list
}

// met reports whether doses that count are enough.
func (e *Enough) met(doses []Dose, born table.Date) bool {
	var list []Dose
	for _, d := range doses {
		switch {
		case len(e.Products) > 0 && !slices.Contains(e.Products, d.CVX),
			!e.FirstFrom.zero() && d.On < e.FirstFrom.after(born) && len(e.Products) > 0,
			!e.LastUntil.zero() && d.On >= e.LastUntil.after(born),
			len(list) > 0 && !e.Apart.zero() && d.On < e.Apart.after(list[len(list)-1].On):
		default:
			list = append(list, d)
		}
	}
	if len(list) < e.Doses {
		return false
	}
	return (e.FirstFrom.zero() || list[0].On >= e.FirstFrom.after(born)) &&
		(e.LastFrom.zero() || list[len(list)-1].On >= e.LastFrom.after(born))
}

// UnreadStatement is what is said of a statement of exemption that cannot be read whole.
const UnreadStatement = "exemption_vaccine names nothing, or something that is no vaccine of the law: write all, or the vaccine's name"

// unread says that a statement of the student names something that is no vaccine of the law, or nothing: it must not look as
// if it were counted.
func (l *Law) unread(s *Student) string {
	for _, e := range s.Exemptions {
		if !slices.ContainsFunc(l.Vaccines, func(v Vaccine) bool { return v.meant(e.Vaccine) }) {
			return UnreadStatement
		}
	}
	return ""
}

// meant reports whether a school's word means the vaccine, or all.
func (v *Vaccine) meant(word string) bool {
	word = strings.TrimSpace(word)
	return strings.EqualFold(word, "all") || strings.EqualFold(word, v.ID) ||
		slices.ContainsFunc(v.Also, func(a string) bool { return strings.EqualFold(a, word) })
}
