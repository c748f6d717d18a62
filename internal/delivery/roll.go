package delivery

import (
	"cmp"
	"slices"

	"miic/internal/lake"
	"miic/internal/table"
)

// Roll works out what a rollback does to deliveries, given their lives before it, HEAD's batches and those of the
// snapshot that comes back: which are left out of the tables, and which are in them again.
func Roll(lives Lives, head, old []table.Batch) []lake.RolledBatch {
	changed := changedBatches(head, old)
	was, becomes := NewestOf(head), NewestOf(old)
	list := []lake.RolledBatch{}
	for id := range changed {
		l, before, now := lives[id], was[id], becomes[id]
		if l == nil {
			continue
		}
		r := lake.RolledBatch{Batch: id, ReceivedOn: l.Came, Copied: l.Copy, Delivered: lake.Delivered{Sender: l.Sender, Name: l.File,
			Bytes: l.Bytes, SHA256: l.SHA256}}
		if before != nil {
			r.Status, r.UnitsRead = before.Status, before.UnitsRead
			r.Whole = before.Status == "loaded" && before.Rejected == 0
		}
		e := RollBack
		switch inTables := now != nil && State(now.Status).InTables(); {
		case inTables && l.State.InTables():
			continue
		case inTables && l.State == BackedOut:
			e = Bring
		case l.State == BackedOut: // no table says so any more, and it must not come in again by itself
			r.Event, r.Status = string(BackOut), "backed_out"
			list = append(list, r)
			continue
		case inTables: // it goes forward again, to a night that was rolled back before
			e, r.Status = Load, now.Status
		}
		to, err := Next(l.State, e)
		if err != nil || to == l.State && to != LeftOut {
			continue
		}
		r.Event = string(e)
		list = append(list, r)
	}
	slices.SortFunc(list, func(a, b lake.RolledBatch) int {
		return cmp.Or(cmp.Compare(a.Sender, b.Sender), cmp.Compare(a.ReceivedOn, b.ReceivedOn),
			cmp.Compare(a.Name, b.Name), cmp.Compare(a.Batch, b.Batch))
	})
	return list
}

// changedBatches are those of which one snapshot has a row that the other does not have, about more than bytes that
// had come already.
func changedBatches(head, old []table.Batch) map[string]bool {
	type key struct {
		batch        string
		snapshot     int64
		sender, file string
	}
	seen := map[key]int{}
	for side, rows := range [][]table.Batch{head, old} {
		for i := range rows {
			if b := &rows[i]; done[b.Status] != "" && b.SHA256 != "" {
				seen[key{b.BatchID, b.Snapshot, b.Sender, b.FileName}] |= side + 1
			}
		}
	}
	changed := map[string]bool{}
	for k, sides := range seen {
		if sides != 3 {
			changed[k.batch] = true
		}
	}
	return changed
}
