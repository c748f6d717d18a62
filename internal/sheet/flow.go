package sheet

import (
	"fmt"

	"miic/internal/pdf"
)

// A Unit is what is not divided between pages: a line, a row, a card.
type Unit struct {
	Height float64
	Before float64 // space above, but not at the top of a page
	Keep   bool    // on the page of the next unit
	Fresh  bool    // on a new page
	Low    bool    // at the bottom of its page, where it is cut off
}

// A Block is drawn in one piece of the structure, though it may go on over pages. While it draws, it asks for the place of
// each of its units in turn, which turns the page where that is due.
type Block struct {
	Units []Unit
	Head  float64 // height of what is repeated where the block goes on on another page
	Draw  func(d *Drawing, at func(unit int) (y float64, turned bool))
}

// A spot is where a unit is drawn: the page of the piece, from 0, and its top.
type spot struct {
	page int
	y    float64
}

// place finds the spots of the units of all blocks, one behind the other, from y on the first page, and how many pages
// they take.
func place(blocks []Block, y float64) ([][]spot, int, error) {
	type one struct {
		block, unit int
		unitOf      *Unit
	}
	var all []one
	out := make([][]spot, len(blocks))
	for b := range blocks {
		out[b] = make([]spot, len(blocks[b].Units))
		for i := range blocks[b].Units {
			all = append(all, one{b, i, &blocks[b].Units[i]})
		}
	}
	page, top := 0, y
	full := false // a card ends the page
	for n, o := range all {
		u := o.unitOf
		// What must stay together is looked at as one.
		need := u.Height
		for k := n; all[k].unitOf.Keep && k+1 < len(all); k++ {
			need += all[k+1].unitOf.Before + all[k+1].unitOf.Height
		}
		first := y == top
		begins := n == 0 || !all[n-1].unitOf.Keep
		if !first && (u.Fresh || begins && y+u.Before+need > PageBottom || y+u.Before+u.Height > PageBottom) || full ||
			page == 0 && y+need > PageBottom && need <= PageBottom-PageTop {
			page++
			y, top, full = PageTop, PageTop, false
			first = true
			if o.unit > 0 {
				y += blocks[o.block].Head
			}
		}
		if !first {
			y += u.Before
		}
		if u.Low {
			y, full = max(y, PageBottom-u.Height), true
		}
		if y+u.Height > PageBottom+0.01 {
			return nil, 0, fmt.Errorf("the card, or a heading, is higher than a page")
		}
		out[o.block][o.unit] = spot{page, y}
		y += u.Height
	}
	return out, page + 1, nil
}

// Flow draws the blocks of a piece, whose first page has begun, and turns its pages.
func (d *Drawing) Flow(blocks []Block, y float64) error {
	spots, pages, err := place(blocks, y)
	if err != nil {
		return err
	}
	d.Page, d.Of = 0, pages
	d.Furniture()
	d.flow(blocks, spots)
	return nil
}

// A Side is a part of a piece that begins on a page of its own.
type Side struct {
	Blocks []Block
	Top    float64 // of the blocks, on the side's first page
}

// Sides draws a piece of several sides, and counts their pages together. Each begins a page and is drawn by a function that
// gets its number and draws the blocks by calling flow.
func (d *Drawing) Sides(sides []Side, draw func(side int, flow func())) error {
	all := make([][][]spot, len(sides))
	d.Page, d.Of = -1, 0
	for i, s := range sides {
		spots, pages, err := place(s.Blocks, s.Top)
		if err != nil {
			return err
		}
		for _, block := range spots {
			for k := range block {
				block[k].page += d.Of
			}
		}
		all[i], d.Of = spots, d.Of+pages
	}
	for i, s := range sides {
		d.Page++
		d.File.Page(pdf.LetterWidth, pdf.LetterHeight)
		draw(i, func() {
			d.Furniture()
			d.flow(s.Blocks, all[i])
		})
	}
	return nil
}

// flow draws blocks at their spots, from the page that has begun on, and turns the pages.
func (d *Drawing) flow(blocks []Block, spots [][]spot) {
	for b := range blocks {
		blocks[b].Draw(d, func(i int) (float64, bool) {
			s, turned := spots[b][i], false
			for d.Page < s.page {
				d.Page++
				d.File.Page(pdf.LetterWidth, pdf.LetterHeight)
				d.Furniture()
				turned = i > 0
			}
			return s.y, turned
		})
	}
}

// Height is that of blocks one below the other.
func Height(blocks []Block) float64 {
	total := 0.0
	for _, b := range blocks {
		for _, u := range b.Units {
			total += u.Before + u.Height
		}
	}
	return total
}

// Stack draws blocks one below the other, where they fit.
func (d *Drawing) Stack(blocks []Block, y float64) {
	for _, b := range blocks {
		tops := make([]float64, len(b.Units))
		for i, u := range b.Units {
			tops[i] = y + u.Before
			y = tops[i] + u.Height
		}
		b.Draw(d, func(i int) (float64, bool) { return tops[i], false })
	}
}

// Paragraph is text of one element, line by line. A short one stays on a page; of a long one, two lines do.
func (d *Drawing) Paragraph(role pdf.Role, t Text, x, width float64, s Style, before float64) Block {
	if t.Plain() == "" {
		return Block{Draw: func(*Drawing, func(int) (float64, bool)) {}}
	}
	lines := pdf.Wrap(s.Size, width, d.Runs(t, s.Bold)...)
	b := Block{Units: s.lines(len(lines), before)}
	if role == pdf.H2 || role == pdf.H1 {
		b.Units[len(b.Units)-1].Keep = true
	}
	b.Draw = func(d *Drawing, at func(int) (float64, bool)) {
		d.File.Tag(pdf.Tag{Role: role}, func() {
			for i, line := range lines {
				y, _ := at(i)
				d.File.Text(x, y+s.Rise(), s.Size, line...)
			}
		})
	}
	return b
}

// List is consecutive items.
func (d *Drawing) List(items []Paragraph, x, width float64, s Style, before float64) Block {
	const indent = 12
	var b Block
	var lines [][][]pdf.Run
	for i, p := range items {
		l := pdf.Wrap(s.Size, width-indent, d.Runs(p.Text, s.Bold)...)
		space := 2.0
		if i == 0 {
			space = before
		}
		lines, b.Units = append(lines, l), append(b.Units, s.lines(len(l), space)...)
	}
	b.Draw = func(d *Drawing, at func(int) (float64, bool)) {
		n := 0
		d.File.Tag(pdf.Tag{Role: pdf.List}, func() {
			for _, item := range lines {
				d.File.Tag(pdf.Tag{Role: pdf.Item}, func() {
					y, _ := at(n)
					d.File.Tag(pdf.Tag{Role: pdf.Label}, func() { d.File.Text(x, y+s.Rise(), s.Size, pdf.Run{Text: "•"}) })
					d.File.Tag(pdf.Tag{Role: pdf.Body}, func() {
						for _, line := range item {
							y, _ := at(n)
							d.File.Text(x+indent, y+s.Rise(), s.Size, line...)
							n++
						}
					})
				})
			}
		})
	}
	return b
}

// Paragraphs are blocks of paragraphs and lists.
func (d *Drawing) Paragraphs(list []Paragraph, x, width float64, s Style, before float64) []Block {
	var out []Block
	for i := 0; i < len(list); {
		if !list[i].Item {
			out = append(out, d.Paragraph(pdf.P, list[i].Text, x, width, s, before))
			i++
			continue
		}
		from := i
		for i < len(list) && list[i].Item {
			i++
		}
		out = append(out, d.List(list[from:i], x, width, s, before))
	}
	return out
}

// A Style is how text is set.
type Style struct {
	Size, Leading float64
	Bold          bool
}

// Rise is from the top of a line to its baseline.
func (s Style) Rise() float64 { return s.Size*0.95 + (s.Leading-s.Size)/2 - s.Size*0.1 }

// lines are the units of n lines.
func (s Style) lines(n int, before float64) []Unit {
	out := make([]Unit, n)
	for i := range out {
		out[i] = Unit{Height: s.Leading, Keep: i < n-1 && (n <= 6 || i == 0 || i == n-2)}
	}
	if n > 0 {
		out[0].Before = before
	}
	return out
}

// Runs are the runs of a text, with the languages that differ from the piece's.
func (d *Drawing) Runs(t Text, bold bool) []pdf.Run {
	out := make([]pdf.Run, len(t))
	for i, r := range t {
		out[i] = pdf.Run{Text: r.Text, Bold: bold}
		if r.Language != d.Language {
			out[i].Lang = r.Language
		}
	}
	return out
}
