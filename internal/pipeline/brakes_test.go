package pipeline

import (
	"strings"
	"testing"
)

// TestWhatTrips: what trips, and what is within the limits, as the last snapshot's figures and tonight's.
func TestWhatTrips(t *testing.T) {
	overdue := Brake{Figure: "a.overdue", Rise: 20, Fall: 30, Slack: 100}
	share := Brake{Figure: "a.reachable", Of: "a.candidates", Fall: 10, Slack: 100}
	figures := func(name string, n int64, of int64) map[string]int64 {
		return map[string]int64{name: n, "a.candidates": of}
	}
	for _, tc := range []struct {
		name     string
		brake    Brake
		was, now map[string]int64
		want     string
	}{
		{"as before", overdue, figures("a.overdue", 1000, 0), figures("a.overdue", 1010, 0), ""},
		{"a rise", overdue, figures("a.overdue", 1000, 0), figures("a.overdue", 1300, 0), "rose from 1000 to 1300"},
		{"a fall", overdue, figures("a.overdue", 1000, 0), figures("a.overdue", 600, 0), "fell from 1000 to 600"},
		{"a fall within the limit", overdue, figures("a.overdue", 1000, 0), figures("a.overdue", 750, 0), ""},
		{"a small registry jumps", overdue, figures("a.overdue", 120, 0), figures("a.overdue", 60, 0), ""},
		{"nobody is left", overdue, figures("a.overdue", 64, 0), figures("a.overdue", 0, 0), "fell from 64 to nothing"},
		{"few were there, none is", overdue, figures("a.overdue", 5, 0), figures("a.overdue", 0, 0), ""},
		{"the figure is gone", overdue, figures("a.overdue", 225, 0), map[string]int64{}, "fell from 225 to nothing"},
		{"there was no such figure", overdue, map[string]int64{}, figures("a.overdue", 225, 0), ""},
		{"the share falls, the number rises", share, figures("a.reachable", 90, 100), figures("a.reachable", 700, 1000),
			"fell from 90 % to 70 %"},
		{"the share of a few falls", share, figures("a.reachable", 4, 4), figures("a.reachable", 1, 4), ""},
		{"the number falls, the share does not", share, figures("a.reachable", 900, 1000), figures("a.reachable", 9, 10), ""},
		{"a share of nothing", share, figures("a.reachable", 900, 1000), figures("a.reachable", 0, 0), ""},
	} {
		got := tc.brake.trips(tc.was, tc.now)
		if tc.want == "" && got != "" || !strings.HasPrefix(got, tc.want) {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}
