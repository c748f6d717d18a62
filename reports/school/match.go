package school

import (
	"slices"

	"miic/internal/name"
	"miic/internal/table"
)

// Class is how sure it is that a student is a person of the registry.
type Class string

// The classes.
const (
	Sure     Class = "sure"
	Possible Class = "possible" // nothing about the person is shown
	None     Class = "none"
)

// Why a student was not surely matched. The words say nothing about whom the registry has.
const (
	nobodyFits  = "nobody of this name and birth date"
	severalFit  = "more than one person fits"
	otherSex    = "the sex differs"
	otherBirth  = "the birth date differs between reports, or has day and month the other way round"
	otherPlace  = "born on 1 January, and the ZIP code does not agree"
	twiceOnList = "two students of the list fit one person"
)

// A known is what one sender's record says of who a person is, in linkage form.
type known struct {
	ClientID int64      `col:"client_id" doc:"the person"`
	Born     table.Date `col:"born" doc:"the birth date of the person"`
	Recorded table.Date `col:"recorded" doc:"the birth date of the record"`
	First    string     `col:"first,null" doc:"given name"`
	Middle   string     `col:"middle,null" doc:"middle name"`
	Last     string     `col:"last,null" doc:"surname"`
	Last1    string     `col:"last_1,null" doc:"first part of a double surname"`
	Last2    string     `col:"last_2,null" doc:"second part"`
	Suffix   string     `col:"suffix,null" doc:"JR, III and the like"`
	AliasOf  string     `col:"alias_first,null" doc:"another given name"`
	Alias    string     `col:"alias_last,null" doc:"another surname"`
	Sex      string     `col:"sex,null" doc:"F or M"`
	ZIP      string     `col:"zip,null" doc:"five digits"`
	Hidden   bool       `col:"hidden" doc:"may be in no output, has died or may have"`
}

// A found is the answer to one student.
type found struct {
	class  Class
	reason string
	client int64
}

// A candidate is a person whose name fits a student.
type candidate struct {
	client                 int64
	hidden                 bool
	sexDiffers, birthKnown bool // by some record; the person's own is the student's
	exact                  bool // the given name is the same, not only a form of it
	zip                    bool // a record has the student's
}

// A finder finds the students of one list among the people of the registry.
type finder struct {
	students []table.RosterEntry
	forms    []name.Form
	by       map[table.Date][]int32 // students, by birth date and by that with day and month the other way round
	fits     [][]candidate
}

// otherWayRound is a date with day and month exchanged; 0 where there is no such day, or it is the same.
func otherWayRound(d table.Date) table.Date {
	if d == 0 {
		return 0
	}
	y, m, day := d.YMD()
	if m == day {
		return 0
	}
	return table.NewDate(y, day, m)
}

func newFinder(students []table.RosterEntry) *finder {
	f := &finder{students: students, forms: make([]name.Form, len(students)), by: map[table.Date][]int32{},
		fits: make([][]candidate, len(students))}
	for i := range students {
		s := &students[i]
		f.forms[i] = name.Person{First: s.FirstName, Middle: s.MiddleName, Last: s.LastName}.Form()
		for _, d := range [...]table.Date{s.BirthDate, otherWayRound(s.BirthDate)} {
			if d != 0 {
				f.by[d] = append(f.by[d], int32(i))
			}
		}
	}
	return f
}

// births are the birth dates to look for.
func (f *finder) births() []table.Date {
	var list []table.Date
	for d := range f.by {
		list = append(list, d)
	}
	slices.Sort(list)
	return list
}

// offer looks for the students whom a record may be about. The records of a person come one behind the other.
func (f *finder) offer(k *known) {
	forms := []name.Form{{First: k.First, Middle: k.Middle, Last: k.Last, Last1: k.Last1, Last2: k.Last2, Suffix: k.Suffix}}
	if k.Alias != "" || k.AliasOf != "" {
		alias := forms[0]
		if k.AliasOf != "" {
			alias.First = k.AliasOf
		}
		if k.Alias != "" {
			alias.Last, alias.Last1, alias.Last2 = k.Alias, "", ""
		}
		forms = append(forms, alias)
	}
	for _, born := range [...]table.Date{k.Recorded, k.Born} {
		for _, i := range f.by[born] {
			fit, exact := false, false
			for n := range forms {
				if f.forms[i].MayBe(&forms[n]) {
					fit, exact = true, exact || f.forms[i].First == forms[n].First
				}
			}
			if !fit {
				continue
			}
			s, list := &f.students[i], f.fits[i]
			if len(list) == 0 || list[len(list)-1].client != k.ClientID {
				f.fits[i] = append(list, candidate{client: k.ClientID, hidden: k.Hidden})
				list = f.fits[i]
			}
			c := &list[len(list)-1]
			c.exact = c.exact || exact
			c.birthKnown = c.birthKnown || k.Born == s.BirthDate
			c.sexDiffers = c.sexDiffers || k.Sex != "" && (s.Sex == "F" || s.Sex == "M") && k.Sex != s.Sex
			c.zip = c.zip || len(s.ZIP) >= 5 && s.ZIP[:5] == k.ZIP
		}
		if k.Born == k.Recorded {
			break
		}
	}
}

// answer decides for each student. Everybody of the registry takes part, also who may be in no output; only then such a
// person is hidden, and the student is as one whom nobody fits: nobody else is offered in the place.
func (f *finder) answer() []found {
	list := make([]found, len(f.students))
	times := map[int64]int{}
	for i := range f.students {
		list[i] = f.decide(i)
		if list[i].class == Sure {
			times[list[i].client]++
		}
	}
	hidden := map[int64]bool{}
	for i := range list {
		for _, c := range f.fits[i] {
			if c.hidden {
				hidden[c.client] = true
			}
		}
	}
	for i := range list {
		x := &list[i]
		switch {
		case x.class == Sure && hidden[x.client]:
			*x = found{class: None, reason: nobodyFits}
		case x.class == Sure && times[x.client] > 1:
			*x = found{class: Possible, reason: twiceOnList}
		case x.class == Possible && slices.ContainsFunc(f.fits[i], func(c candidate) bool { return c.hidden }):
			*x = found{class: None, reason: nobodyFits}
		}
		if x.class != Sure {
			x.client = 0
		}
	}
	return list
}

// decide finds the person of one student.
func (f *finder) decide(i int) found {
	fits := f.fits[i]
	if len(fits) == 0 {
		return found{class: None, reason: nobodyFits}
	}
	if len(fits) > 1 { // whoever fits better goes before; last the ZIP code decides
		of := func(keep func(c candidate) bool) {
			if slices.ContainsFunc(fits, keep) {
				fits = slices.DeleteFunc(slices.Clone(fits), func(c candidate) bool { return !keep(c) })
			}
		}
		of(func(c candidate) bool { return c.birthKnown && !c.sexDiffers })
		of(func(c candidate) bool { return c.exact })
		of(func(c candidate) bool { return c.zip })
	}
	c, s := fits[0], &f.students[i]
	_, month, day := s.BirthDate.YMD()
	switch {
	case len(fits) > 1:
		return found{class: Possible, reason: severalFit}
	case !c.birthKnown:
		return found{class: Possible, reason: otherBirth}
	case c.sexDiffers:
		return found{class: Possible, reason: otherSex}
	case month == 1 && day == 1 && !c.zip: // a day that many have been given who do not know theirs
		return found{class: Possible, reason: otherPlace}
	}
	return found{class: Sure, client: c.client}
}
