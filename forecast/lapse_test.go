package forecast

import (
	"context"
	"slices"
	"testing"

	"miic/internal/pipeline"
	"miic/internal/table"
)

// Item 9: the night after the last day of a season makes everybody's forecast anew, as a night that begins there would;
// what is assumed is marked on the row and counts in no milestone.
func TestANightAfterTheSeasonsEnd(t *testing.T) {
	last := table.NewDate(2026, 6, 30)
	w := &world{}
	w.client(1, table.NewDate(2019, 3, 1)) // no dose
	w.client(2, table.NewDate(2018, 3, 1)) // vaccinated last winter
	w.dose(2, 140, table.NewDate(2023, 10, 1))
	w.dose(2, 140, table.NewDate(2024, 10, 1))
	w.dose(2, 140, table.NewDate(2025, 10, 1))
	w.client(3, table.NewDate(2024, 7, 1)) // two years old on the first day of what is assumed
	w.dose(3, 140, table.NewDate(2025, 10, 1))
	w.dose(3, 140, table.NewDate(2025, 11, 10))
	dead := w.client(4, table.NewDate(2018, 3, 1))
	dead.Status, dead.DeceasedOn = "deceased", table.NewDate(2026, 1, 1)
	w.dose(4, 140, table.NewDate(2025, 10, 1))

	ctx := context.Background()
	nights := func(days ...table.Date) (rows []string, o *pipeline.Outcome) {
		b, err := pipeline.NewBench(ctx, t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		for _, day := range days {
			if o, err = b.Night(ctx, day, nil, w.given(map[int64]bool{1: true, 2: true, 3: true, 4: true}, nil), Stage(Config{})); err != nil {
				t.Fatal(err)
			}
		}
		return outcome(t, b), o
	}
	step, o := nights(last-1, last, last+1)
	fresh, _ := nights(last + 1)
	if !slices.Equal(step, fresh) {
		t.Error("nights up to the season's end and beyond do not equal one night there")
	}
	if !slices.ContainsFunc(o.Notes, func(n pipeline.Note) bool { return n.Kind == SeasonOver }) {
		t.Errorf("no note says that a season is over: %v", o.Notes)
	}
	before, after := forecastOf(t, w, last), forecastOf(t, w, last+1)
	if f := before.forecast(2, "Influenza"); f.Status != "Complete" || f.Assumed || f.RecomputeOn != last+1 {
		t.Errorf("on the season's last day: %+v", f)
	}
	for id := int64(1); id <= 3; id++ {
		if f := after.forecast(id, "Influenza"); f.Status != "Not Complete" || !f.Assumed || f.Recommended != last+1 {
			t.Errorf("person %d on the day after: %+v", id, f)
		}
	}
	if f := after.forecast(1, "RSV"); f.Status != "Unknown" || f.Recommended != 0 {
		t.Errorf("RSV after its season: %+v", f)
	}
	// as CDC's data has it, without what is assumed: a dose of the season that is over, and none wanted
	if m := after.milestone(3, "Influenza"); m == nil || m.Status == "Not Complete" {
		t.Errorf("the milestone counts an assumed season: %+v", m)
	}
}
