// Package timeline brings what the log holds of a record in line with all that its sender reported on it.
//
// It promises that the order in which versions come does not matter: what holds in the end is what the sender's own
// times say, and nothing is stored twice.
package timeline

import (
	"miic/ingest/record"
	"miic/internal/table"
)

// What an entry of a record's timeline is.
const (
	StoredVersion int32 = iota
	Affirmation
	TonightsVersion
)

// An Entry is one time that a sender reported on a record.
type Entry struct {
	table.ClientRecord
	Kind int32 `col:"entry_kind" doc:"stored version, affirmation or tonight's version"`
}

// own is the fingerprint of what an entry reports itself.
func (e *Entry) own() int64 {
	own := e.ClientRecord
	record.Carry(&own, &table.ClientRecord{})
	return own.ContentHash
}

// A Result is what the night makes of one record.
type Result struct {
	Rows      []table.ClientRecord // new versions, and old ones that now hold something else
	Affirmed  []table.ClientRecord // tonight's versions that repeat what holds
	Unchanged int64                // tonight's versions that are not stored
	Restated  int64                // old versions among rows
}

// Follow walks through all that was reported on one record, in the order of the sender's time, and brings
// what the log holds in line with it. A version that comes late changes what the later ones carry
// over, and must not win over one that was repeated after it: those are stored again, at their time.
func Follow(entries []Entry, snapshot int64) Result {
	var t Result
	entries = Recall(entries)
	var state table.ClientRecord
	var visible int64 // fingerprint of what the log holds at this point
	begun := false
	for i, j := 0, 0; i < len(entries); i = j {
		for j = i; j < len(entries) && entries[j].SenderTime == entries[i].SenderTime; j++ {
		}
		var carrier *Entry
		for k := i; k < j; k++ {
			e := &entries[k]
			if e.Kind == TonightsVersion && repeated(entries[i:k], e) {
				t.Unchanged++
				continue
			}
			next := e.ClientRecord
			if begun {
				record.Carry(&next, &state)
			} else {
				next.ContentHash = record.ClientHash(&next)
			}
			state = next
			switch {
			case e.Kind == StoredVersion:
				visible, carrier = e.ContentHash, e
			case e.Kind == Affirmation:
				carrier = e
			case begun && state.ContentHash == visible:
				t.Unchanged++
				t.Affirmed = append(t.Affirmed, state)
			default:
				t.Rows = append(t.Rows, state)
				visible = state.ContentHash
			}
			begun = true
		}
		if carrier != nil && state.ContentHash != visible {
			again := state
			again.Snapshot, again.BatchID, again.Line, again.Reported = snapshot, carrier.BatchID, carrier.Line,
				carrier.Reported
			again.DatedOn = carrier.DatedOn
			t.Rows = append(t.Rows, again)
			t.Restated++
			visible = state.ContentHash
		}
	}
	return t
}

// Recall gives the affirmations of earlier nights the values that they repeated: those that held.
func Recall(entries []Entry) []Entry {
	var before *table.ClientRecord
	known := make([]Entry, 0, len(entries))
	for _, e := range entries {
		if e.Kind == Affirmation {
			if before == nil { // what it repeated is no longer in the log
				continue
			}
			affirmed := e.ClientRecord
			e.ClientRecord = *before
			e.SenderTime, e.Snapshot, e.BatchID, e.Line, e.Reported = affirmed.SenderTime, affirmed.Snapshot,
				affirmed.BatchID, affirmed.Line, affirmed.Reported
			e.DatedOn = affirmed.DatedOn
		}
		known = append(known, e)
		if e.Kind == StoredVersion {
			before = &known[len(known)-1].ClientRecord
		}
	}
	return known
}

// repeated reports that an entry of the same time reports the same.
func repeated(entries []Entry, e *Entry) bool {
	for i := range entries {
		if entries[i].Reported == e.Reported && entries[i].own() == e.own() {
			return true
		}
	}
	return false
}
