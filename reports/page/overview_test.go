package page

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/internal/webpage"
	"miic/reports/navigation"
)

// TestWhoNeedsALook: each sender is on one side of one boundary of what needs a look, or is unusual.
func TestWhoNeedsALook(t *testing.T) {
	asOf := table.NewDate(2026, 3, 20)
	// nights are seven nights of a sender, a day apart, the newest first; of 1,000 units 10 were refused.
	nights := func(sender string, silent int, change func(last *senderNight)) []senderNight {
		var list []senderNight
		for i := range 7 {
			list = append(list, senderNight{Sender: sender, On: asOf - table.Date(silent+i), Files: 1, Read: 1000, Accepted: 990, Rejected: 10})
		}
		change(&list[0])
		return list
	}
	within := func(last, doses int64) history {
		var list []figure
		for i := range 6 {
			list = append(list, figure{ReceivedOn: asOf - table.Date(6-i), Measure: "timely", Item: "7", Numerator: 80, Denominator: 100})
		}
		return historyOf(append(list, figure{ReceivedOn: asOf, Measure: "timely", Item: "7", Numerator: last, Denominator: doses},
			figure{ReceivedOn: asOf, Measure: "complete", Item: "lot", Numerator: 30, Denominator: 40},
			figure{ReceivedOn: asOf, Measure: "complete", Item: "sex", Numerator: 40, Denominator: 40}))
	}
	same := func(*senderNight) {}
	var all []senderNight
	for _, c := range []struct {
		sender string
		silent int
		change func(*senderNight)
	}{
		{"as-usual", 0, same}, {"silent-2", 2, same}, {"silent-3", 3, same},
		{"refused-20", 0, func(n *senderNight) { n.Rejected = 20 }}, {"refused-21", 0, func(n *senderNight) { n.Rejected = 21 }},
		{"few", 0, func(n *senderNight) { n.Read, n.Accepted, n.Rejected = 20, 10, 10 }},
		{"file-refused", 0, func(n *senderNight) { n.Refused = 1 }}, {"held", 0, func(n *senderNight) { n.Held = 1 }},
		{"slow-60", 0, same}, {"slow-59", 0, same}, {"slow-few", 0, same}, {"pattern", 0, same},
	} {
		all = append(all, nights(c.sender, c.silent, c.change)...)
	}
	pattern := historyOf([]figure{{ReceivedOn: asOf, Measure: "pattern", Item: "x", Numerator: 6, Denominator: 10, Rule: "r"}})
	got := overviewOf(asOf, all, map[string]history{"slow-60": within(60, 100), "slow-59": within(59, 100), "slow-few": within(0, 10),
		"pattern": pattern}, []pipeline.Note{{Sender: "never-came", Text: "a file was due on 2026-03-19 and has not come: ask for it"},
		{Sender: "silent-2", Text: "a file was due: ask"}})
	var lines []string
	for _, row := range got {
		lines = append(lines, fmt.Sprintf("%s: %s %s", row.Sender, lookWords[row.Look], strings.Join(row.Why, "; ")))
	}
	want := []string{
		"file-refused: needs a look 1 file was refused whole",
		"held: needs a look 1 unit is held with its file",
		"never-came: needs a look a file was due on 2026-03-19 and has not come",
		"pattern: needs a look 1 pattern that a delivery should not have",
		"silent-2: needs a look a file was due",
		"refused-21: unusual more units refused or held than usual (1.0 %)",
		"silent-3: unusual silent for 3 days, never longer than 1 day before",
		"slow-59: unusual fewer doses within 7 days than usual (80.0 %)",
		"as-usual:  ", "few:  ", "refused-20:  ", "slow-60:  ", "slow-few:  ",
	}
	if !slices.Equal(lines, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
	slow := got[slices.IndexFunc(got, func(o overviewRow) bool { return o.Sender == "slow-59" })]
	if cells := strings.Join(slow.cells(), ","); cells != "slow-59,,unusual,fewer doses within 7 days than usual (80.0 %),2026-03-20,0,1,1,0,"+
		"1000,990,10,0,70,80,59,100," {
		t.Errorf("in the file: %s", cells)
	}
}

// TestOverviewSaysWhatItShows: the sentences are those of the figures, and a sender's name is no markup.
func TestOverviewSaysWhatItShows(t *testing.T) {
	row := func(sender string, read, refused, within, doses int64) overviewRow {
		return overviewRow{senderNight: senderNight{Sender: sender, On: 1, Read: read, Accepted: read - refused, Rejected: refused},
			Within7: [2]int64{within, doses}}
	}
	rows := []overviewRow{row("a<b", 100, 1, 30, 40), row("c", 300, 9, 10, 40), row("plan", 100, 0, 0, 0)}
	timely, refused := timelyPicture(rows), refusedPicture(rows)
	if timely.Says != "Of 80 doses that senders gave themselves, 50.0 % arrived within 7 days. The slowest is c with 25.0 %, "+
		"the fastest a<b with 75.0 %." {
		t.Error(timely.Says)
	}
	if refused.Says != "Of 500 units of the senders' last nights, 2.0 % were refused or held: most from c, 3.0 % of its own." {
		t.Error(refused.Says)
	}
	drawn := string(timely.Drawing)
	if strings.Contains(drawn, "a<b") || strings.Index(drawn, ">c<") > strings.Index(drawn, ">a&lt;b<") || strings.Contains(drawn, "plan") {
		t.Errorf("drawn: %s", drawn)
	}
	if p := refusedPicture(rows[2:]); p.Says != "All 100 units of the senders' last nights were accepted." || p.Drawing != "" {
		t.Errorf("of nothing refused: %+v", p)
	}
	var page strings.Builder
	if err := webpage.Execute(&page, overviewTemplate, navigation.Senders, newOverview(1, rows)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"The slowest senders, 20 at most;", "Those with the largest part, 20 at most;"} { // three are drawn
		if !strings.Contains(page.String(), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if p := timelyPicture(rows[2:]); p.Drawing != "" {
		t.Error("a sender without doses has a bar")
	}
}
