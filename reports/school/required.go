package school

import (
	"context"
	"fmt"

	"miic/internal/engine"
	"miic/internal/table"
	"miic/reports/record"
)

// standings are the statuses as a record has them.
var standings = map[Status]string{Complete: record.Complete, HadDisease: record.Disease, ExemptMedical: record.Medical,
	InProgress: record.Begun, Overdue: record.Missing, NotRequired: record.NotAsked}

// Require adds to records what the law of a place (ForSchool or ForChildCare) asks of a grade: each person is judged as a
// roster's student is who enrols on the day. It returns why that cannot be said, by place in the list; empty where it is. Of a
// record that is kept apart nothing is judged. The caller has made the tables known with View.
func Require(ctx context.Context, e *engine.Engine, c Config, list []*record.Record, place, grade string, day table.Date) ([]string, error) {
	law, why := c.law(place, grade), make([]string, len(list))
	answers := make([]Answer, len(list))
	for i, r := range list {
		a := &answers[i]
		*a = Answer{Entry: &table.RosterEntry{Grade: grade, BirthDate: table.Date(r.BirthDate), EnrolledOn: day}, Law: law}
		if law == nil {
			why[i] = fmt.Sprintf("there is no law of %s for %s", c.State, place)
			continue
		}
		s := a.Student()
		if row, cause := law.row(&s, day); row == nil {
			why[i] = law.Title + ": " + cause
		} else if !r.KeptApart {
			a.Class, a.ClientID = Sure, r.RegistryID
		}
	}
	if err := judge(ctx, e, answers, day); err != nil {
		return nil, err
	}
	for i, a := range answers {
		if a.Class != Sure {
			continue
		}
		list[i].Required = &record.Required{Law: law.Source}
		for _, v := range a.Verdicts {
			of := law.vaccine(v.Vaccine)
			list[i].Required.Vaccines = append(list[i].Required.Vaccines, record.Requirement{Vaccine: of.ID, Name: of.Name, Group: of.Group,
				Standing: standings[v.Status], Doses: v.Doses, Next: record.Day(v.NextOn)})
		}
	}
	return why, nil
}
