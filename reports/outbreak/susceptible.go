package outbreak

import (
	"context"

	"miic/internal/engine"
	"miic/internal/table"
	"miic/reports/roster"
)

// A Contact is a person and how to reach the family.
type Contact struct {
	ClientID      int64      `col:"client_id" doc:"the person"`
	FirstName     string     `col:"first_name,null" doc:"given name"`
	LastName      string     `col:"last_name,null" doc:"surname"`
	BirthDate     table.Date `col:"birth_date" doc:"date of birth"`
	GuardianFirst string     `col:"guardian_first,null" doc:"guardian"`
	GuardianLast  string     `col:"guardian_last,null" doc:"guardian"`
	Phone         string     `col:"phone,null" doc:"phone"`
	Address1      string     `col:"address_1,null" doc:"street line"`
	Address2      string     `col:"address_2,null" doc:"second line"`
	City          string     `col:"city,null" doc:"city"`
	State         string     `col:"state,null" doc:"state"`
	ZIP           string     `col:"zip,null" doc:"ZIP code"`
	CountyFIPS    string     `col:"county_fips,null" doc:"county"`
	Region        string     `col:"region" doc:"region"`
	Provider      string     `col:"provider,null" doc:"responsible clinic"`
}

// A Person is somebody about whom it was asked.
type Person struct {
	Contact

	Doses  int64      `col:"doses" doc:"doses of any vaccine on record"`
	Valid  int64      `col:"valid_doses" doc:"valid doses of the group"`
	LastOn table.Date `col:"last_on" doc:"the last of these"`
	IsSafe bool       `col:"immune" doc:"immunity is recorded"`
	NextOn table.Date `col:"next_on" doc:"first day on which a dose of the group may be given"`

	Evidence string // a word of Kinds
	RosterID string // the roster's own number
}

// A Question is which people to look at: those of areas, or of a roster.
type Question struct {
	Group    string
	Antigens []string // of the group
	Areas    []Area
	Roster   []Student
	All      bool // of areas: those who are protected too
}

// An Area is a county, a region or a ZIP code: one of them is given.
type Area struct {
	CountyFIPS string `col:"county_fips,null" doc:"county"`
	Region     string `col:"region,null" doc:"region"`
	ZIP        string `col:"zip,null" doc:"ZIP code"`
}

// Susceptible answers a question about a night whose tables are known to the engine as Tables names them. It returns the
// people of an area who may catch the disease, by surname; or everybody on a roster in its order; and how many of all it
// looked at have which evidence.
func Susceptible(ctx context.Context, e *engine.Engine, q Question, shown Shown) ([]Person, map[string]int, error) {
	type antigen struct {
		Antigen string `col:"antigen" doc:"antigen"`
	}
	type person struct {
		ClientID int64 `col:"client_id" doc:"the person"`
	}
	var antigens []antigen
	for _, a := range q.Antigens {
		antigens = append(antigens, antigen{a})
	}
	found, err := find(ctx, e, q.Roster)
	if err != nil {
		return nil, nil, err
	}
	var students []person
	for _, id := range found {
		students = append(students, person{id})
	}
	if err := engine.Load(ctx, e, "asked_antigen", antigens); err != nil {
		return nil, nil, err
	}
	if err := engine.Load(ctx, e, "asked_area", q.Areas); err != nil {
		return nil, nil, err
	}
	if err := engine.Load(ctx, e, "asked_person", students); err != nil {
		return nil, nil, err
	}
	if err := e.Materialize(ctx, "asked", queries.Get("asked")); err != nil {
		return nil, nil, err
	}
	var list []Person
	counts := map[string]int{}
	query := queries.Get("susceptible", "vaccine_group", q.Group, "antigens", len(q.Antigens))
	err = engine.Stream(ctx, e, query, func(p *Person) error {
		if !shown(p.ClientID) {
			return nil
		}
		f := facts{immune: p.IsSafe, born: p.BirthDate != 0, doses: int(p.Doses), valid: int(p.Valid)}
		p.Evidence = f.evidence()
		if len(q.Roster) == 0 {
			counts[p.Evidence]++
		}
		if q.All || len(q.Roster) > 0 || susceptible(p.Evidence) {
			list = append(list, *p)
		}
		return nil
	})
	if err != nil || len(q.Roster) == 0 {
		return list, counts, err
	}
	list = answer(q.Roster, found, list)
	for i := range list {
		counts[list[i].Evidence]++
	}
	return list, counts, nil
}

// A Student is a line of a roster.
type Student struct {
	ID string // the roster's own
	roster.Identity
}

// candidate is somebody who was born on a day of a roster.
type candidate struct {
	ClientID int64 `col:"client_id" doc:"the person"`
	roster.Identity
}

// find returns who each line of a roster is about, 0 for nobody. Whoever may not be shown is among them.
func find(ctx context.Context, e *engine.Engine, students []Student) ([]int64, error) {
	type born struct {
		BirthDate table.Date `col:"birth_date" doc:"date of birth"`
	}
	var days []born
	lines := make([]roster.Identity, len(students))
	for i, s := range students {
		days, lines[i] = append(days, born{s.BirthDate}), s.Identity
	}
	if err := engine.Load(ctx, e, "asked_birth", days); err != nil {
		return nil, err
	}
	finder := roster.New(roster.ZIPDecides, lines)
	err := engine.Stream(ctx, e, queries.Get("candidate"), func(c *candidate) error {
		finder.Offer(c.ClientID, &c.Identity)
		return nil
	})
	found := make([]int64, len(students))
	for i := range found {
		found[i] = finder.Found(i)
	}
	return found, err
}

// answer is a person for each line. One whom nobody, or several, fit is unknown, and so is one who may not be shown.
func answer(students []Student, found []int64, people []Person) []Person {
	of := map[int64]*Person{}
	for i := range people {
		of[people[i].ClientID] = &people[i]
	}
	list := make([]Person, len(students))
	for i, s := range students {
		p := Person{Evidence: Unknown}
		if one := of[found[i]]; one != nil {
			p = *one
		}
		p.FirstName, p.LastName, p.BirthDate, p.RosterID = s.FirstName, s.LastName, s.BirthDate, s.ID
		list[i] = p
	}
	return list
}
