package letter

import (
	"strings"

	"miic/internal/pdf"
)

// A window of an envelope, in inches: from the left and from the bottom, wide and high.
type window struct{ left, bottom, width, height float64 }

// The envelope is a No. 9 with two windows, into which a letter sheet goes folded in three with its upper third in front.
// The sheet is smaller than the envelope, so that it may slip to the right and upwards.
const (
	envelopeWidth, envelopeHeight = 8.875, 3.875
	thirdHeight                   = 11.0 / 3
	slipRight                     = envelopeWidth - 8.5
	slipUp                        = envelopeHeight - thirdHeight
)

var (
	returnWindow  = window{left: 0.5, bottom: 2.1875, width: 3.5, height: 0.875}
	addressWindow = window{left: 0.5, bottom: 0.625, width: 4, height: 1}
)

// Nothing of an address, and no bar, may come nearer to a window's edge than this, wherever the sheet slips to.
const (
	clearAside = 0.125 * pdf.Inch
	clearAbove = 0.04 * pdf.Inch
)

// A frame is a rectangle on the page, in points.
type frame struct{ left, top, right, bottom float64 }

// clear is the part of the page that is seen in the window wherever the sheet slips to, less the clearance.
func (w window) clear() frame {
	return frame{
		left:   w.left*pdf.Inch + clearAside,
		right:  (w.left+w.width-slipRight)*pdf.Inch - clearAside,
		top:    (thirdHeight-w.bottom-w.height+slipUp)*pdf.Inch + clearAbove,
		bottom: (thirdHeight-w.bottom)*pdf.Inch - clearAbove,
	}
}

// seen is the part of the page of which anything may be seen in the window.
func (w window) seen() frame {
	return frame{
		left:   (w.left - slipRight) * pdf.Inch,
		right:  (w.left + w.width) * pdf.Inch,
		top:    (thirdHeight - w.bottom - w.height) * pdf.Inch,
		bottom: (thirdHeight - w.bottom + slipUp) * pdf.Inch,
	}
}

// Sizes of an address's letters, in points: the largest that fits is taken. Below the smallest that the post's machines
// are sure to read, a line is rather broken.
const (
	addressSize  = 10.5
	readableSize = 8
	addressStep  = 0.25
)

// address draws lines in a frame, the bars above them: as large as fits.
func (d *drawing) address(f frame, lines []string, imb string) {
	d.addressIn(f, addressSize, lines, imb)
}

func (d *drawing) addressIn(f frame, size float64, lines []string, imb string) {
	y := f.top
	if imb != "" {
		d.File.Artifact(func() { d.bars(f.left, y, imb) })
		y += barFull + barClear
	}
	size, set := fitted(f.right-f.left, f.bottom-y, size, lines)
	d.File.Tag(pdf.Tag{Role: pdf.P}, func() {
		for i, line := range set {
			if i < len(set)-1 {
				line = strings.TrimRight(line, " ") + " " // the lines are read as one text
			}
			d.File.Text(f.left, y+size*0.9, size, pdf.Run{Text: line})
			y += size * addressLeading
		}
	})
}

// addressLeading is from line to line of an address, in sizes of its letters.
const addressLeading = 1.12

// fitted is the largest size, from the given one down, at which lines fit a width and a height, and the lines: whole ones
// while they can be read by a machine, else broken to the width.
func fitted(width, height, size float64, lines []string) (float64, []string) {
	for ; ; size -= addressStep {
		set := lines
		if size <= readableSize {
			set = broken(width, size, lines)
		}
		widest := 0.0
		for _, l := range set {
			widest = max(widest, pdf.Width(size, pdf.Run{Text: l}))
		}
		if widest <= width && float64(len(set))*addressLeading*size <= height || size <= 2*addressStep {
			return size, set
		}
	}
}

// broken are lines broken to a width.
func broken(width, size float64, lines []string) []string {
	var out []string
	for _, l := range lines {
		for _, part := range pdf.Wrap(size, width, pdf.Run{Text: l}) {
			text := ""
			for _, r := range part {
				text += r.Text
			}
			out = append(out, strings.TrimRight(text, " "))
		}
	}
	return out
}

// Bars of the Intelligent Mail barcode, in points (USPS-B-3200): 22 to the inch, each 0.02 inch wide, a full one 0.145
// inch high; a tracker, the middle part that every bar has, 0.048.
const (
	barPitch   = pdf.Inch / 22
	barWidth   = 0.020 * pdf.Inch
	barFull    = 0.145 * pdf.Inch
	barTracker = 0.048 * pdf.Inch
	barClear   = 0.04 * pdf.Inch
)

// bars draws the letters of a barcode: A ascends, D descends, F does both, T is a tracker.
func (d *drawing) bars(x, y float64, letters string) {
	const part = (barFull - barTracker) / 2
	list := make([]pdf.Box, 0, len(letters))
	for _, c := range letters {
		bar := pdf.Box{X: x, Y: y + part, Width: barWidth, Height: barTracker}
		if c == 'A' || c == 'F' {
			bar.Y, bar.Height = bar.Y-part, bar.Height+part
		}
		if c == 'D' || c == 'F' {
			bar.Height += part
		}
		list = append(list, bar)
		x += barPitch
	}
	d.File.Rects(0, list...)
}
