package atlas

import (
	"slices"
	"strconv"
	"strings"

	"miic/internal/table"
	"miic/internal/webpage"
	"miic/reports/publication"
)

// rows are all rows of a measure, as the tables have them.
func (f *figures) rows() []table.Publication {
	rows := slices.Concat(f.regions, []table.Publication{*f.state}, f.counties)
	for _, s := range publication.Strata {
		rows = append(rows, f.strata[s]...)
	}
	return rows
}

// tables are all figures of a measure, with the numbers of their footnotes.
func (f *figures) tables(notes [][]string, places map[string]place) []webpage.Table {
	list := []webpage.Table{tableOf("Regions and the state", "region", append(slices.Clone(f.regions), *f.state), notes, nil)}
	if len(f.counties) > 0 {
		list = append(list, tableOf("Counties, each with its letters on the map", "county", f.counties, notes, places))
	}
	for _, s := range publication.Strata {
		if rows := f.strata[s]; len(rows) > 0 {
			of := strings.ReplaceAll(s, "_", " ")
			list = append(list, tableOf("The whole state by "+of, of, rows, notes, nil))
		}
	}
	return list
}

func tableOf(caption, of string, rows []table.Publication, notes [][]string, places map[string]place) webpage.Table {
	t := webpage.Table{Caption: caption}
	t.Columns = webpage.Columns(of, "#people", "#by valid doses", "#by any doses", "#percent", "#95 % interval")
	compared := slices.ContainsFunc(rows, func(p table.Publication) bool { return p.Population > 0 })
	if compared {
		t.Columns = append(t.Columns, webpage.Columns("#who live there", "#counted of 100")...)
	}
	for i := range rows {
		p := &rows[i]
		row := webpage.Row{Cells: []webpage.Cell{{}, {}, {}, {}, {Text: "withheld"}, {}}}
		switch {
		case p.Suppressed:
			row.Class = "withheld"
		case p.Denominator == 0:
			row.Cells[1].Text, row.Cells[4].Text = "0", "nobody"
		default:
			row.Cells = webpage.Texts("", number(p.Denominator), number(p.Numerator), number(p.NumeratorAny),
				percent(p.Percent, p), between(p))
		}
		name := nameOf(p)
		if at, ok := places[p.AreaCode]; ok {
			name += ", " + at.Code
		}
		row.Cells[0].Text = name + signs(notes, p)
		if compared {
			beside := make([]webpage.Cell, 2)
			if shown(p) && p.Population > 0 {
				beside = webpage.Texts(number(p.Population), strconv.FormatFloat(p.PeoplePercent, 'f', 1, 64))
			}
			row.Cells = append(row.Cells, beside...)
		}
		if p.AreaType == "state" && p.Stratum == "all" {
			row.Class = "sum"
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// signs are the numbers of a row's footnotes, behind its name.
func signs(notes [][]string, p *table.Publication) string {
	var list []string
	for i, n := range notes {
		if has(p, n[0]) {
			list = append(list, strconv.Itoa(i+1))
		}
	}
	if len(list) == 0 {
		return ""
	}
	return " (note " + strings.Join(list, ", ") + ")"
}

func has(p *table.Publication, footnote string) bool {
	notes := publication.Notes([]table.Publication{*p})
	return slices.ContainsFunc(notes, func(n []string) bool { return n[0] == footnote })
}

// mostNamed is how many rows a footnote names; of more it gives the number.
const mostNamed = 24

// noteWords are the texts of footnotes, each with the rows that it is about.
func noteWords(notes [][]string, rows []table.Publication) []string {
	var list []string
	for _, n := range notes {
		var names []string
		for i := range rows {
			if has(&rows[i], n[0]) {
				names = append(names, nameOf(&rows[i]))
			}
		}
		about := strings.Join(names, ", ")
		if len(names) > mostNamed {
			about = number(int64(len(names))) + " rows of the tables"
		}
		list = append(list, n[1]+" About: "+about+".")
	}
	return list
}
