package page

import (
	"context"
	"strconv"

	"miic/internal/engine"
	"miic/reports/csvfile"
)

// A response goes to the sender of a delivery, and to nobody else: what came of it, and each refused line with its
// place and rule. It holds no value and no number of a person, so that nobody is disclosed in it.

var responseColumns = []string{"kind", "line", "byte_offset", "field", "rule", "severity", "code", "count", "text"}

type responseLine struct {
	BatchID  string `col:"batch_id" doc:"the delivery"`
	Line     int64  `col:"line" doc:"its line"`
	Offset   int64  `col:"byte_offset" doc:"where the unit begins"`
	Field    string `col:"field,null" doc:"the field"`
	Rule     string `col:"rule" doc:"the rule"`
	Severity string `col:"severity" doc:"what was done"`
	Code     string `col:"code,null" doc:"an unknown code"`
}

// responses writes responses/<sender>/<file>.response.csv for every delivery of tonight.
func (w *senders) responses(ctx context.Context) error {
	files, err := deliveries(ctx, w.run)
	if err != nil {
		return err
	}
	lines := map[string][]responseLine{}
	err = engine.Stream(ctx, w.run.Engine, queries.Get("response_line", "snapshot", w.run.Snapshot), func(r *responseLine) error {
		lines[r.BatchID] = append(lines[r.BatchID], responseLine{string([]byte(r.BatchID)), r.Line, r.Offset, string([]byte(r.Field)), string([]byte(r.Rule)), string([]byte(r.Severity)), string([]byte(r.Code))})
		return nil
	})
	if err != nil {
		return err
	}
	for _, f := range files {
		if f.Sender == "" || f.File == "" { // what lies in no sender's folder has nobody to answer to
			continue
		}
		if err := w.response(f, lines[f.BatchID], w.patterns[f.BatchID]); err != nil {
			return err
		}
	}
	w.run.Count("responses", int64(len(files)))
	return nil
}

func (w *senders) response(f delivery, lines []responseLine, patterns []cardRow) error {
	path, err := w.run.OutPath("responses/" + f.Sender + "/" + f.File + ".response.csv")
	if err != nil {
		return err
	}
	if f.Status == "duplicate" {
		lines, patterns = nil, nil // they are of the file that it repeats
	}
	number := func(v int64) string { return strconv.FormatInt(v, 10) }
	return csvfile.Write(path, responseColumns, func(yield func([]string) error) error {
		count := func(field string, v int64) error {
			return yield([]string{"count", "", "", field, "", "", "", number(v), ""})
		}
		if err := yield([]string{"delivery", "", "", "", "", "", "", "", f.File + ", batch " + f.BatchID + ", night of " + w.run.AsOf.String() + ": " + f.Status}); err != nil {
			return err
		}
		if f.Reason != "" {
			if err := yield([]string{"reason", "", "", "", "", "", "", "", f.Reason}); err != nil {
				return err
			}
		}
		for _, c := range []struct {
			field string
			value int64
		}{{"units_read", f.Read}, {"accepted", f.Accepted}, {"refused", f.Rejected}, {"held", f.Held}} {
			if err := count(c.field, c.value); err != nil {
				return err
			}
		}
		for _, p := range patterns {
			if err := yield([]string{"pattern", "", "", p.Item, p.Rule, "warn", "", number(p.Numerator), w.rules[p.Rule] + ": " + number(p.Numerator) + " of " + number(p.Denominator)}); err != nil {
				return err
			}
		}
		for _, r := range lines {
			if err := yield([]string{"line", number(r.Line), number(r.Offset), r.Field, r.Rule, r.Severity, r.Code, "1", w.rules[r.Rule]}); err != nil {
				return err
			}
		}
		return nil
	})
}
