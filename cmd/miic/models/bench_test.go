package models

import (
	"context"
	"testing"
)

// TestReportMeasuresAllOfCoverage: a measurement that left measures, rows or people out would be a fast one.
func TestReportMeasuresAllOfCoverage(t *testing.T) {
	r, err := benchReport(context.Background(), t.TempDir(), 60, 1, func(string, string, int64, int64, string) {})
	if err != nil {
		t.Fatal(err)
	}
	c := r.Coverage
	if c.People != 600 || c.Doses < 15*c.People || c.Measures < 50 || c.Results < int64(c.People) || c.Figures == 0 || c.Published == 0 ||
		c.Rows == 0 || len(c.Steps) != 4 {
		t.Errorf("%+v", c)
	}
}
