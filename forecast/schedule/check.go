package schedule

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"miic/forecast/cdsi"
)

// normalise puts the parts whose order means nothing into one order, so that equal data is equal text. The order of
// series, doses, age rows, intervals and skips stays.
func normalise(s *cdsi.Schedule) {
	slices.SortFunc(s.Antigens, func(a, b cdsi.Antigen) int { return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	slices.SortFunc(s.Groups, func(a, b cdsi.VaccineGroup) int { return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
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

// check refuses a schedule that the logic could not evaluate, and names what is odd in one that it can.
func check(s *cdsi.Schedule) ([]Note, error) {
	if len(s.Antigens) == 0 || len(s.Groups) == 0 || len(s.Associations) == 0 {
		return nil, fmt.Errorf("schedule %s is incomplete: %d antigens, %d vaccine groups, %d vaccines mapped to antigens",
			s.Version, len(s.Antigens), len(s.Groups), len(s.Associations))
	}
	c := checker{contains: map[contained]bool{}, observed: map[int16]bool{}, groups: map[string][]string{}}
	for _, a := range s.Associations {
		c.contains[contained{a.CVX, a.Antigen}] = true
	}
	for _, o := range s.Observations {
		c.observed[o.Code] = true
	}
	for _, g := range s.Groups {
		c.groups[g.Name] = g.Antigens
	}
	for i := range s.Antigens {
		if err := c.antigen(&s.Antigens[i]); err != nil {
			return nil, err
		}
	}
	if _, err := cdsi.NewEngine(s); err != nil {
		return nil, fmt.Errorf("schedule %s does not hold together: %w", s.Version, err)
	}
	return c.notes, nil
}

type contained struct {
	cvx     int16
	antigen string
}

type checker struct {
	contains map[contained]bool
	observed map[int16]bool
	groups   map[string][]string
	notes    []Note
	antigenN string
}

func (c *checker) note(place, format string, args ...any) {
	c.notes = append(c.notes, Note{c.antigenN, place, fmt.Sprintf(format, args...)})
}

func (c *checker) observation(place string, code int16) {
	if !c.observed[code] {
		c.note(place, "observation %03d is not in the schedule's list", code)
	}
}

func (c *checker) antigen(a *cdsi.Antigen) error {
	c.antigenN = a.Name
	for _, x := range a.Contraindications {
		c.observation("contraindications", x.Code)
	}
	for _, x := range a.VaccineContra {
		c.observation("contraindications", x.Code)
	}
	if len(a.Series) == 0 {
		return fmt.Errorf("antigen %s has no series", a.Name)
	}
	c.defaults(a)
	defaults := map[string]string{}
	names := map[string]bool{}
	for i := range a.Series {
		s := &a.Series[i]
		where := fmt.Sprintf("antigen %s: series %q", a.Name, s.Name)
		if names[s.Name] {
			c.note(s.Name, "another series of the antigen has the same name")
		}
		names[s.Name] = true
		if !slices.Contains(c.groups[s.VaccineGrp], a.Name) {
			return fmt.Errorf("%s: vaccine group %q does not hold the antigen", where, s.VaccineGrp)
		}
		if s.Group < 1 {
			return fmt.Errorf("%s: it belongs to no series group", where)
		}
		if s.Type == cdsi.Risk && len(s.Indications) == 0 {
			c.note(s.Name, "risk series without an indication: never relevant")
		}
		if s.Preference == 0 {
			c.note(s.Name, "no preference: ranked last")
		}
		for _, x := range s.Indications {
			c.observation(s.Name, x.Code)
		}
		if s.Default {
			for _, sex := range []cdsi.Sex{cdsi.Unknown, cdsi.Female, cdsi.Male} {
				if len(s.Sexes) > 0 && !slices.Contains(s.Sexes, sex) {
					continue
				}
				key := fmt.Sprint(s.Group, " ", sex)
				if other, twice := defaults[key]; twice {
					return fmt.Errorf("%s: series group %d already has %q as its default", where, s.Group, other)
				}
				defaults[key] = s.Name
			}
		}
		for _, g := range s.Equivalent {
			if !slices.ContainsFunc(a.Series, func(o cdsi.Series) bool { return o.Group == g }) {
				c.note(s.Name, "equivalent series group %d does not exist", g)
			}
		}
		for k := range s.Doses {
			if err := c.dose(a, s, k); err != nil {
				return fmt.Errorf("%s: dose %d: %w", where, k+1, err)
			}
		}
	}
	return nil
}

// defaults notes the series groups that have no default series.
func (c *checker) defaults(a *cdsi.Antigen) {
	has, order := map[int]bool{}, []int{}
	for _, s := range a.Series {
		if _, seen := has[s.Group]; !seen {
			order = append(order, s.Group)
		}
		has[s.Group] = has[s.Group] || s.Default
	}
	for _, g := range order {
		if !has[g] {
			c.note(fmt.Sprintf("series group %d", g), "no default series: without a candidate nothing is forecast")
		}
	}
}

func (c *checker) dose(a *cdsi.Antigen, s *cdsi.Series, k int) error {
	d := &s.Doses[k]
	place := fmt.Sprintf("%s dose %d", s.Name, k+1)
	for _, list := range [][]cdsi.Interval{d.Intervals, d.Allowable} {
		for i, iv := range list {
			kinds := 0
			for _, is := range []bool{iv.FromPrevious, iv.FromTarget > 0, len(iv.FromRecent) > 0, iv.FromObservation > 0} {
				if is {
					kinds++
				}
			}
			if kinds != 1 {
				return fmt.Errorf("interval %d has %d references instead of one", i+1, kinds)
			}
			if iv.FromTarget > k {
				c.note(place, "interval %d runs from target dose %d, which does not come before: it imposes nothing until that is given", i+1, iv.FromTarget)
			}
			if iv.FromObservation > 0 {
				c.observation(place, iv.FromObservation)
			}
		}
	}
	for i, r := range d.Ages {
		if r.Min.Given != r.AbsMin.Given {
			c.note(place, "age row %d has only one of absolute minimum and minimum", i+1)
		}
	}
	if len(d.Preferable) == 0 {
		c.note(place, "no preferable vaccine: doses are evaluated, none is recommended")
	}
	for i, v := range d.Preferable {
		before := func(o cdsi.Vaccine) bool { return o.CVX == v.CVX }
		if slices.ContainsFunc(d.Preferable[i+1:], before) && !slices.ContainsFunc(d.Preferable[:i], before) {
			c.note(place, "CVX %02d is listed as preferable more than once: any row may match", v.CVX)
		}
	}
	if len(d.Allowed) == 0 {
		c.note(place, "no allowable vaccine")
	}
	for _, v := range slices.Concat(d.Preferable, d.Allowed) {
		if !c.contains[contained{v.CVX, a.Name}] {
			c.note(place, "CVX %02d is not mapped to the antigen", v.CVX)
		}
	}
	for _, sk := range d.Skips {
		for _, set := range sk.Sets {
			if len(set.Conditions) == 0 {
				return fmt.Errorf("a skip set has no condition")
			}
		}
	}
	return nil
}
