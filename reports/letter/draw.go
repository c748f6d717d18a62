package letter

import (
	"fmt"
	"io"
	"iter"

	"miic/internal/pdf"
)

// The page of a letter, in points.
const (
	pageTop    = 0.75 * pdf.Inch
	pageBottom = 10.4 * pdf.Inch // of the text; the foot is below
	pageLeft   = 0.85 * pdf.Inch
	pageWidth  = pdf.LetterWidth - 2*pageLeft
	footTop    = 10.46 * pdf.Inch
	bodyTop    = 3.8 * pdf.Inch // below the first fold, and out of the window wherever the sheet slips to
	asideLeft  = 4.9 * pdf.Inch // of the date, beside the windows
)

var (
	textStyle    = style{size: 10.25, leading: 12.8}
	subjectStyle = style{size: 14, leading: 17, bold: true}
	headingStyle = style{size: 10.5, leading: 13, bold: true}
	tableHead    = style{size: 8.75, leading: 11, bold: true}
	tableStyle   = style{size: 9.5, leading: 11.6}
	smallStyle   = style{size: 8, leading: 10}
)

// Drawn is what a file holds, for the list that goes with it.
type Drawn struct {
	File        string // as its writer named it
	Pieces      int
	Pages       int
	First, Last int // sequence numbers
	Missing     []pdf.Missing
}

func (d *Drawn) count(sequence int) {
	if d.Pieces == 0 {
		d.First = sequence
	}
	d.Pieces++
	d.Last = sequence
}

func (d *Drawn) end(f *pdf.File) error {
	d.Pages, d.Missing = f.Pages(), f.Missing()
	return f.Close()
}

// A drawing is a file in which pieces are drawn one behind the other.
type drawing struct {
	file     *pdf.File
	language string // of the piece
	letter   *Letter
	page, of int // of the letter
}

// DrawLetters writes letters, each on sheets of its own.
func DrawLetters(w io.Writer, title string, letters iter.Seq[*Letter]) (Drawn, error) {
	var out Drawn
	d := drawing{file: pdf.New(w, pdf.About{Title: title, Language: "en"})}
	for l := range letters {
		d.letter, d.language = l, l.Language
		var err error
		d.file.Page(pdf.LetterWidth, pdf.LetterHeight)
		d.file.Tag(pdf.Tag{Role: pdf.Part, Lang: l.Language}, func() { err = d.draw() })
		if err != nil {
			return Drawn{}, fmt.Errorf("letter %d (%s): %w", l.Sequence, l.ID, err)
		}
		out.count(l.Sequence)
	}
	return out, out.end(d.file)
}

func (d *drawing) draw() error {
	l := d.letter
	d.address(returnWindow.clear(), l.Return, "")
	y := returnWindow.clear().top
	for _, t := range []Text{l.Date, {{Text: l.ID}}} {
		if len(t) > 0 {
			d.file.Tag(pdf.Tag{Role: pdf.P}, func() { d.file.Text(asideLeft, y+textStyle.rise(), 9.5, d.runs(t, false)...) })
			y += textStyle.leading
		}
	}
	d.address(addressWindow.clear(), l.Address, l.IMb)

	const x, width = pageLeft, pageWidth
	blocks := []block{d.paragraph(pdf.H1, l.Subject, x, width, subjectStyle, 0)}
	below := []*Table{l.Phone, l.Clinics}
	if aside, ok := d.aside(l.Phone, y+textStyle.leading); ok {
		blocks, below = append(blocks, aside), below[1:]
	}
	blocks = append(blocks, d.paragraph(pdf.P, l.Salutation, x, width, textStyle, 6))
	blocks = append(blocks, d.paragraphs(l.Opening, x, width, textStyle, 5)...)
	blocks = append(blocks, d.table(&l.Due, x, width, 7)...)
	blocks = append(blocks, d.paragraphs(l.Closing, x, width, textStyle, 5)...)
	for i, t := range l.Signature {
		before := 0.0
		if i == 0 {
			before = 6
		}
		blocks = append(blocks, d.paragraph(pdf.P, t, x, width, textStyle, before))
	}
	for _, t := range below {
		if t != nil {
			blocks = append(blocks, d.table(t, x, width, 9)...)
		}
	}
	if l.OptOut != nil {
		blocks = append(blocks, d.card(l.OptOut, x, width))
	}
	for i := range l.History {
		history := d.table(&l.History[i], x, width, 14)
		if i == 0 && len(history) > 0 {
			history[0].units[0].fresh = true
		}
		blocks = append(blocks, history...)
	}
	if err := d.flow(blocks, bodyTop); err != nil {
		return err
	}
	// The foot is said once, at the end of the letter; on the pages before it is only seen.
	if len(l.Footer) > 0 {
		d.file.Tag(pdf.Tag{Role: pdf.P}, d.foot)
	}
	return nil
}

// aside is a table beside the windows, where the envelope hides it, if it has room there. It is said after the subject.
func (d *drawing) aside(t *Table, y float64) (block, bool) {
	if t == nil {
		return block{}, false
	}
	list := d.table(t, asideLeft, pageLeft+pageWidth-asideLeft, 0)
	return block{draw: func(d *drawing, _ func(int) (float64, bool)) { d.stack(list, y) }}, y+height(list) < bodyTop-8
}

// furniture is what is on every page: the number in the file, the page's number, and on all but the last the foot.
func (d *drawing) furniture() {
	l := d.letter
	d.file.Artifact(func() {
		size, right := smallStyle.size, pageLeft+pageWidth
		number := pdf.Run{Text: fmt.Sprint(l.Sequence)}
		d.file.Text(right-pdf.Width(size, number), 0.45*pdf.Inch, size, number)
		if d.of > 1 && l.Page != nil {
			page := pdf.Run{Text: l.Page(d.page+1, d.of)}
			d.file.Text(right-pdf.Width(size, page), footTop+smallStyle.rise(), size, page)
		}
		if d.page+1 < d.of {
			d.foot()
		}
	})
}

// foot draws the footer, beside the page's number.
func (d *drawing) foot() {
	y := footTop + smallStyle.rise()
	for _, line := range pdf.Wrap(smallStyle.size, pageWidth-80, d.runs(d.letter.Footer, false)...) {
		d.file.Text(pageLeft, y, smallStyle.size, line...)
		y += smallStyle.leading
	}
}
