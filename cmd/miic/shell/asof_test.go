package shell

import (
	"strings"
	"testing"

	"miic/internal/lake"
)

func TestWhichNightIsAskedAbout(t *testing.T) {
	entry := func(snapshot int64, asOf string) *lake.Entry { return &lake.Entry{Snapshot: snapshot, AsOf: asOf} }
	kept := []*lake.Entry{entry(9, "2026-03-09"), entry(8, "2026-03-08"), entry(7, "2026-03-06"), entry(3, "2026-02-28")}
	for day, want := range map[string]int64{"2026-03-09": 9, "2026-03-08": 8, "2026-03-07": 7, "2026-03-06": 7, "2026-02-28": 3} {
		if got, err := nightOf(day, kept); err != nil || got != want {
			t.Errorf("%s: snapshot %d, %v; want %d", day, got, err, want)
		}
	}
	for day, want := range map[string]string{"2026-03-10": "newest night is of 2026-03-09",
		"2026-03-01": "pruned", "2026-02-27": "2026-03-06, 2026-02-28"} {
		if got, err := nightOf(day, kept); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: snapshot %d, %v; want %q", day, got, err, want)
		}
	}
	want := "no night had run by 2026-02-27: the first is of 2026-02-28"
	if _, err := nightOf("2026-02-27", []*lake.Entry{entry(2, "2026-03-01"), entry(1, "2026-02-28")}); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%v; want %q", err, want)
	}
}
