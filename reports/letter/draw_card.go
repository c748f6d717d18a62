package letter

import (
	"miic/internal/pdf"
)

// card is a card to be cut off, at the bottom of a page.
func (d *drawing) card(c *Card, x, width float64) block {
	const inner, boxIndent, blankHeight, most = 6, 16, 20, 150
	text := style{size: 9.5, leading: 12}
	type piece struct {
		before, height float64
		draw           func(y float64)
	}
	var pieces []piece
	add := func(role pdf.Role, t Text, s style, before float64, extra func(y float64)) {
		indent := 0.0
		if extra != nil {
			indent = boxIndent
		}
		lines := pdf.Wrap(s.size, width-indent, d.runs(t, s.bold)...)
		pieces = append(pieces, piece{before, float64(len(lines)) * s.leading, func(y float64) {
			if extra != nil {
				d.file.Artifact(func() { extra(y) })
			}
			d.file.Tag(pdf.Tag{Role: role}, func() {
				for _, line := range lines {
					d.file.Text(x+indent, y+s.rise(), s.size, line...)
					y += s.leading
				}
			})
		}})
	}
	add(pdf.H2, c.Heading, headingStyle, inner+4, nil)
	for _, p := range c.Text {
		add(pdf.P, p.Text, text, 4, nil)
	}
	for _, b := range c.Boxes {
		add(pdf.P, b, text, 4, func(y float64) { d.square(x, y+1.5, 9) })
	}
	for _, b := range c.Blanks {
		label := pdf.Wrap(text.size, width-most, d.runs(b, false)...)
		height := max(blankHeight, float64(len(label))*text.leading+6)
		pieces = append(pieces, piece{2, height, func(y float64) {
			end := x
			y += height - float64(len(label))*text.leading
			d.file.Tag(pdf.Tag{Role: pdf.P}, func() {
				for _, line := range label {
					end = d.file.Text(x, y+text.rise(), text.size, line...)
					y += text.leading
				}
			})
			d.file.Artifact(func() { d.file.Rect(end+6, y-1, x+width-end-6, 0.5, 0) })
		}})
	}
	for i, line := range c.Return {
		before := 0.0
		if i == 0 {
			before = 8
		}
		add(pdf.P, Text{{Text: line}}, text, before, nil)
	}
	if c.ID != "" {
		add(pdf.P, Text{{Text: c.ID}}, smallStyle, 4, nil)
	}
	height := 0.0
	for _, p := range pieces {
		height += p.before + p.height
	}
	return block{
		units: []unit{{height: height, before: 14, low: true}},
		draw: func(d *drawing, at func(int) (float64, bool)) {
			y, _ := at(0)
			d.file.Artifact(func() { d.cut(y) })
			d.file.Tag(pdf.Tag{Role: pdf.Sect}, func() {
				for _, p := range pieces {
					y += p.before
					p.draw(y)
					y += p.height
				}
			})
		},
	}
}

// square draws the outline of a box to be ticked.
func (d *drawing) square(x, y, side float64) {
	const line = 0.7
	d.file.Rect(x, y, side, line, 0)
	d.file.Rect(x, y+side-line, side, line, 0)
	d.file.Rect(x, y, line, side, 0)
	d.file.Rect(x+side-line, y, line, side, 0)
}

// cut draws the line along which a card is cut off.
func (d *drawing) cut(y float64) {
	for x := 0.25 * pdf.Inch; x < pdf.LetterWidth-0.3*pdf.Inch; x += 7 {
		d.file.Rect(x, y, 4, 0.6, 0.3)
	}
}
