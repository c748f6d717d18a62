package publication

import (
	"miic/internal/table"
)

// A place is a published cell: an area, and a property with one of its values.
type place struct{ areaType, area, stratum, code string }

// everybody is the place of all people of an area.
func everybody(areaType, code string) place { return place{areaType, code, "all", "all"} }

// earlier is what was published before tonight.
type earlier struct {
	last   table.Date // the day of the last publication; 0: there is none
	rows   map[string]map[place]*table.Publication
	shown  map[string]map[place]table.Date // when a cell was last shown with figures
	counts map[string]*table.Publication   // of people who are in no figure: as last shown
}

// readEarlier reads the log. It has some thousand rows for each publication, and is read on nights that publish and others.
func readEarlier(files []string) (*earlier, error) {
	e := &earlier{rows: map[string]map[place]*table.Publication{}, shown: map[string]map[place]table.Date{},
		counts: map[string]*table.Publication{}}
	err := table.Scan(files, func(p *table.Publication) error {
		at := place{p.AreaType, p.AreaCode, p.Stratum, p.StratumCode}
		if p.Doses == NoDoses {
			if was := e.counts[p.Measure]; !p.Suppressed && (was == nil || was.PublishedOn < p.PublishedOn) {
				row := *p
				e.counts[p.Measure] = &row
			}
			e.last = max(e.last, p.PublishedOn)
			return nil
		}
		if e.rows[p.Measure] == nil {
			e.rows[p.Measure], e.shown[p.Measure] = map[place]*table.Publication{}, map[place]table.Date{}
		}
		if was := e.rows[p.Measure][at]; was == nil || was.PublishedOn < p.PublishedOn {
			row := *p
			e.rows[p.Measure][at] = &row
		}
		if !p.Suppressed {
			e.shown[p.Measure][at] = max(e.shown[p.Measure][at], p.PublishedOn)
		}
		e.last = max(e.last, p.PublishedOn)
		return nil
	})
	return e, err
}

// row is a measure's cell in the last publication that had it; nil where none had.
func (e *earlier) row(id string, at place) *table.Publication { return e.rows[id][at] }

// days are the days of which it matters how many people have come to an age or left it since.
func (e *earlier) days() []table.Date {
	seen := map[table.Date]bool{}
	var list []table.Date
	add := func(d table.Date) {
		if d != 0 && !seen[d] {
			seen[d] = true
			list = append(list, d)
		}
	}
	for _, cells := range e.rows {
		for _, row := range cells {
			add(row.PublishedOn)
		}
	}
	for _, cells := range e.shown {
		for _, day := range cells {
			add(day)
		}
	}
	return list
}
