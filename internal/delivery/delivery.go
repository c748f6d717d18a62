// Package delivery has the life of a delivery: its states, what leads from one to the other, and the state of each
// delivery, folded from what the nights wrote down and what operators decided. It is one rule for ingest, which holds
// and releases, for the archive, for the page, and for the commands that decide about a delivery.
package delivery

import (
	"cmp"
	"slices"

	"miic/internal/table"
)

// done is the event that a row of batch records, by its status. A duplicate is none: its bytes had come already.
var done = map[string]Event{
	"loaded": Load, "empty": FindEmpty, "held": Hold, "refused": TurnAway,
	"declined": Refuse, "backed_out": BackOut, "left_out": RollBack,
}

// left is the state that a row's status names.
func left(status string) State { return State(status) }

// Newest has, by batch id, the row that is in force for each delivery.
type Newest map[string]*table.Batch

// NewestOf finds the rows that are in force: of each delivery the last whose status it has.
func NewestOf(rows []table.Batch) Newest {
	n, state := Newest{}, map[string]State{}
	for _, b := range inOrder(rows) {
		was, known := state[b.BatchID]
		if !known {
			was = Arrived
		}
		state[b.BatchID] = after(was, b)
		if n[b.BatchID] == nil || state[b.BatchID] == left(b.Status) {
			n[b.BatchID] = b
		}
	}
	return n
}

// inOrder lists rows as the nights wrote them, without those about bytes that had come already.
func inOrder(rows []table.Batch) []*table.Batch {
	var list []*table.Batch
	for i := range rows {
		if done[rows[i].Status] != "" {
			list = append(list, &rows[i])
		}
	}
	slices.SortFunc(list, func(a, b *table.Batch) int {
		return cmp.Or(cmp.Compare(a.Snapshot, b.Snapshot), cmp.Compare(a.BatchID, b.BatchID),
			cmp.Compare(a.Sender, b.Sender), cmp.Compare(a.FileName, b.FileName))
	})
	return list
}

// after is the state after what a row records. Where the table of transitions has none, the row is right: it says
// what is in the tables.
func after(was State, b *table.Batch) State {
	to, err := Next(was, done[b.Status])
	if err != nil {
		return left(b.Status)
	}
	return to
}
