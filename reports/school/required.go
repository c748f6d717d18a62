package school

import (
	"fmt"
	"slices"

	"miic/internal/table"
	"miic/reports/record"
)

// standings are the statuses as a record has them.
var standings = map[Status]string{Complete: record.Complete, HadDisease: record.Disease, ExemptMedical: record.Medical,
	InProgress: record.Begun, Overdue: record.Missing, NotRequired: record.NotAsked}

// Required judges a person by the law of a place (ForSchool or ForChildCare) for a grade, as if enrolled on the day. The error
// says why that cannot be done; it has nothing of the person.
func (c *Config) Required(r *record.Record, place, grade string, day table.Date) (*record.Required, error) {
	law := c.law(place, grade)
	if law == nil {
		return nil, fmt.Errorf("there is no law of %s for %s", c.State, place)
	}
	s := Student{Grade: grade, Born: table.Date(r.BirthDate), EnrolledOn: day}
	if row, why := law.row(&s, day); row == nil {
		return nil, fmt.Errorf("%s: %s", law.Title, why)
	}
	out := &record.Required{Law: law.Source}
	for _, v := range law.Judge(&s, true, countable(r), about(r), day) {
		of := law.vaccine(v.Vaccine)
		out.Vaccines = append(out.Vaccines, record.Requirement{Vaccine: of.ID, Name: of.Name, Group: of.Group,
			Standing: standings[v.Status], Doses: v.Doses, Next: record.Day(v.NextOn)})
	}
	return out, nil
}

// countable are the doses of a record that a law may count: none that was of a bad lot, or given wrongly.
func countable(r *record.Record) []Dose {
	var list []Dose
	for _, d := range r.Doses {
		if !slices.ContainsFunc(d.Counts, func(c record.Count) bool {
			return slices.Contains(c.Reasons, "lot_expired") || slices.Contains(c.Reasons, "dose_condition")
		}) {
			list = append(list, Dose{table.Date(d.On), d.CVX})
		}
	}
	return list
}

// about is what a record has of vaccine groups beside the doses.
func about(r *record.Record) []Evidence {
	of := map[string]*Evidence{}
	group := func(name string) *Evidence {
		if of[name] == nil {
			of[name] = &Evidence{Group: name}
		}
		return of[name]
	}
	for _, f := range r.Facts {
		if f.Group != "" {
			e := group(f.Group)
			e.Immune, e.Contraindicated = e.Immune || f.Kind == "immunity", e.Contraindicated || f.Kind == "contraindication"
		}
	}
	for _, n := range r.Next {
		group(n.Group).NextOn = table.Date(n.From)
	}
	var list []Evidence
	for _, e := range of {
		list = append(list, *e)
	}
	return list
}
