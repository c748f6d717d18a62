package visit

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"miic/internal/engine"
	"miic/internal/table"
)

// TestMissed is a year of visits, counted by hand. A clinic whose id is a word, all, is a clinic.
func TestMissed(t *testing.T) {
	until := table.NewDate(2026, 3, 2)
	since := table.NewDate(2025, 3, 3)
	row := func(client int64, on table.Date, clinic, group string, due, given, refused bool) table.VisitGroup {
		v := table.VisitGroup{ClientID: client, VisitedOn: on, Clinic: clinic, Group: group, Given: given, Refused: refused, AllowedSince: on - 9, Schedule: "4.64"}
		if due {
			v.DueSince = on - 5
		}
		v.Seasonal = group == "Influenza"
		return v
	}
	rows := []table.VisitGroup{
		row(1, until, "all", "MMR", true, false, false), row(1, until, "all", "Polio", true, true, false), // missed: MMR
		row(1, since, "all", "MMR", true, true, false),                                                       // none missed
		row(1, since-1, "all", "MMR", true, false, false), row(1, until+1, "all", "MMR", true, false, false), // other days
		row(2, until, "all", "MMR", false, false, false), row(2, until, "all", "HepB", false, true, false), // allowed, not due
		row(3, until, "b", "MMR", true, false, true), row(3, until, "b", "Polio", true, true, false), // missed and refused
		row(4, until, "b", "MMR", true, false, true), row(4, until, "b", "Polio", true, false, false), // one of two refused
		row(5, until, "b", "Influenza", true, false, false), // of a season
		row(6, until, "", "MMR", true, false, false),        // told of alone
		row(7, until, "all", "MMR", true, false, false),     // may be in no figure
	}
	slices.SortFunc(rows, func(a, b table.VisitGroup) int { return int(a.ClientID - b.ClientID) })
	e := openEngine(t)
	if err := engine.Load(t.Context(), e, "visit_group", rows); err != nil {
		t.Fatal(err)
	}
	figures, err := Missed(t.Context(), e, since, until, []int64{7})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range figures {
		got = append(got, fmt.Sprintf("%s %s %s %d/%d %d", f.Level, f.Clinic, f.Group, f.Missed, f.Visits, f.Refused))
	}
	want := []string{
		"all clinics  Influenza 1/1 0", "all clinics  MMR 4/5 2", "all clinics  Polio 1/3 0", "all clinics  all 4/5 1",
		"clinic all MMR 1/2 0", "clinic all Polio 0/1 0", "clinic all all 1/2 0",
		"clinic b Influenza 1/1 0", "clinic b MMR 2/2 2", "clinic b Polio 1/2 0", "clinic b all 2/2 1",
		"no clinic  MMR 1/1 0", "no clinic  all 1/1 0",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q\nexpected\n%q", got, want)
	}
}

func openEngine(t *testing.T) *engine.Engine {
	t.Helper()
	e, err := engine.Open(t.Context(), engine.Options{Temp: filepath.Join(t.TempDir(), "temp")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}
