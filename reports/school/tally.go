package school

import (
	"cmp"
	"fmt"
	"slices"

	"miic/internal/table"
)

// A part of the students: a grade, or in child care an age band.
type part struct {
	name     string
	place    int // among the parts
	students []*Answer
}

// parts lists the students by grade in the order of the grades, those of child care by age band, and last those of whom
// neither is known. Each is in exactly one.
func parts(list []Answer, day table.Date) []part {
	var all []part
	for i := range list {
		a := &list[i]
		p := part{name: a.Entry.Grade, place: slices.Index(Grades, a.Entry.Grade)}
		if a.Law != nil && a.Law.For == ForChildCare {
			p = part{name: "of another age", place: -1}
			if row, _ := a.row(day); row != nil {
				p = part{name: row.Who, place: slices.IndexFunc(a.Law.Rows, func(r Row) bool { return r.Who == row.Who }) - 100}
			}
		} else if p.place < 0 {
			p = part{name: "not told", place: len(Grades)}
		}
		at := slices.IndexFunc(all, func(o part) bool { return o.name == p.name })
		if at < 0 {
			all, at = append(all, p), len(all)
		}
		all[at].students = append(all[at].students, a)
	}
	slices.SortFunc(all, func(a, b part) int { return cmp.Compare(a.place, b.place) })
	return all
}

// tallies are those of the annual report: of each grade and vaccine how many students have which status. The statuses of a
// row add up to the enrolment.
func tallies(list []Answer, day table.Date) ([]string, [][]string) {
	header := []string{"grade", "vaccine", "enrolment"}
	for _, s := range Statuses {
		header = append(header, string(s))
	}
	var rows [][]string
	for _, p := range parts(list, day) {
		for _, law := range lawsOf(p.students) {
			for _, v := range law.Vaccines {
				counts := map[Status]int{}
				for _, a := range p.students {
					counts[a.status(v.ID)]++
				}
				if counts[NotRequired] == len(p.students) {
					continue
				}
				row := []string{p.name, v.Name, fmt.Sprint(len(p.students))}
				for _, s := range Statuses {
					row = append(row, fmt.Sprint(counts[s]))
				}
				rows = append(rows, row)
			}
		}
	}
	return header, rows
}

func lawsOf(students []*Answer) []*Law {
	var list []*Law
	for _, a := range students {
		if a.Law != nil && !slices.Contains(list, a.Law) {
			list = append(list, a.Law)
		}
	}
	return list
}

// status is how the student stands to a vaccine of the law.
func (a *Answer) status(vaccine string) Status {
	for _, v := range a.Verdicts {
		if v.Vaccine == vaccine {
			return v.Status
		}
	}
	return Unknown
}

// summary is how many students of each grade were matched, and how they stand to all that the law asks of them. The
// columns from complete to unknown add up to the enrolment.
func summary(list []Answer, day table.Date) ([]string, [][]string) {
	header := []string{"grade", "enrolment", "match sure", "match possible", "match none", "complete or exempt in all",
		"in progress", "overdue", "unknown", "exempt from all: medical", "exempt from all: non-medical", "letters"}
	var rows [][]string
	for _, p := range parts(list, day) {
		class, stand, exempt, letters := map[Class]int{}, map[Status]int{}, map[Status]int{}, 0
		for _, a := range p.students {
			class[a.Class]++
			stand[a.worst()]++
			exempt[a.exemptFromAll()]++
			if a.getsLetter() {
				letters++
			}
		}
		row := []string{p.name}
		for _, n := range []int{len(p.students), class[Sure], class[Possible], class[None], stand[Complete], stand[InProgress],
			stand[Overdue], stand[Unknown], exempt[ExemptMedical], exempt[ExemptNonMedical], letters} {
			row = append(row, fmt.Sprint(n))
		}
		rows = append(rows, row)
	}
	return header, rows
}

// worst is how a student stands to all vaccines together.
func (a *Answer) worst() Status {
	if a.Law == nil {
		return Unknown
	}
	for _, s := range []Status{Overdue, Unknown, InProgress} {
		if slices.ContainsFunc(a.Verdicts, func(v Verdict) bool { return v.Status == s }) {
			return s
		}
	}
	return Complete
}

// exemptFromAll is the exemption that a student has from all that the law asks for; empty where there is none from all.
func (a *Answer) exemptFromAll() Status {
	var all Status
	for _, v := range a.Verdicts {
		switch {
		case v.Status == NotRequired:
		case v.Status != ExemptMedical && v.Status != ExemptNonMedical, all != "" && v.Status != all:
			return ""
		default:
			all = v.Status
		}
	}
	return all
}
