package shell

import (
	"fmt"

	"miic/forecast"
	"miic/reports/measure"
)

// KnownToMeasures is what a measure of the site may name.
func (c *Config) KnownToMeasures() (measure.Known, error) {
	schedule, err := forecast.LoadSchedule(c.Forecast)
	if err != nil {
		return measure.Known{}, fmt.Errorf("forecast: %w", err)
	}
	var k measure.Known
	for _, g := range schedule.Groups {
		k.Groups = append(k.Groups, measure.Group{Name: g.Name, Antigens: g.Antigens})
	}
	for _, m := range forecast.Milestones() {
		k.Kept = append(k.Kept, measure.Kept{At: measure.Age{Months: int(m.Months)}, Until: measure.Age{Months: int(m.Until)}})
	}
	return k, nil
}

// readMeasures reads the measures that come with the program and the site's. A file with a fault is named on the page,
// and the others' measures are counted.
func (c *Config) readMeasures() error {
	known, err := c.KnownToMeasures()
	if err != nil {
		return err
	}
	c.Reports.Schedule = known
	c.Reports.Measures, c.Reports.MeasureFaults, err = measure.Load(c.Measures, known)
	return err
}
