package ingest

import (
	"fmt"
	"slices"

	"miic/ingest/read"
	"miic/internal/delivery"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// What was delivered and is not to be taken in: by an operator's decision, or because a rollback left it out.

// setAside gathers it from what earlier nights wrote down and from what was decided since. What was taken out stays so
// until it is loaded again, however often the same bytes come and are held.
func (n *night) setAside(before []table.Batch) {
	n.refused, n.takenOut = map[string]string{}, map[string]bool{}
	n.lastAside = map[string]table.Date{}
	lastLoaded := map[string]int64{}
	for i := range before {
		if b := &before[i]; b.Status == loaded {
			lastLoaded[b.BatchID] = max(lastLoaded[b.BatchID], b.Snapshot)
		}
	}
	for i := range before {
		if b := &before[i]; b.Status == backedOut && b.Snapshot > lastLoaded[b.BatchID] {
			n.takenOut[b.BatchID] = true
		}
	}
	for id, b := range n.newest {
		if b.Status == declined {
			n.refused[id] = b.Reason
		}
	}
	for _, d := range n.run.Aside.Refused {
		n.refused[d.Batch] = refusedBy(d)
	}
	for _, d := range n.run.Aside.LeftOut {
		if d.Status == backedOut {
			n.takenOut[d.Batch] = true
		}
		n.cameBefore(d.Sender, d.ReceivedOn)
	}
	for _, d := range n.run.Inbox {
		if d.Archived && d.Let != nil {
			n.cameBefore(d.Sender, d.Let.ReceivedOn)
		}
	}
}

// cameBefore takes in that a sender has sent something of which no table has a row: nobody calls it late for that.
func (n *night) cameBefore(sender, on string) {
	if day, err := table.ParseDate(on); err == nil {
		n.lastCame[sender] = max(n.lastCame[sender], day)
		n.lastAside[sender] = max(n.lastAside[sender], day)
	}
}

func refusedBy(d pipeline.Refusal) string {
	return fmt.Sprintf("refused by %s: %s", d.Operator, d.Reason)
}

// tonight reports that the same bytes came tonight, so that their own row is the newest.
func (n *night) tonight(id string) bool {
	return slices.ContainsFunc(n.batches, func(b *batch) bool { return b.id == id })
}

// refusals writes down what operators have decided not to load, once.
func (n *night) refusals() []table.Batch {
	var rows []table.Batch
	for _, d := range n.run.Aside.Refused {
		b := n.newest[d.Batch]
		if b == nil || d.Snapshot < b.Snapshot || n.tonight(d.Batch) {
			continue
		}
		row := *b
		row.Snapshot, row.Status, row.Reason = n.run.Snapshot, declined, refusedBy(d)
		if row.Held = 0; b.Status != leftOut {
			row.Accepted = 0
		}
		row.Rejected = row.UnitsRead - row.Accepted
		rows = append(rows, row)
		n.run.Count("files_refused_by_operator", 1)
		n.run.Note(pipeline.Note{Kind: "warning", Sender: b.Sender, File: b.FileName, Text: fmt.Sprintf(
			"it was %s; now it is %s; it is not loaded", delivery.State(b.Status).Words(), row.Reason)})
	}
	return rows
}

// leftOut writes down what a rollback left out of the tables, once, and notes every night how much of it waits. What
// families asked for in it is in force all the same: no rollback takes that back.
func (n *night) leftOut() []table.Batch {
	var rows []table.Batch
	senders := map[string]*Sender{}
	for i := range n.cfg.Senders {
		senders[n.cfg.Senders[i].ID] = &n.cfg.Senders[i]
	}
	waits, of := int64(0), map[string]bool{}
	for _, d := range n.run.Aside.LeftOut {
		if n.tonight(d.Batch) {
			continue
		}
		if d.Status == leftOut {
			waits++
			of[d.Sender] = true
		}
		if was := n.newest[d.Batch]; was != nil && was.Status == d.Status {
			continue
		}
		row := table.Batch{BatchID: d.Batch, Snapshot: n.run.Snapshot, FileName: d.Name, Sender: d.Sender, SHA256: d.SHA256,
			Bytes: d.Bytes, UnitsRead: d.UnitsRead, Held: d.UnitsRead, Status: d.Status, Reason: d.Reason,
			ReceivedOn: n.run.AsOf}
		if on, err := table.ParseDate(d.ReceivedOn); err == nil {
			row.ReceivedOn = on
		}
		if s := senders[d.Sender]; s != nil {
			row.SenderKind, row.Layout = s.Kind, s.layoutOf(d.Name)
		}
		on := read.FileDate(d.Name)
		if row.SenderTime = on.Midnight(); on == 0 {
			row.SenderTime = row.ReceivedOn.Midnight()
		}
		if d.Whole && ofRequests(row.SenderKind, row.Layout) {
			row.Accepted, row.Held = d.UnitsRead, 0
		}
		rows = append(rows, row)
	}
	if waits > 0 {
		n.run.Count("files_left_out", waits)
		n.run.Note(pipeline.Note{Kind: "left_out", Exit3: true, Text: fmt.Sprintf("deliveries that lie in the archive "+
			"because their night was rolled back: %d, of %d senders; `miic ingest list` names them, "+
			"`miic ingest return --all --reason \"…\"` feeds them again, `miic ingest refuse BATCH` settles one that is "+
			"not wanted", waits, len(of))})
	}
	return rows
}

// ofRequests reports a file in which families ask for something.
func ofRequests(kind, layout string) bool { return kind == "families" || layout == "family-requests" }
