package linkage

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"html/template"
	"io"
	"strconv"
	"strings"
)

//go:embed review.html.tmpl
var reviewPage string

// WriteCSV writes the queue as a sheet to fill in: decision (same or different) and decided_by are left
// empty, and the filled sheet is what ReadSheet takes.
func (q *Queue) WriteCSV(w io.Writer) error {
	c := csv.NewWriter(w)
	rows := [][]string{{"item_id", "decision", "decided_by", "family", "expected_harm", "probability", "bits", "runner_up", "reason",
		"record_l", "record_r", "client_l", "client_r", "evidence"}}
	for _, x := range q.Questions {
		row := []string{x.ItemID, "", "", strconv.Itoa(x.Family), fmt.Sprintf("%.3f", x.Harm), "", "", "", x.Reason,
			x.Left.RecordID, x.Right.RecordID, strconv.FormatInt(x.Left.ClientID, 10), strconv.FormatInt(x.Right.ClientID, 10), x.Evidence}
		if p := x.Pair; p != nil {
			row[5], row[6], row[7] = fmt.Sprintf("%.4f", p.Probabilities[Same.String()]), fmt.Sprintf("%.2f", p.Weight), p.RunnerUp
		}
		rows = append(rows, row)
	}
	return c.WriteAll(rows)
}

// WriteHTML writes the queue as one page that needs nothing else: both records side by side, what each
// field weighs, and the doses of both persons by day.
func (q *Queue) WriteHTML(w io.Writer) error {
	t, err := template.New("review").Funcs(template.FuncMap{
		"bits":  func(b float64) string { return fmt.Sprintf("%+.2f", b) },
		"share": share,
		"words": func(part string) string { return strings.ReplaceAll(part, "_", " ") },
		"width": func(b float64) string { return fmt.Sprintf("%.0f", min(100, 5*max(b, -b))) },
		"cvx": func(codes []int16) string {
			var out []string
			for _, c := range codes {
				out = append(out, fmt.Sprintf("%02d", c))
			}
			return strings.Join(out, ", ")
		},
	}).Parse(reviewPage)
	if err != nil {
		return err
	}
	return t.Execute(w, q)
}
