package campaign

import (
	"strings"
	"testing"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// TestANoticeGoesByTheChannelOfItsFolder: while it lies uncollected, its channel may become another one; the one by which it
// was collected is what the family got.
func TestANoticeGoesByTheChannelOfItsFolder(t *testing.T) {
	day := table.NewDate(2026, 3, 9)
	lay := func(region, channel string, since, until int64, collected table.Date) table.OpenNotice {
		return table.OpenNotice{NoticeID: "n", Region: region, Since: since, Until: until, Channel: channel, CollectedOn: collected}
	}
	for name, tc := range map[string]struct {
		open          []table.OpenNotice
		channel, says string
	}{
		"never lay there": {nil, "mail", ""},
		"tonight another": {[]table.OpenNotice{lay("metro", "phone", 3, 0, 0), lay("metro", "mail", 1, 3, 0), lay("central", "text", 4, 0, 0)}, "phone",
			"since snapshot 3, to go by phone; not collected"},
		"collected as it lay first": {[]table.OpenNotice{lay("metro", "mail", 1, 3, day), lay("metro", "phone", 3, 5, 0)}, "mail",
			"since snapshot 1, to go by mail; no more in snapshot 3; collected 2026-03-09"},
	} {
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
			b, err := pipeline.NewBench(t.Context(), t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			defer b.Close()
			if err := engine.Load(t.Context(), b.Engine, "open_notice", tc.open); err != nil {
				t.Fatal(err)
			}
			a := &Asked{NoticeID: "n", Region: "metro", Channel: "mail"}
			if err := a.lies(t.Context(), b.Engine); err != nil || a.Channel != tc.channel {
				t.Errorf("it goes by %s, want %s: %v", a.Channel, tc.channel, err)
			}
			var text strings.Builder
			if err := a.Text(&text); err != nil || !strings.Contains(text.String(), tc.says) {
				t.Errorf("it says %q: %v", text.String(), err)
			}
		})
	}
}
