package pipeline

import (
	"slices"

	"miic/internal/archive"
	"miic/internal/inbox"
	"miic/internal/lake"
	"miic/internal/prose"
)

// findStrays marks the deliveries that are stray, and adds stray files that are none otherwise, such as unfinished
// ones. They stay where they are: Err has the reason.
func (n *night) findStrays() error {
	list, err := inbox.FindStrays(n.Inbox, n.Stray, n.Lake.Now())
	if err != nil {
		return err
	}
	refused, err := n.Lake.RefusedStrays()
	if err != nil {
		return err
	}
	for _, s := range list {
		at := slices.IndexFunc(n.inbox, func(d Delivery) bool { return d.Sender == s.Sender && d.Name == s.Name })
		if at < 0 {
			n.inbox = append(n.inbox, Delivery{File: inbox.File{Sender: s.Sender, Name: s.Name, Folder: s.Folder, Raw: s.Raw}})
			at = len(n.inbox) - 1
		}
		d := &n.inbox[at]
		d.Bytes, d.SHA256, d.Stray, d.Err, d.Left = s.Bytes, s.SHA256, s.Why, s.Why, false
		if r := refused[s.SHA256]; r != nil && s.SHA256 != "" {
			d.Err, d.Refused = "was refused, and still lies there", &Refusal{r.Batch, r.Operator, r.Reason, r.Snapshot}
		}
	}
	return nil
}

// strayGone reports whether a stray file that HEAD's night has seen does not lie there any more.
func (n *night) strayGone() bool {
	if n.head == nil {
		return false
	}
	return slices.ContainsFunc(n.head.Inbox, func(was lake.Delivered) bool {
		return was.Stray && !slices.ContainsFunc(n.inbox, func(d Delivery) bool {
			return d.Sender == was.Sender && d.Name == was.Name && d.SHA256 == was.SHA256
		})
	})
}

// RefuseStray settles that a stray file holds nothing that is to be read, and moves it into the archive. Where it
// cannot be moved the decision is kept all the same.
func RefuseStray(o Options, s inbox.Stray, reason string) error {
	w, err := o.Lake.Lock()
	if err != nil {
		return err
	}
	defer w.Unlock()
	if err := w.RefuseStray(lake.Decision{Kind: "refuse stray", Batch: s.SHA256[:16], SHA256: s.SHA256,
		Operator: o.Operator, Reason: reason}); err != nil {
		return err
	}
	if err := inbox.TakeStray(w, o.Inbox, archive.Dir(o.Archive), s); err != nil {
		return lake.Errorf(lake.NeedsPerson, "it is refused, but could not be moved into the archive: %s: "+
			"take it out of the inbox by hand", prose.Cause(err))
	}
	return nil
}
