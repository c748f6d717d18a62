package visit

import (
	"cmp"
	"maps"
	"slices"

	"miic/forecast/cdsi"
)

// A Turn is a day of birth at which what the schedule says of a vaccine group on a night may change: who is born on that day or
// later is on the other side.
type Turn struct {
	Group string
	Born  cdsi.Day
}

// Turns are the days of birth at which the status of each group may change on a night: ages at which a series begins, a dose is
// no longer needed or can no longer be given, and years of birth that count as immune. From which day a dose is due is no turn.
func Turns(s *cdsi.Schedule, night cdsi.Day) []Turn {
	of := s.GroupOf()
	seen := map[Turn]bool{}
	for i := range s.Antigens {
		a := &s.Antigens[i]
		for _, b := range a.ImmuneBirth {
			seen[Turn{of[a.Name], b.Before}] = true
		}
		for _, age := range ages(a) {
			if age.Given && (age.Months > 0 || age.Days > 0) {
				seen[Turn{of[a.Name], firstYounger(age, night)}] = true
			}
		}
	}
	return slices.SortedFunc(maps.Keys(seen), func(a, b Turn) int {
		return cmp.Or(cmp.Compare(a.Group, b.Group), cmp.Compare(a.Born, b.Born))
	})
}

// ages are those at which the status of a series of an antigen may change.
func ages(a *cdsi.Antigen) []cdsi.Duration {
	var list []cdsi.Duration
	add := func(v cdsi.Ages) { list = append(list, v.Begin, v.End) }
	for _, c := range a.Contraindications {
		add(c.Ages)
	}
	for _, c := range a.VaccineContra {
		add(c.Ages)
	}
	for i := range a.Series {
		one := &a.Series[i]
		add(one.Start)
		for _, c := range one.Indications {
			add(c.Ages)
		}
		for j := range one.Doses {
			for _, row := range one.Doses[j].Ages {
				list = append(list, row.Max)
			}
			for _, skip := range one.Doses[j].Skips {
				for _, set := range skip.Sets {
					for _, c := range set.Conditions {
						if c.Type == cdsi.ByAge {
							add(c.Ages)
						}
					}
				}
			}
		}
	}
	return list
}

// firstYounger is the first day of birth of those who have not come to an age on a night.
func firstYounger(age cdsi.Duration, night cdsi.Day) cdsi.Day {
	back := age
	back.Months, back.Days = -back.Months, -back.Days
	born := night.Add(back) - 5
	for born.Add(age) <= night {
		born++
	}
	return born
}
