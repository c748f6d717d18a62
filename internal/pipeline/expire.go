package pipeline

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sort"

	"miic/internal/archive"
	"miic/internal/delivery"
	"miic/internal/lake"
	"miic/internal/table"
)

// expire removes the copies of deliveries that are older than the retention, by the night's own date, and records so in
// the ledger. What waits for an operator, or for the next night, stays.
func expire(w *lake.Writer, m *lake.Manifest, o Options) error {
	if o.RetainDays <= 0 {
		return nil
	}
	asOf, err := table.ParseDate(m.AsOf)
	if err != nil {
		return err
	}
	lives, err := delivery.ReadLives(w.Lake, m)
	if err != nil {
		return err
	}
	last := map[string]table.Date{}
	var paths []string
	for _, f := range m.Tables["batch"] {
		paths = append(paths, w.Path(f.Path))
	}
	err = table.Scan(paths, func(b *table.Batch) error {
		if len(b.SHA256) == 64 {
			last[b.SHA256] = max(last[b.SHA256], b.ReceivedOn)
		}
		return nil
	})
	if err != nil {
		return err
	}
	var gone []string
	for sum, on := range last {
		if l := lives[sum[:16]]; l != nil && l.State.Kept() || on+table.Date(o.RetainDays) >= asOf {
			continue
		}
		switch err := os.Remove(archive.Dir(o.Archive).Path(sum)); {
		case err == nil:
			gone = append(gone, sum)
		case !errors.Is(err, fs.ErrNotExist):
			return err
		}
	}
	if len(gone) == 0 {
		return nil
	}
	sort.Strings(gone)
	return w.Append(
		m.Run,
		lake.Event{
			Event: lake.Expired,
			Text: fmt.Sprintf(
				"%d copies of deliveries were older than %d days and were deleted",
				len(gone),
				o.RetainDays,
			),
			Copies: gone,
		},
	)
}
