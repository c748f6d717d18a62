package schedule

import (
	"cmp"
	"slices"
	"strings"

	"miic/forecast/cdsi"
)

// normalise puts the parts whose order means nothing into one order, so that equal data is equal text. The order of
// series, doses, age rows, intervals and skips stays.
func normalise(s *cdsi.Schedule) {
	slices.SortFunc(s.Antigens, func(a, b cdsi.Antigen) int {
		return cmp.Compare(strings.ToLower(a.Name),
			strings.ToLower(b.Name))
	})
	slices.SortFunc(s.Groups, func(a, b cdsi.VaccineGroup) int {
		return cmp.Compare(strings.ToLower(a.Name),
			strings.ToLower(b.Name))
	})
	slices.SortFunc(s.Associations, func(a, b cdsi.Association) int {
		return cmp.Or(cmp.Compare(a.CVX, b.CVX), cmp.Compare(a.Antigen, b.Antigen), compareAges(a.Ages, b.Ages))
	})
	slices.SortFunc(s.Conflicts, func(a, b cdsi.Conflict) int {
		return cmp.Or(cmp.Compare(a.Previous, b.Previous), cmp.Compare(a.Current, b.Current))
	})
	slices.SortFunc(s.Observations, func(a, b cdsi.ObservationCode) int { return cmp.Compare(a.Code, b.Code) })
	for i := range s.Observations {
		slices.SortFunc(s.Observations[i].Codes, func(a, b cdsi.CodedValue) int {
			return cmp.Or(cmp.Compare(a.System, b.System), cmp.Compare(a.Code, b.Code))
		})
		s.Observations[i].Codes = slices.Compact(s.Observations[i].Codes)
	}
	for i := range s.Antigens {
		a := &s.Antigens[i]
		slices.Sort(a.ImmuneHistory)
		for j := range a.ImmuneBirth {
			slices.Sort(a.ImmuneBirth[j].Except)
		}
		compareIndication := func(x, y cdsi.Indication) int {
			return cmp.Or(cmp.Compare(x.Code, y.Code), compareAges(x.Ages, y.Ages))
		}
		slices.SortFunc(a.Contraindications, compareIndication)
		a.Contraindications = slices.Compact(a.Contraindications)
		slices.SortFunc(a.VaccineContra, func(x, y cdsi.VaccineContraindication) int {
			return cmp.Or(cmp.Compare(x.Code, y.Code), compareAges(x.Ages, y.Ages), cmp.Compare(x.CVX, y.CVX))
		})
		a.VaccineContra = slices.Compact(a.VaccineContra)
		for j := range a.Series {
			sr := &a.Series[j]
			slices.Sort(sr.Sexes)
			slices.Sort(sr.Equivalent)
			slices.SortFunc(sr.Indications, compareIndication)
			sr.Indications = slices.Compact(sr.Indications)
			for k := range sr.Doses {
				d := &sr.Doses[k]
				slices.SortFunc(d.Preferable, compareVaccines)
				d.Preferable = slices.Compact(d.Preferable)
				slices.SortFunc(d.Allowed, compareVaccines)
				d.Allowed = slices.Compact(d.Allowed)
				slices.Sort(d.Inadvertent)
				d.Inadvertent = slices.Compact(d.Inadvertent)
			}
		}
	}
}

func compareDurations(a, b cdsi.Duration) int {
	given := func(u cdsi.Duration) int {
		if u.Given {
			return 1
		}
		return 0
	}
	return cmp.Or(cmp.Compare(given(a), given(b)), cmp.Compare(a.Months, b.Months), cmp.Compare(a.Days, b.Days))
}

func compareAges(a, b cdsi.Ages) int {
	return cmp.Or(compareDurations(a.Begin, b.Begin), compareDurations(a.End, b.End))
}

// compareVaccines orders by everything but the code first, so that codes with the same facts share a line.
func compareVaccines(a, b cdsi.Vaccine) int {
	named := func(v cdsi.Vaccine) int {
		if v.Forecast {
			return 0
		}
		return 1
	}
	return cmp.Or(compareAges(a.Ages, b.Ages), cmp.Compare(named(a), named(b)), cmp.Compare(a.TradeName, b.TradeName),
		cmp.Compare(a.MVX, b.MVX), cmp.Compare(a.Volume, b.Volume), cmp.Compare(a.CVX, b.CVX))
}
