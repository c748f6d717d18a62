package ingest

import (
	"fmt"
	"strings"

	"miic/ingest/field"
)

// A header maps the columns of a delimited file to our fields, by name: order does not matter.
type header struct {
	columns int
	target  []field.Field // by column; noTarget for what we do not use
}

// readHeader finds the layout's columns in a file's first line. missing names those that are not there.
func (l *layout) readHeader(line []byte) (h *header, missing []string, err error) {
	cells, ok := splitCSV(line, l.between, nil, nil)
	if !ok {
		return nil, nil, fmt.Errorf("its header line has unbalanced quotes")
	}
	h = &header{columns: len(cells), target: make([]field.Field, len(cells))}
	byName := map[string]field.Field{}
	for _, f := range l.Fields {
		byName[f.Column] = f.target
	}
	seen := map[field.Field]bool{}
	for i, c := range cells {
		h.target[i] = field.None
		if t, ok := byName[strings.ToLower(strings.TrimSpace(string(c)))]; ok {
			if seen[t] {
				return nil, nil, fmt.Errorf("its header names column %d twice", i+1)
			}
			h.target[i], seen[t] = t, true
		}
	}
	for _, f := range l.Fields {
		if !seen[f.target] && !f.Optional && !f.Shared && f.Value == "" {
			missing = append(missing, f.Column)
		}
	}
	return h, missing, nil
}

// sharedValue reads a line before the header: the name of a shared field and the value of every line. ok is false
// for any other line.
func (l *layout) sharedValue(line []byte) (t field.Field, value []byte, ok bool) {
	cells, ok := splitCSV(line, l.between, nil, nil)
	if !ok || len(cells) < 2 {
		return field.None, nil, false
	}
	for _, more := range cells[2:] { // a spreadsheet fills the row up
		if len(trim(more)) > 0 {
			return field.None, nil, false
		}
	}
	name := strings.ToLower(strings.TrimSpace(string(cells[0])))
	for i := range l.Fields {
		if f := &l.Fields[i]; f.Shared && f.Column == name {
			return f.target, append([]byte(nil), trim(cells[1])...), true
		}
	}
	return field.None, nil, false
}
