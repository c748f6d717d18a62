package atlas

import (
	"cmp"
	"fmt"
	"html/template"
	"math"
	"slices"
	"strconv"
	"strings"

	"miic/internal/area"
	"miic/internal/chart"
	"miic/internal/table"
	"miic/reports/publication"
)

// Words that stand in the pictures for what is not shown.
const (
	withheldWords = "withheld: few people, or few could be worked out"
	nobodyWords   = "nobody of this age"
)

// overview compares the measures in the whole state.
func (l *log) overview() *picture {
	b := chart.Bars{Words: chart.Words{ID: "all", Title: "Coverage of the whole state, measure by measure"},
		Most: 100, Unit: " %"}
	var high, low *figures
	for i := range l.measures {
		f := &l.measures[i]
		b.Bars = append(b.Bars, bar(f.state, f.title()))
		if !shown(f.state) {
			continue
		}
		if high == nil || f.state.Percent > high.state.Percent {
			high = f
		}
		if low == nil || f.state.Percent < low.state.Percent {
			low = f
		}
	}
	p := &picture{Heading: "All measures, the whole state", File: overviewFile, Sentence: "No measure is shown."}
	if high != nil && high != low {
		p.Sentence = fmt.Sprintf("Of %d measures most people meet %s with %s, fewest %s with %s.", len(l.measures),
			high.title(), value(high.state), low.title(), value(low.state))
	} else if high != nil {
		p.Sentence = fmt.Sprintf("Only %s is shown, with %s.", high.title(), value(high.state))
	}
	b.Desc = p.Sentence
	p.Drawing = b.HTML()
	return p
}

// title is the measure's, or its id where the definition is not in use any more.
func (f *figures) title() string {
	if f.measure == nil {
		return f.id
	}
	return f.measure.Title
}

func bar(p *table.Publication, label string) chart.Bar {
	b := chart.Bar{Label: label, Text: value(p), Tip: tip(p), Withheld: p.Suppressed}
	if shown(p) {
		b.Value, b.Interval = p.Percent, chart.Interval{Low: p.PercentLow, High: p.PercentHigh}
		b.Text = fmt.Sprintf("%s of %s", value(p), number(p.Denominator))
	}
	return b
}

// section is a measure's part of the page.
func (f *figures) section(id string, places map[string]place) section {
	s := section{ID: id, Title: f.title(), Short: value(f.state), Sentence: f.stateWords(), Facts: f.facts()}
	if !f.state.Suppressed {
		s.Pictures = []picture{f.byCounty(id, places), f.byRegion(id)}
		if len(f.strata["birth_cohort"]) > 0 {
			s.Pictures = append(s.Pictures, f.byCohort(id))
		}
		if len(f.history) > 1 {
			s.Pictures = append(s.Pictures, f.byPublication(id))
		}
		rows := f.rows()
		notes := publication.Notes(rows)
		s.Notes, s.Tables = noteWords(notes, rows), f.tables(notes, places)
	}
	return s
}

// byCounty is the map of the counties.
func (f *figures) byCounty(id string, places map[string]place) picture {
	p := picture{Heading: "Counties", Sentence: f.mapWords(), File: mapFile,
		Note: "Each county is a tile of one size, near its place in the state; lines part the regions. " +
			"The number is the percentage."}
	m := chart.Tiles{Words: chart.Words{ID: id + "-map", Title: f.title() + ": map of the counties", Desc: p.Sentence},
		Unit: " %", Withheld: withheldWords, Nobody: nobodyWords}
	for i := range f.counties {
		c := &f.counties[i]
		at, ok := places[c.AreaCode]
		if !ok {
			continue // not a county of the site any more: it is in the table
		}
		t := chart.Tile{Row: at.Row, Column: at.Column, Code: at.Code, Group: at.region, Tip: tip(c),
			Withheld: c.Suppressed, Empty: !c.Suppressed && c.Denominator == 0}
		if shown(c) {
			t.Value, t.Text = c.Percent, strconv.FormatFloat(c.Percent, 'f', 0, 64)
		}
		m.Tiles = append(m.Tiles, t)
	}
	p.Drawing = m.HTML()
	return p
}

// byRegion are the bars of the regions beside the state's figure.
func (f *figures) byRegion(id string) picture {
	p := picture{Heading: "Regions", Sentence: extremes(f.regions, "region"), File: regionsFile,
		Note: "The thin line across the end of a bar is the 95 % interval; the dashed line is the whole state."}
	b := chart.Bars{Words: chart.Words{ID: id + "-regions", Title: f.title() + ": the regions and the state", Desc: p.Sentence},
		Most: 100, Unit: " %"}
	for i := range f.regions {
		b.Bars = append(b.Bars, bar(&f.regions[i], nameOf(&f.regions[i])))
	}
	state := bar(f.state, nameOf(f.state))
	state.Sum = true
	b.Bars = append(b.Bars, state)
	if shown(f.state) {
		b.Mark = &chart.Mark{At: f.state.Percent, Label: "state " + value(f.state)}
	}
	p.Drawing = b.HTML()
	return p
}

// byCohort is a line over the birth cohorts.
func (f *figures) byCohort(id string) picture {
	rows := f.strata["birth_cohort"]
	parts := f.cohortsInPart()
	p := picture{Heading: "Birth cohorts", Sentence: cohortWords(rows, parts), File: cohortsFile,
		Note: "A cohort is born from July to June. Upright lines are 95 % intervals."}
	l := f.lines(chart.Words{ID: id + "-cohorts", Title: f.title() + ": birth cohorts", Desc: p.Sentence})
	for i := range rows {
		year, _ := strconv.Atoi(rows[i].StratumCode)
		l.Categories = append(l.Categories, fmt.Sprintf("%d/%02d", year, (year+1)%100))
		l.add(&rows[i])
		l.Under = append(l.Under, "")
		if parts[rows[i].StratumCode] {
			l.Under[i] = "part"
			for n := range l.Series {
				l.Series[n].Points[i].Apart = true
			}
		}
	}
	p.Drawing = l.drawn()
	return p
}

// byPublication is a line over all publications.
func (f *figures) byPublication(id string) picture {
	p := picture{Heading: "Earlier publications", Sentence: f.historyWords(), File: historyFile,
		Note: "The whole state, as it was published on each day."}
	l := f.lines(chart.Words{ID: id + "-history", Title: f.title() + ": all publications", Desc: p.Sentence})
	for i := range f.history {
		row := &f.history[i]
		if i > 0 && row.MeasureVersion != f.history[i-1].MeasureVersion {
			l.gap()
		}
		l.Categories = append(l.Categories, row.PublishedOn.String())
		l.add(row)
	}
	p.Drawing = l.drawn()
	return p
}

// lines are one line by valid doses and one by any.
type lines struct{ chart.Lines }

func (f *figures) lines(w chart.Words) *lines {
	names := []string{"by valid doses", "by any doses"}
	if f.state.Doses == "any" {
		slices.Reverse(names)
	}
	return &lines{chart.Lines{Words: w, Unit: " %", Series: []chart.Series{{Name: names[0]}, {Name: names[1]}}}}
}

// add adds a row to both lines: the measure's own has its interval and its number.
func (l *lines) add(p *table.Publication) {
	own := chart.Point{Withheld: p.Suppressed, Missing: !p.Suppressed && p.Denominator == 0, Tip: tip(p)}
	other := own
	if shown(p) {
		own.Value, own.Interval = p.Percent, chart.Interval{Low: p.PercentLow, High: p.PercentHigh}
		own.Text = percent(p.Percent, p)
		other.Value = share(otherMet(p), p)
		other.Tip = fmt.Sprintf("%s, %s: %s %%", nameOf(p), l.Series[1].Name, percent(other.Value, p))
	}
	l.Series[0].Points = append(l.Series[0].Points, own)
	l.Series[1].Points = append(l.Series[1].Points, other)
}

// least is how many points the upright axis has at the least: fewer would make much of little.
const least = 20

// drawn are the lines, on an axis of tens.
func (l *lines) drawn() template.HTML {
	low, high := l.Range()
	l.High = 10 * math.Ceil(high/10)
	l.Low = max(min(10*math.Floor(low/10), l.High-least), 0)
	l.High = max(l.High, l.Low+least)
	return l.HTML()
}

// gap breaks both lines.
func (l *lines) gap() {
	l.Categories = append(l.Categories, "")
	for i := range l.Series {
		l.Series[i].Points = append(l.Series[i].Points, chart.Point{Missing: true})
	}
}

// A place is where a county is on the map, and of which region it is.
type place struct {
	area.Tile
	region string
}

// tiles are the places of a site's counties on the map. Those of which the built-in layout knows nothing lie below it,
// in the order of their names.
func tiles(counties []area.County) map[string]place {
	places := map[string]place{}
	rows, columns := 0, 0
	var others []area.County
	for _, c := range counties {
		t, ok := area.TileOf(c.FIPS)
		if !ok {
			others = append(others, c)
			continue
		}
		places[c.FIPS] = place{t, c.Region}
		rows, columns = max(rows, t.Row+1), max(columns, t.Column+1)
	}
	slices.SortFunc(others, func(a, b area.County) int { return cmp.Compare(a.Name, b.Name) })
	columns = max(columns, 10)
	for i, c := range others {
		name := []rune(strings.ToUpper(strings.ReplaceAll(c.Name, " ", "")))
		code := string(name[:min(3, len(name))])
		places[c.FIPS] = place{area.Tile{Row: rows + i/columns, Column: i % columns, Code: code}, c.Region}
	}
	return places
}
