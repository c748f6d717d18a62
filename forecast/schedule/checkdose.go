package schedule

import (
	"fmt"
	"slices"

	"miic/forecast/cdsi"
)

// bound is a duration by the name of its element.
type bound struct {
	name string
	cdsi.Duration
}

// above reports whether a is longer than b on every calendar. A month has 28 to 31 days, so that "1 month" is not above
// "30 days".
func above(a, b cdsi.Duration) bool {
	if a.Months == b.Months {
		return a.Days > b.Days
	}
	const month, leeway = 30.436875, 3 // n months are within three days of n such months
	return month*float64(a.Months-b.Months)+float64(a.Days)-float64(b.Days) > leeway
}

// ascending refuses bounds, as far as they are given, of which one is above a later one.
func ascending(element string, bounds []bound) error {
	bounds = slices.DeleteFunc(bounds, func(b bound) bool { return !b.Given })
	for i, b := range bounds {
		for _, a := range bounds[:i] {
			if above(a.Duration, b.Duration) {
				return fmt.Errorf("element %s/%s: %s is above %s %s", element, a.name, a.Duration, b.name, b.Duration)
			}
		}
	}
	return nil
}

// window refuses a window of ages that ends before it begins, and names one that no age is in.
func (c *checker) window(place, element, begin, end string, ages cdsi.Ages) error {
	switch {
	case above(ages.Begin, ages.End) && ages.End.Given:
		return fmt.Errorf("element %s/%s: %s is above %s %s", element, begin, ages.Begin, end, ages.End)
	case ages.Begin.Given && ages.Begin == ages.End:
		c.note(place, "element %s: %s and %s are both %s: it holds at no age", element, begin, end, ages.End)
	}
	return nil
}

// days refuses a window of dates that ends before it begins.
func days(element, from, until string, v cdsi.Validity) error {
	if v.From != cdsi.NoDay && v.Until != cdsi.NoDay && v.Until < v.From {
		return fmt.Errorf("element %s/%s: %s is after %s %s", element, from, v.From, until, v.Until)
	}
	return nil
}

func (c *checker) dose(a *cdsi.Antigen, s *cdsi.Series, k int) error {
	d := &s.Doses[k]
	place := fmt.Sprintf("%s dose %d", s.Name, k+1)
	if err := c.ages(place, d.Ages); err != nil {
		return err
	}
	for _, list := range []struct {
		element string
		rows    []cdsi.Interval
	}{{"interval", d.Intervals}, {"allowableInterval", d.Allowable}} {
		for _, iv := range list.rows {
			if err := c.interval(place, list.element, iv, k, s); err != nil {
				return err
			}
		}
	}
	if err := c.products(place, a, d); err != nil {
		return err
	}
	if err := days("seasonalRecommendation", "startDate", "endDate", d.Season); err != nil {
		return err
	}
	for _, sk := range d.Skips {
		if len(sk.Sets) == 0 {
			return fmt.Errorf("element conditionalSkip/set: none")
		}
		for _, set := range sk.Sets {
			if err := c.skipSet(place, a, s, set); err != nil {
				return err
			}
		}
	}
	return nil
}

// ages looks at the age rows of a dose.
func (c *checker) ages(place string, rows []cdsi.AgeRow) error {
	for i, r := range rows {
		if err := ascending("age", []bound{{"absMinAge", r.AbsMin}, {"minAge", r.Min}, {"earliestRecAge", r.EarliestRec},
			{"latestRecAge", r.LatestRec}, {"maxAge", r.Max}}); err != nil {
			return err
		}
		if r.Max.Given && (r.Min.Given && !above(r.Max, r.Min) || r.AbsMin.Given && !above(r.Max, r.AbsMin)) {
			return fmt.Errorf("element age/maxAge: %s is not above the minimum age", r.Max)
		}
		if err := days("age", "effectiveDate", "cessationDate", r.Valid); err != nil {
			return err
		}
		if r.Min.Given != r.AbsMin.Given {
			c.note(place, "age row %d has only one of absolute minimum and minimum", i+1)
		}
		for k, o := range rows[:i] {
			if overlap(o.Valid, r.Valid) {
				c.note(place, "age rows %d and %d hold on the same day: the first counts", k+1, i+1)
			}
		}
	}
	return nil
}

func overlap(a, b cdsi.Validity) bool {
	apart := func(a, b cdsi.Validity) bool {
		return a.Until != cdsi.NoDay && b.From != cdsi.NoDay && a.Until < b.From
	}
	return !apart(a, b) && !apart(b, a)
}

func (c *checker) interval(place, element string, iv cdsi.Interval, k int, s *cdsi.Series) error {
	kinds := 0
	for _, is := range []bool{iv.FromPrevious, iv.FromTarget > 0, len(iv.FromRecent) > 0, iv.FromObservation > 0} {
		if is {
			kinds++
		}
	}
	if kinds != 1 {
		return fmt.Errorf("element %s: it has %d references instead of one", element, kinds)
	}
	if iv.FromTarget > len(s.Doses) {
		return fmt.Errorf("element %s/fromTargetDose: the series has no dose %d", element, iv.FromTarget)
	}
	if iv.FromTarget > k {
		c.note(place, "an interval runs from target dose %d, which does not come before: it imposes nothing until that is "+
			"given", iv.FromTarget)
	}
	for _, cvx := range iv.FromRecent {
		if !c.mapped[cvx] {
			return fmt.Errorf("element %s/fromMostRecent: CVX %02d is not in cvxToAntigenMap", element, cvx)
		}
	}
	if iv.FromObservation > 0 {
		c.observation(place, iv.FromObservation)
	}
	switch {
	case !iv.Min.Given && !iv.AbsMin.Given && element == "interval":
		c.note(place, "an interval has neither minimum: it imposes nothing")
	case !iv.Min.Given && element == "interval":
		c.note(place, "an interval has no minimum: it never puts a forecast off")
	case !iv.AbsMin.Given && element == "interval":
		c.note(place, "an interval has no absolute minimum: it never makes a dose too early")
	}
	if err := ascending(element, []bound{{"absMinInt", iv.AbsMin}, {"minInt", iv.Min}, {"earliestRecInt", iv.EarliestRec},
		{"latestRecInt", iv.LatestRec}}); err != nil {
		return err
	}
	return days(element, "effectiveDate", "cessationDate", iv.Valid)
}

// products looks at the vaccines of a dose.
func (c *checker) products(place string, a *cdsi.Antigen, d *cdsi.SeriesDose) error {
	switch {
	case len(d.Preferable) == 0 && len(d.Allowed) == 0:
		return fmt.Errorf("element preferableVaccine: neither a preferable nor an allowable vaccine, so no dose could count")
	case len(d.Preferable) == 0:
		c.note(place, "no preferable vaccine: doses are evaluated, none is recommended")
	case len(d.Allowed) == 0:
		c.note(place, "no allowable vaccine")
	}
	for i, v := range d.Preferable {
		same := func(o cdsi.Vaccine) bool { return o.CVX == v.CVX }
		if slices.ContainsFunc(d.Preferable[i+1:], same) && !slices.ContainsFunc(d.Preferable[:i], same) {
			c.note(place, "CVX %02d is listed as preferable more than once: any row may match", v.CVX)
		}
	}
	for _, list := range []struct {
		element  string
		vaccines []cdsi.Vaccine
	}{{"preferableVaccine", d.Preferable}, {"allowableVaccine", d.Allowed}} {
		for _, v := range list.vaccines {
			if !c.contains[contained{v.CVX, a.Name}] {
				return fmt.Errorf("element %s/cvx: CVX %02d is not mapped to the antigen", list.element, v.CVX)
			}
			if err := c.window(place, list.element, "beginAge", "endAge", v.Ages); err != nil {
				return fmt.Errorf("CVX %02d: %w", v.CVX, err)
			}
		}
	}
	for _, cvx := range d.Inadvertent {
		if !c.contains[contained{cvx, a.Name}] {
			return fmt.Errorf("element inadvertentVaccine/cvx: CVX %02d is not mapped to the antigen", cvx)
		}
	}
	return nil
}

func (c *checker) skipSet(place string, a *cdsi.Antigen, s *cdsi.Series, set cdsi.SkipSet) error {
	if len(set.Conditions) == 0 {
		return fmt.Errorf("element set/condition: none")
	}
	if err := days("set", "effectiveDate", "cessationDate", set.Valid); err != nil {
		return err
	}
	for _, x := range set.Conditions {
		if err := c.window(place, "condition", "beginAge", "endAge", x.Ages); err != nil {
			return err
		}
		if x.Start != cdsi.NoDay && x.End != cdsi.NoDay && x.End <= x.Start {
			return fmt.Errorf("element condition/startDate: %s is not before endDate %s", x.Start, x.End)
		}
		for _, cvx := range x.CVX {
			if !c.mapped[cvx] {
				return fmt.Errorf("element condition/vaccineTypes: CVX %02d is not in cvxToAntigenMap", cvx)
			}
		}
		for _, g := range x.Groups {
			if g >= s.Group {
				return fmt.Errorf("element condition/seriesGroups: series group %d is not before the series' own, %d", g, s.Group)
			}
			if !slices.ContainsFunc(a.Series, func(o cdsi.Series) bool { return o.Group == g }) {
				c.note(place, "a skip asks for series group %d, which does not exist: it is never complete", g)
			}
		}
	}
	return nil
}
