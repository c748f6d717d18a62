package stray

import "miic/internal/table"

// What a stray file is in table batch: for as long as it lies there, and once it was moved or an operator has refused
// it.
const (
	Status  = "stray"
	Settled = "settled"
)

// Gone are the rows that settle stray files of earlier nights which do not lie there any more: what has become of them
// is in the rows of the files that they are now.
func Gone(before, tonight []table.Batch, snapshot int64) []table.Batch {
	type place struct{ batch, sender, name string }
	at := func(b *table.Batch) place { return place{b.BatchID, b.Sender, b.FileName} }
	newest := map[place]*table.Batch{}
	var order []place
	for i := range before {
		b := &before[i]
		was := newest[at(b)]
		if was == nil {
			order = append(order, at(b))
		}
		if was == nil || b.Snapshot > was.Snapshot {
			newest[at(b)] = b
		}
	}
	for i := range tonight {
		delete(newest, at(&tonight[i]))
	}
	var rows []table.Batch
	for _, p := range order {
		b := newest[p]
		if b == nil || b.Status != Status {
			continue
		}
		row := *b
		row.Snapshot, row.Status = snapshot, Settled
		row.Reason = "it was stray, and does not lie there any more: it was moved or removed"
		rows = append(rows, row)
	}
	return rows
}
