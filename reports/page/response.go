package page

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/prose"
	"miic/internal/table"
	"miic/reports/csvfile"
)

// A response goes to the sender of a delivery, and to nobody else: what came of it, and each refused line with its
// place and rule. It holds no value and no number of a person, so that nobody is disclosed in it.

var responseColumns = []string{"kind", "line", "byte_offset", "field", "rule", "severity", "code", "count", "text"}

// responseLine is a refused unit or a doubtful value.
type responseLine struct {
	BatchID  string `col:"batch_id" doc:"the delivery"`
	Line     int64  `col:"line" doc:"its line"`
	Offset   int64  `col:"byte_offset" doc:"where the unit begins"`
	Field    string `col:"field,null" doc:"the field"`
	Rule     string `col:"rule" doc:"the rule"`
	Severity string `col:"severity" doc:"what was done"`
	Code     string `col:"code,null" doc:"an unknown code"`
}

// writeResponses writes responses/<sender>/<file>.response.csv for every delivery of tonight. Patterns are the
// figures that break a rule about whole deliveries, by batch.
func writeResponses(ctx context.Context, r *pipeline.Run, c SendersConfig, patterns map[string][]figure) error {
	files, err := deliveries(ctx, r)
	if err != nil {
		return err
	}
	lines, err := responseLines(ctx, r)
	if err != nil {
		return err
	}
	for _, f := range files {
		if f.Sender == "" || f.File == "" { // what lies in no sender's folder has nobody to answer to
			continue
		}
		lines, patterns := lines[f.BatchID], patterns[f.BatchID]
		if f.Status == "duplicate" {
			lines, patterns = nil, nil // they are of the file that it repeats
		}
		path, err := r.OutPath(responsePath(f, files))
		if err != nil {
			return err
		}
		if err := csvfile.Write(path, responseColumns, func(yield func([]string) bool) {
			c.response(r.AsOf, f, lines, patterns, yield)
		}); err != nil {
			return err
		}
	}
	r.Count("responses", int64(len(files)))
	return nil
}

// responsePath is where the response to a delivery lies in the night's folder. Two deliveries of one name can come in
// one night, where an operator lets one in: then the batch tells them apart.
func responsePath(f delivery, tonight []delivery) string {
	name := prose.Name(f.File)
	if slices.ContainsFunc(tonight, func(o delivery) bool {
		return o.Sender == f.Sender && o.File == f.File && o.BatchID != f.BatchID
	}) {
		name += "." + f.BatchID
	}
	return "responses/" + f.Sender + "/" + name + ".response.csv"
}

func responseLines(ctx context.Context, r *pipeline.Run) (map[string][]responseLine, error) {
	lines := map[string][]responseLine{}
	query := queries.Get("response_line", "snapshot", r.Snapshot)
	err := engine.Stream(ctx, r.Engine, query, func(l *responseLine) error {
		kept := *l // its texts would keep whole batches of rows in memory
		for _, text := range []*string{&kept.BatchID, &kept.Field, &kept.Rule, &kept.Severity, &kept.Code} {
			*text = strings.Clone(*text)
		}
		lines[kept.BatchID] = append(lines[kept.BatchID], kept)
		return nil
	})
	return lines, err
}

// response gives the rows of one response, after its header.
func (c SendersConfig) response(asOf table.Date, f delivery, lines []responseLine, patterns []figure,
	yield func([]string) bool) {
	number := func(v int64) string { return strconv.FormatInt(v, 10) }
	rows := [][]string{{"delivery", "", "", "", "", "", "", "",
		csvfile.Cell(prose.Name(f.File)) + ", batch " + f.BatchID + ", night of " + asOf.String() + ": " + f.Status}}
	if f.Reason != "" {
		rows = append(rows, []string{"reason", "", "", "", "", "", "", "", prose.Name(f.Reason)})
	}
	for _, count := range []struct {
		field string
		value int64
	}{{"units_read", f.Read}, {"accepted", f.Accepted}, {"refused", f.Rejected}, {"held", f.Held}} {
		rows = append(rows, []string{"count", "", "", count.field, "", "", "", number(count.value), ""})
	}
	for _, p := range patterns {
		rows = append(rows, []string{"pattern", "", "", p.Item, p.Rule, "warn", "", number(p.Numerator),
			c.Rules[p.Rule] + ": " + number(p.Numerator) + " of " + number(p.Denominator)})
	}
	for _, row := range rows {
		if !yield(row) {
			return
		}
	}
	for _, l := range lines {
		row := []string{"line", number(l.Line), number(l.Offset), l.Field, l.Rule, l.Severity, l.Code, "1",
			c.Rules[l.Rule]}
		if !yield(row) {
			return
		}
	}
}
