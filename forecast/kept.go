package forecast

import (
	"context"
	"fmt"
	"strings"

	"miic/forecast/cdsi"
	"miic/forecast/schedule"
	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// keep writes the schedule with the rows that rest on it: the configuration may name another one tomorrow.
func keep(r *pipeline.Run, s *cdsi.Schedule) error {
	var text strings.Builder
	if err := schedule.Text(&text, s); err != nil {
		return err
	}
	var rows []table.ScheduleLine
	for i, line := range strings.Split(strings.TrimSuffix(text.String(), "\n"), "\n") {
		rows = append(rows, table.ScheduleLine{Line: int32(i + 1), Text: line})
	}
	return pipeline.Write(r, table.ScheduleLines, rows)
}

// Kept returns the schedule that a snapshot's forecast was made with, from the files of its table schedule_line.
func Kept(ctx context.Context, e *engine.Engine, files []string) (*cdsi.Schedule, error) {
	if err := e.View(ctx, table.ScheduleLines.Name, table.ScheduleLines, files); err != nil {
		return nil, err
	}
	rows, err := engine.Rows[table.ScheduleLine](ctx, e,
		"SELECT line, text FROM "+table.ScheduleLines.Name+" ORDER BY line")
	if err != nil {
		return nil, err
	}
	var text strings.Builder
	for _, r := range rows {
		text.WriteString(r.Text + "\n")
	}
	s, err := schedule.ReadText(strings.NewReader(text.String()))
	if err != nil {
		return nil, fmt.Errorf("table %s: %w", table.ScheduleLines.Name, err)
	}
	return s, nil
}
