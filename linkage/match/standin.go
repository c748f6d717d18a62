package match

import "strings"

// standInDays are the days of a year that are written where only the year of birth is known: the first and the last,
// and the middle. Authorities give refugees the first of January.
var standInDays = []string{"-01-01", "-07-01", "-12-31"}

// crowd is how many times as many records as others of its year a day must have to be a stand-in by number, and
// leastCrowd how many records there must be.
const (
	crowd      = 6
	leastCrowd = 50
)

// standIn reports whether a birth date is written where only the year is known.
func (f *forms) standIn(birth symbol) bool {
	if f.crowded[birth] {
		return true
	}
	text := f.text[birth]
	for _, d := range standInDays {
		if strings.HasSuffix(text, d) {
			return true
		}
	}
	return false
}

// countBirths finds the birth dates that far more records have than others of the same year: a sender's own stand-in
// for a date that it does not know.
func (f *forms) countBirths() {
	days, years := map[symbol]int{}, map[string]int{}
	for i := range f.list {
		if b := f.list[i].v[fBirth]; b != 0 {
			days[b]++
			years[f.text[b][:4]]++
		}
	}
	f.crowded = map[symbol]bool{}
	for b, n := range days {
		if n >= leastCrowd && n*365 > crowd*years[f.text[b][:4]] {
			f.crowded[b] = true
		}
	}
}

// ofOneSender reports whether all records are of one sender.
func (f *forms) ofOneSender() bool {
	var first symbol
	for i := range f.list {
		if s := f.list[i].v[fSender]; s != 0 {
			if first != 0 && s != first {
				return false
			}
			first = s
		}
	}
	return true
}
