package school

import (
	"context"
	"embed"
	"strings"

	"miic/internal/engine"
	"miic/internal/table"
	"miic/reports/letter"
	"miic/reports/privacy"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

var queries = engine.LoadQueries(sqlFiles)

// View makes known to the engine what an answer is made of, and the table shown of the people who may be in an output.
func View(ctx context.Context, e *engine.Engine, files func(table string) []string) error {
	if err := e.Tables(ctx, files, table.Clients, table.ClientLinks, table.StandardRecords, table.Immunizations, table.Forecasts,
		table.VaccinationEvents, table.Restrictions, table.DeathMatches); err != nil {
		return err
	}
	return privacy.Shown(ctx, e)
}

// A Config is what rosters are answered by.
type Config struct {
	State    string             // whose law holds
	Laws     Laws               // of all states
	Products map[int16][]string // vaccine groups of each product (CVX)
	CPT      map[int16]string   // the CPT code of each product that has one only
	Mail     *letter.Mail       // the words of letters
}

// A Roster is a list of students, and the place that it is of.
type Roster struct {
	Place    string // ForSchool or ForChildCare
	Students []table.RosterEntry
}

// An Answer is what is said about one student.
type Answer struct {
	Entry    *table.RosterEntry
	Class    Class
	Reason   string // why not sure
	ClientID int64  // of a sure match
	Person   person
	Doses    []given
	Law      *Law
	Verdicts []Verdict
}

// A person is who a surely matched student is in the registry.
type person struct {
	Place     int64      `col:"place" doc:"place on the list"`
	ClientID  int64      `col:"client_id" doc:"the person"`
	FirstName string     `col:"first_name,null" doc:"given name"`
	LastName  string     `col:"last_name,null" doc:"surname"`
	BirthDate table.Date `col:"birth_date" doc:"date of birth"`
	Sex       string     `col:"sex,null" doc:"sex"`
	Race      string     `col:"race,null" doc:"race codes"`
	Ethnicity string     `col:"ethnicity,null" doc:"ethnicity"`
	Language  string     `col:"language,null" doc:"language of the household"`
	InReview  bool       `col:"in_review" doc:"a question about a record is open"`
}

// A given is one dose of a student.
type given struct {
	Place      int64      `col:"place" doc:"place on the list"`
	ID         string     `col:"immunization_id" doc:"the dose"`
	On         table.Date `col:"administered_on" doc:"day"`
	CVX        int16      `col:"cvx" doc:"product"`
	MVX        string     `col:"mvx,null" doc:"manufacturer"`
	Trade      string     `col:"trade_name,null" doc:"trade name"`
	Lot        string     `col:"lot,null" doc:"lot number"`
	Historical bool       `col:"historical" doc:"nobody reports to have given it"`
	Condition  string     `col:"condition,null" doc:"why it may not count"`
	CPT        string     `col:"cpt,null" doc:"CPT code"`
	Route      string     `col:"route,null" doc:"route"`
	Site       string     `col:"site,null" doc:"body site"`
}

type evidence struct {
	Place           int64      `col:"place" doc:"place on the list"`
	Group           string     `col:"vaccine_group" doc:"vaccine group"`
	Immune          bool       `col:"immune" doc:"immunity is recorded"`
	Contraindicated bool       `col:"contraindicated" doc:"contraindicated"`
	NextOn          table.Date `col:"next_on" doc:"next dose"`
}

// Find answers a roster on a day, of what View has made known. shown, where it is given, hides people beside those whom the table shown lacks.
func Find(ctx context.Context, e *engine.Engine, c Config, r Roster, shown func(int64) bool, day table.Date) ([]Answer, error) {
	matched, err := match(ctx, e, r.Students, shown)
	if err != nil {
		return nil, err
	}
	list := make([]Answer, len(r.Students))
	for i, m := range matched {
		list[i] = Answer{Entry: &r.Students[i], Class: m.class, Reason: m.reason, ClientID: m.client,
			Law: c.law(r.Place, r.Students[i].Grade)}
	}
	return list, judge(ctx, e, list, day)
}

// judge reads what is known of the students that are surely matched, and finds how each on the list stands to the law.
func judge(ctx context.Context, e *engine.Engine, list []Answer, day table.Date) error {
	type pair struct {
		Place    int64 `col:"place" doc:"place on the list"`
		ClientID int64 `col:"client_id" doc:"the person"`
	}
	var pairs []pair
	for i := range list {
		if list[i].Class == Sure {
			pairs = append(pairs, pair{int64(i), list[i].ClientID})
		}
	}
	if err := engine.Load(ctx, e, "asked_match", pairs); err != nil {
		return err
	}
	if err := engine.Stream(ctx, e, queries.Get("person"), func(p *person) error {
		list[p.Place].Person = *p
		return nil
	}); err != nil {
		return err
	}
	if err := engine.Stream(ctx, e, queries.Get("dose"), func(d *given) error {
		list[d.Place].Doses = append(list[d.Place].Doses, *d)
		return nil
	}); err != nil {
		return err
	}
	known := make([][]Evidence, len(list))
	if err := engine.Stream(ctx, e, queries.Get("evidence"), func(x *evidence) error {
		known[x.Place] = append(known[x.Place], Evidence{x.Group, x.Immune, x.Contraindicated, x.NextOn})
		return nil
	}); err != nil {
		return err
	}
	for i := range list {
		list[i].judge(known[i], day)
	}
	return nil
}

// match finds who the students are.
func match(ctx context.Context, e *engine.Engine, students []table.RosterEntry, shown func(int64) bool) ([]found, error) {
	f := newFinder(students)
	type born struct {
		BirthDate table.Date `col:"birth_date" doc:"date of birth"`
	}
	var days []born
	for _, d := range f.births() {
		days = append(days, born{d})
	}
	if err := engine.Load(ctx, e, "asked_birth", days); err != nil {
		return nil, err
	}
	if err := engine.Stream(ctx, e, queries.Get("known"), func(k *known) error {
		k.Hidden = k.Hidden || shown != nil && !shown(k.ClientID)
		f.offer(k)
		return nil
	}); err != nil {
		return nil, err
	}
	return f.answer(), nil
}

// law is the one for a student of a place: what a school has below kindergarten is child care.
func (c *Config) law(place, grade string) *Law {
	if grade == "PK" {
		place = ForChildCare
	}
	return c.Laws.For(c.State, place)
}

// Student is what the school tells of the student.
func (a *Answer) Student() Student {
	s := Student{Grade: a.Entry.Grade, Born: a.Entry.BirthDate, EnrolledOn: a.Entry.EnrolledOn}
	if a.Entry.ExemptionKind != "" {
		for _, word := range strings.Split(a.Entry.ExemptionVaccine, ";") {
			s.Exemptions = append(s.Exemptions, Exemption{a.Entry.ExemptionKind, a.Entry.ExemptionOn, strings.TrimSpace(word)})
		}
	}
	return s
}

// judge finds how the student stands to the law.
func (a *Answer) judge(known []Evidence, day table.Date) {
	if a.Law == nil {
		return
	}
	s := a.Student()
	var doses []Dose
	for _, d := range a.Doses {
		if d.Condition == "" {
			doses = append(doses, Dose{d.On, d.CVX})
		}
	}
	a.Verdicts = a.Law.Judge(&s, a.Class == Sure, doses, known, day)
	if why := a.Law.unread(&s); why != "" {
		for i := range a.Verdicts {
			switch v := &a.Verdicts[i]; v.Status {
			case InProgress, Overdue, Unknown:
				v.Reason += "; " + why
			}
		}
	}
}

// UnreadStatements are the lines of a list whose statement of exemption has something that the law knows nothing of.
func UnreadStatements(list []Answer) (lines []int64) {
	for i := range list {
		if a := &list[i]; a.Law != nil {
			if s := a.Student(); a.Law.unread(&s) != "" {
				lines = append(lines, a.Entry.Line)
			}
		}
	}
	return lines
}
