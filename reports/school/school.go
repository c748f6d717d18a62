// Package school answers rosters of schools, child care and camps: whom the registry knows, the doses, how each student
// stands to the law, and the tallies of the annual report.
//
// It promises that a student's own numbers come back untouched; that the tallies add up to the enrolment; and that a
// student who may be in no output looks exactly like one whom the registry does not know, with nobody offered instead.
package school
