package pipeline

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"miic/internal/lake"
	"miic/internal/table"
)

// readInbox lists what has arrived, with what operators have decided about it: of several decisions
// about a delivery the newest.
func (n *night) readInbox(ctx context.Context) error {
	s := &scan{dir: n.Inbox, admit: n.Admit, now: n.Lake.Now()}
	if n.w != nil { // a dry run writes nothing, and reads the files where they lie
		var err error
		if s.copies, err = n.w.Scratch("inbox"); err != nil {
			return err
		}
		s.room = n.room
	}
	list, err := s.run(ctx)
	if err != nil {
		return err
	}
	n.inbox = slices.DeleteFunc(list, n.isKnown)
	decisions, err := n.Lake.Decisions()
	if err != nil {
		return err
	}
	let, released, last := map[string]*Let{}, map[string]string{}, map[string]int{}
	for i, d := range decisions {
		switch d.Kind {
		case "refuse":
			delete(let, released[d.Batch])
		case "release":
			released[d.Batch] = d.SHA256
		}
		if d.SHA256 != "" {
			let[d.SHA256] = &Let{
				Batch:    d.Batch,
				Replay:   d.Kind == "replay",
				Operator: d.Operator,
				Reason:   d.Reason,
				Snapshot: d.Snapshot,
			}
		}
		if d.Kind != "replay" {
			last[d.Batch] = i
		}
	}
	for i, d := range decisions {
		if d.Kind == "refuse" && last[d.Batch] == i {
			n.refusals = append(n.refusals, Refusal{d.Batch, d.Operator, d.Reason})
		}
	}
	for i := range n.inbox {
		d := &n.inbox[i]
		if d.Let = let[d.SHA256]; d.Let == nil && d.young {
			d.leave("was written to a moment ago and may still be growing")
		}
	}
	return n.findStrays()
}

// isKnown reports a file that an earlier night has taken in and could not move, unless it was written to since.
func (n *night) isKnown(d Delivery) bool {
	return slices.ContainsFunc(n.unmoved, func(u lake.Unmoved) bool {
		return u.SHA256 != "" && u.SHA256 == d.SHA256 && u.Sender == d.Sender && u.Name == d.Name &&
			u.Modified.Equal(d.modified)
	})
}

// decide keeps a decision and, while the lake is locked, does what follows from it.
func decide(o Options, d lake.Decision, then func() error) error {
	w, err := o.Lake.Lock()
	if err != nil {
		return err
	}
	defer w.Unlock()
	d.Operator = o.Operator
	if err := w.Decide(d); err != nil {
		return err
	}
	return then()
}

// Release lets a held or refused delivery in: its copy goes from the archive back into the inbox, and the
// next night takes it although it is far from what its sender usually sends.
func Release(o Options, b *table.Batch, reason string) error {
	if err := freeInInbox(o, b); err != nil {
		return err
	}
	in, err := OpenArchived(o.Archive, b.SHA256) // before anything is decided
	if err != nil {
		return err
	}
	in.Close()
	return decide(o, lake.Decision{Kind: "release", Batch: b.BatchID, SHA256: b.SHA256, Reason: reason}, func() error {
		return unarchive(o.Archive, b.SHA256, inboxPath(o, b))
	})
}

// Refuse settles that a held delivery is not to be loaded. The next night writes it down.
func Refuse(o Options, b *table.Batch, reason string) error {
	return decide(o, lake.Decision{Kind: "refuse", Batch: b.BatchID, Reason: reason}, func() error { return nil })
}

// Replay puts corrected lines of a delivery into the inbox, under the name of that delivery, so that they are
// read by the same layout and keep its day.
func Replay(o Options, b *table.Batch, corrected []byte, reason string) error {
	if err := freeInInbox(o, b); err != nil {
		return err
	}
	sum := sha256.Sum256(corrected)
	return decide(
		o,
		lake.Decision{Kind: "replay", Batch: b.BatchID, SHA256: hex.EncodeToString(sum[:]), Reason: reason},
		func() error {
			return intoInbox(bytes.NewReader(corrected), inboxPath(o, b))
		},
	)
}

func inboxPath(o Options, b *table.Batch) string { return filepath.Join(o.Inbox, b.Sender, b.FileName) }

func freeInInbox(o Options, b *table.Batch) error {
	if b.FileName == "" || strings.ContainsAny(b.Sender+b.FileName, "/\\") {
		return fmt.Errorf("batch %s has no place in the inbox", b.BatchID)
	}
	if exists(inboxPath(o, b)) {
		return lake.Errorf(lake.Usage, "%s lies in the inbox already", b.FileName)
	}
	return nil
}
