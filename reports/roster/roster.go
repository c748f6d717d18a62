// Package roster finds the people of a list that somebody from outside has written: by birth date and name, and by the
// ZIP code.
//
// It promises that an entry finds one person or nobody: of several who fit equally well nothing can be known. All people
// of the registry are offered, also those who may not be shown; the caller leaves these out afterwards, so that nobody
// else is taken for them.
package roster

import (
	"slices"

	"miic/internal/name"
	"miic/internal/table"
)

// An Identity is who somebody is, as a list or the registry has it.
type Identity struct {
	FirstName  string     `col:"first_name,null" doc:"given name"`
	MiddleName string     `col:"middle_name,null" doc:"middle name"`
	LastName   string     `col:"last_name,null" doc:"surname"`
	Suffix     string     `col:"suffix,null" doc:"suffix"`
	BirthDate  table.Date `col:"birth_date" doc:"date of birth"`
	ZIP        string     `col:"zip,null" doc:"ZIP code"`
}

func (i *Identity) form() name.Form {
	return name.Person{First: i.FirstName, Middle: i.MiddleName, Last: i.LastName, Suffix: i.Suffix}.Form()
}

// zip5 is the ZIP code without its last four digits; empty where there is none.
func (i *Identity) zip5() string {
	if len(i.ZIP) < 5 {
		return ""
	}
	return i.ZIP[:5]
}

// A ZIPRule is what the ZIP code is for.
type ZIPRule int

// The rules.
const (
	ZIPDecides ZIPRule = iota // it chooses among several who fit
	ZIPAgrees                 // whoever is found has the entry's
)

// A Finder finds who the entries of a list are.
type Finder struct {
	rule    ZIPRule
	entries []entry
	by      map[key][]int32 // entries, by birth date and each of their surnames
}

type key struct {
	born    table.Date
	surname string
}

type entry struct {
	form name.Form
	zip  string
	fits []fit
}

// A fit is somebody of the entry's birth date and name.
type fit struct {
	id   int64
	name int  // how many of given name and surname are the same, not only a form or a part of it
	home bool // the ZIP code is the same
}

// better reports whether a fit is the better one by the name or the home, and by neither the worse.
func (f fit) better(g fit) bool {
	return f.name >= g.name && (f.home || !g.home) && f != fit{f.id, g.name, g.home}
}

// New is a finder for the entries of a list.
func New(rule ZIPRule, list []Identity) *Finder {
	f := &Finder{rule: rule, entries: make([]entry, len(list)), by: map[key][]int32{}}
	for i := range list {
		e := &f.entries[i]
		e.form, e.zip = list[i].form(), list[i].zip5()
		for _, s := range e.form.Surnames() {
			k := key{list[i].BirthDate, s}
			if of := f.by[k]; len(of) == 0 || of[len(of)-1] != int32(i) {
				f.by[k] = append(of, int32(i))
			}
		}
	}
	return f
}

// Offer looks for the entries that a person of the registry may be. Each person is offered once.
func (f *Finder) Offer(id int64, who *Identity) {
	if who.BirthDate == 0 {
		return
	}
	form, zip := who.form(), who.zip5()
	for _, s := range form.Surnames() {
		for _, at := range f.by[key{who.BirthDate, s}] {
			e := &f.entries[at]
			known := len(e.fits) > 0 && e.fits[len(e.fits)-1].id == id // by another of the surnames
			home := zip != "" && zip == e.zip
			if !known && e.form.MayBe(&form) && (f.rule == ZIPDecides || home) {
				one := fit{id: id, home: home}
				for _, same := range [...]bool{e.form.First == form.First, e.form.Last == form.Last} {
					if same {
						one.name++
					}
				}
				e.fits = append(e.fits, one)
			}
		}
	}
}

// Found is the person whom an entry of the list is about: who fits it better than everybody else; 0 for nobody.
func (f *Finder) Found(i int) int64 {
	fits := f.entries[i].fits
	at := slices.IndexFunc(fits, func(x fit) bool {
		return !slices.ContainsFunc(fits, func(y fit) bool { return y.id != x.id && !x.better(y) })
	})
	if at < 0 {
		return 0
	}
	return fits[at].id
}
