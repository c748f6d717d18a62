package reports

import (
	"context"
	"path/filepath"
	"slices"
	"testing"

	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/campaign"
)

// openWorld is a night of five children of one region who have missed a dose.
func openWorld() *world {
	w := &world{batches: population(1, 0).batches}
	for id := int64(1); id <= 5; id++ {
		w.clients = append(w.clients, clientOf(id, asOf.AddMonths(-50)-3))
		w.forecasts = append(w.forecasts, due(id, "Polio", asOf-100, asOf-40))
	}
	return w
}

func names(rows []map[string]string) []string {
	var list []string
	for _, row := range rows {
		list = append(list, row["first_name"])
	}
	slices.Sort(list)
	return list
}

// TestWhatNobodyHasCollected: a region that notes its collections gets each night all notices that nobody has collected, as
// they are that night; rounds and intervals go by the day of the collection.
func TestWhatNobodyHasCollected(t *testing.T) {
	b, w, c := newBench(t), openWorld(), testConfig()
	note := func(through int64, on table.Date) {
		c.Collected = append(slices.Clone(c.Collected), campaign.Collection{Region: "metro", Through: through, On: on})
	}
	child := func(id int) string { return marker + string(rune('0'+id)) }
	var broken []string
	for night, step := range []struct {
		day        table.Date
		change     func()
		fresh, lie []string // in the night's own list, and in open/
	}{
		{asOf, nil, []string{child(1), child(2), child(3), child(4), child(5)}, nil},
		// what was written before the first note counts as collected; one comes new
		{asOf + 1, func() {
			note(1, asOf)
			w.clients = append(w.clients, clientOf(6, asOf.AddMonths(-50)-3), clientOf(7, asOf.AddMonths(-50)-3))
			w.forecasts = append(w.forecasts, due(6, "Polio", asOf-100, asOf-40), due(7, "Polio", asOf-100, asOf-40))
		}, []string{child(6), child(7)}, []string{child(6), child(7)}},
		// it lies there until it is collected, at the address of tonight
		{asOf + 2, func() { w.clients[5].Address1 = "77 New St" }, nil, []string{child(6), child(7)}},
		// who was vaccinated, or opts out, drops out
		{asOf + 3, func() {
			w.forecasts = slices.DeleteFunc(w.forecasts, func(f table.Forecast) bool { return f.ClientID == 7 })
		}, nil, []string{child(6)}},
		// a month on nobody has collected it: it is still the first, and not due again
		{asOf + 40, func() {
			w.forecasts = append(w.forecasts, due(7, "Polio", asOf-100, asOf-40))
		}, []string{child(1), child(2), child(3), child(4), child(5), child(7)},
			[]string{child(1), child(2), child(3), child(4), child(5), child(6), child(7)}},
		// collected as of the night before: the interval begins on this day, whatever the machine's clock said
		{asOf + 41, func() { note(5, asOf+400) }, nil, nil},
		{asOf + 60, nil, nil, nil},
		{asOf + 41 + 28, nil, []string{child(6), child(7)}, []string{child(6), child(7)}},
	} {
		if step.change != nil {
			step.change()
		}
		for i := range w.batches {
			w.batches[i].Snapshot = int64(night + 1)
		}
		o, err := b.Night(context.Background(), step.day, nil, nightStages(w, c, audit(&broken))...)
		if err != nil || len(broken) > 0 {
			t.Fatalf("night %d: %v, broken %q", night+1, err, broken)
		}
		if got := names(lettersOf(t, o, "metro", "recall")); !slices.Equal(got, step.fresh) {
			t.Errorf("night %d: new are %q, want %q", night+1, got, step.fresh)
		}
		if night == 0 {
			continue // no note yet, no folder
		}
		rows := byColumn(t, filepath.Join(o.OutDir, "regions/metro/open/recall.csv"))
		if got := names(rows); !slices.Equal(got, step.lie) {
			t.Errorf("night %d: open are %q, want %q", night+1, got, step.lie)
		}
		for _, row := range rows {
			if row["first_name"] == child(6) && (night >= 2) != (row["address_1"] == "77 New St") {
				t.Errorf("night %d: address %q", night+1, row["address_1"])
			}
			if want := map[bool]string{true: "2", false: "1"}[night == 7]; row["first_name"] == child(6) && row["round"] != want {
				t.Errorf("night %d: round %s, want %s", night+1, row["round"], want)
			}
		}
	}
}

// TestMoveFromAnOpenFolder: who moves from a region that notes its collections to one that does not gets one letter there,
// and lies in the folder of the other no more.
func TestMoveFromAnOpenFolder(t *testing.T) {
	b, w, c := newBench(t), openWorld(), testConfig()
	c.Collected = []campaign.Collection{{Region: "metro", Through: 0, On: asOf - 9}}
	var broken []string
	for night, want := range []int{0, 1, 0} {
		if night == 1 {
			w.clients[0].Region, w.clients[0].CountyFIPS, w.clients[0].ZIP = "southeast", "27109", "55901"
		}
		for i := range w.batches {
			w.batches[i].Snapshot = int64(night + 1)
		}
		o, err := b.Night(context.Background(), asOf+table.Date(night), nil, nightStages(w, c, audit(&broken))...)
		if err != nil || len(broken) > 0 {
			t.Fatalf("night %d: %v, broken %q", night+1, err, broken)
		}
		if got := lettersOf(t, o, "southeast", "recall"); len(got) != want {
			t.Errorf("night %d: %d letters in the new region, want %d", night+1, len(got), want)
		}
		if got := byColumn(t, filepath.Join(o.OutDir, "regions/metro/open/recall.csv")); len(got) != 5-min(night, 1) {
			t.Errorf("night %d: %d lie in the old region", night+1, len(got))
		}
	}
}

// TestCollectedBetweenTwoRunsOfADay: what was collected in between is not offered again by the second run.
func TestCollectedBetweenTwoRunsOfADay(t *testing.T) {
	b, w, c := newBench(t), openWorld(), testConfig()
	c.Collected = []campaign.Collection{{Region: "metro", Through: 0, On: asOf - 9}}
	var broken []string
	for night, want := range []int{5, 1} {
		if night == 1 {
			c.Collected = append(c.Collected, campaign.Collection{Region: "metro", Through: 1, On: asOf})
			w.clients = append(w.clients, clientOf(6, asOf.AddMonths(-50)-3))
			w.forecasts = append(w.forecasts, due(6, "Polio", asOf-100, asOf-40))
		}
		for i := range w.batches {
			w.batches[i].Snapshot = int64(night + 1)
		}
		o, err := b.Night(context.Background(), asOf, nil, nightStages(w, c, audit(&broken))...)
		if err != nil || len(broken) > 0 {
			t.Fatalf("run %d: %v, broken %q", night+1, err, broken)
		}
		if got := byColumn(t, filepath.Join(o.OutDir, "regions/metro/open/recall.csv")); len(got) != want {
			t.Errorf("run %d: %d lie open, want %d", night+1, len(got), want)
		}
		if got := lettersOf(t, o, "metro", "recall"); len(got) != want {
			t.Errorf("run %d: %d letters, want %d", night+1, len(got), want)
		}
	}
}

// TestOpenFilesThatAreWrong: somebody in the folder whose notice does not lie there fails the night.
func TestOpenFilesThatAreWrong(t *testing.T) {
	c, w := testConfig(), openWorld()
	c.Collected = []campaign.Collection{{Region: "metro", Through: 0, On: asOf - 9}}
	spoil := pipeline.Stage{Name: "spoil", Dated: true, Writes: []string{"open_notice"},
		Run: func(_ context.Context, r *pipeline.Run) error {
			rows, err := table.ReadAll[table.OpenNotice](r.Files("open_notice"))
			if err != nil || len(rows) != 5 {
				t.Fatalf("%d open notices, %v", len(rows), err)
			}
			return pipeline.Write(r, table.OpenNotices, rows[1:])
		}}
	var broken []string
	_, err := newBench(t).Night(context.Background(), asOf, nil, nightStages(w, c, spoil, audit(&broken))...)
	if err != nil || len(broken) != 1 {
		t.Errorf("broke %q, %v", broken, err)
	}
}
