package sheet

import (
	"strings"

	"miic/internal/pdf"
)

// Gap is the space between two columns.
const Gap = 10

// rowLines is how many lines a row has at most: fewer than a page.
const rowLines = 40

// Table is a heading and a table. The first column heads its rows; the heads of the columns are drawn again on each page.
func (d *Drawing) Table(t *Table, x, width, before float64) []Block {
	t = t.filled()
	if len(t.Rows) == 0 {
		return nil
	}
	var out []Block
	if len(t.Heading) > 0 {
		out = append(out, d.Paragraph(pdf.H2, t.Heading, x, width, Heading, before))
		before = 3
	}
	widths := t.Columns
	if len(widths) != len(t.Heads) {
		widths = d.widths(t, width)
	}
	left := make([]float64, len(widths))
	for i := range widths {
		left[i] = x
		x += widths[i] + Gap
	}
	line := func(row []Text, s Style) ([][][]pdf.Run, float64) {
		cells, most := make([][][]pdf.Run, len(row)), 1
		for i, c := range row {
			cells[i] = pdf.Wrap(s.Size, widths[i], d.Runs(c, s.Bold)...)
			most = max(most, len(cells[i]))
		}
		return cells, float64(most)*s.Leading + 3
	}
	head, headHeight := line(t.Heads, tableHead)
	b := Block{Units: []Unit{{Height: headHeight, Before: before, Keep: true}}, Head: headHeight}
	var rows [][][][]pdf.Run
	for _, row := range t.Rows {
		cells, height := line(row, tableStyle)
		for height > rowLines*tableStyle.Leading+3 { // goes on in a row of its own
			part := make([][][]pdf.Run, len(cells))
			for i, c := range cells {
				n := min(rowLines, len(c))
				part[i], cells[i] = c[:n], c[n:]
			}
			rows, height = append(rows, part), height-rowLines*tableStyle.Leading
			b.Units = append(b.Units, Unit{Height: rowLines*tableStyle.Leading + 3})
		}
		rows = append(rows, cells)
		b.Units = append(b.Units, Unit{Height: height})
	}
	rule := func(d *Drawing, y, grey float64) {
		d.File.Artifact(func() { d.File.Rect(left[0], y, width, 0.5, grey) })
	}
	cell := func(d *Drawing, i int, lines [][]pdf.Run, y float64, s Style) {
		for _, l := range lines {
			d.File.Text(left[i], y+s.Rise(), s.Size, l...)
			y += s.Leading
		}
	}
	b.Draw = func(d *Drawing, at func(int) (float64, bool)) {
		d.File.Tag(pdf.Tag{Role: pdf.Table}, func() {
			y, _ := at(0)
			d.File.Tag(pdf.Tag{Role: pdf.Row}, func() {
				for i, lines := range head {
					d.File.Tag(pdf.Tag{Role: pdf.ColumnTH}, func() { cell(d, i, lines, y, tableHead) })
				}
			})
			rule(d, y+headHeight-1.5, 0)
			for n, row := range rows {
				y, turned := at(n + 1)
				if turned {
					d.File.Artifact(func() {
						for i, lines := range head {
							cell(d, i, lines, y-headHeight, tableHead)
						}
					})
					rule(d, y-1.5, 0)
				}
				d.File.Tag(pdf.Tag{Role: pdf.Row}, func() {
					for i, lines := range row {
						role := pdf.TableData
						if i == 0 {
							role = pdf.RowTH
						}
						d.File.Tag(pdf.Tag{Role: role}, func() { cell(d, i, lines, y, tableStyle) })
					}
				})
				rule(d, y+b.Units[n+1].Height-1.5, 0.7)
			}
		})
	}
	return append(out, b, d.Paragraph(pdf.P, t.Note, left[0], width, tableStyle, 6))
}

// filled is the table without the columns that have no text in any row.
func (t *Table) filled() *Table {
	out := Table{Columns: t.Columns, Heading: t.Heading, Note: t.Note, Rows: make([][]Text, len(t.Rows))}
	for i, head := range t.Heads {
		empty := true
		for _, row := range t.Rows {
			empty = empty && row[i].Plain() == ""
		}
		if empty {
			continue
		}
		out.Heads = append(out.Heads, head)
		for n, row := range t.Rows {
			out.Rows[n] = append(out.Rows[n], row[i])
		}
	}
	return &out
}

// Align gives tables with the same heads the same columns, one below the other.
func (d *Drawing) Align(tables []Table, width float64) {
	var all Table
	for _, t := range tables {
		all.Heads, all.Rows = t.Heads, append(all.Rows, t.Rows...)
	}
	columns := d.widths(all.filled(), width)
	for i := range tables {
		tables[i].Columns = columns
	}
}

// widths deals a width out to the columns. Those that need no more than an equal share get what they need; the others
// their longest word, as far as that goes, and what is left by what their longest text still lacks. If all need less than
// there is, the last one gets the rest.
func (d *Drawing) widths(t *Table, width float64) []float64 {
	n := len(t.Heads)
	word, whole := make([]float64, n), make([]float64, n)
	measure := func(i int, c Text, s Style) {
		// Half a point more than the text, so that rounding breaks no line.
		whole[i] = max(whole[i], pdf.Width(s.Size, d.Runs(c, s.Bold)...)+0.5)
		for _, w := range strings.Fields(c.Plain()) {
			word[i] = max(word[i], pdf.Width(s.Size, pdf.Run{Text: w, Bold: s.Bold})+0.5)
		}
	}
	for i := range n {
		measure(i, t.Heads[i], tableHead)
		for _, row := range t.Rows {
			measure(i, row[i], tableStyle)
		}
	}
	width -= Gap * float64(n-1)
	out, wide := make([]float64, n), n
	for again := true; again; {
		again = false
		for i := range n {
			if out[i] == 0 && whole[i] <= width/float64(wide) {
				out[i] = whole[i]
				width -= whole[i]
				wide--
				again = wide > 0
			}
		}
	}
	if wide == 0 {
		out[n-1] += width
		return out
	}
	var words, wholes float64
	for i := range n {
		if out[i] == 0 {
			words, wholes = words+word[i], wholes+whole[i]
		}
	}
	for i := range n {
		switch {
		case out[i] != 0:
		case words >= width: // some words are broken
			out[i] = width * word[i] / words
		default:
			out[i] = word[i] + (width-words)*(whole[i]-word[i])/(wholes-words)
		}
	}
	return out
}
