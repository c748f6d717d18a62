// Package delivery keeps how the nights left each delivery: loaded, held, refused, taken out. It is one rule for
// ingest, which holds and releases, for the archive, and for the commands that decide about a delivery.
package delivery

import "miic/internal/table"

// Newest has, by batch id, the row that is in force for each delivery. One that was passed over, because its
// bytes had come already, changes nothing.
type Newest map[string]*table.Batch

// Add takes in another row of a delivery.
func (n Newest) Add(b *table.Batch) {
	if was := n[b.BatchID]; b.Status != "duplicate" && (was == nil || replaces(was, b)) {
		row := *b
		n[b.BatchID] = &row
	}
}

// replaces reports whether row b is in force rather than row was. What was loaded stays so, whatever becomes of
// the same bytes under another name, until an operator takes it out.
func replaces(was, b *table.Batch) bool {
	switch {
	case was.Status == "loaded" && b.Status != "loaded":
		return b.Status == "backed_out" && b.Snapshot > was.Snapshot
	case was.Status != "loaded" && b.Status == "loaded":
		return was.Status != "backed_out" || b.Snapshot > was.Snapshot
	}
	return b.Snapshot >= was.Snapshot
}
