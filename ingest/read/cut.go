package read

import (
	"strings"

	"miic/ingest/field"
)

// A Cutter cuts the lines of one file into values, by its layout.
type Cutter struct {
	*Heading
	UTF8    bool // the lines are UTF-8, else windows-1252
	cells   [][]byte
	clean   []byte // the line, or values of it, without what nobody sees
	scratch []byte // values that are no single piece of their line
	// fields of the layout whose value in the line last cut has not the form of its split, or is not in its map
	Odd []*LayoutField
}

// What can come of cutting a line.
type Cutting int

const (
	cutGood    Cutting = iota
	CutLength          // the line is not as long as the layout's record
	CutColumns         // it has more or fewer fields than the header
	CutQuote           // a quote stays open
)

// Cut fills raw with the line's values, which are good until the next call.
func (c *Cutter) Cut(line []byte, raw *field.Values) Cutting {
	l := c.layout
	if l.Form == "fixed" {
		if len(line) != l.Width {
			return CutLength
		}
		c.scratch, c.clean = l.slice(line, raw, c.scratch[:0]), c.clean[:0]
		if !ASCII(line) { // only now: places in the record are places of bytes
			for f := range raw {
				raw[f], c.clean = Clean(raw[f], c.clean, c.UTF8)
				raw[f] = Trim(raw[f])
			}
		}
		return cutGood
	}
	line, c.clean = Clean(line, c.clean[:0], c.UTF8)
	cells, ok := SplitCSV(line, l.between, c.cells[:0], c.scratch[:0])
	c.cells = cells
	if !ok {
		return CutQuote
	}
	if len(cells) != len(c.columns) {
		return CutColumns
	}
	c.Odd = c.Odd[:0]
	for i, cell := range cells {
		if f := c.columns[i]; f != nil {
			c.value(f, Trim(cell), raw)
		}
	}
	if c.shared != nil {
		for f, value := range c.shared {
			if len(raw[f]) == 0 {
				raw[f] = value
			}
		}
	}
	for _, f := range l.defaults {
		if len(raw[f.target]) == 0 {
			raw[f.target] = []byte(f.Value)
		}
	}
	return cutGood
}

// value fills raw with what a column holds.
func (c *Cutter) value(f *LayoutField, value []byte, raw *field.Values) {
	switch {
	case len(value) == 0:
	case f.split != nil:
		if !f.split.apart(value, raw) {
			c.Odd = append(c.Odd, f)
		}
		return
	case f.Map != nil:
		ours, ok := f.Map[strings.ToLower(UnsafeString(value))]
		if !ok {
			c.Odd = append(c.Odd, f)
		}
		value = []byte(ours)
	}
	raw[f.target] = value
}

// slice cuts a fixed-width line into values. scratch holds values that are joined from pieces.
func (l *Layout) slice(line []byte, raw *field.Values, scratch []byte) []byte {
	for i := range l.Fields {
		f := &l.Fields[i]
		if f.Value != "" {
			raw[f.target] = []byte(f.Value)
			continue
		}
		if len(f.At) == 1 {
			a := f.At[0]
			raw[f.target] = Trim(line[a[0]-1 : a[0]-1+a[1]])
			continue
		}
		start := len(scratch)
		blank, hole := true, false
		for j, a := range f.At {
			piece := Trim(line[a[0]-1 : a[0]-1+a[1]])
			blank, hole = blank && len(piece) == 0, hole || len(piece) == 0
			if j > 0 {
				scratch = append(scratch, f.Join...)
			}
			scratch = append(scratch, piece...)
		}
		if blank || hole && f.Required { // half of what identifies a record identifies nothing
			scratch = scratch[:start]
		}
		raw[f.target] = scratch[start:len(scratch):len(scratch)]
	}
	return scratch
}
