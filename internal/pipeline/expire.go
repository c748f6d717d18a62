package pipeline

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sort"
	"strconv"

	"miic/internal/archive"
	"miic/internal/delivery"
	"miic/internal/lake"
	"miic/internal/table"
)

// expire removes outputs and copies of deliveries that are older than their retention, by the night's own date, and records
// so in the ledger. What waits for an operator, or for the next night, stays.
func expire(w *lake.Writer, m *lake.Manifest, o Options) error {
	asOf, err := m.Date()
	if err != nil {
		return err
	}
	if o.OutDays > 0 {
		if err := expireOut(w, m, o, asOf); err != nil {
			return err
		}
	}
	if o.RetainDays <= 0 {
		return nil
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
	now, err := w.Rewritten() // by purges
	if err != nil {
		return err
	}
	var gone []string
	for sum, on := range last {
		if l := lives[sum[:16]]; l != nil && l.State.Kept() || on+table.Date(o.RetainDays) >= asOf {
			continue
		}
		lies := sum
		if to, again := now[sum]; again {
			lies = to
		}
		if lies == "" {
			continue
		}
		switch err := os.Remove(archive.Dir(o.Archive).Path(lies)); {
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

// expireOut removes the output folders of nights that are older than the retention, by the night's own date, and records so
// in the ledger. HEAD's stays.
func expireOut(w *lake.Writer, m *lake.Manifest, o Options, asOf table.Date) error {
	entries, err := os.ReadDir(o.Out)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var gone []int64
	for _, e := range entries {
		n, err := strconv.ParseInt(e.Name(), 10, 64)
		if err != nil || n == m.Snapshot || !e.IsDir() {
			continue
		}
		of, err := w.Manifest(n)
		if err != nil {
			continue // it is pruned, with its outputs, or is none of this lake's
		}
		if on, err := of.Date(); err != nil || on+table.Date(o.OutDays) >= asOf {
			continue
		}
		if err := os.RemoveAll(lake.OutFolder(o.Out, n)); err != nil {
			return err
		}
		gone = append(gone, n)
	}
	if len(gone) == 0 {
		return nil
	}
	return w.Append(m.Run, lake.Event{Event: lake.Expired, Gone: gone,
		Text: fmt.Sprintf("the outputs of %d nights were older than %d days and were deleted", len(gone), o.OutDays)})
}
