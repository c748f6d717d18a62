package read

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"miic/ingest/field"
)

// A Heading is what the lines above a delimited file's records hold: which column is which field, by name, so that
// their order does not matter, and what holds for every line.
type Heading struct {
	layout  *Layout
	Known   bool           // the line that names the columns was read; a fixed-width file has none
	columns []*LayoutField // nil for a column that we do not use
	shared  *field.Values  // what holds for every line that has no value of its own
}

func NewHeading(l *Layout) *Heading { return &Heading{layout: l, Known: l.Form != "csv"} }

// share takes a line before the header that holds for every line; it reports false for any other line.
func (h *Heading) share(line []byte) bool {
	f, value, ok := h.layout.SharedValue(line)
	if ok && h.shared == nil {
		h.shared = &field.Values{}
	}
	if ok {
		h.shared[f] = value
	}
	return ok
}

// Take finds the layout's columns in the line that names them, or keeps a line before it that holds for every line.
// missing names the columns that are not there.
func (h *Heading) Take(line []byte) (missing []string, err error) {
	line, _ = Clean(line, nil, utf8.Valid(line))
	if h.share(line) {
		return nil, nil
	}
	l := h.layout
	cells, ok := SplitCSV(line, l.between, nil, nil)
	if !ok {
		return nil, fmt.Errorf("its header line has unbalanced quotes")
	}
	columns := make([]*LayoutField, len(cells))
	byName := map[string]*LayoutField{}
	for i := range l.Fields {
		if f := &l.Fields[i]; f.Column != "" {
			byName[f.Column] = f
		}
	}
	seen := map[string]bool{}
	for i, c := range cells {
		if f := byName[strings.ToLower(strings.TrimSpace(string(c)))]; f != nil {
			if seen[f.Column] {
				return nil, fmt.Errorf("its header names column %d twice", i+1)
			}
			columns[i], seen[f.Column] = f, true
		}
	}
	for _, f := range l.Fields {
		if !seen[f.Column] && !f.Optional && !f.Shared && f.Value == "" {
			missing = append(missing, f.Column)
		}
	}
	if len(missing) == 0 {
		h.Known, h.columns = true, columns
	}
	return missing, nil
}

// SharedValue reads a line before the header: the name of a shared field and the value of every line. ok is false
// for any other line.
func (l *Layout) SharedValue(line []byte) (t field.Field, value []byte, ok bool) {
	line, _ = Clean(line, nil, utf8.Valid(line))
	cells, ok := SplitCSV(line, l.between, nil, nil)
	if !ok || len(cells) < 2 {
		return field.None, nil, false
	}
	for _, more := range cells[2:] { // a spreadsheet fills the row up
		if len(Trim(more)) > 0 {
			return field.None, nil, false
		}
	}
	name := strings.ToLower(strings.TrimSpace(string(cells[0])))
	for i := range l.Fields {
		if f := &l.Fields[i]; f.Shared && f.Column == name {
			return f.target, append([]byte(nil), Trim(cells[1])...), true
		}
	}
	return field.None, nil, false
}

// Listed joins up to eight names of columns for a message.
func Listed(names []string) string {
	if len(names) > 8 {
		names = append(slices.Clone(names[:8]), "…")
	}
	return strings.Join(names, ", ")
}
