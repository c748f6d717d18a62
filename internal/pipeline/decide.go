package pipeline

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"miic/internal/archive"
	"miic/internal/delivery"
	"miic/internal/inbox"
	"miic/internal/lake"
	"miic/internal/table"
)

// readInbox lists what has arrived, what operators let in from the archive, and what they have set aside.
func (n *night) readInbox(ctx context.Context) error {
	s := &inbox.Scan{Dir: n.Inbox, Admit: n.Admit, Now: n.Lake.Now()}
	if n.w != nil { // a dry run writes nothing, and reads the files where they lie
		var err error
		if s.Copies, err = n.w.Scratch("inbox"); err != nil {
			return err
		}
		s.Room = n.room
	}
	list, err := deliveries(ctx, s)
	if err != nil {
		return err
	}
	n.inbox = slices.DeleteFunc(list, n.isKnown)
	lives, err := delivery.ReadLives(n.Lake, n.head)
	if err != nil {
		return err
	}
	lies := map[[2]string]bool{} // sender and batch of what lies in the inbox
	for i, found := range delivered(n.inbox) {
		d := &n.inbox[i]
		if l := lives.Lies(found); l != nil {
			lies[[2]string{d.Sender, l.Batch}] = true
			if l.State == delivery.Released {
				d.Let = let(l)
			}
		}
		if d.Let == nil && d.Young {
			d.Leave("was written to a moment ago and may still be growing")
		}
	}
	if err := n.findStrays(); err != nil {
		return err
	}
	n.aside = setAside(lives)
	if n.rehearsal { // nothing is delivered
		return nil
	}
	letIn := lives.Sorted(func(l *delivery.Life) bool {
		return l.State == delivery.Released && l.Decision != nil && l.Decision.Name != "" &&
			!lies[[2]string{l.Sender, l.Batch}]
	})
	if n.w != nil && len(letIn) > 0 {
		var bytes int64
		for _, l := range letIn {
			bytes += l.Bytes
		}
		if err := n.room(bytes); err != nil {
			return err
		}
	}
	for i, l := range letIn {
		d, err := n.fetch(i, l)
		if err != nil {
			return err
		}
		n.inbox = append(n.inbox, d)
	}
	return nil
}

// isKnown reports a file that an earlier night has taken in and could not move, unless it was written to since.
func (n *night) isKnown(d Delivery) bool {
	return slices.ContainsFunc(n.unmoved, func(u lake.Unmoved) bool {
		return u.SHA256 != "" && u.SHA256 == d.SHA256 && u.Sender == d.Sender && u.Name == d.Name &&
			u.Modified.Equal(d.Modified)
	})
}

// let is the decision that lets a delivery in.
func let(l *delivery.Life) *Let {
	d := l.Decision
	if d == nil {
		return nil
	}
	return &Let{Batch: d.Batch, Replay: d.Kind == string(delivery.Replay),
		Returned: d.Kind == string(delivery.Return), ReceivedOn: l.Came, Operator: d.Operator, Reason: d.Reason,
		Snapshot: d.Snapshot}
}

// fetch takes a delivery that an operator lets in out of the archive, to where the night can read it. A copy that is
// lost or damaged is a delivery that cannot be read: the others go on.
func (n *night) fetch(i int, l *delivery.Life) (Delivery, error) {
	d := Delivery{File: inbox.File{Sender: l.Sender, Name: l.File, Bytes: l.Bytes, SHA256: l.SHA256}, Archived: true,
		Let: let(l)}
	in, err := archive.Dir(n.Archive).Open(l.SHA256)
	if err != nil {
		d.SHA256, d.Err = "", fmt.Sprintf("an operator lets it in, but %v; or settle it with `%s`", err,
			delivery.Refuse.Command(l.Batch))
		return d, nil
	}
	defer in.Close()
	if n.w == nil { // a dry run reads nothing
		return d, nil
	}
	if i == 0 {
		if _, err := n.w.Scratch("let-in"); err != nil {
			return d, err
		}
	}
	d.Path = n.w.Path(filepath.Join(".scratch/let-in", fmt.Sprint(i)))
	if d.Bytes, err = writeFile(d.Path, in); err != nil {
		return d, fmt.Errorf("take batch %s from the archive: %w", l.Batch, err)
	}
	return d, nil
}

// setAside lists what operators have refused, and what the tables do not have because of a rollback.
func setAside(lives delivery.Lives) Aside {
	var a Aside
	for _, l := range lives.Sorted(func(l *delivery.Life) bool { return l.State == delivery.Declined && l.Decision != nil }) {
		a.Refused = append(a.Refused, Refusal{l.Batch, l.Decision.Operator, l.Decision.Reason, l.Decision.Snapshot})
	}
	for _, l := range lives.Sorted(func(l *delivery.Life) bool { return l.Rolled != nil }) {
		switch l.State {
		case delivery.LeftOut, delivery.BackedOut:
			a.LeftOut = append(a.LeftOut, LeftOut{Batch: l.Batch, Sender: l.Sender, Name: l.File, SHA256: l.SHA256,
				Bytes: l.Bytes, ReceivedOn: l.Came, Status: string(l.State), UnitsRead: l.Rolled.UnitsRead,
				Whole: l.Rolled.Whole, Reason: l.Reason})
		}
	}
	return a
}

// writeFile writes a private file and returns its size.
func writeFile(path string, in io.Reader) (int64, error) {
	out, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(out, in)
	if cerr := out.Close(); err == nil {
		err = cerr
	}
	return n, err
}

// underLock gives the lives of all deliveries to do, while the lake is locked.
func underLock(o Options, do func(*lake.Writer, delivery.Lives) error) error {
	w, err := o.Lake.Lock()
	if err != nil {
		return err
	}
	defer w.Unlock()
	head, err := w.Head()
	if err != nil {
		return err
	}
	lives, err := delivery.ReadLives(o.Lake, head)
	if err != nil {
		return err
	}
	return do(w, lives)
}

// Lives has the life of every delivery that the tables or the ledgers know, or that lies in the inbox.
func Lives(o Options, head *lake.Manifest) (delivery.Lives, error) {
	lives, err := delivery.ReadLives(o.Lake, head)
	if err != nil {
		return nil, err
	}
	found, err := ScanInbox(o.Inbox)
	if err != nil {
		return nil, err
	}
	for _, d := range delivered(found) {
		lives.Lies(d)
	}
	return lives, nil
}

// find is the delivery of that batch: one that the tables or the ledgers know, or that lies in the inbox.
func find(o Options, lives delivery.Lives, batch string) (*delivery.Life, error) {
	if lives[batch] == nil {
		if found, err := ScanInbox(o.Inbox); err == nil {
			for _, d := range delivered(found) {
				lives.Lies(d)
			}
		}
	}
	l := lives[batch]
	if l == nil {
		return nil, lake.Errorf(lake.Usage, "no batch %q: `miic ingest list --all` names them", batch)
	}
	return l, nil
}

// Allowed returns the delivery of a batch where an operator may do something with it; else why not.
func Allowed(o Options, lives delivery.Lives, e delivery.Event, batch string) (*delivery.Life, error) {
	l, err := find(o, lives, batch)
	if err != nil {
		return nil, err
	}
	if err := l.Check(e); err != nil {
		return nil, lake.Errorf(lake.Usage, "%w", err)
	}
	return l, nil
}

// Decide keeps an operator's decision about deliveries: to release, return or refuse them. What is let in goes into
// the next night, from the archive. All are decided about, or none. Without a batch, Return is about all that is left
// out.
func Decide(o Options, e delivery.Event, batches []string, reason string) (done []*delivery.Life, err error) {
	return done, underLock(o, func(w *lake.Writer, lives delivery.Lives) error {
		if e == delivery.Return && len(batches) == 0 {
			for _, l := range lives.Sorted(func(l *delivery.Life) bool { return l.State == delivery.LeftOut }) {
				batches = append(batches, l.Batch)
			}
			if len(batches) == 0 {
				return lake.Errorf(lake.Usage, "nothing is left out: there is nothing to return")
			}
		}
		var list []lake.Decision
		for _, batch := range batches {
			l, err := Allowed(o, lives, e, batch)
			if err != nil {
				return err
			}
			to, err := delivery.Next(l.State, e)
			if err != nil {
				return err
			}
			d := lake.Decision{Kind: string(e), Batch: l.Batch, Sender: l.Sender, Name: l.File, Bytes: l.Bytes,
				ReceivedOn: l.Came, Operator: o.Operator, Reason: reason}
			if to == delivery.Released {
				d.SHA256 = l.SHA256
				if l.State != delivery.Arrived { // before anything is decided
					in, err := archive.Dir(o.Archive).Open(l.SHA256)
					if err != nil {
						return fmt.Errorf("batch %s: %w", l.Batch, err)
					}
					in.Close()
				}
			}
			list = append(list, d)
			done = append(done, l)
		}
		return w.Decide(list...)
	})
}

// Replay lets corrected lines of a delivery in, under the name of that delivery, so that they are read by the same
// layout and keep its day. They are a delivery of their own, which the archive has from the beginning.
func Replay(o Options, batch string, corrected []byte, reason string) error {
	return underLock(o, func(w *lake.Writer, lives delivery.Lives) error {
		l, err := Allowed(o, lives, delivery.Replay, batch)
		if err != nil {
			return err
		}
		hash := sha256.Sum256(corrected)
		sum := hex.EncodeToString(hash[:])
		if was := lives[sum[:16]]; was != nil {
			if err := was.Check(delivery.Release); err != nil {
				return lake.Errorf(lake.Usage, "these lines were put in before: %w", err)
			}
		}
		if to := archive.Dir(o.Archive); !to.Has(sum) {
			if err := to.Store(bytes.NewReader(corrected), sum); err != nil {
				return fmt.Errorf("keep a copy of the corrected lines: %w", err)
			}
		}
		return w.Decide(lake.Decision{Kind: string(delivery.Replay), Batch: l.Batch, SHA256: sum, Sender: l.Sender,
			Name: l.File, Bytes: int64(len(corrected)), ReceivedOn: l.Came, Operator: o.Operator, Reason: reason})
	})
}

// rolled works out what a rollback does to deliveries. Where HEAD's batches cannot be read, which may be why one
// rolls back, the ledgers of the nights in between say it.
func rolled(l *lake.Lake, head, old *lake.Manifest) (*lake.Rolled, error) {
	if l.Prove(context.Background(), "batch", head.Tables["batch"]) != nil {
		return nil, nil
	}
	rows, err := table.ReadAll[table.Batch](l.Files(head, "batch"))
	if err != nil {
		return nil, err
	}
	kept, err := table.ReadAll[table.Batch](l.Files(old, "batch"))
	if err != nil {
		return nil, err
	}
	past, err := l.Past(head)
	if err != nil {
		return nil, err
	}
	return &lake.Rolled{To: old.Snapshot, Delivered: delivery.Roll(delivery.FoldLives(rows, past), rows, kept)}, nil
}
