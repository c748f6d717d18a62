package pipeline

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"miic/internal/lake"
)

// TestOutputsExpire: a night's folder goes on the first day on which it is older than out_days, HEAD's never, what is no
// night's is left alone, and the ledger has each night that went. That copies of deliveries go after archive_days is the
// fault "retention".
func TestOutputsExpire(t *testing.T) {
	h := newHouse(t)
	h.opts.OutDays = 2
	foreign := filepath.Join(h.opts.Out, "000099")
	if err := os.MkdirAll(foreign, 0o700); err != nil {
		t.Fatal(err)
	}
	var gone []int64
	nights := func() (list []string) {
		found, err := filepath.Glob(filepath.Join(h.opts.Out, "0*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range found {
			list = append(list, filepath.Base(path))
		}
		return list
	}
	for _, c := range []struct {
		day  int
		want []string
	}{
		{2, []string{"000001", "000099"}},
		{3, []string{"000001", "000002", "000099"}},
		{4, []string{"000001", "000002", "000003", "000099"}}, // two days old: it stays
		{5, []string{"000002", "000003", "000004", "000099"}},
		{20, []string{"000005", "000099"}},
	} {
		h.deliver("clinic", "a.csv", string(rune('a'+c.day))+",lock")
		h.night(c.day, Committed, 0)
		if got := nights(); !slices.Equal(got, c.want) {
			t.Errorf("after the night of day %d: %v, want %v", c.day, got, c.want)
		}
		events, err := h.opts.Lake.Ledger(h.head().Run)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			if e.Event == lake.Expired {
				gone = append(gone, e.Gone...)
			}
		}
	}
	if !slices.Equal(gone, []int64{1, 2, 3, 4}) {
		t.Errorf("the ledger has nights %v, want 1 to 4", gone)
	}
	h.sound()
}
