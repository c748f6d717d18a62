package due

import (
	"testing"

	"miic/internal/table"
)

func date(t *testing.T, s string) table.Date {
	t.Helper()
	d, err := table.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestMissedFiles: how many files are missing on a night, given when the last one came. 2026-07-03 is a Friday.
func TestMissedFiles(t *testing.T) {
	holidays := map[table.Date]bool{date(t, "2026-07-03"): true, date(t, "2026-07-04"): true}
	for _, tc := range []struct {
		expected, last, tonight string
		missed                  int
		since                   string
	}{
		{"daily", "2026-06-30", "2026-06-30", 0, ""},
		{"daily", "2026-06-29", "2026-06-30", 1, "2026-06-30"},
		{"daily", "2026-07-02", "2026-07-05", 1, "2026-07-05"},    // two holidays
		{"weekdays", "2026-06-26", "2026-06-28", 0, ""},           // Friday to Sunday
		{"weekdays", "2026-06-26", "2026-06-29", 1, "2026-06-29"}, // and Monday
		{"weekly mon", "2026-06-22", "2026-06-28", 0, ""},
		{"weekly Monday", "2026-06-22", "2026-06-29", 1, "2026-06-29"},
		{"weekly fri", "2026-06-26", "2026-07-04", 0, ""},           // due on a holiday, and Saturday is one too
		{"weekly fri", "2026-06-26", "2026-07-05", 1, "2026-07-05"}, // so it is due on Sunday
		{"weekly fri", "2026-06-05", "2026-06-26", 3, "2026-06-12"},
		{"monthly 31", "2026-01-31", "2026-02-27", 0, ""},
		{"monthly 31", "2026-01-31", "2026-02-28", 1, "2026-02-28"}, // the month's last day
		{"monthly 15", "2026-01-20", "2026-04-20", 3, "2026-02-15"},
		{"daily", "2020-01-01", "2026-01-01", 99, "2025-09-25"}, // it is not counted further
		{"none", "2020-01-01", "2026-01-01", 0, ""},
	} {
		c, err := Parse(tc.expected, holidays)
		if err != nil {
			t.Fatal(err)
		}
		n, since := c.Missed(date(t, tc.last), date(t, tc.tonight))
		if n != tc.missed || n > 0 && since != date(t, tc.since) {
			t.Errorf("%s, last on %s, tonight %s: %d missed since %s, want %d since %s", tc.expected, tc.last,
				tc.tonight, n, since, tc.missed, tc.since)
		}
	}
	for _, bad := range []string{"hourly", "weekly", "weekly xyz", "monthly 0", "monthly 32", "monthly first",
		"daily daily"} {
		if _, err := Parse(bad, nil); err == nil {
			t.Errorf("%q is taken for a calendar", bad)
		}
	}
}
