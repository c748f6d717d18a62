package page

import (
	"strings"
	"testing"

	"miic/internal/table"
)

// TestCardComparesWithTheNightsBefore: the last night stands beside the median of those before it, what was not told last night
// is not told as if it were, and a broken pattern marks sender and line.
func TestCardComparesWithTheNightsBefore(t *testing.T) {
	asOf := table.NewDate(2026, 3, 2)
	cfg := SendersConfig{Rules: map[string]string{"doses_on_the_first": "too many on the first",
		"code_unknown": "a code is not in our table"}}
	row := func(on int, measure, item string, numerator, denominator int64) figure {
		return figure{Sender: "elm", ReceivedOn: asOf + table.Date(on), Measure: measure, Item: item,
			Numerator: numerator, Denominator: denominator, BatchID: "b", File: "f.csv"}
	}
	var rows []figure
	for i, within := range []int64{90, 50, 70} {
		rows = append(rows, row(i, "complete", "lot", 100-10*int64(i), 100), row(i, "timely", "7", within, 100),
			row(i, "units", "accepted", 99, 100))
	}
	rows = append(rows, row(3, "median_days", "", 4, 100), row(3, "pattern", "dose on the first of a month", 60, 100),
		row(3, "rule", "code_unknown", 5, 100),
		row(3, "timely", "1", 10, 100), row(3, "timely", "14", 95, 100), row(3, "timely", "7", 30, 100),
		row(3, "units", "accepted", 98, 100))
	for i := range rows {
		switch rows[i].Measure {
		case "pattern":
			rows[i].Rule = "doses_on_the_first"
		case "rule":
			rows[i].Line = 17
		}
	}
	c := cfg.card(asOf, "elm", historyOf(rows))
	var got []string
	for _, s := range c.Sections {
		for _, l := range s.Lines {
			bad := ""
			if l.Bad {
				bad = " BAD"
			}
			got = append(got, strings.Join([]string{l.Item, l.Now, l.Of, l.Usual, l.Look}, "|")+bad)
		}
	}
	want := []string{
		"within a day|10.0 %|10 of 100||", "within 7 days|30.0 %|30 of 100|70.0 %|", "within 14 days|95.0 %|95 of 100||", "median|4 days|||",
		"units|98.0 %|98 of 100|99.0 %|",
		"lot|||90.0 %|",
		"code_unknown: a code is not in our table|5.0 %|5 of 100||f.csv, line 17",
		"dose on the first of a month|60.0 %|60 of 100||too many on the first BAD",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if !strings.Contains(string(c.Sections[0].Lines[1].Spark), `points="2.0,3.6 34.0,10.0 66.0,6.8 98.0,13.2"`) {
		t.Errorf("the curve is %s", c.Sections[0].Lines[1].Spark)
	}
}
