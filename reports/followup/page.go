package followup

import (
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"miic/internal/chart"
	"miic/internal/pipeline"
	"miic/internal/prose"
	"miic/internal/table"
	"miic/internal/webpage"
	"miic/reports/campaign"
	"miic/reports/csvfile"
	"miic/reports/measure"
	"miic/reports/navigation"
	"miic/reports/outcome"
)

//go:embed campaigns.html.tmpl
var pageText string

var pageTemplate = webpage.Must(navigation.Campaigns, pageText, nil)

const unknown = "–"

type page struct {
	Head    webpage.Head
	AsOf    string
	Unread  bool // a file of families' requests: nothing is counted
	Lead    string
	All     webpage.Table
	Windows int // days of the shortest
	Each    []section
}

// section is about one campaign.
type section struct {
	Name, Title string
	Says        []string
	Drawing     template.HTML
	Sent        webpage.Table
	Outcomes    webpage.Table
	Held        webpage.Table
}

func writePage(r *pipeline.Run, p page) error {
	p.Head = webpage.Head{Title: "Campaigns, " + p.AsOf, Nav: navigation.From(navigation.Campaigns),
		Footer: "This page names nobody. Its counts may be of very few people of one place, so it is for nobody but the registry: " +
			"what the public may know is on the page of coverage."}
	path, err := r.OutPath(navigation.Campaigns)
	if err != nil {
		return err
	}
	return webpage.Write(path, pageTemplate, navigation.Campaigns, p)
}

var lineColumns = []string{"campaign", "kind", "round", "channel", "notices", "people", "households", "first_on", "last_on",
	"notices_with_a_price", "cost_dollars"}

// writeFiles writes what the page and its pictures show as CSV.
func (f *figures) writeFiles(r *pipeline.Run) error {
	path, err := r.OutPath("campaigns.csv")
	if err != nil {
		return err
	}
	if err := csvfile.Write(path, lineColumns, func(yield func([]string) bool) {
		whole := func(n int64) string { return strconv.FormatInt(n, 10) }
		for _, l := range f.lines {
			cost := ""
			if l.Priced > 0 {
				cost = fmt.Sprintf("%.2f", l.CostMicros/1e6)
			}
			if !yield([]string{l.Campaign, l.Kind, whole(int64(l.Round)), l.Channel, whole(l.Notices), whole(l.People),
				whole(l.Households), l.First.String(), l.Last.String(), whole(l.Priced), cost}) {
				return
			}
		}
	}); err != nil {
		return err
	}
	if path, err = r.OutPath("campaign_outcomes.csv"); err != nil {
		return err
	}
	return outcome.WriteCSV(path, f.outcomes)
}

// page sets the figures out, a section for each campaign that has sent something, is about to, or holds people back.
func (f *figures) page(asOf table.Date, c Config) page {
	p := page{AsOf: asOf.String(), Windows: outcome.Windows[0]}
	p.All = webpage.Table{Caption: "What each campaign has sent since it began", Columns: webpage.Columns("campaign", "#notices", "#people",
		"#households", "#came back", "#given elsewhere", "#not collected", "#cost")}
	var notices, sending int64
	for _, t := range f.totals {
		title := ""
		for i := range c.Campaigns {
			if c.Campaigns[i].Name == t.Campaign {
				title = c.Campaigns[i].Title
			}
		}
		lines := slices.DeleteFunc(slices.Clone(f.lines), func(l line) bool { return l.Campaign != t.Campaign })
		if t.Notices > 0 {
			notices, sending = notices+t.Notices, sending+1
		}
		cells := webpage.Texts(t.Campaign, prose.Thousands(t.Notices), prose.Thousands(t.People), prose.Thousands(t.Households),
			prose.Thousands(t.Returned), prose.Thousands(t.Elsewhere), prose.Thousands(t.Uncollected), cost(lines))
		cells[0].Second = title
		p.All.Rows = append(p.All.Rows, webpage.Row{Cells: cells})
		p.Each = append(p.Each, f.section(t, title, lines))
	}
	p.Lead = "No campaign has sent anything yet."
	if notices > 0 {
		p.Lead = fmt.Sprintf("%s since %s, of %s.", prose.Count(notices, "notice", "notices"), f.since(),
			prose.Count(sending, "campaign", "campaigns"))
	}
	return p
}

// since is the day on which the first notice of all went.
func (f *figures) since() table.Date {
	return slices.MinFunc(f.lines, func(a, b line) int { return cmp.Compare(a.First, b.First) }).First
}

func (f *figures) section(t total, title string, lines []line) section {
	s := section{Name: t.Campaign, Title: title}
	outcomes := slices.DeleteFunc(slices.Clone(f.outcomes), func(r outcome.Row) bool { return r.Campaign != t.Campaign })
	if t.Notices > 0 {
		s.Says = append(s.Says, fmt.Sprintf("%s went to %s: %s.", prose.Count(t.Notices, "notice", "notices"),
			prose.Count(t.Households, "household", "households"), f.languagesOf(t.Campaign)))
	}
	if t.Uncollected > 0 {
		s.Says = append(s.Says, fmt.Sprintf("%s not been collected, the oldest of %s; they count as not sent.",
			prose.Count(t.Uncollected, "notice has", "notices have"), t.Oldest))
	}
	s.Sent = sentTable(lines)
	switch {
	case t.Notices == 0:
		s.Says = append(s.Says, "It has sent nothing yet.")
	case len(outcomes) == 0:
		s.Says = append(s.Says, fmt.Sprintf("None is %d days old yet, so nothing is known of what came of them.", outcome.Windows[0]))
	}
	if len(outcomes) > 0 {
		s.Outcomes = outcome.PageTable(outcomes)
		var says string
		says, s.Drawing = picture(t.Campaign, outcomes)
		s.Says = append(s.Says, says)
	}
	s.Held = webpage.Table{Caption: "For whom the campaign calls tonight, and who gets nothing: each under the first reason that holds",
		Columns: webpage.Columns("reason", "", "#people")}
	held := slices.DeleteFunc(slices.Clone(f.held), func(h heldBack) bool { return h.Campaign != t.Campaign })
	for _, h := range held {
		s.Held.Rows = append(s.Held.Rows, webpage.Row{Cells: []webpage.Cell{{Text: campaign.Words(h.Reason)},
			{Drawing: webpage.Bar(100 * float64(h.People) / float64(held[0].People))}, {Text: prose.Thousands(h.People)}}})
	}
	return s
}

// languagesOf says how many notices went in each language, the commonest first.
func (f *figures) languagesOf(campaign string) string {
	var parts []string
	for _, l := range f.languages {
		if l.Campaign == campaign {
			parts = append(parts, measure.ValueName("language", l.Language)+" "+prose.Thousands(l.Notices))
		}
	}
	return strings.Join(parts, ", ")
}

func sentTable(lines []line) webpage.Table {
	t := webpage.Table{Caption: "By kind, round and channel, with the first and the last day",
		Columns: webpage.Columns("notices", "#number", "#people", "#households", "from", "to", "#cost")}
	for _, l := range lines {
		t.Rows = append(t.Rows, webpage.Row{Cells: webpage.Texts(fmt.Sprintf("%s, round %d, %s", l.Kind, l.Round, l.Channel),
			prose.Thousands(l.Notices), prose.Thousands(l.People), prose.Thousands(l.Households), l.First.String(), l.Last.String(),
			cost([]line{l}))})
	}
	return t
}

// cost is what the notices of lines cost; unknown where one of them has no price.
func cost(lines []line) string {
	var micros float64
	for _, l := range lines {
		if l.Priced < l.Notices {
			return unknown
		}
		micros += l.CostMicros
	}
	if len(lines) == 0 {
		return unknown
	}
	return fmt.Sprintf("$%.2f", micros/1e6)
}

// window is the days that the picture shows: the most after which at least half as many notices are counted as after the fewest.
func window(outcomes []outcome.Row) int32 {
	counted := map[int32]int64{}
	for _, r := range outcomes {
		if r.Arm == outcome.Sent || r.Arm == outcome.Chosen {
			counted[r.Days] += r.Notices
		}
	}
	best := int32(outcome.Windows[0])
	for _, d := range outcome.Windows {
		if 2*counted[int32(d)] >= counted[int32(outcome.Windows[0])] && counted[int32(d)] > 0 {
			best = int32(d)
		}
	}
	return best
}

// armWords name an arm of a campaign.
var armWords = map[string]string{outcome.Sent: "sent", outcome.Chosen: "chosen", outcome.Control: "control group"}

// picture draws the shares of notices that were followed by a dose, beside those of the control group, and says what
// it shows: of the first kind and round, the difference from the control group where there is one.
func picture(campaign string, outcomes []outcome.Row) (says string, drawing template.HTML) {
	days := window(outcomes)
	outcomes = slices.DeleteFunc(slices.Clone(outcomes), func(r outcome.Row) bool { return r.Days != days })
	if len(outcomes) == 0 {
		return "", ""
	}
	percent := func(share float64) string { return fmt.Sprintf("%.1f %%", 100*share) }
	compared := slices.IndexFunc(outcomes, func(r outcome.Row) bool { return r.Compared })
	if compared >= 0 {
		r := outcomes[compared]
		says = fmt.Sprintf("Of %s by %s of round %d, %s had a new dose of what it named within %d days, in the control group %s: "+
			"%+.1f points (95 %% interval %+.1f to %+.1f).",
			prose.Count(r.Notices, r.Kind, r.Kind+"s"), r.Channel, r.Round, percent(r.NewShare), days, percent(r.NewShare-r.Difference),
			100*r.Difference, 100*r.Low, 100*r.High)
		if r.Low <= 0 && r.High >= 0 {
			says += " Chance alone may have made that difference."
		}
	} else {
		r := outcomes[0]
		says = fmt.Sprintf("Of %s by %s of round %d, %s had a new dose of what it named within %d days. There is no control group: how many "+
			"would have come without a notice is not known.", prose.Count(r.Notices, r.Kind, r.Kind+"s"), r.Channel, r.Round,
			percent(r.NewShare), days)
	}
	bars := chart.Bars{Words: chart.Words{ID: "came-" + campaign, Title: fmt.Sprintf("%s: notices with a new dose within %d days", campaign, days),
		Desc: says}, Unit: " %"}
	for _, r := range outcomes {
		bars.Bars = append(bars.Bars, chart.Bar{Label: fmt.Sprintf("%s, round %d, %s: %s", r.Kind, r.Round, r.Channel, armWords[r.Arm]),
			Value: 100 * r.NewShare, Interval: chart.Interval{Low: 100 * r.NewLow, High: 100 * r.NewHigh},
			Text: fmt.Sprintf("%s of %s", percent(r.NewShare), prose.Thousands(r.Notices)),
			Tip:  fmt.Sprintf("%s of %s; 95 %% interval %s to %s", prose.Thousands(r.WithNew), prose.Thousands(r.Notices), percent(r.NewLow), percent(r.NewHigh)),
			Sum:  r.Arm == outcome.Chosen})
	}
	return says, bars.HTML()
}
