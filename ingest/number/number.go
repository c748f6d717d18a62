// Package number knows whose the numbers are by which senders know people.
//
// A number is one of the organisation that gave it: equal numbers of two organisations are of two people until the
// people are alike. Senders also give the number of a person who left to another person, or mix two people up under
// one. A new version of a number goes to the latest generation of its organisation that it does not contradict; where
// it contradicts all of them, a generation begins. Nothing goes from a record of one organisation, or of none, to that
// of another but by the likeness of the two people. Read namespace.go (which spellings are one organisation), this file
// (whose version a version is), then dose.go (whose dose an id of a dose is).
package number

import (
	"maps"
	"slices"

	"miic/internal/overlay"
	"miic/internal/table"
)

// A Version is one version of a client number that has had several birth dates, sexes, names or namespaces.
type Version struct {
	Sender     string     `col:"sender" doc:"sender"`
	SourceID   string     `col:"source_client_id" doc:"client number"`
	Namespace  string     `col:"namespace" doc:"the organisation that gave it; empty where the sender does not say"`
	Generation int32      `col:"generation" doc:"as settled on the night it came"`
	Follows    int32      `col:"follows" doc:"the generation before it; 0 where that is not recorded"`
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

// Nobody is whom the first person follows that an organisation has had under a number.
const Nobody = -1

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
func Turned(versions []Version, settled []UnitGeneration) []TurnedUnit {
	var list []TurnedUnit
	of := map[int32][]int{}
	for i, u := range settled {
		of[u.Generation] = append(of[u.Generation], i)
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
	Follows    int32 `col:"follows" doc:"the generation before it; 0 for the one before, -1 for nobody"`
}

// A Tenure is a time in which a number was that of one generation, for those who name that namespace.
type Tenure struct {
	Sender     string     `col:"sender" doc:"sender"`
	SourceID   string     `col:"source_client_id" doc:"client number"`
	Namespace  string     `col:"namespace" doc:"the organisation that gave it; empty for who does not say"`
	From       table.Time `col:"since" doc:"first moment; null for the beginning"`
	Until      table.Time `col:"until" doc:"first moment after it; null for no end"`
	Generation int32      `col:"generation" doc:"generation"`
}

// Settle gives each of tonight's versions of one number its generation. Versions come in the sender's order.
//
// It is that of the person whom it is like, in its own namespace before those without one. Within its namespace it is
// else one whom it agrees with, or does not contradict: one organisation seldom gives a number again, and people
// change. Between namespaces, and where only one of two versions has one, likeness alone decides: so what was stored
// before senders said who had given a number keeps its people, and a namespace in a new spelling takes them along.
func Settle(versions []Version) []UnitGeneration {
	out := make([]UnitGeneration, len(versions))
	all := generations{of: map[int32][]*Version{}}
	for i := range versions {
		if v := &versions[i]; v.File == 0 {
			all.add(v.Generation, v)
		}
	}
	for i := range versions {
		v := &versions[i]
		if v.File > 0 {
			if g := all.whose(v); g > 0 {
				v.Generation, v.Follows = g, all.of[g][0].Follows
			} else {
				v.Generation, v.Follows = all.top+1, all.last(v.Namespace)
			}
			all.add(v.Generation, v)
		}
		out[i] = UnitGeneration{File: v.File, Unit: v.Unit, Generation: v.Generation, Follows: v.Follows}
	}
	return out
}

// generations are those of one number, with what is known of each.
type generations struct {
	of  map[int32][]*Version
	top int32
}

func (all *generations) add(g int32, v *Version) {
	all.of[g] = append(all.of[g], v)
	all.top = max(all.top, g)
}

// whose is the generation of the person whom a version is about, or 0 where that is nobody known.
func (all *generations) whose(v *Version) int32 {
	own := func(g int32) bool { return all.has(g, v.Namespace) }
	none := func(g int32) bool { return v.Namespace != "" && all.only(g, "") }
	other := func(g int32) bool { return !own(g) && !none(g) }
	alike := func(known *Version) bool { return Alike(known, v) }
	for _, step := range []struct {
		where func(int32) bool
		fits  func(known *Version) bool
	}{
		{own, alike}, {none, alike},
		{own, func(known *Version) bool { return !contradicts(known, v) && !known.facts().Contradicts(v.facts()) }},
		{own, func(known *Version) bool { return !contradicts(known, v) }},
		{other, alike},
	} {
		for g := all.top; g > 0; g-- {
			if len(all.of[g]) > 0 && step.where(g) && slices.ContainsFunc(all.of[g], step.fits) {
				return g
			}
		}
	}
	return 0
}

func (all *generations) has(g int32, namespace string) bool {
	return slices.ContainsFunc(all.of[g], func(v *Version) bool { return v.Namespace == namespace })
}

func (all *generations) only(g int32, namespace string) bool {
	return !slices.ContainsFunc(all.of[g], func(v *Version) bool { return v.Namespace != namespace })
}

// last is the latest generation of a namespace, or nobody.
func (all *generations) last(namespace string) int32 {
	for g := all.top; g > 0; g-- {
		if all.has(g, namespace) {
			return g
		}
	}
	return Nobody
}

// Tenures are the times in which a number was each of its generations', by its versions in the sender's order. Where
// it is a number of several organisations, each has its own, and for who does not say which there are none but those of
// the people of whom the sender did not say it either.
func Tenures(versions []Version, settled []UnitGeneration) []Tenure {
	all := generations{of: map[int32][]*Version{}}
	spaces := map[string]bool{"": true}
	for i := range versions {
		all.add(settled[i].Generation, &versions[i])
		spaces[versions[i].Namespace] = true
	}
	unsaid := slices.ContainsFunc(versions, func(v Version) bool { return v.Namespace == "" })
	var list []Tenure
	for _, space := range slices.Sorted(maps.Keys(spaces)) {
		if space == "" && !unsaid && len(spaces) > 2 {
			continue
		}
		from := len(list)
		for i := range versions {
			g := settled[i].Generation
			if (space != "" || unsaid) && !all.has(g, space) {
				continue
			}
			last := len(list) - 1
			if last >= from && list[last].Generation == g {
				continue
			}
			t := Tenure{Sender: versions[i].Sender, SourceID: versions[i].SourceID, Namespace: space, Generation: g}
			if last >= from {
				if versions[i].SenderTime == list[last].From {
					list[last].Generation = g
					continue
				}
				t.From, list[last].Until = versions[i].SenderTime, versions[i].SenderTime
			}
			list = append(list, t)
		}
	}
	return list
}
