package chart

import (
	"html/template"

	"miic/internal/prose"
)

// A Bin counts the values from one end until the other.
type Bin struct {
	From, Until float64
	Count       int64
	Tip         string
}

// A Histogram has bins side by side, in the order of their values, and marks across them.
type Histogram struct {
	Words
	Bins  []Bin
	Marks []Mark
}

// HTML is the picture.
func (h Histogram) HTML() template.HTML {
	p := histogramPicture{Words: h.Words}
	if len(h.Bins) == 0 {
		return draw("histogram", p)
	}
	const height = 170
	top := 10 + 18*len(h.Marks)
	most := int64(1)
	for _, b := range h.Bins {
		most = max(most, b.Count)
	}
	ticks := wholeTicks(0, float64(most))
	up := axis{high: ticks[len(ticks)-1]}
	across := axis{low: h.Bins[0].From, high: h.Bins[len(h.Bins)-1].Until}
	p.Ground, p.Height = top+height, top+height+24
	for _, v := range ticks {
		y := float64(top) + height*(1-up.share(v))
		p.Grid = append(p.Grid, gridLine{number(y), number(y - 4), prose.Thousands(int64(v))})
	}
	for _, b := range h.Bins {
		tall := height * up.share(float64(b.Count))
		p.Bins = append(p.Bins, placedBin{Bin: b, X: across.place(b.From),
			Width: across.place(b.Until) - across.place(b.From), Y: number(float64(top+height) - tall), Height: number(tall)})
	}
	for i, m := range h.Marks {
		at := placedMark{Label: m.Label, X: across.place(m.At), LabelY: 14 + 18*i}
		at.Anchor, at.Top = anchor(float64(at.X)), at.LabelY+4
		p.Marks = append(p.Marks, at)
	}
	p.Ticks = across.ticks("")
	return draw("histogram", p)
}

type histogramPicture struct {
	Words
	Height, Ground int
	Grid           []gridLine
	Bins           []placedBin
	Marks          []placedMark
	Ticks          []tick
}

type placedBin struct {
	Bin
	X, Width  place
	Y, Height string
}

type placedMark struct {
	Label, Anchor string
	X             place
	LabelY, Top   int
}
