package letter

import (
	"strings"

	"miic/internal/pdf"
	"miic/internal/sheet"
)

// A piece of a card, below the one before it.
type cardPiece struct {
	before, height float64
	draw           func(y float64)
}

// The parts of a card: where it is sent to has a column of its own, beside heading and text.
const (
	cardInner   = 8 // below the line of the cut
	cardColumn  = 160
	boxIndent   = 16
	blankHeight = 21
)

var cardText = sheet.Style{Size: 9, Leading: 11.2}

// card is a card to be cut off, at the bottom of a page.
func (d *drawing) card(c *Card, x, width float64) sheet.Block {
	left := width - cardColumn - sheet.Gap
	pieces := []cardPiece{d.cardHead(c, x, left, width)}
	for _, b := range c.Boxes {
		pieces = append(pieces, d.cardBox(b, x, width))
	}
	if len(c.Blanks) > 0 {
		pieces = append(pieces, d.cardBlanks(c.Blanks, x, width))
	}
	height := 0.0
	for _, p := range pieces {
		height += p.before + p.height
	}
	return sheet.Block{
		Units: []sheet.Unit{{Height: height, Before: 10, Low: true}},
		Draw: func(_ *sheet.Drawing, at func(int) (float64, bool)) {
			y, _ := at(0)
			d.File.Artifact(func() { d.cut(y) })
			d.File.Tag(pdf.Tag{Role: pdf.Sect}, func() {
				for _, p := range pieces {
					y += p.before
					p.draw(y)
					y += p.height
				}
			})
		},
	}
}

// cardHead is heading and text, and to the right of them where the card goes to, with the number of the letter.
func (d *drawing) cardHead(c *Card, x, left, width float64) cardPiece {
	words := append([]sheet.Block{d.Paragraph(pdf.H2, c.Heading, x, left, sheet.Heading, 0)},
		d.Paragraphs(c.Text, x, left, cardText, 2)...)
	const size = 8.5
	lines := c.Return
	if c.ID != "" {
		lines = append(lines[:len(lines):len(lines)], c.ID)
	}
	to := frame{left: x + width - cardColumn, right: x + width}
	size2, set := fitted(cardColumn, size*addressLeading*float64(len(lines)), size, lines)
	return cardPiece{before: cardInner, height: max(sheet.Height(words), size2*addressLeading*float64(len(set))),
		draw: func(y float64) {
			d.Stack(words, y)
			to.top, to.bottom = y, y+size*addressLeading*float64(len(lines))+0.01
			d.addressIn(to, size, lines, "")
		}}
}

// cardBox is a box to be ticked. Words that end with a colon ask for more: a line to write on follows them.
func (d *drawing) cardBox(b Text, x, width float64) cardPiece {
	lines := pdf.Wrap(cardText.Size, width-boxIndent, d.Runs(b, false)...)
	return cardPiece{before: 4, height: float64(len(lines)) * cardText.Leading, draw: func(y float64) {
		d.File.Artifact(func() { d.square(x, y+1.3, 8.5) })
		end := 0.0
		d.File.Tag(pdf.Tag{Role: pdf.P}, func() {
			for _, line := range lines {
				end = d.File.Text(x+boxIndent, y+cardText.Rise(), cardText.Size, line...)
				y += cardText.Leading
			}
		})
		if strings.HasSuffix(b.Plain(), ":") && end < x+width-60 {
			d.File.Artifact(func() { d.File.Rect(end+6, y-1.5, x+width-end-6, 0.5, 0) })
		}
	}}
}

// cardBlanks are the lines to be filled in, side by side where every label leaves half of its share to write on, else one
// below the other.
func (d *drawing) cardBlanks(blanks []Text, x, width float64) cardPiece {
	share := (width - sheet.Gap*float64(len(blanks)-1)) / float64(len(blanks))
	aside := true
	for _, b := range blanks {
		aside = aside && pdf.Width(cardText.Size, d.Runs(b, false)...) <= share/2
	}
	if !aside {
		share = width
	}
	type blank struct {
		lines [][]pdf.Run
		high  float64
	}
	list := make([]blank, len(blanks))
	total := 0.0
	for i, b := range blanks {
		lines := pdf.Wrap(cardText.Size, share, d.Runs(b, false)...)
		list[i] = blank{lines, blankHeight + float64(len(lines)-1)*cardText.Leading}
		if aside {
			total = blankHeight
		} else {
			total += list[i].high
		}
	}
	return cardPiece{before: 1, height: total, draw: func(y float64) {
		left := x
		for _, b := range list {
			end, base := left, y+blankHeight-cardText.Leading
			d.File.Tag(pdf.Tag{Role: pdf.P}, func() {
				for _, line := range b.lines {
					end = d.File.Text(left, base+cardText.Rise(), cardText.Size, line...)
					base += cardText.Leading
				}
			})
			d.File.Artifact(func() { d.File.Rect(end+6, base-1.5, left+share-end-6, 0.5, 0) })
			if aside {
				left += share + sheet.Gap
			} else {
				y += b.high
			}
		}
	}}
}

// square draws the outline of a box to be ticked.
func (d *drawing) square(x, y, side float64) {
	const line = 0.7
	d.File.Rects(0, pdf.Box{X: x, Y: y, Width: side, Height: line},
		pdf.Box{X: x, Y: y + side - line, Width: side, Height: line},
		pdf.Box{X: x, Y: y, Width: line, Height: side},
		pdf.Box{X: x + side - line, Y: y, Width: line, Height: side})
}

// cut draws the line along which a card is cut off.
func (d *drawing) cut(y float64) {
	var dashes []pdf.Box
	for x := 0.25 * pdf.Inch; x < pdf.LetterWidth-0.3*pdf.Inch; x += 9 {
		dashes = append(dashes, pdf.Box{X: x, Y: y, Width: 5, Height: 0.6})
	}
	d.File.Rects(0.3, dashes...)
}
