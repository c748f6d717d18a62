package delivery

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"miic/internal/lake"
	"miic/internal/table"
)

// A Life is one delivery and how it is left.
type Life struct {
	Batch    string `json:"batch_id"`
	Sender   string `json:"sender"`
	File     string `json:"file_name"`
	SHA256   string `json:"sha256,omitempty"`
	Bytes    int64  `json:"bytes"`
	Came     string `json:"came,omitempty"`      // the as-of date of the night that first took it in
	ReplayOf string `json:"replay_of,omitempty"` // the delivery of which it holds corrected lines

	State  State     `json:"state"`
	Since  string    `json:"since,omitempty"`  // the as-of date of the night that left it so
	At     time.Time `json:"at,omitzero"`      // when an operator left it so
	By     string    `json:"by,omitempty"`     // who
	Reason string    `json:"reason,omitempty"` // why

	Row      *table.Batch      `json:"-"`        // what is in HEAD about it, if anything
	Decision *lake.Decision    `json:"-"`        // the one that left it so, if one did
	Rolled   *lake.RolledBatch `json:"-"`        // what the rollback that left it out recorded
	Copy     bool              `json:"copy"`     // its copy is in the archive, or should be
	InInbox  bool              `json:"in_inbox"` // its bytes lie in the inbox
	expired  bool              // the retention has deleted its copy, and it has not come since
}

// Lives has the life of each delivery, by batch.
type Lives map[string]*Life

// ReadLives folds the lives of all deliveries from HEAD's batches, every byte of which it proves, and the ledgers.
func ReadLives(l *lake.Lake, head *lake.Manifest) (Lives, error) {
	past, err := l.Past(head)
	if err != nil {
		return nil, err
	}
	var rows []table.Batch
	if head != nil {
		if err := l.Prove(context.Background(), "batch", head.Tables["batch"]); err != nil {
			return nil, err
		}
		if rows, err = table.ReadAll[table.Batch](l.Files(head, "batch")); err != nil {
			return nil, err
		}
	}
	return FoldLives(rows, past), nil
}

// A step is one thing that happened to one delivery. Within a snapshot what a night or a rollback did comes before
// what the retention deleted after it, and that before what operators decided on seeing it.
type step struct {
	snapshot int64
	rank     int
	batch    string
	do       func(*Life)
}

// FoldLives folds lives from HEAD's batches and what the ledgers record. Batches have what is in the tables, so that
// what a rollback took back is not among them; decisions and rollbacks are in the ledgers for good.
func FoldLives(rows []table.Batch, past *lake.Past) Lives {
	var steps []step
	add := func(snapshot int64, rank int, batch string, do func(*Life)) {
		steps = append(steps, step{snapshot, rank, batch, do})
	}
	for _, b := range inOrder(rows) {
		add(b.Snapshot, 0, b.BatchID, func(l *Life) { l.wrote(b, past.AsOf[b.Snapshot]) })
	}
	for i := range rows {
		if rows[i].Status == "duplicate" {
			add(rows[i].Snapshot, 0, rows[i].BatchID, func(l *Life) { l.Copy = true })
		}
	}
	for i := range past.Rollbacks {
		for _, b := range rolledBatches(past, i) {
			add(past.Rollbacks[i].Snapshot, 0, b.Batch, func(l *Life) { l.rolled(&b, &past.Rollbacks[i]) })
		}
	}
	for _, d := range past.Deleted {
		for _, sum := range d.Copies {
			if len(sum) == 64 {
				add(d.Snapshot, 1, sum[:16], func(l *Life) { l.deleted(past.AsOf[d.Snapshot]) })
			}
		}
	}
	for i := range past.Decisions {
		d := &past.Decisions[i]
		add(d.Snapshot, 2, d.Batch, func(l *Life) { l.decided(d) })
		if d.Kind == string(Replay) && len(d.SHA256) == 64 {
			add(d.Snapshot, 2, d.SHA256[:16], func(l *Life) { l.putIn(d) })
		}
	}
	slices.SortStableFunc(steps, func(a, b step) int {
		return cmp.Or(cmp.Compare(a.snapshot, b.snapshot), cmp.Compare(a.rank, b.rank))
	})
	lives := Lives{}
	for _, s := range steps {
		l := lives[s.batch]
		if l == nil {
			l = &Life{Batch: s.batch, State: Arrived}
			lives[s.batch] = l
		}
		s.do(l)
	}
	return lives
}

// rolledBatches is what a rollback did to deliveries. Where an older program rolled back, it is worked out from what
// the nights in between took in: each is left out but for what the tables have.
func rolledBatches(past *lake.Past, i int) []lake.RolledBatch {
	r := past.Rollbacks[i]
	if r.Rolled != nil {
		return r.Rolled.Delivered
	}
	var to int64
	for snapshot, asOf := range past.AsOf {
		if snapshot < r.Snapshot && asOf == r.AsOf {
			to = max(to, snapshot)
		}
	}
	var list []lake.RolledBatch
	for _, n := range past.Nights {
		if n.Snapshot <= to || n.Snapshot >= r.Snapshot {
			continue
		}
		for _, d := range n.Inbox {
			if d.Err == "" && d.Bytes > 0 && len(d.SHA256) == 64 {
				list = append(list, lake.RolledBatch{Batch: d.SHA256[:16], Delivered: d, ReceivedOn: n.AsOf})
			}
		}
	}
	return list
}

// move makes the transition of an event. Where there is none the event has happened all the same, under an older
// program or to a night that was rolled back since: then the state is the one that it says.
func (l *Life) move(e Event, otherwise State) {
	to, err := Next(l.State, e)
	if err != nil {
		to = otherwise
	}
	if to != l.State || to == otherwise {
		l.Since, l.At, l.By, l.Reason, l.Decision, l.Rolled = "", time.Time{}, "", "", nil, nil
	}
	l.State = to
}

func (l *Life) wrote(b *table.Batch, asOf string) {
	was := l.State
	if was == left(b.Status) && (was == Declined || was == LeftOut) { // it writes down what was decided before
		l.Row = b
		return
	}
	l.move(done[b.Status], left(b.Status))
	if l.Row == nil || l.State == left(b.Status) || was != l.State {
		l.Row = b
	}
	l.Sender, l.File, l.SHA256, l.ReplayOf = l.Row.Sender, l.Row.FileName, l.Row.SHA256, l.Row.ReplayOf
	l.Bytes = l.Row.Bytes
	if l.Row == b {
		if l.Since = asOf; asOf == "" { // its ledger is lost
			l.Since = b.ReceivedOn.String()
		}
		l.Reason = b.Reason
	}
	if l.Came == "" {
		l.Came = b.ReceivedOn.String()
	}
	switch done[b.Status] {
	case Load, FindEmpty, Hold, TurnAway:
		l.Copy, l.expired = l.SHA256 != "", false
	}
}

func (l *Life) rolled(b *lake.RolledBatch, r *lake.RolledBack) {
	if b.Event == "" && l.State.InTables() {
		return
	}
	if l.Row == nil {
		l.Sender, l.File, l.SHA256, l.Bytes, l.Copy = b.Sender, b.Name, b.SHA256, b.Bytes, !l.expired
	}
	if b.Event != "" { // rows that say when the copy came last may be gone
		l.Copy, l.expired = b.Copied, !b.Copied
	}
	if l.Came == "" {
		l.Came = b.ReceivedOn
	}
	switch e := Event(b.Event); e {
	case "":
		l.move(RollBack, LeftOut)
	case RollBack:
		l.State = Arrived // the rollback has found that it is left out; rows of earlier nights do not say how it was then
		l.move(RollBack, LeftOut)
	case Bring:
		l.State = BackedOut // the row that said so is in no table now
		l.move(Bring, Restored)
	default:
		l.move(e, left(b.Status))
	}
	if l.Since == "" {
		l.Since, l.By, l.Rolled = r.AsOf, r.Operator, b
		l.Reason = fmt.Sprintf("rolled back by %s: %s", r.Operator, r.Text)
	}
	if !l.Copy {
		l.deleted(r.AsOf)
	}
}

func (l *Life) deleted(asOf string) {
	l.Copy, l.expired = false, true
	was := l.State
	if l.move(Expire, Gone); l.State != was || l.Since == "" {
		l.Since, l.Reason = asOf, "its copy was past the retention and was deleted"
	}
}

func (l *Life) decided(d *lake.Decision) {
	e := Event(d.Kind)
	if _, err := Next(l.State, e); err != nil && (l.State.InTables() || e == Replay) {
		return // it was decided on a night that was rolled back since, and the tables know better
	}
	l.move(e, map[Event]State{Release: Released, Return: Released, Refuse: Declined, Replay: Replayed}[e])
	l.By, l.Reason, l.At, l.Decision = d.Operator, d.Reason, d.At, d
	if l.File == "" && e != Replay {
		l.Sender, l.File, l.SHA256, l.Bytes, l.Came = d.Sender, d.Name, d.SHA256, d.Bytes, d.ReceivedOn
	}
}

// putIn begins the life of corrected lines.
func (l *Life) putIn(d *lake.Decision) {
	l.move(Release, Released)
	l.By, l.Reason, l.At, l.Decision = d.Operator, d.Reason, d.At, d
	l.Sender, l.File, l.SHA256, l.Bytes, l.Came = d.Sender, d.Name, d.SHA256, d.Bytes, d.ReceivedOn
	l.ReplayOf, l.Copy = d.Batch, d.Name != ""
}

// Lies takes in that bytes lie in the inbox.
func (n Lives) Lies(d lake.Delivered) *Life {
	if len(d.SHA256) != 64 || d.Err != "" { // what cannot be taken in has not arrived
		return nil
	}
	id := d.SHA256[:16]
	if n[id] == nil {
		n[id] = &Life{Batch: id, State: Arrived, Sender: d.Sender, File: d.Name, SHA256: d.SHA256, Bytes: d.Bytes}
	}
	n[id].InInbox = true
	return n[id]
}

// Sorted lists the lives of some deliveries: by sender, the day they came, and file.
func (n Lives) Sorted(which func(*Life) bool) []*Life {
	var list []*Life
	for _, l := range n {
		if which(l) {
			list = append(list, l)
		}
	}
	slices.SortFunc(list, func(a, b *Life) int {
		return cmp.Or(cmp.Compare(a.Sender, b.Sender), cmp.Compare(a.Came, b.Came), cmp.Compare(a.File, b.File),
			cmp.Compare(a.Batch, b.Batch))
	})
	return list
}

// Can lists what an operator can do with the delivery.
func (l *Life) Can() []Event {
	return slices.DeleteFunc(l.State.Can(), func(e Event) bool { return l.lacks(e) })
}

// lacks reports that an event takes the copy in the archive, and there is none. What lies in the inbox needs none,
// and what is in the tables again has only to be left there.
func (l *Life) lacks(e Event) bool {
	for _, c := range commands {
		if c.on == e {
			return c.copied && !l.Copy && l.State != Restored && l.State != Arrived
		}
	}
	return false
}

// Commands are what an operator can do, ready to be typed.
func (l *Life) Commands() []string {
	var list []string
	for _, e := range l.Can() {
		list = append(list, e.Command(l.Batch))
	}
	return list
}

// Check returns why an operator cannot do something with the delivery, since when, and what can be done; or nil.
func (l *Life) Check(e Event) error {
	_, err := Next(l.State, e)
	if err == nil && !l.lacks(e) {
		return nil
	}
	text := l.Describe()
	switch {
	case err == nil && l.SHA256 == "":
		text += "; it could not be read when it came, so there is no copy of it: have it sent again"
	case err == nil:
		text += "; there is no copy of it: have it sent again"
	default:
		text += "; it cannot be " + e.Words()
	}
	if can := l.Commands(); len(can) > 0 {
		text += ". What can be done: " + strings.Join(can, ", or ")
	} else if err != nil {
		text += ". Nothing waits for it"
		if !l.State.InTables() {
			text += "; if it is wanted, have it sent again"
		}
	}
	return errors.New(text)
}

// Describe is the delivery, its state, since when and why.
func (l *Life) Describe() string {
	text := fmt.Sprintf("batch %s (%s of %s) is %s", l.Batch, l.File, l.Sender, l.State.Words())
	switch {
	case !l.At.IsZero():
		text += " since " + l.At.UTC().Format("2006-01-02 15:04 MST")
	case l.Since != "":
		text += " since the night of " + l.Since
	}
	if l.Decision != nil {
		text += fmt.Sprintf(" (by %s: %s)", l.By, l.Reason)
	} else if l.Reason != "" {
		text += " (" + l.Reason + ")"
	}
	return text
}
