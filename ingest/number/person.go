package number

import (
	"miic/internal/name"
	"miic/internal/overlay"
)

// contradicts reports that two versions of a number cannot be one person: birth dates differ, and so do given
// names, or surnames together with birth years, or, a month and more apart, the sexes (an overlay: two people's
// data on one number); or everything but the birth date does. A nickname, a new surname or a corrected birth date or sex alone is still the same person.
func contradicts(a, b *Version) bool {
	if givenDiffer(a, b) && surnamesDiffer(a, b) &&
		(overlay.BirthFacts{Sex: a.Sex}).Contradicts(overlay.BirthFacts{Sex: b.Sex}) {
		return true
	}
	if a.BirthDate == b.BirthDate || a.BirthDate == 0 || b.BirthDate == 0 {
		return false
	}
	if givenDiffer(a, b) {
		return true
	}
	if apart := a.BirthDate - b.BirthDate; max(apart, -apart) > 31 && a.Sex != "" && b.Sex != "" && a.Sex != b.Sex {
		return true
	}
	ya, _, _ := a.BirthDate.YMD()
	yb, _, _ := b.BirthDate.YMD()
	return ya != yb && surnamesDiffer(a, b)
}

// Alike reports that two versions are of one person as far as birth date, sex and names can say: that is what it takes
// to carry anything from one record to another. Birth dates are equal or a slip apart, the sexes do not contradict each
// other, and given name and surname have something in common. Where a newborn has no given name yet, birth date and
// sex must be known and equal.
func Alike(a, b *Version) bool {
	if a.BirthDate == 0 || b.BirthDate == 0 || a.facts().Contradicts(b.facts()) ||
		!a.surnamed() || !b.surnamed() || !common(a.LastName, b.LastName) {
		return false
	}
	if a.named() && b.named() {
		return common(a.FirstName, b.FirstName)
	}
	return a.BirthDate == b.BirthDate && a.Sex != "" && a.Sex == b.Sex
}

// named reports a given name that is one.
func (v *Version) named() bool {
	none, _ := name.Person{First: v.FirstName, Last: v.LastName}.Given()
	return v.FirstName != "" && !none
}

func (v *Version) surnamed() bool {
	return v.LastName != "" && !name.Person{First: v.FirstName, Last: v.LastName}.Surname()
}

// givenDiffer reports two known given names with nothing in common.
func givenDiffer(a, b *Version) bool {
	return a.named() && b.named() && !common(a.FirstName, b.FirstName)
}

func surnamesDiffer(a, b *Version) bool {
	return a.surnamed() && b.surnamed() && !common(a.LastName, b.LastName)
}

// common reports names with a common beginning of three letters in any word.
func common(a, b string) bool {
	for _, x := range name.Words(a) {
		for _, y := range name.Words(b) {
			n := min(3, len(x), len(y))
			if x[:n] == y[:n] {
				return true
			}
		}
	}
	return false
}
