package shell

import (
	"fmt"
	"slices"

	"miic/forecast"
	"miic/forecast/cdsi"
	"miic/reports/footnote"
	"miic/reports/measure"
	"miic/reports/outcome"
	"miic/reports/population"
)

// KnownToMeasures is what a measure of the site may name.
func (c *Config) KnownToMeasures() (measure.Known, error) {
	schedule, err := forecast.LoadSchedule(c.Forecast)
	if err != nil {
		return measure.Known{}, fmt.Errorf("forecast: %w", err)
	}
	return knownOf(schedule), nil
}

func knownOf(schedule *cdsi.Schedule) measure.Known {
	var k measure.Known
	for _, g := range schedule.Groups {
		k.Groups = append(k.Groups, measure.Group{Name: g.Name, Antigens: g.Antigens})
	}
	for _, m := range forecast.Milestones() {
		k.Kept = append(k.Kept, measure.Kept{At: measure.Age{Months: int(m.Months)}, Until: measure.Age{Months: int(m.Until)}})
	}
	return k
}

// AllMeasures are the measures that come with the program and the site's, and what is wrong with files of the site: those define
// nothing.
func (c *Config) AllMeasures() (list []measure.Measure, faults []string, err error) {
	known, err := c.KnownToMeasures()
	if err != nil {
		return nil, nil, err
	}
	return measure.Load(c.Measures, known)
}

// readMeasures reads the measures for a night. A file with a fault is named on the page, and the others' measures are counted.
func (c *Config) readMeasures() (err error) {
	schedule, err := forecast.LoadSchedule(c.Forecast)
	if err != nil {
		return fmt.Errorf("forecast: %w", err)
	}
	c.Reports.Schedule, c.Reports.DoseGroups = knownOf(schedule), DoseGroups(schedule)
	if c.Reports.Measures, c.Reports.MeasureFaults, err = measure.Load(c.Measures, c.Reports.Schedule); err != nil {
		return err
	}
	return c.readBeside()
}

// readBeside reads what stands beside figures of coverage: populations and footnotes. What is wrong with them is named on the
// page, and figures go without.
func (c *Config) readBeside() error {
	known := footnote.Known{Counties: c.Reports.Counties}
	for _, m := range c.Reports.Measures {
		known.Measures = append(known.Measures, m.ID)
	}
	var faults []string
	var err error
	c.Reports.Populations, c.Reports.Unused = population.Load(c.Populations, c.Reports.Counties)
	c.Reports.Footnotes, faults, err = footnote.Load(c.Footnotes, known)
	c.Reports.Unused = append(c.Reports.Unused, faults...)
	return err
}

// DoseGroups lists the vaccine groups of each vaccine.
func DoseGroups(s *cdsi.Schedule) []outcome.Group {
	of := s.GroupOf()
	var list []outcome.Group
	for _, a := range s.Associations {
		if g := (outcome.Group{CVX: a.CVX, Group: of[a.Antigen]}); g.Group != "" && !slices.Contains(list, g) {
			list = append(list, g)
		}
	}
	return list
}
