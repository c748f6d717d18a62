package atlas

import (
	"strconv"

	"miic/internal/table"
	"miic/reports/csvfile"
	"miic/reports/publication"
)

// The data of the pictures: one file for each kind, with all measures.
const (
	overviewFile = "coverage/measures.csv"
	mapFile      = "coverage/counties.csv"
	regionsFile  = "coverage/regions.csv"
	cohortsFile  = "coverage/cohorts.csv"
	historyFile  = "coverage/publications.csv"
)

// writeData writes them, once something is published; out is where a file goes.
func (l *log) writeData(out func(file string) (string, error), places map[string]place) error {
	if l.day == 0 {
		return nil
	}
	rows := map[string][]table.Publication{}
	for i := range l.measures {
		f := &l.measures[i]
		rows[overviewFile] = append(rows[overviewFile], *f.state)
		rows[mapFile] = append(rows[mapFile], f.counties...)
		rows[regionsFile] = append(append(rows[regionsFile], f.regions...), *f.state)
		rows[cohortsFile] = append(rows[cohortsFile], f.strata["birth_cohort"]...)
		rows[historyFile] = append(rows[historyFile], f.history...)
	}
	titles := map[string]string{}
	for i := range l.measures {
		titles[l.measures[i].id] = l.measures[i].title()
	}
	for _, file := range []string{overviewFile, mapFile, regionsFile, cohortsFile, historyFile} {
		path, err := out(file)
		if err != nil {
			return err
		}
		header := append(publication.Header(), "title", "percent_valid", "percent_any")
		if file == mapFile {
			header = append(header, "tile_row", "tile_column", "tile_code")
		}
		if err := csvfile.Write(path, header, func(yield func([]string) bool) {
			for i := range rows[file] {
				p := &rows[file][i]
				cells := append(publication.Cells(p), titles[p.Measure], rate(p.Numerator, p), rate(p.NumeratorAny, p))
				if file == mapFile {
					cells = append(cells, place.cells(places[p.AreaCode])...)
				}
				if !yield(cells) {
					return
				}
			}
		}); err != nil {
			return err
		}
	}
	return nil
}

// rate is a percentage in a cell; empty where none is shown.
func rate(n int64, p *table.Publication) string {
	if !shown(p) {
		return ""
	}
	return percent(share(n, p), p)
}

// cells are a place's, empty for none.
func (p place) cells() []string {
	if p.Code == "" {
		return []string{"", "", ""}
	}
	return []string{strconv.Itoa(p.Row), strconv.Itoa(p.Column), p.Code}
}
