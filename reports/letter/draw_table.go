package letter

import (
	"strings"

	"miic/internal/pdf"
)

// gap is the space between two columns.
const gap = 10

// rowLines is how many lines a row has at most: fewer than a page.
const rowLines = 40

// table is a heading and a table. The first column heads its rows; the heads of the columns are drawn again on each page.
func (d *drawing) table(t *Table, x, width, before float64) []block {
	t = t.filled()
	if len(t.Rows) == 0 {
		return nil
	}
	var out []block
	if len(t.Heading) > 0 {
		out = append(out, d.paragraph(pdf.H2, t.Heading, x, width, headingStyle, before))
		before = 3
	}
	widths := d.widths(t, width)
	left := make([]float64, len(widths))
	for i := range widths {
		left[i] = x
		x += widths[i] + gap
	}
	line := func(row []Text, s style) ([][][]pdf.Run, float64) {
		cells, most := make([][][]pdf.Run, len(row)), 1
		for i, c := range row {
			cells[i] = pdf.Wrap(s.size, widths[i], d.runs(c, s.bold)...)
			most = max(most, len(cells[i]))
		}
		return cells, float64(most)*s.leading + 3
	}
	head, headHeight := line(t.Heads, tableHead)
	b := block{units: []unit{{height: headHeight, before: before, keep: true}}, head: headHeight}
	var rows [][][][]pdf.Run
	for _, row := range t.Rows {
		cells, height := line(row, tableStyle)
		for height > rowLines*tableStyle.leading+3 { // goes on in a row of its own
			part := make([][][]pdf.Run, len(cells))
			for i, c := range cells {
				n := min(rowLines, len(c))
				part[i], cells[i] = c[:n], c[n:]
			}
			rows, height = append(rows, part), height-rowLines*tableStyle.leading
			b.units = append(b.units, unit{height: rowLines*tableStyle.leading + 3})
		}
		rows = append(rows, cells)
		b.units = append(b.units, unit{height: height})
	}
	rule := func(d *drawing, y, grey float64) {
		d.file.Artifact(func() { d.file.Rect(left[0], y, width, 0.5, grey) })
	}
	cell := func(d *drawing, i int, lines [][]pdf.Run, y float64, s style) {
		for _, l := range lines {
			d.file.Text(left[i], y+s.rise(), s.size, l...)
			y += s.leading
		}
	}
	b.draw = func(d *drawing, at func(int) (float64, bool)) {
		d.file.Tag(pdf.Tag{Role: pdf.Table}, func() {
			y, _ := at(0)
			d.file.Tag(pdf.Tag{Role: pdf.Row}, func() {
				for i, lines := range head {
					d.file.Tag(pdf.Tag{Role: pdf.ColumnTH}, func() { cell(d, i, lines, y, tableHead) })
				}
			})
			rule(d, y+headHeight-1.5, 0)
			for n, row := range rows {
				y, turned := at(n + 1)
				if turned {
					d.file.Artifact(func() {
						for i, lines := range head {
							cell(d, i, lines, y-headHeight, tableHead)
						}
					})
					rule(d, y-1.5, 0)
				}
				d.file.Tag(pdf.Tag{Role: pdf.Row}, func() {
					for i, lines := range row {
						role := pdf.TableData
						if i == 0 {
							role = pdf.RowTH
						}
						d.file.Tag(pdf.Tag{Role: role}, func() { cell(d, i, lines, y, tableStyle) })
					}
				})
				rule(d, y+b.units[n+1].height-1.5, 0.7)
			}
		})
	}
	return append(out, b)
}

// filled is the table without the columns that have no text in any row.
func (t *Table) filled() *Table {
	out := Table{Heading: t.Heading, Rows: make([][]Text, len(t.Rows))}
	for i, head := range t.Heads {
		empty := true
		for _, row := range t.Rows {
			empty = empty && row[i].plain() == ""
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

func (t Text) plain() string { return strings.TrimSpace(t.String()) }

// widths deals a width out to the columns. Those that need no more than an equal share get what they need; the others
// their longest word, as far as that goes, and what is left by what their longest text still lacks. If all need less than
// there is, the last one gets the rest.
func (d *drawing) widths(t *Table, width float64) []float64 {
	n := len(t.Heads)
	word, whole := make([]float64, n), make([]float64, n)
	measure := func(i int, c Text, s style) {
		// Half a point more than the text, so that rounding breaks no line.
		whole[i] = max(whole[i], pdf.Width(s.size, d.runs(c, s.bold)...)+0.5)
		for _, w := range strings.Fields(c.plain()) {
			word[i] = max(word[i], pdf.Width(s.size, pdf.Run{Text: w, Bold: s.bold})+0.5)
		}
	}
	for i := range n {
		measure(i, t.Heads[i], tableHead)
		for _, row := range t.Rows {
			measure(i, row[i], tableStyle)
		}
	}
	width -= gap * float64(n-1)
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
