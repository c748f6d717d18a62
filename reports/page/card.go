package page

import (
	"cmp"
	"context"
	_ "embed"
	"fmt"
	"html/template"
	"slices"
	"sort"
	"strconv"
	"strings"

	"miic/internal/pipeline"
	"miic/internal/prose"
	"miic/internal/table"
	"miic/internal/webpage"
)

// Report cards show how well each sender delivers, and how that has been over its last nights. They hold counts,
// and batch and line of what to look at: no person.

//go:embed card.html.tmpl
var cardText string

var cardTemplate = webpage.Must("card", cardText, nil)

// cardNights is how many nights of a sender its card shows.
const cardNights = 15

// unknown is shown for a figure that the last night does not have.
const unknown = "–"

// A card is one sender's page.
type card struct {
	AsOf, Sender string
	Last         string // the last night with a delivery
	Sections     []cardSection
}

type cardSection struct {
	Title, What string
	Lines       []cardLine
}

type cardLine struct {
	Item, Of   string
	Now, Usual string // the last night, and the median of the nights before
	Spark      template.HTML
	Look       string // where to look, or which rule is broken
	Bad        bool
}

// writeCards writes report_cards/: the figures as Parquet and CSV, and a page for each sender. The figures come by
// sender, night, measure and item. It returns each sender's history.
func writeCards(ctx context.Context, r *pipeline.Run, c SendersConfig, figures []figure) (map[string]history, error) {
	histories := map[string]history{}
	if len(figures) == 0 {
		return histories, nil
	}
	if err := writeFigures(ctx, r, figures); err != nil {
		return nil, err
	}
	for len(figures) > 0 {
		k := sort.Search(len(figures), func(i int) bool { return figures[i].Sender > figures[0].Sender })
		sender, h := figures[0].Sender, historyOf(figures[:k])
		if err := writeCard(r, c.card(r.AsOf, sender, h)); err != nil {
			return nil, err
		}
		histories[sender], figures = h, figures[k:]
	}
	r.Count("report_cards", int64(len(histories)))
	return histories, nil
}

func writeCard(r *pipeline.Run, c card) error {
	path, err := r.OutPath("report_cards/" + c.Sender + ".html")
	if err != nil {
		return err
	}
	return webpage.Write(path, cardTemplate, "card", c)
}

const cardFooter = "To look at: file and line of a delivery; the sender's own copy and the response file have the line. " +
	"This page holds no data about any person."

// Head is what is before and after a card. It leads nowhere: a sender is given its card alone.
func (c card) Head() webpage.Head {
	return webpage.Head{Title: "Report card of " + c.Sender + ", " + c.AsOf, Footer: cardFooter}
}

type cardTable struct {
	Caption string
	Table   webpage.Table
}

// Tables are the sections of a card.
func (c card) Tables() []cardTable {
	var list []cardTable
	for _, s := range c.Sections {
		t := webpage.Table{Caption: s.What, Columns: webpage.Columns("what", "#last night", "#count", "#usual",
			"over the nights", "to look at")}
		for _, l := range s.Lines {
			row := webpage.Row{Cells: webpage.Texts(l.Item, cmp.Or(l.Now, unknown), l.Of, l.Usual, "", l.Look)}
			row.Cells[4].Drawing = l.Spark
			if l.Bad {
				row.Class = classBad
			}
			t.Rows = append(t.Rows, row)
		}
		list = append(list, cardTable{s.Title, t})
	}
	return list
}

// cardSections are the sections of a card: measure, title, and what its figures say.
var cardSections = []struct{ measure, title, what string }{
	{"files", "What came whole",
		"Files that were taken in, of files delivered; the others were refused whole."},
	{"timely", "How soon doses arrive",
		"Of the doses that the sender gave itself, and that were new or changed on the night, " +
			"those that had been given within so many days. A first load brings the whole past."},
	{"units", "What was accepted",
		"Units accepted, of units read."},
	{"unique", "What came once",
		"Units that came once in their file."},
	{"complete", "How complete records are",
		"Records and doses that have the field. " +
			"Lot, manufacturer and the like: of the doses that the sender gave itself."},
	{"valid", "Fields with faults",
		"Units without a fault in the field, of units read. Fields not named have none."},
	{"rule", "Rules that were broken",
		"Lines that break the rule, of units read."},
	{"unknown_code", "Codes that are not in our tables",
		"They were kept as sent, and count for nothing until they are known."},
	{"withdrawn", "What was taken back",
		"Units that take something back, of units read."},
	{"pattern", "How dates lie",
		"Doses and births dated on days on which made-up dates lie. " +
			"Three to four of a hundred are on any one day of the month."},
	{"age", "Ages at the doses",
		"Of all doses."},
}

// history is what one sender's figures have been over its nights.
type history struct {
	nights []table.Date
	series map[string][]figure // by measure and item, in the order of the nights
	items  map[string][]string // by measure
}

func historyOf(figures []figure) history {
	h := history{series: map[string][]figure{}, items: map[string][]string{}}
	for _, f := range figures {
		if len(h.nights) == 0 || h.nights[len(h.nights)-1] != f.ReceivedOn {
			h.nights = append(h.nights, f.ReceivedOn)
		}
		k := f.Measure + "/" + f.Item
		if h.series[k] == nil {
			h.items[f.Measure] = append(h.items[f.Measure], f.Item)
		}
		h.series[k] = append(h.series[k], f)
	}
	for measure, items := range h.items {
		slices.SortFunc(items, func(a, b string) int { return compareItems(measure, a, b) })
	}
	return h
}

// last returns a figure of the last night, if there is one.
func (h history) last(measure, item string) (figure, bool) {
	s := h.series[measure+"/"+item]
	if len(s) == 0 || s[len(s)-1].ReceivedOn != h.nights[len(h.nights)-1] {
		return figure{}, false
	}
	return s[len(s)-1], true
}

// card makes one sender's card.
func (c SendersConfig) card(asOf table.Date, sender string, h history) card {
	out := card{AsOf: asOf.String(), Sender: sender, Last: h.nights[len(h.nights)-1].String()}
	for _, s := range cardSections {
		section := cardSection{Title: s.title, What: s.what}
		for _, item := range h.items[s.measure] {
			line := c.line(h, s.measure, item)
			if line.Now == "" && s.measure != "complete" {
				continue // not on the last night
			}
			section.Lines = append(section.Lines, line)
		}
		if f, ok := h.last("median_days", ""); ok && s.measure == "timely" {
			section.Lines = append(section.Lines, cardLine{Item: "median", Now: daysWords(f.Numerator)})
		}
		if len(section.Lines) > 0 {
			out.Sections = append(out.Sections, section)
		}
	}
	return out
}

func percent(v float64) string { return fmt.Sprintf("%.1f %%", v) }

// compareItems orders days and ages by number, and the rest by name.
func compareItems(measure, a, b string) int {
	if measure == "timely" || measure == "age" {
		lead := func(s string) int {
			v, err := strconv.Atoi(strings.TrimSpace(strings.SplitN(strings.SplitN(s, "-", 2)[0], " ", 2)[0]))
			if err != nil {
				return 1000
			}
			return v
		}
		return lead(a) - lead(b)
	}
	return strings.Compare(a, b)
}

// line makes one line: the last night, the median of the nights before, and all of them as a curve.
func (c SendersConfig) line(h history, measure, item string) cardLine {
	series := h.series[measure+"/"+item]
	line := cardLine{Item: c.itemWords(measure, item), Spark: spark(series, h.nights)}
	now, known := h.last(measure, item)
	before := series
	if known {
		before = series[:len(series)-1]
	}
	if len(before) > 0 {
		values := make([]float64, len(before))
		for i := range before {
			values[i] = before[i].percent()
		}
		slices.Sort(values)
		line.Usual = percent(values[len(values)/2])
	}
	if !known {
		return line
	}
	line.Now, line.Of = percent(now.percent()), prose.Thousands(now.Numerator)+" of "+prose.Thousands(now.Denominator)
	if now.Line > 0 {
		line.Look = prose.Name(now.File) + ", line " + prose.Thousands(now.Line)
	}
	if measure == "files" && now.Numerator < now.Denominator {
		line.Bad, line.Look = true, prose.Name(now.File)
	}
	if now.Rule != "" {
		line.Bad, line.Look = true, c.Rules[now.Rule]
	}
	return line
}

// itemWords are the words for an item of a measure.
func (c SendersConfig) itemWords(measure, item string) string {
	switch {
	case measure == "timely" && item == "1":
		return "within a day"
	case measure == "timely":
		return "within " + item + " days"
	case measure == "age" && item != "unknown":
		return item + " years"
	case measure == "files":
		return "files"
	case measure == "units", measure == "unique", measure == "withdrawn":
		return "units"
	case measure == "complete", measure == "valid":
		return strings.ReplaceAll(item, "_", " ")
	case measure == "rule" && c.Rules[item] != "":
		return item + ": " + c.Rules[item]
	}
	return item
}

// spark draws a figure over the nights, from 0 to 100 percent.
func spark(series []figure, nights []table.Date) template.HTML {
	if len(nights) < 2 {
		return ""
	}
	var places, values []float64
	for _, f := range series {
		i := slices.Index(nights, f.ReceivedOn)
		places = append(places, float64(i)/float64(len(nights)-1))
		values = append(values, f.percent()/100)
	}
	return webpage.Curve(places, values)
}

func daysWords(n int64) string { return prose.Count(n, "day", "days") }
