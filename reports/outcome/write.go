package outcome

import (
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"miic/internal/prose"
	"miic/internal/table"
	"miic/internal/webpage"
	"miic/reports/csvfile"
)

//go:embed outcome.html.tmpl
var pageText string

var pageTemplate = webpage.Must("outcome", pageText, nil)

// rows are those of the Parquet file; its columns are those of the CSV file.
var rowTable = table.Working[Row]("outcome")

// Write writes outcomes.parquet, outcomes.csv and outcomes.html into a new folder.
func Write(dir, campaign, asOf string, rows []Row) error {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	w, err := table.NewWriter[Row](rowTable, filepath.Join(dir, "outcomes.parquet"))
	if err != nil {
		return err
	}
	err = w.AppendAll(rows)
	if cerr := w.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return err
	}
	if err := WriteCSV(filepath.Join(dir, "outcomes.csv"), rows); err != nil {
		return err
	}
	return webpage.Write(filepath.Join(dir, "outcomes.html"), pageTemplate, "outcome", struct {
		Head           webpage.Head
		Campaign, AsOf string
		None           bool
		Table          webpage.Table
	}{webpage.Head{Title: "What came of " + campaign}, campaign, asOf, len(rows) == 0, PageTable(rows)})
}

// WriteCSV writes the rows as a CSV file.
func WriteCSV(path string, rows []Row) error {
	var header []string
	for _, c := range rowTable.Columns {
		header = append(header, c.Name)
	}
	return csvfile.Write(path, header, func(yield func([]string) bool) {
		for i := range rows {
			if !yield(rows[i].cells()) {
				return
			}
		}
	})
}

// cells are a row of the CSV file, in the order of the columns.
func (r *Row) cells() []string {
	whole := func(n int64) string { return strconv.FormatInt(n, 10) }
	part := func(f float64) string { return strconv.FormatFloat(f, 'f', 6, 64) }
	return []string{r.Campaign, r.Arm, r.Kind, whole(int64(r.Round)), r.Channel, whole(int64(r.Days)), whole(r.Notices),
		whole(r.WithNew), whole(r.NewDoses), whole(r.WithLate), whole(r.LateDoses), whole(r.Returned), whole(r.Elsewhere),
		part(r.NewShare), part(r.NewLow), part(r.NewHigh), strconv.FormatBool(r.Compared), part(r.Difference), part(r.Low),
		part(r.High)}
}

// PageTable is the table that pages show.
func PageTable(rows []Row) webpage.Table {
	t := webpage.Table{Caption: "Doses after notices", Columns: webpage.Columns("notices", "#days", "#counted", "#new dose",
		"#beside control group", "#entered late", "#came back", "#given elsewhere")}
	percent := func(f float64) string { return fmt.Sprintf("%.1f %%", 100*f) }
	for i := range rows {
		r := &rows[i]
		what := webpage.Cell{Text: fmt.Sprintf("%s, round %d, %s", r.Kind, r.Round, r.Channel),
			Second: map[string]string{Sent: "sent", Chosen: "chosen beside the control group", Control: "control group"}[r.Arm]}
		more := webpage.Cell{}
		if r.Compared {
			more = webpage.Cell{Text: fmt.Sprintf("%+.1f points", 100*r.Difference),
				Second: fmt.Sprintf("%+.1f to %+.1f", 100*r.Low, 100*r.High)}
		}
		cells := append([]webpage.Cell{what}, webpage.Texts(strconv.Itoa(int(r.Days)), prose.Thousands(r.Notices))...)
		cells = append(cells, webpage.Cell{Text: percent(r.NewShare), Second: percent(r.NewLow) + " to " + percent(r.NewHigh)}, more,
			webpage.Cell{Text: percent(share(r.WithLate, r.Notices)), Second: prose.Count(r.LateDoses, "dose", "doses")})
		cells = append(cells, webpage.Texts(prose.Thousands(r.Returned), prose.Thousands(r.Elsewhere))...)
		t.Rows = append(t.Rows, webpage.Row{Cells: cells})
	}
	return t
}
