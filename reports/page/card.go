package page

import (
	"bytes"
	"cmp"
	"context"
	_ "embed"
	"fmt"
	"html/template"
	"os"
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

	Refused  int64 // files of the last night that were refused whole; these five are for the list of senders
	Accepted string
	Within7  string
	Median   string
	Patterns int
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

// writeCards writes report_cards/: the figures as Parquet and CSV, a page for each sender and one for all. The
// figures come by sender, night, measure and item.
func writeCards(ctx context.Context, r *pipeline.Run, c SendersConfig, figures []figure) error {
	if len(figures) == 0 {
		return nil
	}
	if err := writeFigures(ctx, r, figures); err != nil {
		return err
	}
	var all []card
	for len(figures) > 0 {
		k := sort.Search(len(figures), func(i int) bool { return figures[i].Sender > figures[0].Sender })
		card := c.card(r.AsOf, figures[:k])
		all = append(all, card)
		if err := writeCard(r, card.Sender, "card", card); err != nil {
			return err
		}
		figures = figures[k:]
	}
	r.Count("report_cards", int64(len(all)))
	return writeCard(r, "index", "index", indexOf(r.AsOf, all))
}

func writeCard(r *pipeline.Run, name, view string, data any) error {
	var b bytes.Buffer
	if err := webpage.Execute(&b, cardTemplate, view, data); err != nil {
		return fmt.Errorf("write report card %s: %w", name, err)
	}
	path, err := r.OutPath("report_cards/" + name + ".html")
	if err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o600)
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

type cardIndex struct {
	Head  webpage.Head
	AsOf  string
	Table webpage.Table
}

func indexOf(asOf table.Date, cards []card) cardIndex {
	t := webpage.Table{Caption: "Each sender's last night with a delivery; the name leads to its card",
		Columns: webpage.Columns("sender", "last delivery", "#files refused whole", "#accepted", "#within 7 days", "#median days",
			"#unusual patterns")}
	for _, c := range cards {
		row := webpage.Row{Cells: webpage.Texts(c.Sender, c.Last, "", c.Accepted, c.Within7, c.Median, "")}
		row.Cells[0].File = c.Sender + ".html"
		if c.Refused > 0 {
			row.Class, row.Cells[2].Text = classBad, prose.Thousands(c.Refused)
		}
		if c.Patterns > 0 {
			row.Class, row.Cells[6].Text = classBad, strconv.Itoa(c.Patterns)
		}
		t.Rows = append(t.Rows, row)
	}
	return cardIndex{Table: t, AsOf: asOf.String(), Head: webpage.Head{Title: "Report cards, " + asOf.String(),
		Nav: []webpage.Link{{File: "../run.html", Text: "The night"}, {File: "report_cards.csv", Text: "All figures"}},
		Footer: "All figures: report_cards.csv and report_cards.parquet. " +
			"This page holds no data about any person."}}
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

// card makes one sender's card from its figures, which come by night, measure and item.
func (c SendersConfig) card(asOf table.Date, figures []figure) card {
	h := historyOf(figures)
	last := h.nights[len(h.nights)-1]
	out := card{AsOf: asOf.String(), Sender: figures[0].Sender, Last: last.String(),
		Accepted: unknown, Within7: unknown, Median: unknown}
	for _, f := range figures {
		if f.ReceivedOn == last && f.Rule != "" {
			out.Patterns++
		}
	}
	if f, ok := h.last("files", ""); ok {
		out.Refused = f.Denominator - f.Numerator
	}
	if f, ok := h.last("units", "accepted"); ok {
		out.Accepted = percent(f.percent())
	}
	if f, ok := h.last("timely", "7"); ok {
		out.Within7 = percent(f.percent())
	}
	if f, ok := h.last("median_days", ""); ok {
		out.Median = strconv.FormatInt(f.Numerator, 10)
	}
	for _, s := range cardSections {
		section := cardSection{Title: s.title, What: s.what}
		for _, item := range h.items[s.measure] {
			line := c.line(h, s.measure, item)
			if line.Now == "" && s.measure != "complete" {
				continue // not on the last night
			}
			section.Lines = append(section.Lines, line)
		}
		if s.measure == "timely" && out.Median != unknown {
			section.Lines = append(section.Lines, cardLine{Item: "median", Now: daysWords(out.Median)})
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

func daysWords(n string) string {
	if n == "1" {
		return "1 day"
	}
	return n + " days"
}
