package page

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"html/template"
	"os"
	"slices"
	"sort"
	"strconv"
	"strings"

	"miic/internal/engine"
	"miic/internal/prose"
	"miic/internal/table"
	"miic/reports/csvfile"
)

// Report cards tell how well each sender delivers, and how that has been over its last nights. They hold counts,
// and batch and line of what to look at: no person.

//go:embed card.html.tmpl
var cardText string

var cardTemplate = template.Must(template.New("card").Funcs(template.FuncMap{"n": prose.Thousands}).Parse(cardText))

// cardNights is how many nights of a sender its card shows.
const cardNights = 15

// cardRow is one figure of one sender on one night: a row of report_cards.csv.
type cardRow struct {
	Sender      string     `col:"sender" doc:"id of the sender"`
	ReceivedOn  table.Date `col:"received_on" doc:"the night"`
	Measure     string     `col:"measure" doc:"as in delivery_figure"`
	Item        string     `col:"item,null" doc:"as in delivery_figure"`
	Numerator   int64      `col:"numerator" doc:"over all deliveries of the night; of median_days that of the largest"`
	Denominator int64      `col:"denominator" doc:"over all deliveries of the night"`
	BatchID     string     `col:"batch_id" doc:"a delivery to look at"`
	Line        int64      `col:"line,null" doc:"a line of it to look at"`
	Rule        string     `col:"rule,null" doc:"the rule about whole deliveries that it breaks"`
}

var cardTable = func() *table.Table {
	t := table.Working[cardRow]("report_card")
	t.Sort = []string{"sender", "received_on", "measure", "item"}
	return t
}()

func (r cardRow) percent() float64 {
	return 100 * float64(r.Numerator) / float64(max(r.Denominator, 1))
}

// A card is one sender's page.
type card struct {
	AsOf, Sender string
	Last         string
	Sections     []cardSection
	Accepted     string // these four are for the list of senders
	Within7      string
	Median       string
	Patterns     int
}

type cardSection struct {
	Title, What string
	Lines       []cardLine
}

type cardLine struct {
	Item, Of   string
	Now, Usual string
	Spark      template.HTML
	Look       string
	Bad        bool
}

// cards writes report_cards/: the figures as Parquet and CSV, a page for each sender and one for all.
func (w *senders) cards(ctx context.Context) error {
	rows, err := w.cardRows(ctx)
	if err != nil || len(rows) == 0 {
		return err
	}
	if err := w.writeCardTable(ctx, rows); err != nil {
		return err
	}
	var all []card
	for len(rows) > 0 {
		k := sort.Search(len(rows), func(i int) bool { return rows[i].Sender > rows[0].Sender })
		c := w.card(rows[:k])
		all = append(all, c)
		if err := w.writePageOf("report_cards/"+c.Sender+".html", "card", c); err != nil {
			return err
		}
		rows = rows[k:]
	}
	w.run.Count("report_cards", int64(len(all)))
	return w.writePageOf("report_cards/index.html", "index", struct {
		AsOf  string
		Cards []card
	}{w.run.AsOf.String(), all})
}

func (w *senders) writePageOf(path, name string, data any) error {
	var b bytes.Buffer
	if err := cardTemplate.ExecuteTemplate(&b, name, data); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	file, err := w.run.OutPath(path)
	if err != nil {
		return err
	}
	return os.WriteFile(file, b.Bytes(), 0o600)
}

// cardRows adds up the deliveries of each sender and night, and keeps each sender's last nights.
func (w *senders) cardRows(ctx context.Context) ([]cardRow, error) {
	figures, err := engine.Rows[cardRow](ctx, w.run.Engine, queries.Get("card_figure", "as_of", w.run.AsOf))
	if err != nil {
		return nil, err
	}
	w.patterns = map[string][]cardRow{}
	var rows []cardRow
	for _, f := range figures {
		if f.Rule != "" {
			w.patterns[f.BatchID] = append(w.patterns[f.BatchID], f)
		}
		if k := len(rows) - 1; k >= 0 && rows[k].Sender == f.Sender && rows[k].ReceivedOn == f.ReceivedOn && rows[k].Measure == f.Measure && rows[k].Item == f.Item {
			r := &rows[k]
			if f.Measure == "median_days" {
				if f.Denominator > r.Denominator {
					*r = f
				}
				continue
			}
			if r.Line == 0 {
				r.Line, r.BatchID = f.Line, f.BatchID
			}
			r.Numerator += f.Numerator
			r.Denominator += f.Denominator
			r.Rule = max(r.Rule, f.Rule)
			continue
		}
		rows = append(rows, f)
	}
	nights := map[string][]table.Date{}
	for _, r := range rows {
		if list := nights[r.Sender]; len(list) == 0 || list[len(list)-1] != r.ReceivedOn {
			nights[r.Sender] = append(list, r.ReceivedOn)
		}
	}
	return slices.DeleteFunc(rows, func(r cardRow) bool {
		list := nights[r.Sender]
		return r.ReceivedOn < list[max(0, len(list)-cardNights)]
	}), nil
}

func (w *senders) writeCardTable(ctx context.Context, rows []cardRow) error {
	if err := engine.Load(ctx, w.run.Engine, "report_card", rows); err != nil {
		return err
	}
	path, err := w.run.OutPath("report_cards/report_cards.parquet")
	if err != nil {
		return err
	}
	if _, err := w.run.Engine.Copy(ctx, cardTable, "SELECT * FROM report_card", path); err != nil {
		return err
	}
	if path, err = w.run.OutPath("report_cards/report_cards.csv"); err != nil {
		return err
	}
	header := make([]string, len(cardTable.Columns))
	for i, c := range cardTable.Columns {
		header[i] = c.Name
	}
	return csvfile.Write(path, header, func(yield func([]string) error) error {
		for _, r := range rows {
			line := ""
			if r.Line > 0 {
				line = strconv.FormatInt(r.Line, 10)
			}
			if err := yield([]string{r.Sender, r.ReceivedOn.String(), r.Measure, r.Item, strconv.FormatInt(r.Numerator, 10), strconv.FormatInt(r.Denominator, 10), r.BatchID, line, r.Rule}); err != nil {
				return err
			}
		}
		return nil
	})
}

// cardSections are the sections of a card: measure, title, and what its figures say.
var cardSections = []struct{ measure, title, what string }{
	{"timely", "How soon doses arrive", "Of the doses that the sender gave itself, and that were new or changed on the night, those that had been given within so many days. A first load brings the whole past."},
	{"units", "What was accepted", "Units accepted, of units read."},
	{"unique", "What came once", "Units that came once in their file."},
	{"complete", "How complete records are", "Records and doses that tell the field. Lot, manufacturer and the like: of the doses that the sender gave itself."},
	{"valid", "Fields with faults", "Units without a fault in the field, of units read. Fields not named have none."},
	{"rule", "Rules that were broken", "Lines that break the rule, of units read."},
	{"unknown_code", "Codes that are not in our tables", "They were kept as sent, and count for nothing until they are known."},
	{"withdrawn", "What was taken back", "Units that take something back, of units read."},
	{"pattern", "How dates lie", "Doses and births dated on days on which made-up dates lie. Three to four of a hundred are on any one day of the month."},
	{"age", "Ages at the doses", "Of all doses."},
}

// card makes one sender's card from its rows, which come by night, measure and item.
func (w *senders) card(rows []cardRow) card {
	last := rows[len(rows)-1].ReceivedOn
	c := card{AsOf: w.run.AsOf.String(), Sender: rows[0].Sender, Last: last.String(), Accepted: "–", Within7: "–", Median: "–"}
	var nights []table.Date
	series := map[string][]cardRow{} // by measure and item, in the order of the nights
	items := map[string][]string{}
	for _, r := range rows {
		if len(nights) == 0 || nights[len(nights)-1] != r.ReceivedOn {
			nights = append(nights, r.ReceivedOn)
		}
		k := r.Measure + "/" + r.Item
		if series[k] == nil && r.Measure != "median_days" {
			items[r.Measure] = append(items[r.Measure], r.Item)
		}
		series[k] = append(series[k], r)
		if r.ReceivedOn == last && r.Rule != "" {
			c.Patterns++
		}
	}
	for _, s := range cardSections {
		section := cardSection{Title: s.title, What: s.what}
		list := items[s.measure]
		slices.SortFunc(list, func(a, b string) int { return compareItems(s.measure, a, b) })
		for _, item := range list {
			line, now := w.cardLine(s.measure, item, series[s.measure+"/"+item], nights)
			if now == nil && s.measure != "complete" {
				continue // not on the last night
			}
			section.Lines = append(section.Lines, line)
		}
		if s.measure == "timely" {
			if m := series["median_days/"]; len(m) > 0 && m[len(m)-1].ReceivedOn == last {
				c.Median = strconv.FormatInt(m[len(m)-1].Numerator, 10)
				section.Lines = append(section.Lines, cardLine{Item: "median", Of: "", Now: c.Median + " days"})
			}
		}
		if len(section.Lines) > 0 {
			c.Sections = append(c.Sections, section)
		}
	}
	at := func(k string) string {
		if s := series[k]; len(s) > 0 && s[len(s)-1].ReceivedOn == last {
			return fmt.Sprintf("%.1f %%", s[len(s)-1].percent())
		}
		return "–"
	}
	c.Accepted, c.Within7 = at("units/accepted"), at("timely/7")
	return c
}

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

// cardLine makes one line: the last night, the median of the nights before, and all of them as a curve.
func (w *senders) cardLine(measure, item string, s []cardRow, nights []table.Date) (cardLine, *cardRow) {
	line := cardLine{Item: item}
	switch measure {
	case "timely":
		line.Item = "within " + item + " days"
		if item == "1" {
			line.Item = "within a day"
		}
	case "age":
		line.Item = item + " years"
		if item == "unknown" {
			line.Item = item
		}
	case "units", "unique", "withdrawn":
		line.Item = "units"
	}
	var now *cardRow
	var before []float64
	for i := range s {
		if s[i].ReceivedOn == nights[len(nights)-1] {
			now = &s[i]
		} else {
			before = append(before, s[i].percent())
		}
	}
	line.Spark = spark(s, nights)
	if len(before) > 0 {
		slices.Sort(before)
		line.Usual = fmt.Sprintf("%.1f %%", before[len(before)/2])
	}
	if now == nil {
		return line, nil
	}
	line.Now, line.Of = fmt.Sprintf("%.1f %%", now.percent()), prose.Thousands(now.Numerator)+" of "+prose.Thousands(now.Denominator)
	if now.Line > 0 {
		line.Look = now.BatchID + " line " + strconv.FormatInt(now.Line, 10)
	}
	if measure == "rule" && w.rules[item] != "" {
		line.Item = item + ": " + w.rules[item]
	}
	if now.Rule != "" {
		line.Bad, line.Look = true, w.rules[now.Rule]
	}
	return line, now
}

// spark draws a figure over the nights, from 0 to 100 percent.
func spark(s []cardRow, nights []table.Date) template.HTML {
	if len(nights) < 2 {
		return ""
	}
	var points []string
	for _, r := range s {
		i := slices.Index(nights, r.ReceivedOn)
		points = append(points, fmt.Sprintf("%.1f,%.1f", 2+96*float64(i)/float64(len(nights)-1), 18-16*r.percent()/100))
	}
	last := strings.Split(points[len(points)-1], ",")
	return template.HTML(fmt.Sprintf(`<svg width="100" height="20" viewBox="0 0 100 20" role="img"><polyline points="%s" fill="none" stroke="#3b7dbf" stroke-width="1.5"/><circle cx="%s" cy="%s" r="2" fill="#3b7dbf"/></svg>`,
		strings.Join(points, " "), last[0], last[1]))
}
