package page

import (
	"cmp"
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"miic/internal/chart"
	"miic/internal/interval"
	"miic/internal/pipeline"
	"miic/internal/prose"
	"miic/internal/table"
	"miic/internal/webpage"
	"miic/reports/csvfile"
	"miic/reports/navigation"
)

//go:embed senders.html.tmpl
var overviewText string

var overviewTemplate = webpage.Must(navigation.Senders, overviewText, nil)

// overviewFile holds all figures of the page and its pictures.
const overviewFile = "senders.csv"

// mostBars is how many senders a picture shows; the file has all.
const mostBars = 20

type overviewPage struct {
	Head    webpage.Head
	AsOf    string
	Lead    string
	Cards   bool // there are report cards
	Most    int  // senders in a picture
	Table   webpage.Table
	Timely  chart.Picture
	Refused chart.Picture
}

// writeOverview writes senders.html and senders.csv.
func writeOverview(ctx context.Context, r *pipeline.Run, histories map[string]history, missing []pipeline.Note) error {
	nights, err := senderNights(ctx, r)
	if err != nil {
		return err
	}
	rows := overviewOf(r.AsOf, nights, histories, missing)
	path, err := r.OutPath(overviewFile)
	if err != nil {
		return err
	}
	if err := csvfile.Write(path, overviewColumns, func(yield func([]string) bool) {
		for _, row := range rows {
			if !yield(row.cells()) {
				return
			}
		}
	}); err != nil {
		return err
	}
	if path, err = r.OutPath(navigation.Senders); err != nil {
		return err
	}
	return webpage.Write(path, overviewTemplate, navigation.Senders, newOverview(r.AsOf, rows))
}

var overviewColumns = []string{"sender", "kind", "look", "why", "last_delivery", "days_since", "usual_days_between", "files",
	"files_refused", "units_read", "units_accepted", "units_refused", "units_held", "fields_filled", "fields", "doses_within_7_days",
	"doses", "median_days"}

// lookWords say how soon somebody must look at a sender.
var lookWords = map[lookFirst]string{noLook: "", mayLook: "unusual", mustLook: "needs a look"}

// cells are a row of senders.csv. What is not known is empty.
func (o overviewRow) cells() []string {
	whole := func(n int64) string { return strconv.FormatInt(n, 10) }
	cells := []string{o.Sender, o.Kind, lookWords[o.Look], strings.Join(o.Why, "; ")}
	if o.On == 0 {
		return append(cells, make([]string, len(overviewColumns)-len(cells))...)
	}
	gap, median := "", ""
	if o.Gap > 0 {
		gap = whole(o.Gap)
	}
	if o.Median != unknown {
		median = o.Median
	}
	return append(cells, o.On.String(), whole(o.Silent), gap, whole(o.Files), whole(o.Refused), whole(o.Read), whole(o.Accepted),
		whole(o.Rejected), whole(o.Held), whole(o.Filled[0]), whole(o.Filled[1]), whole(o.Within7[0]), whole(o.Within7[1]), median)
}

func newOverview(asOf table.Date, rows []overviewRow) overviewPage {
	p := overviewPage{AsOf: asOf.String(), Most: mostBars, Table: overviewTable(rows), Timely: timelyPicture(rows), Refused: refusedPicture(rows),
		Head: webpage.Head{Title: "Senders, " + asOf.String(), Nav: navigation.From(navigation.Senders),
			Footer: "This page holds no data about any person. It shows all senders, and is for nobody but the registry; " +
				"a sender is given its own card."}}
	counts := map[lookFirst]int64{}
	for _, row := range rows {
		counts[row.Look]++
		p.Cards = p.Cards || row.Card
	}
	switch all := int64(len(rows)); {
	case all == 0:
		p.Lead = "Nobody has delivered anything yet."
	case counts[mustLook]+counts[mayLook] == 0:
		p.Lead = prose.Count(all, "sender", "senders") + ": all is as usual."
	default:
		p.Lead = "No sender needs a look"
		if n := counts[mustLook]; n > 0 {
			p.Lead = fmt.Sprintf("%s of %s a look", prose.Thousands(n), prose.Count(all, "sender needs", "senders need"))
		}
		if n := counts[mayLook]; n > 0 {
			p.Lead += "; something is unusual at " + prose.Count(n, "sender", "senders")
		}
		p.Lead += "."
	}
	return p
}

func overviewTable(rows []overviewRow) webpage.Table {
	t := webpage.Table{Caption: "Each sender's last night with a delivery: first who needs a look. The name leads to its report card.",
		Columns: webpage.Columns("sender", "what to look at", "last delivery", "#units read", "#refused", "#held",
			"#fields filled", "#within 7 days", "#median days")}
	for _, o := range rows {
		row := webpage.Row{Cells: webpage.Texts(o.Sender, strings.Join(o.Why, "; "), "never", unknown, unknown, unknown,
			shareOf(o.Filled[0], o.Filled[1]), shareOf(o.Within7[0], o.Within7[1]), o.Median)}
		row.Cells[0].Second = strings.ReplaceAll(o.Kind, "_", " ")
		if o.Card {
			row.Cells[0].File = "report_cards/" + o.Sender + ".html"
		}
		if o.On != 0 {
			row.Cells[2] = webpage.Cell{Text: o.On.String(), Second: o.rhythm()}
			row.Cells[3].Text = prose.Thousands(o.Read)
			for i, n := range []int64{o.Rejected, o.Held} {
				row.Cells[4+i].Text = shareOf(n, o.Read)
			}
		}
		row.Class = map[lookFirst]string{mayLook: classFar, mustLook: classBad}[o.Look]
		t.Rows = append(t.Rows, row)
	}
	return t
}

// rhythm says how long a sender is silent, beside its usual.
func (o overviewRow) rhythm() string {
	words := "tonight"
	if o.Silent > 0 {
		words = daysWords(o.Silent) + " ago"
	}
	switch {
	case o.Silent == 0 || o.Gap == 0:
		return words
	case o.Gap == 1:
		return words + ", usually every day"
	}
	return fmt.Sprintf("%s, usually every %d days", words, o.Gap)
}

// timelyPicture shows how many doses come within a week, the slowest sender first.
func timelyPicture(rows []overviewRow) chart.Picture {
	rows = slices.DeleteFunc(slices.Clone(rows), func(o overviewRow) bool { return o.Within7[1] == 0 })
	if len(rows) == 0 {
		return chart.Picture{}
	}
	share := func(o overviewRow) float64 { return 100 * float64(o.Within7[0]) / float64(o.Within7[1]) }
	slices.SortStableFunc(rows, func(a, b overviewRow) int { return cmp.Compare(share(a), share(b)) })
	var in, of int64
	for _, o := range rows {
		in, of = in+o.Within7[0], of+o.Within7[1]
	}
	slowest, fastest := rows[0], rows[len(rows)-1]
	says := fmt.Sprintf("Of %s that senders gave themselves, %s arrived within 7 days.", prose.Count(of, "dose", "doses"), shareOf(in, of))
	if share(slowest) < share(fastest) {
		says += fmt.Sprintf(" The slowest is %s with %s, the fastest %s with %s.", slowest.Sender, percent(share(slowest)), fastest.Sender,
			percent(share(fastest)))
	}
	bars := chart.Bars{Words: chart.Words{ID: "timely", Title: "Doses that arrive within 7 days, by sender", Desc: says}, Most: 100, Unit: " %"}
	for _, o := range rows[:min(len(rows), mostBars)] {
		low, high := interval.Wilson(o.Within7[0], o.Within7[1])
		bars.Bars = append(bars.Bars, chart.Bar{Label: o.Sender, Value: share(o), Interval: chart.Interval{Low: 100 * low, High: 100 * high},
			Text: fmt.Sprintf("%s: %s of %s", percent(share(o)), prose.Thousands(o.Within7[0]), prose.Thousands(o.Within7[1])),
			Tip:  fmt.Sprintf("%s of %s", prose.Thousands(o.Within7[0]), prose.Count(o.Within7[1], "dose", "doses"))})
	}
	return chart.Picture{Says: says, Drawing: bars.HTML()}
}

// refusedPicture shows which part of the units was refused or held, the largest first.
func refusedPicture(rows []overviewRow) chart.Picture {
	var read, lost int64
	for _, o := range rows {
		read, lost = read+o.Read, lost+o.Rejected+o.Held
	}
	if read == 0 {
		return chart.Picture{}
	}
	rows = slices.DeleteFunc(slices.Clone(rows), func(o overviewRow) bool { return o.Rejected+o.Held == 0 })
	if len(rows) == 0 {
		return chart.Picture{Says: fmt.Sprintf("All %s of the senders' last nights were accepted.", prose.Count(read, "unit", "units"))}
	}
	share := func(o overviewRow) float64 { return 100 * float64(o.Rejected+o.Held) / float64(max(o.Read, 1)) }
	slices.SortStableFunc(rows, func(a, b overviewRow) int { return cmp.Compare(share(b), share(a)) })
	says := fmt.Sprintf("Of %s of the senders' last nights, %s were refused or held: most from %s, %s of its own.",
		prose.Count(read, "unit", "units"), shareOf(lost, read), rows[0].Sender, percent(share(rows[0])))
	bars := chart.Bars{Words: chart.Words{ID: "refused", Title: "Units that were refused or held, by sender", Desc: says}, Unit: " %"}
	for _, o := range rows[:min(len(rows), mostBars)] {
		bars.Bars = append(bars.Bars, chart.Bar{Label: o.Sender, Value: share(o),
			Text: fmt.Sprintf("%s: %s of %s", percent(share(o)), prose.Thousands(o.Rejected+o.Held), prose.Thousands(o.Read)),
			Tip:  fmt.Sprintf("%s refused, %s held, of %s", prose.Thousands(o.Rejected), prose.Thousands(o.Held), prose.Thousands(o.Read))})
	}
	return chart.Picture{Says: says, Drawing: bars.HTML()}
}
