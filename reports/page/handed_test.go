package page

import (
	"strings"
	"testing"

	"miic/internal/table"
)

func TestWhenAFolderIsForgotten(t *testing.T) {
	day := table.NewDate(2026, 3, 30)
	for _, tc := range []struct {
		notices       int64
		oldest, noted table.Date
		asks          bool
	}{
		{5, day - 21, day - 21, true},
		{5, day - 20, day - 90, false}, // nothing has lain long
		{5, day - 90, day - 20, false}, // somebody comes, and leaves some
		{0, 0, day - 90, false},
	} {
		p := &page{Snapshot: 7, Open: []openFolder{{openRegion{"metro", tc.notices, tc.oldest}, tc.noted}}}
		p.doHanded(day)
		if asks := len(p.Todo) == 1 && strings.Contains(p.Todo[0].Commands[0], "collected metro --through 7"); asks != tc.asks {
			t.Errorf("%+v: %+v", tc, p.Todo)
		}
	}
}

func TestAListOnDemandIsToBeDestroyed(t *testing.T) {
	p := &page{Withdrawn: []withdrawn{{Folder: "on-demand/000004/lot", Why: "lock|opt_out", Of: 3, Recipient: "Elm School"},
		{Folder: "regions/metro", Why: "lock", Of: 3}}}
	p.doHanded(table.NewDate(2026, 3, 30))
	if len(p.Todo) != 1 || !strings.HasPrefix(p.Todo[0].What, "Ask Elm School to destroy the list on-demand/000004/lot") ||
		!strings.Contains(p.Todo[0].What, "is locked or has opted out, or may") {
		t.Errorf("%+v", p.Todo)
	}
}

func TestSpans(t *testing.T) {
	for want, list := range map[string][]int64{"": nil, "3": {3}, "3, 5–7, 9": {3, 5, 6, 7, 9}, "1–2": {1, 2}} {
		if got := spans(list); got != want {
			t.Errorf("%v is %q, want %q", list, got, want)
		}
	}
}
