package school

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"miic/internal/table"
	"miic/internal/yamlfile"
)

//go:embed rules/*.yaml
var builtin embed.FS

// Whom a law is for.
const (
	ForSchool    = "school"
	ForChildCare = "child care"
)

// A Law is what a state asks of the children of its schools, or of its child care: one file of rules.
type Law struct {
	Name       string    `yaml:"-"` // of the file
	State      string    `yaml:"state"`
	For        string    `yaml:"for"`
	Title      string    `yaml:"title"`
	Source     string    `yaml:"source"`
	Checked    string    `yaml:"checked"`     // the day on which somebody last compared the rules with the law
	InProgress span      `yaml:"in_progress"` // from enrolment, in which a series that was begun must become complete
	Grace      int       `yaml:"grace_days"`  // a dose so many days too early still counts
	Vaccines   []Vaccine `yaml:"vaccines"`
	Rows       []Row     `yaml:"rows"`
}

// A Vaccine is what the law asks for, and which doses count for it.
type Vaccine struct {
	ID          string   `yaml:"id"`
	Name        string   `yaml:"name"`     // in words for schools and families
	Also        []string `yaml:"also"`     // other words that schools have for it
	Group       string   `yaml:"group"`    // the vaccine group whose forecast has the next date
	Products    []int16  `yaml:"products"` // CVX codes
	NotBefore   span     `yaml:"not_before"`
	Apart       span     `yaml:"apart"` // between two doses that count
	NeededUntil span     `yaml:"needed_until"`
	History     bool     `yaml:"history"` // who has had the disease needs no dose
}

// A Row is what children of some grades and ages need.
type Row struct {
	Who     string              `yaml:"who"`
	Grades  []string            `yaml:"grades"` // empty: of any, and without one
	From    span                `yaml:"from"`
	Until   span                `yaml:"until"`
	Recheck span                `yaml:"recheck"` // when child care looks at the record again
	Needs   map[string][]Enough `yaml:"needs"`   // by vaccine: any one of these is enough
}

// Enough is a number of doses that is enough under conditions.
type Enough struct {
	Doses     int     `yaml:"doses"`
	FirstFrom span    `yaml:"first_from"` // the first of them is given at this age or later
	LastFrom  span    `yaml:"last_from"`  // the last of them is given at this age or later
	LastUntil span    `yaml:"last_until"` // the last of them is given before this age
	Products  []int16 `yaml:"products"`   // only these count
	Apart     span    `yaml:"apart"`      // between these doses
}

// A span is an age, or a time between two days: months, or days.
type span struct {
	months, days int
	unread       string // what stands there, where it is no time
}

func (s span) zero() bool { return s == span{} }

// after is the day on which somebody reaches an age. Who was born on 29 February has the birthday of a common year on 1
// March.
func (s span) after(day table.Date) table.Date {
	if day == 0 {
		return 0
	}
	if s.months == 0 {
		return day + table.Date(s.days)
	}
	to := day.AddMonths(s.months)
	_, _, was := day.YMD()
	if _, _, is := to.YMD(); is < was {
		to++
	}
	return to
}

// UnmarshalYAML reads "6 weeks", "18 months", "4 years".
func (s *span) UnmarshalYAML(text []byte) error {
	word := strings.Trim(strings.TrimSpace(string(text)), `"'`)
	var ok bool
	if s.months, s.days, ok = table.ParseSpan(word); !ok {
		s.unread = word // parse says in which line
	}
	return nil
}

// MarshalText writes what UnmarshalYAML reads: the key of a stage has it.
func (s span) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

func (s span) String() string {
	if s.months > 0 {
		return fmt.Sprintf("%d months", s.months)
	}
	return fmt.Sprintf("%d days", s.days)
}

// Laws are the laws of all states that are known.
type Laws []Law

// For returns the law of a state for a kind of place, or nil.
func (l Laws) For(state, place string) *Law {
	for i := range l {
		if l[i].State == state && l[i].For == place {
			return &l[i]
		}
	}
	return nil
}

// Load reads the built-in laws, and those of a site's folder (empty: none). A site's file stands in the place of a
// built-in one for the same state and place.
func Load(folder string) (Laws, error) {
	laws, err := read(builtin, "rules", nil)
	if err != nil || folder == "" {
		return laws, err
	}
	if _, err := os.Stat(folder); err != nil {
		return nil, fmt.Errorf("folder of school rules: %w", err)
	}
	return read(os.DirFS(folder), ".", laws)
}

// read reads a folder's laws over those that are known.
func read(files fs.FS, folder string, known Laws) (Laws, error) {
	list, err := yamlfile.Folder(files, folder)
	if err != nil {
		return nil, err
	}
	var own Laws
	var errs []error
	for _, file := range list {
		law, err := parse(file)
		switch {
		case err != nil:
			errs = append(errs, err)
		case own.For(law.State, law.For) != nil:
			errs = append(errs, file.Fault("$.state", "%s has the rules of %s for %s already: keep one",
				own.For(law.State, law.For).Name, law.State, law.For))
		default:
			own = append(own, *law)
		}
	}
	for _, law := range known {
		if own.For(law.State, law.For) == nil {
			own = append(own, law)
		}
	}
	slices.SortFunc(own, func(a, b Law) int { return strings.Compare(a.State+a.For, b.State+b.For) })
	return own, errors.Join(errs...)
}

// parse reads one law. What is wrong is named by file and line.
func parse(file yamlfile.File) (*Law, error) {
	law := &Law{}
	if err := file.Decode(law); err != nil {
		return nil, err
	}
	law.Name = file.Name
	var errs []error
	wrong := func(path, format string, args ...any) {
		errs = append(errs, file.Fault(path, format, args...))
	}
	if len(law.State) != 2 || strings.ToUpper(law.State) != law.State {
		wrong("$.state", "state %q is no code of two capital letters", law.State)
	}
	if law.For != ForSchool && law.For != ForChildCare {
		wrong("$.for", "for %q: one of %s and %s", law.For, ForSchool, ForChildCare)
	}
	if law.Title == "" || law.Source == "" {
		wrong("$.title", "title and source say which law it is")
	}
	if _, err := table.ParseDate(law.Checked); err != nil || law.Checked == "" {
		wrong("$.checked", "checked %q is no day YYYY-MM-DD on which the rules were compared with the law", law.Checked)
	}
	for at, s := range law.spans() {
		if s.unread != "" {
			wrong(at, "%q is no time such as 4 days, 6 weeks, 18 months or 4 years", s.unread)
		}
	}
	if law.InProgress.zero() {
		wrong("$.in_progress", "in_progress says how long a series may be in progress, such as 18 months")
	}
	if len(law.Rows) == 0 {
		wrong("$.rows", "there are no rows: who needs what")
	}
	for i, v := range law.Vaccines {
		at := fmt.Sprintf("$.vaccines[%d]", i)
		switch {
		case v.ID == "" || v.Name == "" || v.Group == "" || len(v.Products) == 0:
			wrong(at, "a vaccine has id, name, group and products")
		case slices.ContainsFunc(law.Vaccines[:i], func(o Vaccine) bool { return o.ID == v.ID }):
			wrong(at+".id", "vaccine %s is there twice", v.ID)
		}
	}
	for i, row := range law.Rows {
		at := fmt.Sprintf("$.rows[%d]", i)
		for _, g := range row.Grades {
			if !slices.Contains(Grades, g) {
				wrong(at+".grades", "grade %q: one of %s", g, strings.Join(Grades, ", "))
			}
		}
		for id, list := range row.Needs {
			if law.vaccine(id) == nil {
				wrong(at+".needs."+id, "%s is not among the vaccines", id)
			}
			for _, e := range list {
				if e.Doses < 1 {
					wrong(at+".needs."+id, "doses is %d: it must be 1 or more", e.Doses)
				}
			}
		}
		for j := range law.Rows[:i] {
			if row.meets(&law.Rows[j]) {
				wrong(at, "some child is in this row and in that of %q: part them by grades or ages", law.Rows[j].Who)
			}
		}
	}
	slices.SortFunc(errs, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return law, errors.Join(errs...)
}

// spans are all times of a law, by where they stand.
func (l *Law) spans() map[string]span {
	all := map[string]span{"$.in_progress": l.InProgress}
	for i, v := range l.Vaccines {
		at := fmt.Sprintf("$.vaccines[%d].", i)
		all[at+"not_before"], all[at+"apart"], all[at+"needed_until"] = v.NotBefore, v.Apart, v.NeededUntil
	}
	for i, r := range l.Rows {
		at := fmt.Sprintf("$.rows[%d].", i)
		all[at+"from"], all[at+"until"], all[at+"recheck"] = r.From, r.Until, r.Recheck
		for id, list := range r.Needs {
			for j, e := range list {
				at := fmt.Sprintf("%sneeds.%s[%d].", at, id, j)
				all[at+"first_from"], all[at+"last_from"], all[at+"last_until"], all[at+"apart"] = e.FirstFrom, e.LastFrom,
					e.LastUntil, e.Apart
			}
		}
	}
	return all
}

func (l *Law) vaccine(id string) *Vaccine {
	for i := range l.Vaccines {
		if l.Vaccines[i].ID == id {
			return &l.Vaccines[i]
		}
	}
	return nil
}

// meets reports whether a child may be in both rows.
func (r *Row) meets(o *Row) bool {
	grades := len(r.Grades) == 0 || len(o.Grades) == 0 ||
		slices.ContainsFunc(r.Grades, func(g string) bool { return slices.Contains(o.Grades, g) })
	const born = table.Date(700000)
	before := func(a, b span) bool { return !b.zero() && a.after(born) >= b.after(born) }
	return grades && !before(r.From, o.Until) && !before(o.From, r.Until)
}
