package mailing

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"miic/internal/pipeline"
	"miic/internal/prose"
	"miic/reports/letter"
)

// noteSigns notes each sign that the letters' fonts lack, once: one letter is in its region's files, in the state's, and
// perhaps in the folder open/, and counts there once. The files are given by their path under out/.
func noteSigns(r *pipeline.Run, drawn map[string]letter.Drawn) {
	type found struct {
		places [3]int64 // regions' files, those in open/, the state's
		files  []string
	}
	signs := map[rune]*found{}
	for _, output := range slices.Sorted(maps.Keys(drawn)) {
		in := 0
		switch {
		case strings.HasPrefix(output, StateRow+"/"):
			in = 2
		case strings.Contains(output, "/open/"):
			in = 1
		}
		for _, m := range drawn[output].Missing {
			if signs[m.Rune] == nil {
				signs[m.Rune] = &found{}
			}
			f := signs[m.Rune]
			f.places[in] += int64(m.Count)
			f.files = append(f.files, output)
		}
	}
	for _, sign := range slices.Sorted(maps.Keys(signs)) {
		f := signs[sign]
		n, more := slices.Max(f.places[:]), ""
		if len(f.files) > 1 {
			more = fmt.Sprintf(" and %s", prose.Count(int64(len(f.files)-1), "more file", "more files"))
		}
		r.Count("runes_without_glyph", n)
		r.Note(pipeline.Note{Kind: "warning", Text: fmt.Sprintf("the letters' font has no sign for %U: it is a box in %s (%s%s)",
			sign, prose.Count(n, "place", "places"), f.files[0], more)})
	}
}
