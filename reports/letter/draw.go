package letter

import (
	"fmt"
	"io"
	"iter"

	"miic/internal/pdf"
	"miic/internal/sheet"
)

// The page of a letter, in points.
const (
	bodyTop   = 3.8 * pdf.Inch // below the first fold, and out of the window wherever the sheet slips to
	asideLeft = 4.9 * pdf.Inch // of the date, beside the windows
)

var (
	textStyle    = sheet.Style{Size: 10.25, Leading: 12.8}
	subjectStyle = sheet.Style{Size: 14, Leading: 17, Bold: true}
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
	sheet.Drawing
	letter *Letter
}

// DrawLetters writes letters, each on sheets of its own.
func DrawLetters(w io.Writer, title string, letters iter.Seq[*Letter]) (Drawn, error) {
	var out Drawn
	d := drawing{Drawing: sheet.Drawing{File: pdf.New(w, pdf.About{Title: title, Language: "en"})}}
	d.Furniture = d.furniture
	for l := range letters {
		d.letter, d.Language = l, l.Language
		var err error
		d.File.Page(pdf.LetterWidth, pdf.LetterHeight)
		d.File.Tag(pdf.Tag{Role: pdf.Part, Lang: l.Language}, func() { err = d.draw() })
		if err != nil {
			return Drawn{}, fmt.Errorf("letter %d (%s): %w", l.Sequence, l.ID, err)
		}
		out.count(l.Sequence)
	}
	return out, out.end(d.File)
}

func (d *drawing) draw() error {
	l := d.letter
	d.address(returnWindow.clear(), l.Return, "")
	y := returnWindow.clear().top
	for _, t := range []Text{l.Date, {{Text: l.ID}}} {
		if len(t) > 0 {
			d.File.Tag(pdf.Tag{Role: pdf.P}, func() { d.File.Text(asideLeft, y+textStyle.Rise(), 9.5, d.Runs(t, false)...) })
			y += textStyle.Leading
		}
	}
	d.address(addressWindow.clear(), l.Address, l.IMb)

	const x, width = sheet.PageLeft, sheet.PageWidth
	blocks := []sheet.Block{d.Paragraph(pdf.H1, l.Subject, x, width, subjectStyle, 0)}
	below := []*Table{l.Phone, l.Clinics}
	if aside, ok := d.aside(l.Phone, y+textStyle.Leading); ok {
		blocks, below = append(blocks, aside), below[1:]
	}
	blocks = append(blocks, d.Paragraph(pdf.P, l.Salutation, x, width, textStyle, 6))
	blocks = append(blocks, d.Paragraphs(l.Opening, x, width, textStyle, 5)...)
	blocks = append(blocks, d.Table(&l.Due, x, width, 7)...)
	blocks = append(blocks, d.Paragraphs(l.Closing, x, width, textStyle, 5)...)
	for i, t := range l.Signature {
		before := 0.0
		if i == 0 {
			before = 6
		}
		blocks = append(blocks, d.Paragraph(pdf.P, t, x, width, textStyle, before))
	}
	for _, t := range below {
		if t != nil {
			blocks = append(blocks, d.Table(t, x, width, 9)...)
		}
	}
	if l.OptOut != nil {
		blocks = append(blocks, d.card(l.OptOut, x, width))
	}
	for i := range l.History {
		history := d.Table(&l.History[i], x, width, 14)
		if i == 0 && len(history) > 0 {
			history[0].Units[0].Fresh = true
		}
		blocks = append(blocks, history...)
	}
	if err := d.Flow(blocks, bodyTop); err != nil {
		return err
	}
	// The foot is said once, at the end of the letter; on the pages before it is only seen.
	if len(l.Footer) > 0 {
		d.File.Tag(pdf.Tag{Role: pdf.P}, d.foot)
	}
	return nil
}

// aside is a table beside the windows, where the envelope hides it, if it has room there. It is said after the subject.
func (d *drawing) aside(t *Table, y float64) (sheet.Block, bool) {
	if t == nil {
		return sheet.Block{}, false
	}
	list := d.Table(t, asideLeft, sheet.PageLeft+sheet.PageWidth-asideLeft, 0)
	return sheet.Block{Draw: func(_ *sheet.Drawing, _ func(int) (float64, bool)) { d.Stack(list, y) }}, y+sheet.Height(list) < bodyTop-8
}

// furniture is what is on every page: the number in the file, the page's number, and on all but the last the foot.
func (d *drawing) furniture() {
	l := d.letter
	d.File.Artifact(func() {
		size, right := sheet.Small.Size, sheet.PageLeft+sheet.PageWidth
		number := pdf.Run{Text: fmt.Sprint(l.Sequence)}
		d.File.Text(right-pdf.Width(size, number), 0.45*pdf.Inch, size, number)
		if d.Of > 1 && l.Page != nil {
			page := pdf.Run{Text: l.Page(d.Page+1, d.Of)}
			d.File.Text(right-pdf.Width(size, page), sheet.FootTop+sheet.Small.Rise(), size, page)
		}
		if d.Page+1 < d.Of {
			d.foot()
		}
	})
}

// foot draws the footer, beside the page's number.
func (d *drawing) foot() {
	y := sheet.FootTop + sheet.Small.Rise()
	for _, line := range pdf.Wrap(sheet.Small.Size, sheet.PageWidth-80, d.Runs(d.letter.Footer, false)...) {
		d.File.Text(sheet.PageLeft, y, sheet.Small.Size, line...)
		y += sheet.Small.Leading
	}
}
