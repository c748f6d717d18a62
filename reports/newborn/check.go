package newborn

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strconv"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/csvfile"
	"miic/reports/privacy"
)

// Invariant is what must be true of the notification of newborns; the file is read back.
func Invariant() pipeline.Invariant {
	return pipeline.Invariant{Name: privacy.Newborns, Check: check}
}

// row is a newborn in the file.
type row struct {
	ClientID int64 `col:"client_id" doc:"the child"`
}

func check(ctx context.Context, r *pipeline.Run) error {
	var rows []row
	err := csvfile.Read(filepath.Join(r.OutDir(), filepath.FromSlash(file)), columns, func(cells []string) error {
		id, err := strconv.ParseInt(cells[0], 10, 64)
		rows = append(rows, row{id})
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := r.View(ctx, table.ClientRecords, table.Clients, table.DeathMatches, table.Restrictions, table.NewbornNotices,
		table.Disclosures, table.Batches, table.ClientLinks); err != nil {
		return err
	}
	if err := r.ViewPrior(ctx, table.ClientRecords, table.Disclosures, table.NewbornNotices); err != nil {
		return err
	}
	if err := r.ViewLatest(ctx, table.ClientRecords); err != nil {
		return err
	}
	if err := engine.Load(ctx, r.Engine, "newborn_row", rows); err != nil {
		return err
	}
	n, err := r.Engine.Int(ctx, "SELECT count(*) FROM ("+queries.Get("invariant_newborn", "as_of", r.AsOf)+") AS breaches")
	if err == nil && n > 0 {
		err = fmt.Errorf("broken by %d births", n)
	}
	return err
}
