// Package number knows whose the numbers are by which senders know people.
//
// Senders give the number of a person who left to another person, or mix two people up under one. A new version of
// a number goes to the latest generation it does not contradict; where it contradicts all of them, a generation
// begins. It promises that a version goes to one person's record, whatever the order in which versions come.
package number

import (
	"maps"
	"slices"
	"strings"
	"unicode"

	"miic/internal/name"
	"miic/internal/overlay"
	"miic/internal/table"
)

// A Version is one version of a client number that has had several birth dates or sexes.
type Version struct {
	Sender     string     `col:"sender" doc:"sender"`
	SourceID   string     `col:"source_client_id" doc:"client number"`
	Generation int32      `col:"generation" doc:"as settled on the night it came"`
	SenderTime table.Time `col:"sender_time" doc:"sender's time"`
	BatchID    string     `col:"batch_id" doc:"batch"`
	Line       int64      `col:"line" doc:"line"`
	FirstName  string     `col:"first_name,null" doc:"given name"`
	LastName   string     `col:"last_name,null" doc:"surname"`
	BirthDate  table.Date `col:"birth_date" doc:"birth date"`
	Sex        string     `col:"sex,null" doc:"sex"`
	File       int32      `col:"file_no" doc:"file of the night; 0 for earlier nights"`
	Unit       int64      `col:"unit" doc:"unit"`
}

func (v *Version) facts() overlay.BirthFacts {
	return overlay.BirthFacts{BirthDate: v.BirthDate, Sex: v.Sex}
}

// A TurnedUnit is a version of tonight in which birth date or sex contradict what was reported before.
type TurnedUnit struct {
	File      int32 `col:"file_no" doc:"file of the night"`
	Unit      int64 `col:"unit" doc:"unit"`
	BirthDate bool  `col:"birth_date" doc:"the birth date does"`
	Sex       bool  `col:"sex" doc:"the sex does"`
}

// Turned finds them among the versions of one number. Of two that contradict each other it is the one that came
// tonight. The number of a birth certificate is never another's: an amended one corrects it.
func Turned(versions []Version, generation []int32) []TurnedUnit {
	var list []TurnedUnit
	of := map[int32][]int{}
	for i, g := range generation {
		of[g] = append(of[g], i)
	}
	for _, g := range slices.Sorted(maps.Keys(of)) {
		facts := make([]overlay.BirthFacts, len(of[g]))
		for k, i := range of[g] {
			facts[k] = versions[i].facts()
		}
		for _, t := range overlay.Turns(facts) {
			v := &versions[of[g][t.At]]
			if v.File == 0 && t.At > 0 { // what it contradicts has come late
				v = &versions[of[g][t.At-1]]
			}
			if v.File == 0 {
				continue
			}
			if last := len(list) - 1; last < 0 || list[last].File != v.File || list[last].Unit != v.Unit {
				list = append(list, TurnedUnit{File: v.File, Unit: v.Unit})
			}
			u := &list[len(list)-1]
			u.BirthDate = u.BirthDate ||
				overlay.BirthFacts{BirthDate: t.Before.BirthDate}.Contradicts(overlay.BirthFacts{BirthDate: t.After.BirthDate})
			u.Sex = u.Sex || overlay.BirthFacts{Sex: t.Before.Sex}.Contradicts(overlay.BirthFacts{Sex: t.After.Sex})
		}
	}
	return list
}

// A UnitGeneration is whose a unit of tonight is.
type UnitGeneration struct {
	File       int32 `col:"file_no" doc:"file of the night"`
	Unit       int64 `col:"unit" doc:"unit"`
	Generation int32 `col:"generation" doc:"generation"`
}

// A Tenure is a time in which a number was that of one generation.
type Tenure struct {
	Sender     string     `col:"sender" doc:"sender"`
	SourceID   string     `col:"source_client_id" doc:"client number"`
	From       table.Time `col:"since" doc:"first moment; null for the beginning"`
	Until      table.Time `col:"until" doc:"first moment after it; null for no end"`
	Generation int32      `col:"generation" doc:"generation"`
}

// contradicts reports that two versions of a number cannot be one person: birth dates differ, and so do given
// names, or surnames together with birth years, or, a month and more apart, the sexes (an overlay: two people's
// data on one number). A nickname, a new surname or a corrected birth date or sex alone is still the same person.
func contradicts(a, b *Version) bool {
	if a.BirthDate == b.BirthDate || a.BirthDate == 0 || b.BirthDate == 0 {
		return false
	}
	if namesDiffer(a.FirstName, b.FirstName) {
		return true
	}
	if apart := a.BirthDate - b.BirthDate; max(apart, -apart) > 31 && a.Sex != "" && b.Sex != "" && a.Sex != b.Sex {
		return true
	}
	ya, _, _ := a.BirthDate.YMD()
	yb, _, _ := b.BirthDate.YMD()
	return ya != yb && namesDiffer(a.LastName, b.LastName)
}

// namesDiffer reports two known names without a common beginning of three letters in any word.
func namesDiffer(a, b string) bool {
	if a == "" || b == "" || placeholder(a) || placeholder(b) {
		return false
	}
	words := func(s string) []string {
		return strings.FieldsFunc(strings.ToUpper(s), func(r rune) bool { return !unicode.IsLetter(r) })
	}
	for _, x := range words(a) {
		for _, y := range words(b) {
			n := min(3, len(x), len(y))
			if x[:n] == y[:n] {
				return false
			}
		}
	}
	return true
}

// Settle gives each of tonight's versions of one number its generation: that of the person whom it agrees with,
// else one that it does not contradict. Versions come in the sender's order.
func Settle(versions []Version) []int32 {
	out := make([]int32, len(versions))
	var top int32
	for _, v := range versions {
		if v.File == 0 {
			top = max(top, v.Generation)
		}
	}
	of := map[int32][]*Version{} // what is known of each generation
	for i := range versions {
		if v := &versions[i]; v.File == 0 {
			of[v.Generation] = append(of[v.Generation], v)
		}
	}
	for i := range versions {
		v := &versions[i]
		if v.File == 0 {
			out[i] = v.Generation
			continue
		}
		for _, agree := range []bool{true, false} {
			for g := top; g > 0 && out[i] == 0; g-- {
				for _, known := range of[g] {
					if !contradicts(known, v) && !(agree && known.facts().Contradicts(v.facts())) {
						out[i] = g
						break
					}
				}
			}
		}
		if out[i] == 0 {
			top++
			out[i] = top
		}
		of[out[i]] = append(of[out[i]], v)
	}
	return out
}

// Tenures are the times in which a number was each of its generations', by its versions in the sender's order.
func Tenures(versions []Version, generation []int32) []Tenure {
	var list []Tenure
	for i, g := range generation {
		last := len(list) - 1
		if i > 0 && list[last].Generation == g {
			continue
		}
		t := Tenure{Sender: versions[i].Sender, SourceID: versions[i].SourceID, Generation: g}
		if i > 0 {
			if versions[i].SenderTime == list[last].From {
				list[last].Generation = g
				continue
			}
			t.From, list[last].Until = versions[i].SenderTime, versions[i].SenderTime
		}
		list = append(list, t)
	}
	return list
}

func placeholder(given string) bool {
	is, _ := name.Person{First: given}.Given()
	return is
}
