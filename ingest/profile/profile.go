// Package profile looks at a file of an unknown sender: its form, encoding and columns, how well each layout reads it,
// and where none does, a layout drafted for it.
//
// It shows shapes, counts and days, and no value that could be a person's. Memory does not grow with the file.
package profile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"unicode/utf8"

	"miic/ingest/hl7"
	"miic/ingest/read"
	"miic/internal/inbox"
	"miic/internal/prose"
	"miic/internal/table"
)

// A Profile is what a file of an unknown sender looks like. It shows shapes, counts and days, and no
// value that could be a person's.
type Profile struct {
	Bytes     int64    `json:"bytes"`
	Lines     int64    `json:"lines"`    // that hold something; segments, in HL7
	Form      string   `json:"form"`     // fixed, csv or hl7
	Encoding  string   `json:"encoding"` // ascii, utf-8, windows-1252, or utf-16, which is not read on
	LineEnds  string   `json:"line_ends"`
	Delimiter string   `json:"delimiter,omitempty"`
	Width     int      `json:"width,omitempty"`   // fixed: the commonest length of a line
	Fields    int      `json:"fields,omitempty"`  // csv: the commonest number of fields
	Header    bool     `json:"header,omitempty"`  // csv: the first line names the columns
	Layouts   []Fit    `json:"layouts,omitempty"` // those that fit to some degree, the best first
	Columns   []Column `json:"columns,omitempty"`
	Oddities  []string `json:"oddities,omitempty"`
	Draft     string   `json:"draft,omitempty"`   // a layout for the file, where none that we have fits
	Drafted   *Fit     `json:"drafted,omitempty"` // how well the draft reads the file
}

// A Fit is how well a layout reads the file.
type Fit struct {
	Layout   string `json:"layout"`
	Units    int64  `json:"units"` // lines or messages tried
	Accepted int64  `json:"accepted"`
	// that its sender must be configured for, where the layout has another
	Encoding string         `json:"encoding,omitempty"`
	Refused  map[string]int `json:"refused,omitempty"` // by rule
	Why      string         `json:"why,omitempty"`     // why it was not tried
	missing  int            // columns
}

// Fits reports that a night would take the file by this layout: it refuses two units of a hundred at most.
func (f Fit) Fits() bool { return f.Units > 0 && f.Accepted*100 >= f.Units*98 }

// tryUnits is how many lines or messages each layout is tried on.
const tryUnits = 20000

// Of looks at a file as of a day. tried, if not nil, is a layout file's text to be tried beside the known layouts.
func Of(path string, asOf table.Date, tried []byte) (*Profile, error) {
	at, err := filepath.EvalSymlinks(path) // whoever asks may name a link
	if err != nil {
		return nil, err
	}
	f, info, err := inbox.Open(at)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	all := []*read.Layout{}
	for _, id := range slices.Sorted(maps.Keys(read.Builtin)) {
		all = append(all, read.Builtin[id])
	}
	if tried != nil {
		l, err := read.ParseLayout(tried)
		if err != nil {
			return nil, fmt.Errorf("the layout cannot be read: %w", err)
		}
		all = append([]*read.Layout{l}, all...)
	}
	p := &profiler{f: f, size: info.Size(), asOf: asOf, Profile: Profile{Bytes: info.Size()}}
	return &p.Profile, p.profile(all)
}

// profiler is a profile on its way.
type profiler struct {
	Profile
	f     *os.File
	size  int64
	start int64 // after a byte order mark
	asOf  table.Date

	delimiter                  byte
	guess                      string        // encoding of the beginning
	foreign                    bool          // it holds letters outside ASCII
	lengths                    map[int]int64 // of lines, or numbers of fields
	nonASCII, invalid, control int64
	firstOdd                   int64 // line number of the first line of another length
	open                       int64 // lines with an open quote
	columns                    []*columnStats
}

func (p *profiler) odd(format string, args ...any) {
	p.Oddities = append(p.Oddities, fmt.Sprintf(format, args...))
}

func (p *profiler) profile(all []*read.Layout) error {
	head := make([]byte, min(p.size, 1<<20))
	if _, err := io.ReadFull(p.f, head); err != nil {
		return err
	}
	switch {
	case len(bytes.TrimSpace(head)) == 0:
		p.Form, p.Encoding, p.LineEnds = "empty", "ascii", "none"
		p.odd("the file holds nothing: a night takes it as a sign that the sender is alive")
		return nil
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}), bytes.HasPrefix(head, []byte{0xFF, 0xFE}):
		p.Form, p.Encoding, p.LineEnds = "text", "utf-16", "unknown"
		p.odd("it is in UTF-16: have it sent in utf-8 or windows-1252; nothing else of it was looked at")
		return nil
	case bytes.HasPrefix(head, []byte{0xEF, 0xBB, 0xBF}):
		p.start, head = 3, head[3:]
		p.odd("it begins with the mark of UTF-8 (BOM)")
	}
	if err := p.ends(); err != nil {
		return err
	}
	if i := hl7.FindMessage(append([]byte("\n"), head...)); i >= 0 {
		p.Form = "hl7"
		return p.messages()
	}
	p.form(head, all)
	if err := p.fits(all); err != nil {
		return err
	}
	if err := p.lines(all); err != nil {
		return err
	}
	return p.finish()
}

// lines looks at every line once.
func (p *profiler) lines(all []*read.Layout) error {
	p.lengths = map[int]int64{}
	if p.Form == "fixed" {
		p.columns = guessColumns(p.f, p.start, p.size, p.Width, p.asOf)
		for _, l := range all {
			if len(p.Layouts) > 0 && p.Layouts[0].Fits() && l.ID == p.Layouts[0].Layout {
				p.columns = layoutColumns(l, p.asOf)
			}
		}
	}
	r := read.NewLineReader(io.NewSectionReader(p.f, p.start, p.size-p.start), read.MaxLine)
	header := p.Header
	for {
		ln, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return errors.New(prose.Cause(err))
		}
		if read.Blank(ln.Text) {
			continue
		}
		if ln.TooLong {
			p.odd("line %d is longer than %d bytes", ln.Number, read.MaxLine)
			continue
		}
		p.Lines++
		p.bytes(ln.Text)
		if p.Form == "fixed" {
			if p.lengths[len(ln.Text)]++; len(ln.Text) != p.Width {
				if p.firstOdd == 0 {
					p.firstOdd = ln.Number
				}
				continue
			}
			for _, c := range p.columns {
				c.value(read.Trim(ln.Text[c.from:c.to]))
			}
			continue
		}
		cells, ok := read.SplitCSV(ln.Text, p.delimiter, nil, nil)
		if !ok {
			p.open++
			continue
		}
		if header {
			for i, c := range cells {
				p.columns = append(p.columns, newColumn(string(bytes.TrimSpace(c)), i, p.asOf))
			}
			header, p.Lines = false, p.Lines-1
			continue
		}
		for len(p.columns) < len(cells) && p.lengths[len(cells)] == 0 && len(p.lengths) == 0 {
			p.columns = append(p.columns, newColumn(fmt.Sprintf("column_%d", len(p.columns)+1), len(p.columns), p.asOf))
		}
		if p.lengths[len(cells)]++; len(cells) != len(p.columns) && p.firstOdd == 0 {
			p.firstOdd = ln.Number
		}
		for i, c := range p.columns {
			if i < len(cells) {
				c.value(read.Trim(cells[i]))
			}
		}
	}
}

// bytes looks at a line's encoding.
func (p *profiler) bytes(b []byte) {
	if read.ASCII(b) {
		for _, c := range b {
			if c < ' ' && c != '\t' {
				p.control++
				break
			}
		}
		return
	}
	if p.nonASCII++; !utf8.Valid(b) {
		p.invalid++
	}
}

// finish puts what was counted into words.
func (p *profiler) finish() error {
	switch {
	case p.nonASCII == 0:
		p.Encoding = "ascii"
	case p.invalid == 0:
		p.Encoding = read.UTF8
	default:
		p.Encoding = read.Windows1252
		if p.invalid < p.nonASCII {
			p.odd("encodings are mixed: of %d lines with letters outside ASCII, %d are not valid UTF-8", p.nonASCII,
				p.invalid)
		}
	}
	if p.control > 0 {
		p.odd("%d lines hold control characters", p.control)
	}
	if p.open > 0 {
		p.odd("%d lines leave a quote open", p.open)
	}
	var most, total int64
	for n, lines := range p.lengths {
		if total += lines; lines > most {
			most = lines
			if p.Form == "csv" {
				p.Fields = n
			}
		}
	}
	if ragged := total - p.lengths[p.Width+p.Fields]; ragged > 0 {
		what := map[string]string{"fixed": "bytes", "csv": "fields"}[p.Form]
		p.odd("%d of %d lines do not have %d %s, the first of them line %d: %s", ragged, total, p.Width+p.Fields, what,
			p.firstOdd, lengthsText(p.lengths, p.Width+p.Fields))
	}
	for _, c := range p.columns {
		c.finish(p)
	}
	if len(p.Layouts) == 0 || !p.Layouts[0].Fits() {
		p.Draft = p.draft()
	}
	if p.Draft == "" {
		return nil
	}
	l, err := read.ParseLayout([]byte(p.Draft))
	if err != nil {
		return fmt.Errorf("the draft is no layout: %w", err)
	}
	fit, err := p.try(l)
	if err == nil {
		p.Drafted = &fit
	}
	return err
}

func lengthsText(lengths map[int]int64, apart int) string {
	type one struct {
		n     int
		lines int64
	}
	var list []one
	for n, lines := range lengths {
		if n != apart {
			list = append(list, one{n, lines})
		}
	}
	sort.Slice(list, func(i, j int) bool {
		return list[i].lines > list[j].lines || list[i].lines == list[j].lines && list[i].n < list[j].n
	})
	var b bytes.Buffer
	for i, o := range list[:min(4, len(list))] {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%d in %d lines", o.n, o.lines)
	}
	return b.String()
}
