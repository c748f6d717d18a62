package outbreak

import (
	"context"
	"slices"
	"strings"

	"miic/internal/engine"
	"miic/internal/name"
	"miic/internal/table"
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
	type born struct {
		BirthDate table.Date `col:"birth_date" doc:"date of birth"`
	}
	var antigens []antigen
	for _, a := range q.Antigens {
		antigens = append(antigens, antigen{a})
	}
	var days []born
	for _, s := range q.Roster {
		days = append(days, born{s.BirthDate})
	}
	if err := engine.Load(ctx, e, "asked_antigen", antigens); err != nil {
		return nil, nil, err
	}
	if err := engine.Load(ctx, e, "asked_area", q.Areas); err != nil {
		return nil, nil, err
	}
	if err := engine.Load(ctx, e, "asked_birth", days); err != nil {
		return nil, nil, err
	}
	if err := e.Materialize(ctx, "asked", queries.Get("asked")); err != nil {
		return nil, nil, err
	}
	var list []Person
	counts := map[string]int{}
	roster := newRoster(q.Roster)
	query := queries.Get("susceptible", "vaccine_group", q.Group, "antigens", len(q.Antigens))
	err := engine.Stream(ctx, e, query, func(p *Person) error {
		if !shown(p.ClientID) {
			return nil
		}
		f := facts{immune: p.IsSafe, born: p.BirthDate != 0, doses: int(p.Doses), valid: int(p.Valid)}
		p.Evidence = f.evidence()
		if len(q.Roster) > 0 {
			roster.offer(p)
			return nil
		}
		counts[p.Evidence]++
		if q.All || susceptible(p.Evidence) {
			list = append(list, *p)
		}
		return nil
	})
	if err != nil || len(q.Roster) == 0 {
		return list, counts, err
	}
	list = roster.answer()
	for i := range list {
		counts[list[i].Evidence]++
	}
	return list, counts, nil
}

// A Student is a line of a roster.
type Student struct {
	ID, FirstName, LastName, ZIP string
	BirthDate                    table.Date
}

// roster finds people for its lines: by birth date and name, and where several fit, by the ZIP code.
type roster struct {
	lines []Student
	by    map[table.Date][]int // lines, by birth date
	fits  [][]Person           // of each line
}

func newRoster(lines []Student) *roster {
	r := &roster{lines: lines, by: map[table.Date][]int{}, fits: make([][]Person, len(lines))}
	for i, s := range lines {
		r.by[s.BirthDate] = append(r.by[s.BirthDate], i)
	}
	return r
}

func (r *roster) offer(p *Person) {
	for _, i := range r.by[p.BirthDate] {
		if s := &r.lines[i]; sameName(s.FirstName, p.FirstName) && sameName(s.LastName, p.LastName) {
			r.fits[i] = append(r.fits[i], *p)
		}
	}
}

// sameName compares two names as words of letters: they are the same, or one is a part of the other, as a double surname
// of which a school has half.
func sameName(a, b string) bool {
	x, y := name.Words(a), name.Words(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) == 0 {
		return false
	}
	if strings.Join(x, "") == strings.Join(y, "") {
		return true
	}
	for _, w := range x {
		if !slices.Contains(y, w) {
			return false
		}
	}
	return true
}

// answer is a person for each line. One whom nobody, or several, fit is unknown: of several nothing can be told.
func (r *roster) answer() []Person {
	list := make([]Person, len(r.lines))
	for i, s := range r.lines {
		fits := r.fits[i]
		if len(fits) > 1 && len(s.ZIP) >= 5 {
			fits = slices.DeleteFunc(slices.Clone(fits), func(p Person) bool { return len(p.ZIP) < 5 || p.ZIP[:5] != s.ZIP[:5] })
		}
		p := Person{Evidence: Unknown}
		if len(fits) == 1 {
			p = fits[0]
		}
		p.FirstName, p.LastName, p.BirthDate, p.RosterID = s.FirstName, s.LastName, s.BirthDate, s.ID
		list[i] = p
	}
	return list
}
