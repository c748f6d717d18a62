package letter

import (
	"fmt"

	"miic/internal/pdf"
)

// A unit is what is not divided between pages: a line, a row, a card.
type unit struct {
	height float64
	before float64 // space above, but not at the top of a page
	keep   bool    // on the page of the next unit
	fresh  bool    // on a new page
	low    bool    // at the bottom of its page, where it is cut off
}

// A block is drawn in one piece of the structure, though it may go on over pages. While it draws, it asks for the place of
// each of its units in turn, which turns the page where that is due.
type block struct {
	units []unit
	head  float64 // height of what is repeated where the block goes on on another page
	draw  func(d *drawing, at func(unit int) (y float64, turned bool))
}

// A spot is where a unit is drawn: the page of the letter, from 0, and its top.
type spot struct {
	page int
	y    float64
}

// place finds the spots of the units of all blocks, one behind the other, from y on the first page, and how many pages
// they take.
func place(blocks []block, y float64) ([][]spot, int, error) {
	type one struct {
		block, unit int
		unitOf      *unit
	}
	var all []one
	out := make([][]spot, len(blocks))
	for b := range blocks {
		out[b] = make([]spot, len(blocks[b].units))
		for i := range blocks[b].units {
			all = append(all, one{b, i, &blocks[b].units[i]})
		}
	}
	page, top := 0, y
	full := false // a card ends the page
	for n, o := range all {
		u := o.unitOf
		// What must stay together is looked at as one.
		need := u.height
		for k := n; all[k].unitOf.keep && k+1 < len(all); k++ {
			need += all[k+1].unitOf.before + all[k+1].unitOf.height
		}
		first := y == top
		begins := n == 0 || !all[n-1].unitOf.keep
		if !first && (u.fresh || begins && y+u.before+need > pageBottom || y+u.before+u.height > pageBottom) || full ||
			page == 0 && y+need > pageBottom && need <= pageBottom-pageTop {
			page++
			y, top, full = pageTop, pageTop, false
			first = true
			if o.unit > 0 {
				y += blocks[o.block].head
			}
		}
		if !first {
			y += u.before
		}
		if u.low {
			y, full = max(y, pageBottom-u.height), true
		}
		if y+u.height > pageBottom+0.01 {
			return nil, 0, fmt.Errorf("the card, or a heading, is higher than a page")
		}
		out[o.block][o.unit] = spot{page, y}
		y += u.height
	}
	return out, page + 1, nil
}

// flow draws the blocks of a letter, whose first page has begun, and turns its pages.
func (d *drawing) flow(blocks []block, y float64) error {
	spots, pages, err := place(blocks, y)
	if err != nil {
		return err
	}
	d.page, d.of = 0, pages
	d.furniture()
	for b := range blocks {
		blocks[b].draw(d, func(i int) (float64, bool) {
			s, turned := spots[b][i], false
			for d.page < s.page {
				d.page++
				d.file.Page(pdf.LetterWidth, pdf.LetterHeight)
				d.furniture()
				turned = i > 0
			}
			return s.y, turned
		})
	}
	return nil
}

// height is that of blocks one below the other.
func height(blocks []block) float64 {
	total := 0.0
	for _, b := range blocks {
		for _, u := range b.units {
			total += u.before + u.height
		}
	}
	return total
}

// stack draws blocks one below the other, where they fit.
func (d *drawing) stack(blocks []block, y float64) {
	for _, b := range blocks {
		tops := make([]float64, len(b.units))
		for i, u := range b.units {
			tops[i] = y + u.before
			y = tops[i] + u.height
		}
		b.draw(d, func(i int) (float64, bool) { return tops[i], false })
	}
}

// paragraph is text of one element, line by line. A short one stays on a page; of a long one, two lines do.
func (d *drawing) paragraph(role pdf.Role, t Text, x, width float64, s style, before float64) block {
	if t.plain() == "" {
		return block{draw: func(*drawing, func(int) (float64, bool)) {}}
	}
	lines := pdf.Wrap(s.size, width, d.runs(t, s.bold)...)
	b := block{units: s.lines(len(lines), before)}
	if role == pdf.H2 || role == pdf.H1 {
		b.units[len(b.units)-1].keep = true
	}
	b.draw = func(d *drawing, at func(int) (float64, bool)) {
		d.file.Tag(pdf.Tag{Role: role}, func() {
			for i, line := range lines {
				y, _ := at(i)
				d.file.Text(x, y+s.rise(), s.size, line...)
			}
		})
	}
	return b
}

// list is consecutive items.
func (d *drawing) list(items []Paragraph, x, width float64, s style, before float64) block {
	const indent = 12
	var b block
	var lines [][][]pdf.Run
	for i, p := range items {
		l := pdf.Wrap(s.size, width-indent, d.runs(p.Text, s.bold)...)
		space := 2.0
		if i == 0 {
			space = before
		}
		lines, b.units = append(lines, l), append(b.units, s.lines(len(l), space)...)
	}
	b.draw = func(d *drawing, at func(int) (float64, bool)) {
		n := 0
		d.file.Tag(pdf.Tag{Role: pdf.List}, func() {
			for _, item := range lines {
				d.file.Tag(pdf.Tag{Role: pdf.Item}, func() {
					y, _ := at(n)
					d.file.Tag(pdf.Tag{Role: pdf.Label}, func() { d.file.Text(x, y+s.rise(), s.size, pdf.Run{Text: "•"}) })
					d.file.Tag(pdf.Tag{Role: pdf.Body}, func() {
						for _, line := range item {
							y, _ := at(n)
							d.file.Text(x+indent, y+s.rise(), s.size, line...)
							n++
						}
					})
				})
			}
		})
	}
	return b
}

// paragraphs are blocks of paragraphs and lists.
func (d *drawing) paragraphs(list []Paragraph, x, width float64, s style, before float64) []block {
	var out []block
	for i := 0; i < len(list); {
		if !list[i].Item {
			out = append(out, d.paragraph(pdf.P, list[i].Text, x, width, s, before))
			i++
			continue
		}
		from := i
		for i < len(list) && list[i].Item {
			i++
		}
		out = append(out, d.list(list[from:i], x, width, s, before))
	}
	return out
}

// A style is how text is set.
type style struct {
	size, leading float64
	bold          bool
}

// rise is from the top of a line to its baseline.
func (s style) rise() float64 { return s.size*0.95 + (s.leading-s.size)/2 - s.size*0.1 }

// lines are the units of n lines.
func (s style) lines(n int, before float64) []unit {
	out := make([]unit, n)
	for i := range out {
		out[i] = unit{height: s.leading, keep: i < n-1 && (n <= 6 || i == 0 || i == n-2)}
	}
	if n > 0 {
		out[0].before = before
	}
	return out
}

// runs are the runs of a text, with the languages that differ from the letter's.
func (d *drawing) runs(t Text, bold bool) []pdf.Run {
	out := make([]pdf.Run, len(t))
	for i, r := range t {
		out[i] = pdf.Run{Text: r.Text, Bold: bold}
		if r.Language != d.language {
			out[i].Lang = r.Language
		}
	}
	return out
}
