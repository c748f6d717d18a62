package publication

import (
	"fmt"
	"math"
	"testing"

	"miic/internal/area"
	"miic/internal/engine"
	"miic/internal/table"
	"miic/reports/measure"
	"miic/reports/suppression"
)

func day(text string) table.Date {
	if text == "" {
		return 0
	}
	d, err := table.ParseDate(text)
	if err != nil {
		panic(err)
	}
	return d
}

func TestWhenFiguresArePublished(t *testing.T) {
	for _, c := range [][4]string{ // setting, night, last publication, next day that may publish
		{"monthly 5", "2026-03-04", "", "2026-03-05"},
		{"monthly 5", "2026-03-05", "", "2026-03-05"},
		{"monthly 5", "2026-03-09", "2026-02-05", "2026-03-09"}, // no night ran on the fifth
		{"monthly 5", "2026-03-09", "2026-03-05", "2026-04-05"},
		{"monthly 5", "2026-12-31", "2026-12-05", "2027-01-05"},
		{"monthly 20", "2026-03-20", "2026-03-05", "2026-04-20"}, // the setting was changed in the month
		{"monthly 5", "2026-03-01", "2026-03-05", "2026-04-05"},  // after a rollback
		{"yearly 08-05", "2026-08-04", "2025-08-05", "2026-08-05"},
		{"yearly 08-05", "2026-08-05", "2025-08-05", "2026-08-05"},
		{"yearly 08-05", "2026-08-06", "2026-08-05", "2027-08-05"},
		{"yearly 08-05", "2026-11-01", "", "2026-11-01"},
	} {
		timing, err := ParseTiming(c[0])
		if err != nil {
			t.Fatal(err)
		}
		if got := timing.Next(day(c[1]), day(c[2])); got != day(c[3]) {
			t.Errorf("%s on %s after %s: %s, want %s", c[0], c[1], c[2], got, c[3])
		}
	}
	for _, bad := range []string{"", "monthly", "monthly 0", "monthly 29", "daily", "yearly 02-30", "yearly 5", "monthly 5 6"} {
		if _, err := ParseTiming(bad); err == nil {
			t.Errorf("%q is a setting", bad)
		}
	}
}

// TestRates: against Wilson's formula by hand. 8 of 10: the middle is (0.8 + 0.192073) / 1.384146 = 0.71674, half the width
// 1.959964 / 1.384146 * sqrt(0.016 + 0.0096036) = 0.22657.
func TestRates(t *testing.T) {
	for _, c := range []struct {
		met, people int64
		want        string
	}{
		{8, 10, "80 49 94"}, {0, 10, "0 0 28"}, {10, 10, "100 72 100"}, {49, 49, "100 93 100"}, {33, 50, "66 52.2 77.6"},
		{69, 80, "86.3 77 92.1"}, {0, 0, "NaN NaN NaN"},
	} {
		if p, low, high := Rates(c.met, c.people); fmt.Sprint(p, " ", low, " ", high) != c.want {
			t.Errorf("%d of %d: %v %v %v, want %s", c.met, c.people, p, low, high, c.want)
		}
	}
}

// aged is a measure of people of these months.
func aged(id string, from, until int) measure.Measure {
	return measure.Measure{ID: id, Valid: true, Publish: true,
		Population: measure.Population{From: measure.Age{Months: from}, Until: measure.Age{Months: until}}}
}

func TestFamiliesHavePeopleInCommon(t *testing.T) {
	list := []measure.Measure{aged("two", 24, 36), aged("teen", 156, 216), aged("two-again", 24, 36), aged("flu", 6, 216),
		aged("old", 780, 1440)}
	got := func(list []measure.Measure) string {
		text := ""
		for _, f := range families(list, day("2026-03-02")) {
			for _, m := range f {
				text += m.ID + " "
			}
			text += "| "
		}
		return text
	}
	if is := got(list); is != "two two-again teen flu | old | " {
		t.Errorf("families: %s", is)
	}
	if is := got(list[:3]); is != "teen | two two-again | " {
		t.Errorf("families: %s", is)
	}
}

// TestWhatHasLittleChangedIsHeld: 80/69 becomes 81/69 never; with eleven who have come or left it may.
func TestWhatHasLittleChangedIsHeld(t *testing.T) {
	then, earlierDay, night := day("2026-02-05"), day("2026-01-05"), day("2026-03-05")
	family := []measure.Measure{aged("mmr", 24, 36)}
	here, state := everybody("county", "27001"), everybody("state", "MN")
	figure := func(people, met int64) suppression.Figure {
		return suppression.Figure{People: people, Valid: met, Any: met}
	}
	for _, c := range []struct {
		name        string
		was         *table.Publication
		shown       table.Date
		now         suppression.Figure
		turned      int64 // since then; as many again before
		held, known bool
	}{
		{"never published", nil, 0, figure(81, 69), 1, false, false},
		{"one has come", &table.Publication{PublishedOn: then, Denominator: 80, Numerator: 69, NumeratorAny: 69}, then, figure(81, 69), 1, true, true},
		{"ten", &table.Publication{PublishedOn: then, Denominator: 80, Numerator: 69, NumeratorAny: 69}, then, figure(81, 69), 10, true, true},
		{"eleven", &table.Publication{PublishedOn: then, Denominator: 80, Numerator: 69, NumeratorAny: 69}, then, figure(81, 69), 11, false, false},
		{"one is vaccinated", &table.Publication{PublishedOn: then, Denominator: 80, Numerator: 69, NumeratorAny: 69}, then, figure(80, 70), 0, true, true},
		{"nothing has changed", &table.Publication{PublishedOn: then, Denominator: 80, Numerator: 69, NumeratorAny: 69}, then, figure(80, 69), 1, false, true},
		{"withheld, and few have come", &table.Publication{PublishedOn: then, Suppressed: true}, 0, figure(12, 6), 3, true, false},
		{"withheld, shown before that", &table.Publication{PublishedOn: then, Suppressed: true}, earlierDay, figure(30, 20), 5, true, true},
		{"withheld, shown long before", &table.Publication{PublishedOn: then, Suppressed: true}, earlierDay, figure(30, 20), 6, true, false},
		{"nobody is left", &table.Publication{PublishedOn: then, Suppressed: true}, 0, figure(0, 0), 3, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := &earlier{rows: map[string]map[place]*table.Publication{"mmr": {}}, shown: map[string]map[place]table.Date{"mmr": {}}}
			if c.was != nil {
				before.rows["mmr"][here] = c.was
			}
			if c.shown != 0 {
				before.shown["mmr"][here] = c.shown
			}
			n := tonight{Config: Config{Rule: suppression.Rule{Small: 11, Part: 5}, HomeState: "MN"}, before: before, night: night,
				figures: map[string]map[place]suppression.Figure{"mmr": {here: c.now, state: figure(1000, 800)}},
				turnover: turnover{night: night, people: map[turn]int64{{population(&family[0]), then, here}: c.turned,
					{population(&family[0]), earlierDay, here}: 2 * c.turned}}}
			if got := n.cell(family, here); got.Held != c.held || got.Known != c.known {
				t.Errorf("held %v, known %v", got.Held, got.Known)
			}
		})
	}
}

// TestTurnoverByCalendarYear: who turned two in a calendar year changes with the year alone.
func TestTurnoverByCalendarYear(t *testing.T) {
	m := aged("cis", 0, 0)
	m.Population.Turning = 2
	since := func(night string) int64 {
		t := turnover{night: day(night)}
		return t.since([]measure.Measure{m}, place{}, day("2026-02-05"))
	}
	if since("2026-12-31") != 0 || since("2027-01-01") != math.MaxInt64 {
		t.Errorf("%d, then %d", since("2026-12-31"), since("2027-01-01"))
	}
}

// TestWhoHasComeOrLeft: who came to 24 months, or to 36, after a publication and until tonight, that day included.
func TestWhoHasComeOrLeft(t *testing.T) {
	ctx := t.Context()
	e, err := engine.Open(ctx, engine.Options{Temp: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	var clients []table.Client
	var statuses []table.PatientStatus
	for i, c := range []struct{ born, county, region, status, sex string }{
		{"2024-02-05", "27123", "metro", "active", "F"},  // two on the day of the publication
		{"2024-02-06", "27123", "metro", "active", "F"},  // a day later
		{"2024-03-05", "27123", "metro", "active", "M"},  // tonight
		{"2024-03-06", "27123", "metro", "active", "M"},  // tomorrow
		{"2023-03-05", "27053", "metro", "active", ""},   // three tonight
		{"2023-02-05", "27053", "metro", "active", ""},   // three on the day of the publication; since January they have left
		{"2024-02-20", "27123", "metro", "outside", "F"}, // moved away
		{"2024-02-20", "", "unassigned", "active", "F"},
		{"2020-02-20", "27123", "metro", "active", "F"}, // neither
		{"2024-02-20", "27123", "metro", "active", "F"}, // not counted: may be another
	} {
		id := int64(i + 1)
		clients = append(clients, table.Client{ClientID: id, BirthDate: day(c.born), CountyFIPS: c.county, Region: c.region, Sex: c.sex})
		statuses = append(statuses, table.PatientStatus{ClientID: id, Level: "jurisdiction", Status: c.status})
	}
	for _, err := range []error{engine.Load(ctx, e, "client", clients), engine.Load(ctx, e, "patient_status", statuses),
		engine.Load(ctx, e, "not_counted", []table.NotCounted{{ClientID: 10, OtherID: 2}})} {
		if err != nil {
			t.Fatal(err)
		}
	}
	two := aged("mmr", 24, 36)
	c := Config{HomeState: "MN", Counties: area.Default().Counties()}
	february, january := day("2026-02-05"), day("2026-01-05")
	got, err := c.countTurnover(ctx, e, []measure.Measure{two, aged("polio", 24, 36)}, []table.Date{february, january}, day("2026-03-05"))
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range []struct {
		since table.Date
		at    place
		want  int64
	}{
		{february, everybody("state", "MN"), 4}, {february, everybody("region", "metro"), 3}, {february, everybody("county", "27123"), 2},
		{february, everybody("county", "27053"), 1}, {february, everybody("region", "unassigned"), 1},
		{february, place{"state", "MN", "sex", "F"}, 2}, {february, place{"state", "MN", "sex", "unknown"}, 1},
		{february, place{"state", "MN", "birth_cohort", "2022"}, 1}, {february, place{"state", "MN", "birth_cohort", "2023"}, 3},
		{january, everybody("state", "MN"), 6}, {january, everybody("county", "27053"), 2}, {january, everybody("county", "27001"), 0},
	} {
		if n := got.since([]measure.Measure{two}, w.at, w.since); n != w.want {
			t.Errorf("%v since %s: %d have come or left, want %d", w.at, w.since, n, w.want)
		}
	}
}
