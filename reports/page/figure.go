package page

import (
	"context"
	"slices"
	"strconv"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/prose"
	"miic/internal/table"
	"miic/reports/csvfile"
)

// figure is one figure of one delivery, or of all deliveries of a sender on one night: then it is a row of
// report_cards.csv.
type figure struct {
	Sender      string     `col:"sender" doc:"id of the sender"`
	ReceivedOn  table.Date `col:"received_on" doc:"the night"`
	Measure     string     `col:"measure" doc:"as in delivery_figure"`
	Item        string     `col:"item,null" doc:"as in delivery_figure"`
	Numerator   int64      `col:"numerator" doc:"over all deliveries of the night; of median_days that of the largest"`
	Denominator int64      `col:"denominator" doc:"over all deliveries of the night"`
	BatchID     string     `col:"batch_id" doc:"a delivery to look at"`
	File        string     `col:"file_name" doc:"its file"`
	Line        int64      `col:"line,null" doc:"a line of it to look at"`
	Rule        string     `col:"rule,null" doc:"the rule about whole deliveries that it breaks"`
}

func (f figure) percent() float64 {
	return 100 * float64(f.Numerator) / float64(max(f.Denominator, 1))
}

// sameNight reports whether two figures are added up.
func (f figure) sameNight(o figure) bool {
	return f.Sender == o.Sender && f.ReceivedOn == o.ReceivedOn && f.Measure == o.Measure && f.Item == o.Item
}

// add adds a figure of another delivery of the night. A median cannot be added up: that of the largest counts.
func (f *figure) add(o figure) {
	if f.Measure == "median_days" {
		if o.Denominator > f.Denominator {
			*f = o
		}
		return
	}
	if f.Line == 0 && f.Measure != "files" || f.Measure == "files" && f.Numerator == f.Denominator {
		f.Line, f.BatchID, f.File = o.Line, o.BatchID, o.File
	}
	f.Numerator += o.Numerator
	f.Denominator += o.Denominator
	f.Rule = max(f.Rule, o.Rule)
}

// deliveryFigures returns the figures of the last months' deliveries, by sender, night, measure and item.
func deliveryFigures(ctx context.Context, r *pipeline.Run) ([]figure, error) {
	return engine.Rows[figure](ctx, r.Engine, queries.Get("card_figure", "as_of", r.AsOf))
}

// addUp adds up the deliveries of each sender and night, and keeps each sender's last nights.
func addUp(deliveries []figure) []figure {
	var rows []figure
	for _, f := range deliveries {
		if k := len(rows) - 1; k >= 0 && rows[k].sameNight(f) {
			rows[k].add(f)
		} else {
			rows = append(rows, f)
		}
	}
	nights := map[string][]table.Date{}
	for _, r := range rows {
		if list := nights[r.Sender]; len(list) == 0 || list[len(list)-1] != r.ReceivedOn {
			nights[r.Sender] = append(list, r.ReceivedOn)
		}
	}
	return slices.DeleteFunc(rows, func(r figure) bool {
		list := nights[r.Sender]
		return r.ReceivedOn < list[max(0, len(list)-cardNights)]
	})
}

// patterns are the figures that break a rule about whole deliveries, by batch.
func patterns(deliveries []figure) map[string][]figure {
	broken := map[string][]figure{}
	for _, f := range deliveries {
		if f.Rule != "" {
			broken[f.BatchID] = append(broken[f.BatchID], f)
		}
	}
	return broken
}

var figureTable = func() *table.Table {
	t := table.Working[figure]("report_card")
	t.Sort = []string{"sender", "received_on", "measure", "item"}
	return t
}()

// writeFigures writes the figures of all cards as Parquet and CSV.
func writeFigures(ctx context.Context, r *pipeline.Run, rows []figure) error {
	if err := engine.Load(ctx, r.Engine, "report_card", rows); err != nil {
		return err
	}
	path, err := r.OutPath("report_cards/report_cards.parquet")
	if err != nil {
		return err
	}
	if _, err := r.Engine.Copy(ctx, figureTable, "SELECT * FROM report_card", path); err != nil {
		return err
	}
	if path, err = r.OutPath("report_cards/report_cards.csv"); err != nil {
		return err
	}
	header := make([]string, len(figureTable.Columns))
	for i, c := range figureTable.Columns {
		header[i] = c.Name
	}
	return csvfile.Write(path, header, func(yield func([]string) bool) {
		for _, f := range rows {
			line := ""
			if f.Line > 0 {
				line = strconv.FormatInt(f.Line, 10)
			}
			if !yield([]string{f.Sender, f.ReceivedOn.String(), f.Measure, f.Item,
				strconv.FormatInt(f.Numerator, 10), strconv.FormatInt(f.Denominator, 10), f.BatchID, csvfile.Cell(prose.Name(f.File)), line, f.Rule}) {
				return
			}
		}
	})
}
