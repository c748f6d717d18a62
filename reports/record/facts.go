package record

import (
	"context"
	"slices"
	"strings"

	"miic/internal/engine"
	"miic/internal/table"
)

type factRow struct {
	ClientID int64      `col:"client_id" doc:"the person"`
	Kind     string     `col:"kind" doc:"kind"`
	Code     string     `col:"code" doc:"code as sent"`
	Meaning  string     `col:"cdsi_code,null" doc:"the schedule's observation"`
	CVX      int16      `col:"cvx,null" doc:"vaccine"`
	On       table.Date `col:"observed_on" doc:"date"`
}

// A meaning is what the schedule calls an observation, as evidence of immunity or as a contraindication.
type meaning struct{ kind, observation string }

// parseMeanings reads which antigens an observation is about, line after line of the schedule.
func parseMeanings(lines []table.ScheduleLine) map[meaning][]string {
	of, antigen := map[meaning][]string{}, ""
	kinds := map[string]string{"immune": "immunity", "contraindicated": "contraindication"}
	for _, l := range lines {
		if name, ok := strings.CutPrefix(l.Text, "antigen "); ok {
			antigen = strings.Trim(name, `"`)
			continue
		}
		word, codes, _ := strings.Cut(strings.TrimSpace(l.Text), " ")
		if kind := kinds[word]; kind != "" {
			for code := range strings.SplitSeq(codes, ",") {
				of[meaning{kind, code}] = append(of[meaning{kind, code}], antigen)
			}
		}
	}
	return of
}

// readFacts reads immunity, contraindications and reactions as they were reported. One that makes somebody immune in a
// vaccine group, or is why a group's vaccine may not be given, is the evidence of that fact, and no further one: nobody can
// read its code.
func readFacts(ctx context.Context, e *engine.Engine, of map[int64]*Record, groups []group, meanings map[meaning][]string) error {
	return engine.Stream(ctx, e, queries.Get("fact"), func(f *factRow) error {
		r, known := of[f.ClientID], false
		for _, antigen := range meanings[meaning{f.Kind, f.Meaning}] {
			for _, g := range groups {
				if !slices.Contains(g.antigens, antigen) {
					continue
				}
				for i := range r.Facts {
					if fact := &r.Facts[i]; fact.Kind == f.Kind && fact.Group == g.name {
						known = true
						if fact.Code == "" { // the first report of several
							fact.Code, fact.On = f.Code, Day(f.On)
						}
					}
				}
			}
		}
		if !known {
			r.Facts = append(r.Facts, Fact{Kind: f.Kind, Code: f.Code, CVX: f.CVX, On: Day(f.On)})
		}
		return nil
	})
}
