package shell

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"miic/internal/lake"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// counting is a stage that counts and does nothing else.
func counting(name string, figures map[string]int64) pipeline.Stage {
	return pipeline.Stage{Name: name, Dated: true, Config: figures,
		Run: func(_ context.Context, r *pipeline.Run) error {
			for figure, n := range figures {
				r.Count(figure, n)
			}
			return nil
		}}
}

// TestBrakesWorkOnTheFirstNightAfterTheReportsWereSplit: the last snapshot has the figures of the reports under one
// stage, and a jump against it is held all the same.
func TestBrakesWorkOnTheFirstNightAfterTheReportsWereSplit(t *testing.T) {
	dir := t.TempDir()
	l, err := lake.Create(filepath.Join(dir, "lake"), lake.Options{Now: func() time.Time { return time.Unix(0, 0) }})
	if err != nil {
		t.Fatal(err)
	}
	o := pipeline.Options{Lake: l, Inbox: filepath.Join(dir, "inbox"), Out: filepath.Join(dir, "out"),
		Archive: filepath.Join(dir, "archive"), Brakes: DefaultBrakes().list(), Renamed: renamed}
	if err := os.Mkdir(o.Inbox, 0o700); err != nil {
		t.Fatal(err)
	}
	night := func(day int, stages ...pipeline.Stage) *pipeline.Result {
		o.AsOf, o.Stages = table.NewDate(2026, 3, day), stages
		result, err := pipeline.Execute(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		return result
	}
	link := counting("link", map[string]int64{"clients": 10_000})
	night(2, link, counting("report", map[string]int64{
		"notices": 500, "overdue": 1000, "coverage_numerator": 900, "coverage_denominator": 1000}))
	after := night(3, link, counting("campaign", map[string]int64{"notices": 500, "overdue": 2000}),
		counting("coverage", map[string]int64{"numerator": 800, "denominator": 1000}))
	if after.Outcome != pipeline.Held || len(after.Tripped) != 2 {
		t.Fatalf("the night is %s: %+v", after.Outcome, after.Tripped)
	}
	for i, want := range []lake.Tripped{
		{Brake: "people past due", Text: "rose from 1000 to 2000, the limit is 20 %"},
		{Brake: "coverage", Text: "fell from 90 % to 80 %, the limit is 3 points"},
	} {
		if after.Tripped[i] != want {
			t.Errorf("tripped: %+v, want %+v", after.Tripped[i], want)
		}
	}
	// A night that publishes nothing about persons has no such figures: to hold it would keep the files of all senders out.
	if held := night(4, link, counting("campaign", map[string]int64{"withheld": 1}),
		counting("coverage", map[string]int64{"withheld": 1})); held.Outcome != pipeline.Committed {
		t.Errorf("the night that withholds is %s: %+v", held.Outcome, held.Tripped)
	}
}
