package measure

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"miic/internal/table"
	"miic/internal/yamlfile"
)

// setForm is a file: measures that share what the file has above them. A measure may have its own instead.
type setForm struct {
	Steward    string          `yaml:"steward"`
	Source     string          `yaml:"source"`
	Starts     string          `yaml:"starts"`
	Ends       string          `yaml:"ends"`
	Doses      string          `yaml:"doses"`
	Population *populationForm `yaml:"population"`
	Among      []clauseForm    `yaml:"among"`
	Measures   []measureForm   `yaml:"measures"`
}

type measureForm struct {
	ID         string          `yaml:"id"`
	Version    int32           `yaml:"version"`
	Title      string          `yaml:"title"`
	Steward    string          `yaml:"steward"`
	Source     string          `yaml:"source"`
	Starts     string          `yaml:"starts"`
	Ends       string          `yaml:"ends"`
	Doses      string          `yaml:"doses"` // valid or any: what the measure is about
	Publish    bool            `yaml:"publish"`
	Assess     bool            `yaml:"assess"`
	Population *populationForm `yaml:"population"`
	Among      []clauseForm    `yaml:"among"`
	Clauses    []clauseForm    `yaml:"clauses"`
	Short      int             `yaml:"short"`
	DaysLate   *int            `yaml:"days_late"`
}

type populationForm struct {
	Ages struct {
		From  string `yaml:"from"`
		Until string `yaml:"until"`
	} `yaml:"ages"`
	Turning string `yaml:"turning"`
	By      string `yaml:"by"`
	Rule    string `yaml:"rule"`
}

// clauseForm is a clause, or its short form: a group and how many doses, such as "MMR 1".
type clauseForm struct {
	unread string // a text that is not the short form

	Group  string    `yaml:"group"`
	Immune bool      `yaml:"immune"`
	None   bool      `yaml:"none"`
	Ways   []wayForm `yaml:"ways"`

	One wayForm `yaml:",inline"` // the only way
}

type wayForm struct {
	Doses       int     `yaml:"doses"`
	Complete    bool    `yaml:"complete"`
	Products    []int16 `yaml:"products"`
	Primary     []int16 `yaml:"primary"`
	From        string  `yaml:"from"`
	Until       string  `yaml:"until"`
	LastFrom    string  `yaml:"last_from"`
	FirstBefore string  `yaml:"first_before"`
	Apart       string  `yaml:"apart"`
	Season      string  `yaml:"season"`
	Under       string  `yaml:"under"`
}

var shortForm = regexp.MustCompile(`^(.+) (\d{1,2})$`)

// UnmarshalYAML reads a clause in either form.
func (c *clauseForm) UnmarshalYAML(unmarshal func(any) error) error {
	var short string
	if err := unmarshal(&short); err == nil {
		m := shortForm.FindStringSubmatch(short)
		if m == nil {
			c.unread = short // named later, with its line: an error here would hide all other faults
			return nil
		}
		c.Group = m[1]
		c.One.Doses, _ = strconv.Atoi(m[2])
		return nil
	}
	type plain clauseForm
	return unmarshal((*plain)(c))
}

// Known is what a measure may name.
type Known struct {
	Groups []Group // of the schedule
	Kept   []Kept  // the birthdays on which the series of each group are judged
}

// Kept is a birthday on which the series are judged, and the age until which what was found is kept.
type Kept struct{ At, Until Age }

// A Group is a vaccine group of the schedule with its antigens.
type Group struct {
	Name     string
	Antigens []string
}

// checker collects what is wrong with a file, each fault with its line.
type checker struct {
	file     yamlfile.File
	groups   map[string]int // by name
	antigens map[string]int
	known    *Known
	taken    map[string]string // the file of each measure that is there already, by id
	errs     []error
}

// fault adds a fault once: what is wrong with what measures share is found for each of them.
func (k *checker) fault(path, format string, args ...any) {
	err := k.file.Fault(path, format, args...)
	if !slices.ContainsFunc(k.errs, func(e error) bool { return e.Error() == err.Error() }) {
		k.errs = append(k.errs, err)
	}
}

// measures are what a file defines, or what is wrong with it.
func (k *checker) measures() ([]Measure, error) {
	var set setForm
	if err := k.file.Decode(&set); err != nil {
		return nil, err
	}
	if len(set.Measures) == 0 {
		k.fault("$.measures", "measures is empty: the file defines nothing")
	}
	for i := range set.Measures {
		id := set.Measures[i].ID
		switch origin := k.taken[id]; {
		case id == "": // named below
		case slices.ContainsFunc(set.Measures[:i], func(f measureForm) bool { return f.ID == id }):
			k.fault(fmt.Sprintf("$.measures[%d].id", i), "measure %s is in the file twice", id)
		case origin != "":
			k.fault(fmt.Sprintf("$.measures[%d].id", i), "measure %s is in %s already: give one of them another id", id, origin)
		}
	}
	var list []Measure
	for i := range set.Measures {
		f, at := &set.Measures[i], fmt.Sprintf("$.measures[%d]", i)
		for _, own := range []struct{ has, shared *string }{{&f.Steward, &set.Steward}, {&f.Source, &set.Source},
			{&f.Starts, &set.Starts}, {&f.Ends, &set.Ends}, {&f.Doses, &set.Doses}} {
			if *own.has == "" {
				*own.has = *own.shared
			}
		}
		people, among := part{at + ".population", f.ID}, part{at + ".among", f.ID}
		if f.Population == nil && set.Population != nil {
			f.Population, people = set.Population, part{"$.population", "population"}
		}
		if f.Among == nil && set.Among != nil {
			f.Among, among = set.Among, part{"$.among", "among"}
		}
		list = append(list, k.measure(f, at, people, among))
	}
	return list, errors.Join(k.errs...)
}

var idForm = regexp.MustCompile(`^[a-z0-9][a-z0-9:-]*$`)

// A part of a definition is at a path of the file; its faults name the measure, or the key that measures share.
type part struct{ at, name string }

func (k *checker) measure(f *measureForm, at string, people, among part) Measure {
	m := Measure{ID: f.ID, Version: f.Version, Title: strings.TrimSpace(f.Title), Steward: strings.TrimSpace(f.Steward),
		Source: strings.TrimSpace(f.Source), Origin: k.file.Name, Publish: f.Publish, Assess: f.Assess}
	if !idForm.MatchString(m.ID) {
		k.fault(at+".id", "id is %q: it must have small letters, digits, hyphens and colons", m.ID)
	}
	if m.Version < 1 {
		k.fault(at+".version", "%s: version is %d: it must be 1 or more, one more with each change of what is counted",
			m.ID, m.Version)
	}
	for _, word := range []struct{ key, value string }{{"title", m.Title}, {"steward", m.Steward}, {"source", m.Source}} {
		if word.value == "" {
			k.fault(at+"."+word.key, "%s: %s is empty: readers of the figure need it", m.ID, word.key)
		}
	}
	if f.Doses != "valid" && f.Doses != "any" {
		k.fault(at+".doses", "%s: doses is %q: it must be valid or any, the doses that the measure is about", m.ID, f.Doses)
	}
	m.Valid = f.Doses == "valid"
	m.Starts, m.Ends = k.date(at+".starts", f.Starts), k.date(at+".ends", f.Ends)
	if m.Ends != 0 && m.Ends < m.Starts {
		k.fault(at+".ends", "%s: ends is before starts: the measure would never be counted", m.ID)
	}
	k.population(&m, f.Population, people)
	m.Among = k.clauses(&m, f.Among, among)
	if len(f.Clauses) == 0 {
		k.fault(at+".clauses", "%s has no clauses: everybody would meet it", m.ID)
	}
	m.Clauses = k.clauses(&m, f.Clauses, part{at + ".clauses", m.ID})
	k.tolerance(&m, f, at)
	return m
}

// tolerance fills in how much of the clauses somebody may lack, or have had late.
func (k *checker) tolerance(m *Measure, f *measureForm, at string) {
	if m.Short = f.Short; m.Short < 0 {
		k.fault(at+".short", "%s: short is %d: it must be how many doses of each clause somebody may lack", m.ID, m.Short)
	}
	if f.DaysLate == nil {
		return
	}
	if m.Timely, m.DaysLate = true, *f.DaysLate; m.DaysLate < 0 || m.Short > 0 {
		k.fault(at+".days_late", "%s: days_late must be a number of days from 0 on, without short beside it", m.ID)
	}
	if p := &m.Population; p.Turning == 0 && p.By.IsZero() {
		k.fault(at+".days_late", "%s: days_late needs by or turning: what is late by the night would change every night", m.ID)
	}
	for i := range m.Clauses {
		c := &m.Clauses[i]
		if c.None || slices.ContainsFunc(c.Ways, func(w Way) bool { return w.Until.IsZero() || w.Complete }) {
			k.fault(fmt.Sprintf("%s.clauses[%d]", at, i), "%s: days_late needs until in each way of %s: the last day on which the dose is not late",
				m.ID, c.Group)
		}
	}
}

func (k *checker) date(path, text string) table.Date {
	if text == "" {
		return 0
	}
	d, err := table.ParseDate(text)
	if err != nil {
		k.fault(path, "%q is no day as YYYY-MM-DD", text)
	}
	return d
}

// population fills in whom a measure is about.
func (k *checker) population(m *Measure, f *populationForm, of part) {
	at := of.at
	if f == nil {
		k.fault(at, "%s has no population", m.ID)
		return
	}
	p := &m.Population
	p.By = k.age(at+".by", f.By)
	switch f.Rule {
	case "", Registered:
	case TwoDoses:
		p.TwoDoses = true
	default:
		k.fault(at+".rule", "%s: there is no rule %q; there are %s and %s", of.name, f.Rule, Registered, TwoDoses)
	}
	if f.Turning != "" {
		if a := k.age(at+".turning", f.Turning); a.Months%12 != 0 || a.Days != 0 || a.Months == 0 {
			k.fault(at+".turning", "%s: turning is %q: it must be in years", of.name, f.Turning)
		} else {
			p.Turning = a.Months / 12
		}
		if f.Ages.From != "" || f.Ages.Until != "" || f.By != "" {
			k.fault(at, "%s: the population has turning beside ages or by: who had the birthday last year is judged on it", of.name)
		}
		return
	}
	p.From, p.Until = k.age(at+".ages.from", f.Ages.From), k.age(at+".ages.until", f.Ages.Until)
	if f.Ages.Until == "" {
		p.Until = Age{Months: 12 * 150}
	}
	if !p.From.less(p.Until) {
		k.fault(at+".ages", "%s: ages: until must be more than from: nobody would be of the age", of.name)
	}
	p.Kept = slices.ContainsFunc(k.known.Kept, func(a Kept) bool { return a.At == p.By && !a.Until.less(p.Until) })
	if p.From.less(p.By) {
		k.fault(at+".by", "%s: by is after the youngest age: those who are not so old yet would fail", of.name)
	}
}

// age reads an age such as 42 days, 4 months or 11 years.
func (k *checker) age(path, text string) Age {
	if text == "" {
		return Age{}
	}
	months, days, ok := table.ParseSpan(text)
	if !ok {
		k.fault(path, "%q is no age: write it as 42 days, 19 months or 11 years", text)
	}
	return Age{months, days}
}

// every is the group of a clause that is about all doses.
const every = "any"

func (k *checker) clauses(m *Measure, forms []clauseForm, of part) []Clause {
	var list []Clause
	for i := range forms {
		f, path := &forms[i], fmt.Sprintf("%s[%d]", of.at, i)
		if f.unread != "" {
			k.fault(path, "%s: clause %q must be a group and a number of doses, such as MMR 1", of.name, f.unread)
			list = append(list, Clause{Group: f.unread})
			continue
		}
		c := Clause{Group: f.Group, GroupNo: -1, Immune: f.Immune, None: f.None}
		no, ok := k.groups[f.Group]
		switch {
		case ok:
			c.GroupNo = no
			for _, a := range k.known.Groups[no].Antigens {
				c.Antigens = append(c.Antigens, k.antigens[a])
			}
		case f.Group != every || !f.None:
			var names []string
			for _, g := range k.known.Groups {
				names = append(names, g.Name)
			}
			k.fault(path, "%s: there is no vaccine group %q; there are %s", of.name, f.Group, strings.Join(names, ", "))
		}
		ways, where := f.Ways, func(j int) string { return fmt.Sprintf("%s.ways[%d]", path, j) }
		if len(ways) == 0 {
			ways, where = []wayForm{f.One}, func(int) string { return path }
		} else if !f.One.empty() {
			k.fault(path, "%s: %s has ways, and conditions beside them: write these into the ways", of.name, f.Group)
		}
		if f.None {
			if !f.One.empty() || len(f.Ways) > 0 || f.Immune {
				k.fault(path, "%s: %s has none, and conditions beside it", of.name, f.Group)
			}
			ways = nil
		}
		for j := range ways {
			c.Ways = append(c.Ways, k.way(m, of.name, f.Group, &ways[j], where(j)))
		}
		list = append(list, c)
	}
	return list
}

func (f *wayForm) empty() bool {
	return f.Doses == 0 && !f.Complete && len(f.Products)+len(f.Primary) == 0 &&
		f.From+f.Until+f.LastFrom+f.FirstBefore+f.Apart+f.Season+f.Under == ""
}

func (k *checker) way(m *Measure, name, group string, f *wayForm, at string) Way {
	w := Way{Doses: f.Doses, Complete: f.Complete, Products: f.Products, Primary: f.Primary, From: k.age(at+".from", f.From),
		Until: k.age(at+".until", f.Until), LastFrom: k.age(at+".last_from", f.LastFrom), FirstBefore: k.age(at+".first_before", f.FirstBefore),
		Apart: k.age(at+".apart", f.Apart), Season: f.Season, Under: k.age(at+".under", f.Under)}
	switch {
	case w.Doses < 1 && w.Complete:
		k.fault(at, "%s: %s complete needs doses: how many make it up where any dose counts", name, group)
	case w.Doses < 1:
		k.fault(at, "%s: %s needs doses, how many", name, group)
	}
	if w.Complete {
		if p := &m.Population; p.Turning > 0 || !p.By.IsZero() && !p.Kept {
			k.fault(at+".complete", "%s: whether %s is complete is known on the night only, and %s", name, group, kepts(k.known.Kept))
		}
		if len(f.Products)+len(f.Primary) > 0 || f.From+f.Until+f.LastFrom+f.FirstBefore+f.Apart+f.Season+f.Under != "" {
			k.fault(at, "%s: %s complete is as the schedule judges it: it can have no other condition", name, group)
		}
	}
	if !w.Until.IsZero() && w.Until.less(w.From) {
		k.fault(at+".until", "%s: %s: until is before from: no dose would count", name, group)
	}
	if _, err := table.ParseDate("2028-" + w.Season); w.Season != "" && err != nil {
		k.fault(at+".season", "%s: season is %q: it must be a day of the year as MM-DD", name, w.Season)
	}
	return w
}

func kepts(list []Kept) string {
	var words []string
	for _, k := range list {
		words = append(words, fmt.Sprintf("by %s of people before %s", k.At, k.Until))
	}
	return strings.Join(words, ", ")
}

// String is the age as a file has it.
func (a Age) String() string {
	switch {
	case a.Months == 0:
		return fmt.Sprintf("%d days", a.Days)
	case a.Months%12 == 0 && a.Months > 36:
		return fmt.Sprintf("%d years", a.Months/12)
	}
	return fmt.Sprintf("%d months", a.Months)
}
