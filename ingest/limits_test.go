package ingest

import (
	"strings"
	"testing"

	"miic/internal/table"
)

// TestFarOff: a file beside its sender's history.
func TestFarOff(t *testing.T) {
	past := func(sizes ...int64) []*pastDelivery {
		var list []*pastDelivery
		for _, n := range sizes {
			list = append(list, &pastDelivery{Batch: table.Batch{UnitsRead: n}, withdrawn: n / 20})
		}
		return list
	}
	l := Limits{History: 5, Least: 3, Times: 10, WithdrawnPercent: 20, Slack: 50}
	for _, tc := range []struct {
		name             string
		units, withdrawn int64
		past             []*pastDelivery
		want             string
	}{
		{"usual", 110, 5, past(100, 90, 120), ""},
		{"no history", 100000, 0, past(100, 90), ""},
		{"large", 1201, 5, past(100, 90, 120), "more than 10 times"},
		{"large, and only just", 1000, 5, past(100, 90, 120), ""},
		{"small", 9, 0, past(100, 90, 120), "less than a part in 10"},
		{"small, but so are the numbers", 1, 0, past(40, 30, 50), ""},
		{"one large file before is not the usual", 100, 5, past(100, 100000, 120), ""},
		{"older files do not count", 1500, 0, past(1000, 1100, 1200, 1000, 900, 1, 1, 1, 1, 1, 1), ""},
		{"much taken back", 300, 100, past(300, 310, 290), "100 of its 300 units take something back, 33 %"},
		{"a little taken back", 300, 70, past(300, 310, 290), ""},
	} {
		got := l.farOff(tc.units, tc.withdrawn, tc.past)
		if tc.want == "" && got != "" || !strings.Contains(got, tc.want) {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
	if got := (Limits{}).farOff(1e6, 1e6, past(1, 1, 1)); got != "" {
		t.Errorf("without limits: %q", got)
	}
}

func TestRenumberedFiles(t *testing.T) {
	list, err := ReadRenumbered(strings.NewReader("old_id,new_id,since\nP1,N1,2026-03-03\n P2 ,N2,2026-03-04\n"))
	if err != nil || len(list) != 2 || list[1] != (Renumbered{"P2", "N2", "2026-03-04"}) {
		t.Errorf("%v, %v", list, err)
	}
	for text, want := range map[string]string{
		"old,new,since\n":                                                 "first line",
		"old_id,new_id,since\nSECRET,N1\n":                                "line 2",
		"old_id,new_id,since\nSECRET,N1,soon\n":                           "line 2",
		"old_id,new_id,since\nSECRET,SECRET,2026-03-03\n":                 "line 2",
		"old_id,new_id,since\nA,SECRET,2026-03-03\nB,SECRET,2026-03-03\n": "line 3",
	} {
		_, err := ReadRenumbered(strings.NewReader(text))
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%q: %v, want an error about %s that names no number", text, err, want)
		}
	}
}
