package pdf

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// A Run is text of one kind within a line.
type Run struct {
	Text string
	Bold bool
	Lang string // where it differs from the element's: a Span is made of it
}

// Text draws runs one behind the other, from x on, on the baseline y, and returns where they end.
func (f *File) Text(x, y, size float64, runs ...Run) float64 {
	for _, r := range runs {
		if r.Lang != "" && f.hidden == 0 {
			f.Tag(Tag{Role: Span, Lang: r.Lang}, func() { x = f.show(x, y, size, r) })
		} else {
			x = f.show(x, y, size, r)
		}
	}
	return x
}

func (f *File) show(x, y, size float64, r Run) float64 {
	text := compose(r.Text)
	if text == "" {
		return x
	}
	p := f.mark()
	if p == nil {
		return x
	}
	i := 0
	if r.Bold {
		i = 1
	}
	s := f.fonts[i]
	b := append(p.content.AvailableBuffer(), "BT/"...)
	b = append(b, fontNames[i]...)
	b = append(b, ' ')
	b = append(appendNumber(b, size), " Tf "...)
	b = append(appendNumber(b, x), ' ')
	b = append(appendNumber(b, p.height-y), " Td("...)
	width := 0
	for _, c := range text {
		code := s.code(c)
		width += int(s.glyphs[code].width)
		b = appendByte(appendByte(b, byte(code>>8)), byte(code))
	}
	p.content.Write(append(b, ")Tj ET\n"...))
	return x + float64(width)*size/1000
}

// appendByte writes a byte of a string.
func appendByte(b []byte, c byte) []byte {
	switch c {
	case '(', ')', '\\':
		return append(b, '\\', c)
	case '\r':
		return append(b, '\\', 'r')
	}
	return append(b, c)
}

// Rect fills a rectangle, given by its left upper corner, in a grey from 0 (black) to 1 (white).
func (f *File) Rect(x, y, width, height, grey float64) {
	f.Rects(grey, Box{x, y, width, height})
}

// A Box is a rectangle: its left upper corner, and how wide and high it is.
type Box struct{ X, Y, Width, Height float64 }

// Rects fills rectangles at once: the bars or squares of a code.
func (f *File) Rects(grey float64, list ...Box) {
	p := f.mark()
	if p == nil {
		return
	}
	b := p.content.AvailableBuffer()
	if grey != 0 {
		b = append(appendNumber(append(b, "q "...), grey), " g "...)
	}
	for _, r := range list {
		for _, v := range [4]float64{r.X, p.height - r.Y - r.Height, r.Width, r.Height} {
			b = append(appendNumber(b, v), ' ')
		}
		b = append(b, "re\n"...)
	}
	b = append(b, 'f')
	if grey != 0 {
		b = append(b, " Q"...)
	}
	p.content.Write(append(b, '\n'))
}

// Squares draws a code of n by n squares, each black or left white, of which black tells by column and row. It is one
// picture of a bit a square: a rectangle for each run of squares would be most of a file's bytes.
func (f *File) Squares(x, y, side float64, n int, black func(column, row int) bool) {
	p := f.mark()
	if p == nil {
		return
	}
	line := (n + 7) / 8
	bits := bytes.Repeat([]byte{0xff}, line*n) // what is 0 is painted
	for row := range n {
		for column := range n {
			if black(column, row) {
				bits[row*line+column/8] &^= 0x80 >> (column % 8)
			}
		}
	}
	number := f.o.next()
	f.o.stream(number, fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height %d/ImageMask true/BitsPerComponent 1", n, n), bits)
	fmt.Fprintf(&p.content, "q %s 0 0 %s %s %s cm/S%d Do Q\n", number2(side), number2(side), number2(x),
		number2(p.height-y-side), len(f.squares))
	f.squares = append(f.squares, number)
}

// Width is how wide runs are at a size.
func Width(size float64, runs ...Run) float64 {
	total := 0
	for _, r := range runs {
		f := faceOf(r.Bold)
		for _, c := range compose(r.Text) {
			g, _ := f.shown(c)
			total += int(g.width)
		}
	}
	return float64(total) * size / 1000
}

// Wrap breaks runs into lines that are at most so wide: at blanks and behind hyphens and slashes that are
// not between digits, and within a word only
// if it is wider than a line. A line's end in the text ends a line. Each line but the last keeps its blank, so that words
// do not run together where the lines are read as one text.
func Wrap(size, width float64, runs ...Run) [][]Run {
	limit := int(width * 1000 / size)
	if out, ok := oneLine(limit, runs); ok {
		return [][]Run{out}
	}
	var line [200]letter
	w := wrapper{limit: limit, runs: runs, line: line[:0]}
	for n, r := range runs {
		face := faceOf(r.Bold)
		for i, part := range strings.Split(r.Text, "\n") {
			if i > 0 {
				w.flush(len(w.line))
			}
			for _, c := range compose(part) {
				g, _ := face.shown(c)
				w.add(letter{c, g.width, uint16(n)})
			}
		}
	}
	w.flush(len(w.line))
	return w.lines
}

// oneLine returns runs that fit as they are, and whether they do.
func oneLine(limit int, runs []Run) ([]Run, bool) {
	used := 0
	out := make([]Run, 0, len(runs))
	for _, r := range runs {
		if strings.Contains(r.Text, "\n") {
			return nil, false
		}
		face := faceOf(r.Bold)
		r.Text = compose(r.Text)
		for _, c := range r.Text {
			g, _ := face.shown(c)
			used += int(g.width)
		}
		if used > limit {
			return nil, false
		}
		if r.Text != "" {
			out = append(out, r)
		}
	}
	return out, true
}

// A wrapper breaks lines. Widths are thousandths of the size.
type wrapper struct {
	limit  int
	runs   []Run
	line   []letter
	used   int
	breaks int // letters up to the last place where the line may end
	prior  int // and up to the one before it
	lines  [][]Run
}

type letter struct {
	rune  rune
	width uint16
	run   uint16 // the run that it is of
}

func (w *wrapper) add(l letter) {
	// Telephone numbers and dates are not broken: a hyphen or slash between digits is no place for it.
	if n := len(w.line); n > 1 && w.breaks == n && digit(l) && w.line[n-1].rune != ' ' && digit(w.line[n-2]) {
		w.breaks = w.prior
	}
	for l.rune != ' ' && w.used+int(l.width) > w.limit && len(w.line) > 0 {
		if w.breaks == 0 {
			w.breaks = len(w.line)
		}
		w.flush(w.breaks)
	}
	w.line = append(w.line, l)
	w.used += int(l.width)
	switch l.rune {
	case ' ', '-', '/', '–', '—':
		w.prior, w.breaks = w.breaks, len(w.line)
	}
}

func digit(l letter) bool { return l.rune >= '0' && l.rune <= '9' }

// flush ends the line behind the first n letters.
func (w *wrapper) flush(n int) {
	var out []Run
	var buffer [256]byte
	text := buffer[:0]
	for i := 0; i < n; {
		run := w.line[i].run
		for text = text[:0]; i < n && w.line[i].run == run; i++ {
			text = utf8.AppendRune(text, w.line[i].rune)
		}
		r := w.runs[run]
		r.Text = string(text)
		out = append(out, r)
	}
	w.lines = append(w.lines, out)
	w.line = append(w.line[:0], w.line[n:]...)
	w.used, w.breaks, w.prior = 0, 0, 0
	for _, l := range w.line {
		w.used += int(l.width)
	}
}

// Paragraph draws runs as a paragraph of its own, its first baseline at y, and returns the baseline below its last line.
func (f *File) Paragraph(role Role, x, y, width, size, leading float64, runs ...Run) float64 {
	f.Tag(Tag{Role: role}, func() {
		for _, line := range Wrap(size, width, runs...) {
			f.Text(x, y, size, line...)
			y += leading
		}
	})
	return y
}
