package letter

import (
	"fmt"
	"io"
	"iter"

	"miic/internal/pdf"
	"miic/internal/sheet"
)

// A Label is an address to be stuck on. It says nothing of why something is sent.
type Label struct {
	Sequence int
	Lines    []string
}

// The sheet of labels that is sold as Avery 5160: thirty of 2 5/8 by 1 inch, three in a row.
const (
	labelColumns, labelRows = 3, 10
	labelLeft, labelTop     = 0.1875 * pdf.Inch, 0.5 * pdf.Inch
	labelWidth, labelHeight = 2.625 * pdf.Inch, 1 * pdf.Inch
	labelStep               = 2.75 * pdf.Inch // from column to column
	labelMargin             = 0.13 * pdf.Inch
)

// labelFrame is where the n-th label of a sheet is written on.
func labelFrame(n int) frame {
	x, y := labelLeft+float64(n%labelColumns)*labelStep, labelTop+float64(n/labelColumns)*labelHeight
	return frame{x + labelMargin, y + labelMargin, x + labelWidth - labelMargin, y + labelHeight - labelMargin}
}

// DrawLabels writes sheets of labels, row by row, each with its sequence number in a corner.
func DrawLabels(w io.Writer, title string, labels iter.Seq[*Label]) (Drawn, error) {
	var out Drawn
	d := drawing{Drawing: sheet.Drawing{File: pdf.New(w, pdf.About{Title: title, Language: "en"})}}
	for l := range labels {
		n := out.Pieces % (labelColumns * labelRows)
		if n == 0 {
			d.File.Page(pdf.LetterWidth, pdf.LetterHeight)
		}
		f := labelFrame(n)
		const size = 6
		d.File.Artifact(func() {
			number := pdf.Run{Text: fmt.Sprint(l.Sequence)}
			d.File.Text(f.right-pdf.Width(size, number), f.bottom, size, number)
		})
		f.bottom -= size
		d.address(f, l.Lines, "")
		out.count(l.Sequence)
	}
	return out, out.end(d.File)
}
