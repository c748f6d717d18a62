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

// DrawLetters writes letters, each on sheets of its own. One in two languages is to be printed on both sides: it has an even
// number of pages.
func DrawLetters(w io.Writer, title string, letters iter.Seq[*Letter]) (Drawn, error) {
	var out Drawn
	d := drawing{Drawing: sheet.Drawing{File: pdf.New(w, pdf.About{Title: title, Language: "en"})}}
	d.Furniture = d.furniture
	for l := range letters {
		if err := d.draw(l); err != nil {
			return Drawn{}, fmt.Errorf("letter %d (%s): %w", l.Sequence, l.ID, err)
		}
		out.count(l.Sequence)
	}
	return out, out.end(d.File)
}

// draw draws a letter: its words, the same in English where it has both, and the doses on record.
func (d *drawing) draw(l *Letter) error {
	sides, of := []sheet.Side{{Blocks: d.words(l, true), Top: bodyTop}}, []*Letter{l}
	if l.Also != nil {
		sides, of = append(sides, sheet.Side{Blocks: d.words(l.Also, false), Top: sheet.PageTop}), append(of, l.Also)
	}
	d.Language = l.Language
	if len(l.History) > 0 {
		history := sheet.Side{Top: sheet.PageTop}
		for i := range l.History {
			table := d.Table(&l.History[i], sheet.PageLeft, sheet.PageWidth, 14)
			if i > 0 && len(table) > 0 {
				table[0].Units[0].Fresh = true
			}
			history.Blocks = append(history.Blocks, table...)
		}
		sides, of = append(sides, history), append(of, l)
	}
	err := d.Sides(sides, func(i int, flow func()) {
		d.letter, d.Language = of[i], of[i].Language
		d.File.Tag(pdf.Tag{Role: pdf.Part, Lang: d.Language}, func() {
			if i == 0 {
				d.head(l)
			}
			flow()
			// The foot is said once, at the end of the letter; on the pages before it is only seen.
			if i == len(sides)-1 && len(d.letter.Footer) > 0 {
				d.File.Tag(pdf.Tag{Role: pdf.P}, d.foot)
			}
		})
	})
	if err == nil && l.Also != nil && d.Of%2 == 1 {
		d.File.Page(pdf.LetterWidth, pdf.LetterHeight)
		d.File.Artifact(d.number)
	}
	return err
}

// dateLines are beside the windows: the date and the letter's number.
func dateLines(l *Letter) []Text {
	if len(l.Date) == 0 {
		return []Text{{{Text: l.ID}}}
	}
	return []Text{l.Date, {{Text: l.ID}}}
}

// head is what is seen in the windows, and the date beside them.
func (d *drawing) head(l *Letter) {
	d.address(returnWindow.clear(), l.Return, "")
	y := returnWindow.clear().top + textStyle.Rise()
	for i, t := range dateLines(l) {
		d.File.Tag(pdf.Tag{Role: pdf.P}, func() {
			d.File.Text(asideLeft, y+float64(i)*textStyle.Leading, 9.5, d.Runs(t, false)...)
		})
	}
	d.address(addressWindow.clear(), l.Address, l.IMb)
}

// words are the blocks of a letter. On the front, whom to phone stands beside the windows if there is room.
func (d *drawing) words(l *Letter, front bool) []sheet.Block {
	d.Language = l.Language
	const x, width = sheet.PageLeft, sheet.PageWidth
	blocks := []sheet.Block{d.Paragraph(pdf.H1, l.Subject, x, width, subjectStyle, 0)}
	below := []*Table{l.Phone, l.Clinics}
	if front {
		if aside, ok := d.aside(l.Phone, returnWindow.clear().top+float64(len(dateLines(l))+1)*textStyle.Leading); ok {
			blocks, below = append(blocks, aside), below[1:]
		}
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
	return blocks
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
		d.number()
		if d.Of > 1 && l.Page != nil {
			page := pdf.Run{Text: l.Page(d.Page+1, d.Of)}
			size := sheet.Small.Size
			d.File.Text(sheet.PageLeft+sheet.PageWidth-pdf.Width(size, page), sheet.FootTop+sheet.Small.Rise(), size, page)
		}
		if d.Page+1 < d.Of {
			d.foot()
		}
	})
}

// number draws the number in the file into the corner.
func (d *drawing) number() {
	number, size := pdf.Run{Text: fmt.Sprint(d.letter.Sequence)}, sheet.Small.Size
	d.File.Text(sheet.PageLeft+sheet.PageWidth-pdf.Width(size, number), 0.45*pdf.Inch, size, number)
}

// foot draws the footer, beside the page's number.
func (d *drawing) foot() {
	y := sheet.FootTop + sheet.Small.Rise()
	for _, line := range pdf.Wrap(sheet.Small.Size, sheet.PageWidth-80, d.Runs(d.letter.Footer, false)...) {
		d.File.Text(sheet.PageLeft, y, sheet.Small.Size, line...)
		y += sheet.Small.Leading
	}
}
