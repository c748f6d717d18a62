package atlas

import (
	"cmp"
	"slices"

	"miic/internal/table"
	"miic/reports/measure"
	"miic/reports/publication"
)

// log is what was published last, and the state's figures of every publication.
type log struct {
	day      table.Date // 0: nothing is published yet
	measures []figures  // in the order of the definitions
	standing []table.Publication
}

// figures are what is published of one measure.
type figures struct {
	id       string
	measure  *measure.Measure // nil where the definition that was published is not in use any more
	state    *table.Publication
	regions  []table.Publication
	counties []table.Publication
	strata   map[string][]table.Publication
	history  []table.Publication // the state's rows of all publications, the oldest first
}

// readLog reads the log.
func readLog(files []string, c *publication.Config) (*log, error) {
	l := &log{}
	var latest []table.Publication
	history := map[string][]table.Publication{}
	err := table.Scan(files, func(p *table.Publication) error {
		if p.PublishedOn > l.day {
			l.day, latest = p.PublishedOn, nil
		}
		if p.PublishedOn == l.day {
			latest = append(latest, *p)
		}
		if p.AreaType == "state" && p.Stratum == "all" {
			history[p.Measure] = append(history[p.Measure], *p)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	l.sort(latest, c)
	for i := range l.measures {
		f := &l.measures[i]
		f.history = history[f.id]
		slices.SortFunc(f.history, func(a, b table.Publication) int { return cmp.Compare(a.PublishedOn, b.PublishedOn) })
	}
	return l, nil
}

// sort puts the rows of a publication where they are shown.
func (l *log) sort(rows []table.Publication, c *publication.Config) {
	at := map[string]*figures{}
	for i := range rows {
		p := &rows[i]
		if p.Doses == publication.NoDoses {
			l.standing = append(l.standing, *p)
			continue
		}
		f := at[p.Measure]
		if f == nil {
			f = &figures{id: p.Measure, strata: map[string][]table.Publication{}}
			at[p.Measure] = f
		}
		switch {
		case p.Stratum != "all":
			f.strata[p.Stratum] = append(f.strata[p.Stratum], *p)
		case p.AreaType == "county":
			f.counties = append(f.counties, *p)
		case p.AreaType == "region":
			f.regions = append(f.regions, *p)
		default:
			f.state = p
		}
	}
	place := map[string]int{}
	for i := range c.Measures {
		m := &c.Measures[i]
		place[m.ID] = i
		if f := at[m.ID]; f != nil && f.state != nil && f.state.MeasureVersion == m.Version {
			f.measure = m
		}
	}
	region := map[string]int{}
	for i, name := range c.Regions {
		region[name] = i
	}
	for _, f := range at {
		if f.state == nil {
			continue // no publication is without the state's row
		}
		slices.SortFunc(f.counties, func(a, b table.Publication) int { return cmp.Compare(a.AreaName, b.AreaName) })
		slices.SortFunc(f.regions, func(a, b table.Publication) int {
			return cmp.Or(cmp.Compare(orLast(region, a.AreaCode), orLast(region, b.AreaCode)), cmp.Compare(a.AreaCode, b.AreaCode))
		})
		for _, list := range f.strata {
			slices.SortFunc(list, func(a, b table.Publication) int { return cmp.Compare(a.StratumCode, b.StratumCode) })
		}
		l.measures = append(l.measures, *f)
	}
	slices.SortFunc(l.measures, func(a, b figures) int {
		return cmp.Or(cmp.Compare(orLast(place, a.id), orLast(place, b.id)), cmp.Compare(a.id, b.id))
	})
	slices.SortFunc(l.standing, func(a, b table.Publication) int { return cmp.Compare(a.Measure, b.Measure) })
}

// orLast is the place of a measure or a region; one that the site does not have any more comes last.
func orLast(place map[string]int, id string) int {
	if n, ok := place[id]; ok {
		return n
	}
	return len(place)
}
