package publication

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/csvfile"
	"miic/reports/footnote"
)

// bar stands between the ids of footnotes, and between their texts.
const bar = "|"

// compare sets the people counted beside those who live there. The ratio tells no more than the people counted.
func compare(row *table.Publication, people int64) {
	if people == 0 {
		return
	}
	row.Population = people
	row.PeoplePercent = math.Round(1000*float64(row.Denominator)/float64(people)) / 10
}

// crowded reports that more than 105 are counted for every 100 who live there.
func crowded(row *table.Publication) bool {
	return 100*row.Denominator > 105*row.Population && row.Population > 0
}

// annotate sets the footnotes beside a row.
func (t *tonight) annotate(row *table.Publication) {
	list := footnote.Beside(t.Footnotes, footnote.Figure{Measure: row.Measure, AreaType: row.AreaType, Area: row.AreaCode,
		Stratum: row.Stratum, Code: row.StratumCode, Night: t.night})
	if crowded(row) {
		list = append(list, footnote.Footnote{ID: footnote.Crowded, Text: footnote.CrowdedText})
	}
	var ids, texts []string
	for _, n := range list {
		ids, texts = append(ids, n.ID), append(texts, n.Text)
	}
	row.Footnotes, row.FootnoteTexts = strings.Join(ids, bar), strings.Join(texts, bar)
}

// noteCrowded names the published areas of which more people are counted than live there.
func noteCrowded(r *pipeline.Run, rows []table.Publication) {
	var names []string
	for i := range rows {
		row := &rows[i]
		text := fmt.Sprintf("%s (%s)", row.AreaName, row.AreaCode)
		if crowded(row) && row.Stratum == "all" && !slices.Contains(names, text) {
			names = append(names, text)
		}
	}
	if len(names) > 0 {
		r.Count("areas_over_population", int64(len(names)))
		r.Note(pipeline.Note{Kind: Crowded, Text: strings.Join(names, ", ")})
	}
}

// Crowded is the kind of the note that names areas with more people counted than live there.
const Crowded = "over population"

// Notes are the footnotes of rows, by id, each once: id and text.
func Notes(rows []table.Publication) [][]string {
	var list [][]string
	for i := range rows {
		texts := strings.Split(rows[i].FootnoteTexts, bar)
		for k, id := range strings.Split(rows[i].Footnotes, bar) {
			if id != "" && !slices.ContainsFunc(list, func(l []string) bool { return l[0] == id }) {
				list = append(list, []string{id, texts[k]})
			}
		}
	}
	slices.SortFunc(list, func(a, b []string) int { return strings.Compare(a[0], b[0]) })
	return list
}

// writeNotes writes the texts of the footnotes in coverage.csv.
func writeNotes(r *pipeline.Run, rows []table.Publication) error {
	path, err := r.OutPath("footnotes.csv")
	if err != nil {
		return err
	}
	return csvfile.Write(path, []string{"footnote", "text"}, slices.Values(Notes(rows)))
}
