package schedule

import (
	"fmt"
	"maps"
	"slices"

	"miic/forecast/cdsi"
)

// sources gives which file of a schedule holds what, for errors and notes.
type sources struct {
	common   string            // what concerns all antigens
	antigens map[string]string // by antigen
	lines    map[string]int    // of our text form: where a series begins, by antigen/series
}

// check refuses a schedule that the logic could not evaluate, or that contradicts itself, and names what is odd in one
// that can be evaluated. Elements are called as in CDC's XML, whatever form the schedule has.
func check(s *cdsi.Schedule, from sources) ([]Note, error) {
	c := checker{from: from, contains: map[contained]bool{}, mapped: map[int16]bool{}, observed: map[int16]bool{},
		groups: map[string][]string{}}
	c.file = from.common
	if err := c.common(s); err != nil {
		return nil, fmt.Errorf("%s: %w", from.common, err)
	}
	for i := range s.Antigens {
		a := &s.Antigens[i]
		c.file = from.antigens[a.Name]
		if err := c.antigen(a); err != nil {
			return nil, fmt.Errorf("%s: %w", c.file, err)
		}
	}
	if err := from.checkSeasons(s); err != nil {
		return nil, err
	}
	if _, err := cdsi.NewEngine(s); err != nil {
		return nil, fmt.Errorf("%s and its antigens do not hold together: %w", from.common, err)
	}
	return c.notes, nil
}

// checkSeasons refuses a schedule in which a vaccine group that cannot do without a season has none: it would
// call for a dose every few weeks.
func (from sources) checkSeasons(s *cdsi.Schedule) error {
	rules := lapseRules()
	missing := map[string]error{}
	for i := range s.Antigens {
		a := &s.Antigens[i]
		for k := range a.Series {
			sr := &a.Series[k]
			err, seen := missing[sr.VaccineGrp]
			switch {
			case !rules[sr.VaccineGrp].required || seen && err == nil:
			case len(seasonsOf(sr)) > 0:
				missing[sr.VaccineGrp] = nil
			case !seen:
				place := from.antigens[a.Name]
				if n := from.lines[a.Name+"/"+sr.Name]; n > 0 {
					place = fmt.Sprintf("%s line %d", place, n)
				}
				missing[sr.VaccineGrp] = fmt.Errorf("%s: series %q: element seasonalRecommendation: no dose of group %s has a "+
					"season, and would be called for every few weeks; take the seasons from CDC's release, or write "+
					"\"season from=2026-07-01 until=2027-06-30\", with the season's days, under each dose", place, sr.Name,
					sr.VaccineGrp)
			}
		}
	}
	for _, group := range slices.Sorted(maps.Keys(missing)) {
		if missing[group] != nil {
			return missing[group]
		}
	}
	return nil
}

type contained struct {
	cvx     int16
	antigen string
}

type checker struct {
	from     sources
	contains map[contained]bool
	mapped   map[int16]bool
	observed map[int16]bool
	groups   map[string][]string
	file     string
	notes    []Note
}

func (c *checker) note(place, format string, args ...any) {
	c.notes = append(c.notes, Note{c.file, place, fmt.Sprintf(format, args...)})
}

func (c *checker) observation(place string, code int16) {
	if !c.observed[code] {
		c.note(place, "observation %03d is not in the schedule's list", code)
	}
}

// common looks at what concerns all antigens: groups, antigens and vaccines must know each other.
func (c *checker) common(s *cdsi.Schedule) error {
	switch {
	case len(s.Antigens) == 0:
		return fmt.Errorf("element vaccineGroupToAntigenMap: there is no antigen file")
	case len(s.Groups) == 0:
		return fmt.Errorf("element vaccineGroups: no vaccine group")
	case len(s.Associations) == 0:
		return fmt.Errorf("element cvxToAntigenMap: no vaccine")
	}
	groupOf := map[string]string{}
	for _, g := range s.Groups {
		if _, twice := c.groups[g.Name]; twice {
			return fmt.Errorf("element vaccineGroups: group %q occurs twice", g.Name)
		}
		c.groups[g.Name] = g.Antigens
		for _, a := range g.Antigens {
			if other, twice := groupOf[a]; twice {
				return fmt.Errorf("element vaccineGroupToAntigenMap: antigen %q belongs to the groups %q and %q", a, other, g.Name)
			}
			groupOf[a] = g.Name
			if _, known := c.from.antigens[a]; !known {
				return fmt.Errorf("element vaccineGroupToAntigenMap: group %q holds antigen %q, which has no file", g.Name, a)
			}
		}
	}
	for _, a := range s.Antigens {
		if _, known := groupOf[a.Name]; !known {
			return fmt.Errorf("element vaccineGroupToAntigenMap: antigen %q belongs to no group", a.Name)
		}
	}
	for _, a := range s.Associations {
		if _, known := groupOf[a.Antigen]; !known {
			return fmt.Errorf("element cvxToAntigenMap: CVX %02d contains antigen %q, which has no file", a.CVX, a.Antigen)
		}
		if err := c.window(fmt.Sprintf("CVX %02d", a.CVX), "association", "associationBeginAge", "associationEndAge",
			a.Ages); err != nil {
			return fmt.Errorf("CVX %02d: %w", a.CVX, err)
		}
		c.contains[contained{a.CVX, a.Antigen}], c.mapped[a.CVX] = true, true
	}
	for _, x := range s.Conflicts {
		if !x.Begin.Given || !x.MinEnd.Given || !x.End.Given {
			return fmt.Errorf("element liveVirusConflicts: CVX %02d then %02d lacks an interval", x.Previous, x.Current)
		}
		if err := ascending("liveVirusConflict",
			[]bound{{"conflictBeginInterval", x.Begin}, {"minConflictEndInterval", x.MinEnd},
				{"conflictEndInterval", x.End}}); err != nil {
			return fmt.Errorf("CVX %02d then %02d: %w", x.Previous, x.Current, err)
		}
	}
	for _, o := range s.Observations {
		c.observed[o.Code] = true
	}
	return nil
}

func (c *checker) antigen(a *cdsi.Antigen) error {
	for _, x := range a.Contraindications {
		c.observation("contraindications", x.Code)
		if err := c.window("contraindications", "contraindication", "beginAge", "endAge", x.Ages); err != nil {
			return fmt.Errorf("observation %03d: %w", x.Code, err)
		}
	}
	for _, x := range a.VaccineContra {
		c.observation("contraindications", x.Code)
		if err := c.window("contraindications", "contraindicatedVaccine", "beginAge", "endAge", x.Ages); err != nil {
			return fmt.Errorf("observation %03d: %w", x.Code, err)
		}
		if !c.mapped[x.CVX] {
			return fmt.Errorf("observation %03d: element contraindicatedVaccine/cvx: CVX %02d is not in cvxToAntigenMap", x.Code,
				x.CVX)
		}
		if !c.contains[contained{x.CVX, a.Name}] {
			c.note("contraindications", "CVX %02d is contraindicated and does not contain the antigen: it means nothing", x.CVX)
		}
	}
	if len(a.Series) == 0 {
		return fmt.Errorf("element series: antigen %s has none", a.Name)
	}
	c.defaults(a)
	defaults := map[string]string{}
	names := map[string]bool{}
	for i := range a.Series {
		s := &a.Series[i]
		where := fmt.Sprintf("series %q", s.Name)
		if names[s.Name] {
			c.note(s.Name, "another series of the antigen has the same name")
		}
		names[s.Name] = true
		if err := c.series(a, s); err != nil {
			return fmt.Errorf("%s: %w", where, err)
		}
		if !s.Default {
			continue
		}
		for _, sex := range []cdsi.Sex{cdsi.Unknown, cdsi.Female, cdsi.Male} {
			if len(s.Sexes) > 0 && !slices.Contains(s.Sexes, sex) {
				continue
			}
			key := fmt.Sprint(s.Group, " ", sex)
			if other, twice := defaults[key]; twice {
				return fmt.Errorf("%s: element defaultSeries: series group %d already has %q as its default", where, s.Group, other)
			}
			defaults[key] = s.Name
		}
	}
	return nil
}

func (c *checker) series(a *cdsi.Antigen, s *cdsi.Series) error {
	if !slices.Contains(c.groups[s.VaccineGrp], a.Name) {
		return fmt.Errorf("element vaccineGroup: group %q does not hold the antigen", s.VaccineGrp)
	}
	if s.Group < 1 {
		return fmt.Errorf("element seriesGroup: no series group")
	}
	if s.Type == cdsi.Risk && len(s.Indications) == 0 {
		return fmt.Errorf("element indication: a risk series without one is never relevant")
	}
	if s.Type != cdsi.Risk && len(s.Indications) > 0 {
		c.note(s.Name, "indications of a series that is no risk series: they mean nothing")
	}
	if len(s.Doses) == 0 {
		return fmt.Errorf("element seriesDose: no dose")
	}
	if slices.Contains(s.Sexes, cdsi.Female) != slices.Contains(s.Sexes, cdsi.Unknown) {
		c.note(s.Name, "its sexes are neither all, nor Male, nor Female with Unknown")
	}
	if s.Preference == 0 {
		c.note(s.Name, "no preference: ranked last")
	}
	if err := c.window(s.Name, "selectSeries", "minAgeToStart", "maxAgeToStart", s.Start); err != nil {
		return err
	}
	for _, x := range s.Indications {
		c.observation(s.Name, x.Code)
		if err := c.window(s.Name, "indication", "beginAge", "endAge", x.Ages); err != nil {
			return fmt.Errorf("observation %03d: %w", x.Code, err)
		}
	}
	for _, g := range s.Equivalent {
		if !slices.ContainsFunc(a.Series, func(o cdsi.Series) bool { return o.Group == g }) {
			c.note(s.Name, "equivalent series group %d does not exist", g)
		}
	}
	for k := range s.Doses {
		if err := c.dose(a, s, k); err != nil {
			return fmt.Errorf("dose %d: %w", k+1, err)
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
