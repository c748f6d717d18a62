// Package chart draws figures for pages: bars, lines, histograms and maps of tiles, as SVG that stands in a page's
// text.
//
// Each picture has a title and a text alternative. Its colours come from the pages' stylesheet (light, dark, paper),
// and nothing in it is told by colour alone: values are printed, lines differ in their dashes, and what is withheld is
// hatched. Bars, lines and histograms take the width that there is while their letters keep their size, so that they
// can be read on a telephone. The same figures give the same bytes.
package chart

import (
	_ "embed"
	"fmt"
	"html/template"
	"math"
	"slices"
	"strconv"
	"strings"
)

//go:embed chart.html.tmpl
var text string

var templates = template.Must(template.New("chart").Parse(text))

// Words are what a picture says to who does not see it.
type Words struct {
	ID    string // of the picture on its page: letters, digits and hyphens
	Title string
	Desc  string // what it shows, in a sentence or two
}

// A Picture is a drawing with the sentence that says what it shows; without a drawing there was nothing to draw.
type Picture struct {
	Says    string
	Drawing template.HTML
}

// An Interval is drawn where its end is above 0.
type Interval struct{ Low, High float64 }

// Drawn reports that there is one.
func (i Interval) Drawn() bool { return i.High > 0 }

// A Mark is a line across the values, as a threshold is.
type Mark struct {
	At    float64
	Label string
}

// A Bar is a value with its label; how the value is printed is the page's.
type Bar struct {
	Label    string
	Value    float64
	Interval Interval
	Text     string // the value as it is printed, or why there is none
	Tip      string // what a pointer shows
	Withheld bool
	Sum      bool // in bold
}

// Bars lie one below the other and begin at 0.
type Bars struct {
	Words
	Bars []Bar
	Most float64 // the right end; 0: the next round number above all
	Unit string  // behind the numbers of the axis
	Mark *Mark
}

// HTML is the picture.
func (b Bars) HTML() template.HTML {
	most := b.Most
	if most == 0 {
		for _, bar := range b.Bars {
			most = max(most, bar.Value, bar.Interval.High)
		}
		ticks := Ticks(0, most)
		most = ticks[len(ticks)-1]
	}
	a := axis{high: most}
	p := barPicture{Words: b.Words, Height: 40*len(b.Bars) + 24, Ground: 40 * len(b.Bars), Ticks: a.ticks(b.Unit)}
	for i, bar := range b.Bars {
		y := 40 * i
		p.Bars = append(p.Bars, placedBar{Bar: bar, LabelY: y + 15, BarY: y + 21, Middle: y + 28, MarkTop: y + 18, MarkEnd: y + 38, Width: a.place(bar.Value),
			Low: a.place(bar.Interval.Low), High: a.place(bar.Interval.High), EndTop: y + 23, EndBottom: y + 33})
		p.Hatched = p.Hatched || bar.Withheld
	}
	if b.Mark != nil {
		p.Mark, p.MarkAt = b.Mark, a.place(b.Mark.At)
		p.Height += 18
	}
	return draw("bars", p)
}

type barPicture struct {
	Words
	Height, Ground int
	Hatched        bool
	Ticks          []tick
	Bars           []placedBar
	Mark           *Mark
	MarkAt         place
}

type placedBar struct {
	Bar
	LabelY, BarY, Middle, EndTop, EndBottom int
	MarkTop, MarkEnd                        int // the mark's line crosses the bar alone, not the words above it
	Width, Low, High                        place
}

// A Point is a value of a series; one that is missing, or withheld, breaks the line.
type Point struct {
	Value    float64
	Interval Interval
	Text     string // printed beside the point; empty for none
	Tip      string
	Withheld bool
	Missing  bool // there is no such value
	Apart    bool // it cannot be compared with its neighbours, so that no line joins them
}

// A Series is one line: a point for each category.
type Series struct {
	Name   string
	Points []Point
}

// Lines join values over categories that have an order.
type Lines struct {
	Words
	Categories []string
	Under      []string // a word below each category's name, where there is one; or nil
	Series     []Series // three at most
	Low, High  float64  // ends of the axis; both 0: round numbers around all values and intervals
	Unit       string
	Counts     bool // the values are counts, so that the axis has whole numbers
}

const (
	linesTop    = 20  // above the space for values: the uppermost number of the axis
	linesHeight = 190 // of that space
	mostNames   = 6   // of categories: more would lie on each other on a telephone
)

// HTML is the picture, with its legend where there are several series.
func (l Lines) HTML() template.HTML {
	a := axis{low: l.Low, high: l.High, counts: l.Counts}
	if l.Low == 0 && l.High == 0 {
		a = l.around()
	}
	p := linePicture{Words: l.Words, Height: linesTop + linesHeight + 34, Ground: linesTop + linesHeight}
	y := func(v float64) string { return number(linesTop + linesHeight*(1-a.share(v))) }
	for _, t := range a.ticks(l.Unit) {
		p.Grid = append(p.Grid, gridLine{y(t.value), number(linesTop + linesHeight*(1-a.share(t.value)) - 4), t.Text})
	}
	x := func(i int) place { return place((float64(i) + .5) / float64(len(l.Categories))) }
	each := (len(l.Categories) + mostNames - 1) / mostNames
	for i, c := range l.Categories {
		if i%each == 0 {
			one := category{X: x(i), Name: c}
			if i < len(l.Under) && l.Under[i] != "" {
				one.Under, p.Height = l.Under[i], linesTop+linesHeight+48
			}
			p.Categories = append(p.Categories, one)
		}
	}
	hatched := map[int]bool{}
	for n, s := range l.Series {
		line := placedSeries{Name: s.Name, Class: "line-" + strconv.Itoa(n), Shape: n}
		for i, point := range s.Points {
			if point.Missing {
				continue
			}
			if point.Withheld {
				if p.Hatched = true; !hatched[i] {
					hatched[i] = true
					p.Withheld = append(p.Withheld, withheldAt{place(float64(x(i)) - .02), point.Tip})
				}
				continue
			}
			at := placedPoint{Point: point, X: x(i), Y: y(point.Value), Low: y(point.Interval.Low), High: y(point.Interval.High),
				TextY: number(l.above(a, n, i)), Anchor: anchor(float64(x(i)))}
			line.Points = append(line.Points, at)
			if i > 0 && !point.Apart && !s.Points[i-1].Apart && !s.Points[i-1].Missing && !s.Points[i-1].Withheld {
				line.Pieces = append(line.Pieces, piece{x(i - 1), x(i), y(s.Points[i-1].Value), y(point.Value)})
			}
		}
		p.Series = append(p.Series, line)
	}
	for _, s := range p.Series {
		p.Key = append(p.Key, keyEntry{Class: s.Class, Text: s.Name})
	}
	slices.Reverse(p.Series) // the first lies above the others
	return draw("lines", p)
}

// above is where the text of a point stands: above the point, its interval, and what of other series lies there too.
func (l Lines) above(a axis, series, at int) float64 {
	const letters, gap = 14, 8
	y := func(v float64) float64 { return linesTop + linesHeight*(1-a.share(v)) }
	p := l.Series[series].Points[at]
	top := y(max(p.Value, p.Interval.High))
	for n, other := range l.Series {
		o := other.Points[at]
		if o.Withheld || o.Missing || n == series {
			continue
		}
		if there := y(o.Value); there < top+gap && there > top-gap-letters {
			top = min(top, there)
		}
	}
	return max(top-gap, letters-2)
}

// around are round numbers below and above all values.
func (l Lines) around() axis {
	low, high := l.Range()
	ticks := axis{low, high, l.Counts}.values()
	return axis{ticks[0], ticks[len(ticks)-1], l.Counts}
}

// Range is the lowest and the highest of all values and intervals that are drawn; both are 0 where there is none.
func (l Lines) Range() (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, s := range l.Series {
		for _, p := range s.Points {
			if p.Withheld || p.Missing {
				continue
			}
			low, high = min(low, p.Value), max(high, p.Value)
			if p.Interval.Drawn() {
				low, high = min(low, p.Interval.Low), max(high, p.Interval.High)
			}
		}
	}
	if low > high {
		return 0, 0
	}
	return low, high
}

type linePicture struct {
	Words
	Height, Ground int
	Hatched        bool
	Grid           []gridLine
	Categories     []category
	Series         []placedSeries
	Key            []keyEntry
	Withheld       []withheldAt
}

// Top and Tall are the space for values.
func (linePicture) Top() int  { return linesTop }
func (linePicture) Tall() int { return linesHeight }

type gridLine struct{ Y, TextY, Text string }

type category struct {
	X           place
	Name, Under string
}

type withheldAt struct {
	X   place
	Tip string
}

type placedSeries struct {
	Name, Class string
	Shape       int
	Pieces      []piece
	Points      []placedPoint
}

type piece struct {
	X1, X2 place
	Y1, Y2 string
}

type placedPoint struct {
	Point
	X                   place
	Y, Low, High, TextY string
	Anchor              string
}

// draw fills a template; one that fails is a fault of the program, since the figures cannot make it fail.
func draw(name string, picture any) template.HTML {
	var b strings.Builder
	if err := templates.ExecuteTemplate(&b, name, picture); err != nil {
		panic(fmt.Sprintf("chart: %s: %v", name, err))
	}
	return template.HTML(b.String())
}
