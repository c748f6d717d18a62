package lake

import "fmt"

// recorded is what the ledgers record of the lake, as far as they can be read.
type recorded struct {
	damaged   map[string]bool   // runs whose ledger is missing or was changed
	committed map[int64]string  // by snapshot: the run that committed it
	published map[int64]bool    // snapshots
	held      map[string]string // by run: SHA-256 of the manifest of a held night; "" from older programs
	expired   map[string]int64  // by SHA-256 of a delivery: the last snapshot with which its copy was deleted
	sealed    map[int64][]File  // by snapshot: the bundles in its folder
	waiting   map[string]bool   // SHA-256 of deliveries that lie in the inbox because the archive could not take them
}

// ledgers reads every ledger and finds those that were changed or are missing.
func (c *checker) ledgers() error {
	c.recorded = recorded{map[string]bool{}, map[int64]string{}, map[int64]bool{}, map[string]string{}, map[string]int64{}, map[int64][]File{}, nil}
	runs, err := c.Runs()
	if err != nil {
		return err
	}
	c.r.Ledgers = len(runs)
	next := int64(1)
	for _, run := range runs {
		for ; next < runNumber(run); next++ {
			c.damaged[number(next)] = true
			c.fault(Finding{Kind: "ledger", File: ledgerPath(number(next)),
				Text: "is missing: runs are numbered without a gap"})
		}
		next++
		events, proved, err := c.readLedger(run)
		if err != nil {
			c.damaged[run] = true
			c.fault(Finding{Kind: "ledger", File: ledgerPath(run), Text: err.Error()})
		} else if !proved && len(events) > 0 {
			c.r.Unproved++
		}
		for _, e := range events {
			c.record(run, events[0].Snapshot, e)
		}
	}
	return nil
}

// record keeps what the check needs of an event, whose run made, or was to make, the given snapshot.
func (c *checker) record(run string, snapshot int64, e Event) {
	switch e.Event {
	case Committed:
		c.committed[e.Snapshot] = run
	case Published:
		c.published[e.Snapshot] = true
		if len(e.Sealed) > 0 {
			c.sealed[e.Snapshot] = e.Sealed
		}
		c.waiting = map[string]bool{} // a later one lists again what still waits
		for _, u := range e.Unmoved {
			c.waiting[u.SHA256] = !u.Copied
		}
	case RunHeld:
		c.held[run] = e.SHA256
	case Expired:
		for _, sum := range e.Copies {
			c.expired[sum] = max(c.expired[sum], snapshot)
		}
	case Purged:
		for sum := range e.Purged.Rewritten {
			c.expired[sum] = max(c.expired[sum], snapshot)
		}
	}
}

// ledgerOf checks that the ledger of the run that made a snapshot records so.
func (c *checker) ledgerOf(m *Manifest, head int64) {
	at := Finding{Kind: "ledger", Snapshot: m.Snapshot, File: ledgerPath(m.Run)}
	switch {
	case c.damaged[m.Run] || c.committed[m.Snapshot] == m.Run || c.published[m.Snapshot]:
	case runNumber(m.Run) > int64(c.r.Ledgers):
		at.Text = "is the ledger of the run that made the snapshot, and is missing"
		c.fault(at)
	case m.Snapshot < head:
		at.Text = fmt.Sprintf("does not record that snapshot %d was committed, and a later one was: "+
			"its last lines are missing", m.Snapshot)
		c.fault(at)
	default: // a kill right after the swap of HEAD leaves this, and it cannot be distinguished from lost lines
		at.Kind = "uncommitted"
		at.Text = "does not record the commit: the run was killed right after it, or its last lines are missing"
		c.info(at)
	}
}
