package profile

import (
	"errors"
	"fmt"
	"io"
	"sort"

	"miic/ingest/hl7"
	"miic/ingest/read"
	"miic/ingest/record"
	"miic/internal/prose"
)

// fits tries every layout on the beginning of the file, as a night would read it but without writing anything.
func (p *profiler) fits(all []*read.Layout) error {
	for _, l := range all {
		if l.Form != p.Form || l.Form == "fixed" && l.Width != p.Width {
			continue
		}
		fit, err := p.try(l)
		if err != nil {
			return err
		}
		p.Layouts = append(p.Layouts, fit)
	}
	p.rank()
	return nil
}

// rank puts the layouts that accept most first, and leaves out those that accept nothing although another does.
func (p *profiler) rank() {
	sort.SliceStable(p.Layouts, func(i, j int) bool {
		a, b := p.Layouts[i], p.Layouts[j]
		return a.Accepted > b.Accepted || a.Accepted == b.Accepted && a.missing < b.missing
	})
	kept := p.Layouts[:0]
	for _, f := range p.Layouts {
		if f.Accepted > 0 || len(kept) == 0 {
			kept = append(kept, f)
		}
	}
	p.Layouts = kept
}

func (p *profiler) try(l *read.Layout) (Fit, error) {
	fit := Fit{Layout: l.ID, Refused: map[string]int{}}
	f := &record.File{Sender: "profile", Kind: "clinic", Encoding: p.guess, Layout: l, AsOf: p.asOf,
		Time: p.asOf.Midnight()}
	if p.guess != l.Encoding {
		f.Encoding = l.Encoding
		if p.guess == read.Windows1252 || p.foreign {
			f.Encoding, fit.Encoding = p.guess, p.guess
		}
	}
	trial := record.NewTrial(f)
	heading := trial.Heading()
	r := read.NewLineReader(io.NewSectionReader(p.f, p.start, p.size-p.start), read.MaxLine)
	for fit.Units < tryUnits {
		ln, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fit, errors.New(prose.Cause(err))
		}
		if read.Blank(ln.Text) {
			continue
		}
		if !heading.Known {
			missing, err := heading.Take(ln.Text)
			if err != nil || len(missing) > 0 {
				fit.missing = len(missing)
				fit.Why = fmt.Sprintf("its header lacks %d of %d columns: %s", len(missing), len(l.Fields),
					read.Listed(missing))
				return fit, nil
			}
			continue
		}
		fit.note(trial.Line(ln))
	}
	return fit, nil
}

// note counts one unit, refused by that rule or accepted.
func (f *Fit) note(refusedBy string) {
	f.Units++
	if refusedBy == "" {
		f.Accepted++
		return
	}
	f.Refused[refusedBy]++
}

// messages looks at an HL7 file: at every segment, and at what the reader of updates makes of the first messages.
func (p *profiler) messages() error {
	fit := Fit{Layout: read.HL7Layout, Refused: map[string]int{}}
	trial := record.NewTrial(&record.File{Sender: "profile", Kind: "clinic", AsOf: p.asOf, Time: p.asOf.Midnight()})
	r := hl7.NewReader(io.NewSectionReader(p.f, p.start, p.size-p.start))
	columns := map[string]*columnStats{}
	var fields [][]byte
	for {
		m, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return errors.New(prose.Cause(err))
		}
		for _, s := range m.Segments {
			p.Lines++
			p.bytes(s.Raw)
			name := s.Name()
			if name == "" {
				p.open++
				continue
			}
			fields = m.Fields(s, fields[:0])
			for i, v := range fields {
				if i == 0 || len(v) == 0 || i > 60 || name == "MSH" && i <= 2 {
					continue
				}
				key := fmt.Sprintf("%s-%d", name, i)
				c := columns[key]
				if c == nil {
					if len(columns) >= 2000 {
						continue
					}
					c = newColumn(key, len(columns), p.asOf)
					columns[key] = c
				}
				first, _ := m.Next(v)
				c.value(read.Trim(m.Part(first, 1, 1)))
			}
			if c := columns[name]; c != nil {
				c.rows++
			} else if len(columns) < 2000 {
				columns[name] = newColumn(name, len(columns), p.asOf)
				columns[name].rows = 1
			}
		}
		if fit.Units < tryUnits {
			fit.note(trial.Message(m))
		}
	}
	for key, c := range columns {
		if len(key) > 3 {
			c.rows = columns[key[:3]].rows // of the segment, whether it has the field or not
			p.columns = append(p.columns, c)
		}
	}
	sort.Slice(p.columns, func(i, j int) bool {
		a, b := p.columns[i], p.columns[j]
		if sa, sb := columns[a.Name[:3]].from, columns[b.Name[:3]].from; sa != sb {
			return sa < sb
		}
		return len(a.Name) < len(b.Name) || len(a.Name) == len(b.Name) && a.Name < b.Name
	})
	if p.open > 0 {
		p.odd("%d lines are no segments", p.open)
		p.open = 0
	}
	switch {
	case r.Open:
		p.odd("its header has no trailer: the file may be cut")
	case r.Declared >= 0 && r.Declared != fit.Units && fit.Units < tryUnits:
		p.odd("it holds %d messages and its trailer counts %d", fit.Units, r.Declared)
	}
	if fit.Accepted > 0 {
		p.Layouts = []Fit{fit}
	}
	return p.finish()
}
