package letter

import (
	"errors"
	"fmt"
	"io"
	"iter"

	"miic/internal/pdf"
	"miic/internal/sheet"
)

// A postcard, in points: the largest that the post takes at the price of a card. The address is where its machines read
// (an inch's part from the edges), and leaves the right upper corner to the postage.
const (
	cardWidth  = 6 * pdf.Inch
	cardHeight = 4.25 * pdf.Inch
	cardMargin = 0.35 * pdf.Inch
)

var (
	cardReturn  = frame{left: cardMargin, top: cardMargin, right: 3.2 * pdf.Inch, bottom: 1.1 * pdf.Inch}
	cardAddress = frame{left: 2.4 * pdf.Inch, top: 1.75 * pdf.Inch, right: 5.5 * pdf.Inch, bottom: 3.6 * pdf.Inch}
)

// DrawPostcards writes postcards, two pages each: the side of the address, and the side of the words.
func DrawPostcards(w io.Writer, title string, cards iter.Seq[*Postcard]) (Drawn, error) {
	var out Drawn
	d := drawing{Drawing: sheet.Drawing{File: pdf.New(w, pdf.About{Title: title, Language: "en"})}}
	for c := range cards {
		var err error
		d.Language = c.Language
		d.File.Page(cardWidth, cardHeight)
		d.File.Tag(pdf.Tag{Role: pdf.Part, Lang: c.Language}, func() { err = d.postcard(c) })
		if err != nil {
			return Drawn{}, fmt.Errorf("postcard %d (%s): %w", c.Sequence, c.ID, err)
		}
		out.count(c.Sequence)
	}
	return out, out.end(d.File)
}

func (d *drawing) postcard(c *Postcard) error {
	d.addressIn(cardReturn, 8.5, c.Return, "")
	d.address(cardAddress, c.Address, c.IMb)
	d.File.Page(cardWidth, cardHeight)
	const width, bottom = cardWidth - 2*cardMargin, cardHeight - cardMargin - 18
	for size := 14.0; size >= 7; size -= 0.5 {
		s := sheet.Style{Size: size, Leading: size * 1.27}
		heading := sheet.Style{Size: size * 1.3, Leading: size * 1.6, Bold: true}
		var blocks []sheet.Block
		for one, space := c, 0.0; one != nil; one, space = one.Also, size {
			blocks = append(blocks, d.Paragraph(pdf.H1, one.Heading, cardMargin, width, heading, space))
			blocks = append(blocks, d.Paragraphs(one.Body, cardMargin, width, s, size*0.6)...)
		}
		if sheet.Height(blocks) > bottom-cardMargin {
			continue
		}
		d.Stack(blocks, cardMargin)
		foot := cardHeight - cardMargin
		d.File.Tag(pdf.Tag{Role: pdf.P}, func() { d.File.Text(cardMargin, foot, 7, pdf.Run{Text: c.ID}) })
		d.File.Artifact(func() {
			number := pdf.Run{Text: fmt.Sprint(c.Sequence)}
			d.File.Text(cardWidth-cardMargin-pdf.Width(7, number), foot, 7, number)
		})
		return nil
	}
	return errors.New("the text does not fit on a card")
}
